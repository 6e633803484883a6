from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.chatbot import Chatbot
from rag.text.outline import list_items, outline
from rag.text.sentences import sentences

TEXT = """A Heading Over It
Colossus is a supercomputer. It was built in 122 days. Musk owns xAI.
This has several effects:
- Prices fall. They fall fast.
- Labs benefit
Nothing else follows from that, say those who know.
"""


def line(opening: str) -> int:
    return next(i for i, item in enumerate(outline(TEXT)) if item.span.of(TEXT).startswith(opening))


def test_a_sentence_with_a_pronoun_leans_on_the_one_before() -> None:
    item = outline(TEXT)[line("It was")]
    assert item.leans
    assert item.whole.of(TEXT) == "Colossus is a supercomputer. It was built in 122 days."
    assert not outline(TEXT)[line("Musk")].leans


def test_every_sentence_knows_its_heading() -> None:
    heading = outline(TEXT)[line("Musk")].heading
    assert heading is not None
    assert heading.of(TEXT) == "A Heading Over It"


def test_the_items_of_a_list_know_the_line_that_introduces_them() -> None:
    before = outline(TEXT)[line("Labs")].before
    assert before is not None
    assert before.of(TEXT) == "This has several effects:"


def test_a_list_is_whole_whichever_of_its_lines_is_found() -> None:
    items = [outline(TEXT)[i].span.of(TEXT) for i in list_items(outline(TEXT), line("This has"))]
    assert items == ["Prices fall.", "They fall fast.", "Labs benefit"]
    assert list_items(outline(TEXT), line("Labs")) == list_items(outline(TEXT), line("This has"))
    assert list_items(outline(TEXT), line("Musk")) == ()


@given(st.text(alphabet=st.sampled_from("ab A.!?\n-#It wasshe:"), max_size=200))
def test_the_outline_holds_every_sentence_once_and_in_order(text: str) -> None:
    assert tuple(item.span for item in outline(text)) == sentences(text)
    for item in outline(text):
        assert item.whole.holds(item.span)
        assert item.before is None or item.before.end <= item.span.start


ANSWERED = [
    "Q: Who may open the lid?\nA: Trained staff only.",
    "Q. Who may open the lid?\nA. Trained staff only.",
    "Question 2: Who may open the lid?\nAnswer: Trained staff only.",
    "Who may open the lid?\n\nTrained staff only.",
    "2. Who may open the lid?\n\n   Trained staff only.",
    "- Who may open the lid?\n  Trained staff only.",
    "**Who may open the lid?**\nTrained staff only.",
    "## Who may open the lid?\nTrained staff only.",
    "Who may open the lid? Trained staff only.",
]


@pytest.mark.parametrize("text", ANSWERED)
def test_a_question_is_the_heading_of_what_answers_it(text: str) -> None:
    [question, answer] = outline(text)
    assert question.kind == "heading"
    assert answer.span.of(text) == "Trained staff only."
    assert answer.heading == question.span
    assert not answer.leans


@pytest.mark.parametrize(
    "text",
    ["Who may open the lid?", "Who may open the lid?\n\nWho may close it?", "“Who may open it?” she asked."],
)
def test_a_question_that_nothing_answers_is_a_sentence(text: str) -> None:
    assert outline(text)[-1].kind == "paragraph"


@pytest.mark.parametrize(
    "answer",
    [
        "Of course! Meals and snacks will be there :-)\n\nThe tower has a kitchen, and the harbour has two shops.",
        "We provide what is needed, such as food, a quiet room and\nwhiteboards. Bring the rest.",
    ],
)
def test_an_answer_without_a_full_stop_is_no_heading(answer: str) -> None:
    text = f"* **Will there be food?**\n\n{answer}"
    [question, *lines] = outline(text)
    assert question.kind == "heading"
    assert {line.kind for line in lines} == {"paragraph"}
    assert {line.heading for line in lines} == {question.span}


def test_a_row_s_items_know_the_row_that_introduces_them() -> None:
    text = "| Travel | 12 | 14 |\n|  | Not allowed are: |\n|  | · Foreign travel |\n|  | · Equipment |\n"
    assert [item.before and item.before.of(text) for item in outline(text)][2:] == ["Not allowed are:"] * 2


@pytest.mark.parametrize("text", ANSWERED)
def test_a_question_in_the_articles_is_not_its_own_answer(text: str, tmp_path: Path) -> None:
    more = "How often is the filter cleaned?\n\nRinse it with warm water every 40 hours of work."
    (tmp_path / "pump.md").write_text(f"# Harnby pump\n\n{text}\n\n{more}\n")
    with Chatbot.open(corpus=tmp_path / "pump.md", index=tmp_path / "index", model="quotes") as bot:
        assert [citation.quote for citation in bot.ask("Who may open the lid?").citations] == [
            "Trained staff only."
        ]


LEASE = """Lease of a workshop
1.1 The rent is 900 crowns a month.
1.2 It is due on the third working day.
1.3 A late payment costs 20 crowns.

| Group | Fee |
| Families | 70 crowns |
| Students | 25 crowns |
"""


@pytest.mark.parametrize(
    ("opening", "before", "leans"),
    [
        ("1.2", "1.1 The rent is 900 crowns a month.", True),
        ("| Families", "| Group | Fee |", False),
        ("| Students", "| Group | Fee |", False),
        ("| Group", None, False),
    ],
)
def test_a_clause_leans_on_the_one_above_and_a_row_knows_its_table_s_first(
    opening: str, before: str | None, leans: bool
) -> None:
    lines = outline(LEASE)
    found = next(item for item in lines if item.span.of(LEASE).startswith(opening))
    assert (found.before.of(LEASE) if found.before else None) == before
    assert found.leans == leans


def test_an_item_of_an_introduced_list_knows_the_introduction_and_another_the_item_above() -> None:
    text = "The shop has rules:\n- Lids stay shut.\n- They are cleaned on Mondays.\n"
    assert [item.before and item.before.of(text) for item in outline(text)][1:] == ["The shop has rules:"] * 2
    text = "Rules of the shop that all must keep.\n- Lids stay shut.\n- They are cleaned on Mondays.\n"
    last = outline(text)[-1]
    assert last.leans
    assert last.whole.of(text) == "Lids stay shut.\n- They are cleaned on Mondays."


def test_the_first_row_of_one_table_is_not_the_head_of_the_next() -> None:
    text = "| Group | Fee |\n| Families | 70 |\n\n| Card | 2 crowns |\n| Copy | 1 crown |\n"
    assert [row.before and row.before.of(text) for row in outline(text)] == [
        None,
        "| Group | Fee |",
        None,
        "| Card | 2 crowns |",
    ]
