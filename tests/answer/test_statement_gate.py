import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.reply.reader import ReplyReader
from rag.answer.statement_gate import StatementGate
from rag.events import Cited, Delta
from rag.schema import Citation, Evidence, Span

ONE = "xAI built its Colossus supercomputer in Memphis in just 122 days."
TWO = "Each H100 costs roughly $30,000-$40,000."
EVIDENCE = (
    Evidence(label=1, article_id="a", span=Span(0, len(ONE)), text=ONE, score=1.0),
    Evidence(label=2, article_id="a", span=Span(100, 100 + len(TWO)), text=TWO, score=1.0),
)
QUESTION = "How long did Colossus take and what does an H100 cost?"

REPLIES = [
    "Colossus was built in 122 days [1]. An H100 costs roughly $30,000-$40,000 [2].",
    "Colossus was built in 122 days. [1] An H100 costs roughly $30,000-$40,000.[2]",
    "Colossus was built in 122 days. An H100 costs roughly $30,000-$40,000.",
    "- Colossus was built in 122 days\n- An H100 costs roughly $30,000-$40,000 [2]\n",
    "**Colossus** was built in 123 days [1][2]. Nobody knows why [99].",
    "It cost $6.5 million in the U.S. market, he said [1, 2]. Yes.",
    "## Times\n- Colossus was built in 122 days [1]\n\n## Costs\n- An H100 costs $2 [2]",
    "[1]",
    "",
    "Dr. Smith said “it rose” [1",
]


def shown(*pieces: str) -> tuple[StatementGate, list[str], list[Citation]]:
    """What the gate shows of a reply that comes in these pieces, cut into statements by the reader."""
    gate = StatementGate(EVIDENCE, QUESTION)
    reader = ReplyReader([passage.label for passage in EVIDENCE])
    statements = (statement for piece in pieces for statement in reader.feed(piece))
    deltas: list[str] = []
    cited: list[Citation] = []
    whole = (
        *(e for s in statements for e in gate.feed(s)),
        *(e for s in reader.finish() for e in gate.feed(s)),
    )
    for event in (*whole, *gate.finish()):
        if isinstance(event, Delta):
            deltas.append(event.text)
        else:
            assert isinstance(event, Cited)
            cited.append(event.citation)
    assert "".join(deltas) == gate.text
    return gate, deltas, cited


@pytest.mark.parametrize("reply", REPLIES)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_how_the_reply_was_cut_into_pieces_changes_nothing(reply: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=12)))
    pieces = [reply[a:b] for a, b in zip([0, *cuts], [*cuts, len(reply)], strict=True)]
    whole, _, cited = shown(reply)
    again, _, cited_again = shown(*pieces)
    assert (again.text, again.withheld, cited_again) == (whole.text, whole.withheld, cited)


@pytest.mark.parametrize("reply", REPLIES)
def test_no_half_mark_and_no_half_statement_is_ever_shown(reply: str) -> None:
    _, deltas, _ = shown(*reply)
    for delta in deltas:
        assert not regex.search(r"\[[^\]]*$", delta)


@pytest.mark.parametrize("reply", REPLIES)
def test_a_citation_s_claim_is_a_range_of_the_text_it_stands_in(reply: str) -> None:
    gate, _, cited = shown(reply)
    assert all(citation.claim.of(gate.text).strip() for citation in cited)
    if gate.withheld:
        assert all(c.claim.of(gate.withheld.text).strip() for c in gate.withheld.citations)


def test_a_statement_without_a_mark_gets_the_one_it_rests_on() -> None:
    gate, _, cited = shown(REPLIES[2])
    assert regex.findall(r"\[\d\]", gate.text) == ["[1]", "[2]"]
    assert [citation.label for citation in cited] == [1, 2]
    assert all(citation.verified for citation in cited)


@pytest.mark.parametrize(
    "wrong",
    [
        "Colossus was built in 123 days.",
        "Colossus was built in 123 days [1].",
        "Colossus was built in 122 weeks [1].",
        "Colossus was not built in 122 days [1].",
        "Google built Colossus in 122 days [1].",
        "An H100 costs roughly $50,000 [2].",
        "Nobody knows [99].",
    ],
)
def test_a_false_statement_is_withheld_and_said_why(wrong: str) -> None:
    gate, deltas, cited = shown(wrong)
    assert (deltas, cited) == ([], [])
    assert gate.withheld is not None
    assert gate.withheld.text.rstrip(".") in wrong
    assert any(citation.reason for citation in gate.withheld.citations)


def test_of_two_statements_the_true_one_is_shown_alone() -> None:
    gate, _, cited = shown("Colossus was built in 123 days [1]. An H100 costs roughly $30,000-$40,000 [2].")
    assert gate.text == "An H100 costs roughly $30,000-$40,000 [2]."
    assert [citation.label for citation in cited] == [2]
    assert cited[0].claim.of(gate.text).startswith("An H100")
    assert gate.withheld is not None
    assert "123" in gate.withheld.text


@pytest.mark.parametrize(
    "reply", ["Colossus was built in 122 days [2].", "122 days [2].", "In Memphis [2]", "122 days [7]."]
)
def test_a_mark_of_the_wrong_passage_is_put_right(reply: str) -> None:
    gate, _, cited = shown(reply)
    assert [citation.label for citation in cited] == [1]
    assert regex.findall(r"\[\d\]", gate.text) == ["[1]"]
    assert cited[0].verified


def test_a_heading_is_shown_with_a_statement_below_it_and_not_alone() -> None:
    gate, _, _ = shown(REPLIES[6])
    assert "Times" in gate.text
    assert "Costs" not in gate.text


def test_a_bullet_belongs_to_the_statement_after_it() -> None:
    gate, _, _ = shown("- It was built in 99 days [1]\n- An H100 costs roughly $30,000-$40,000 [2]")
    assert gate.text == "- An H100 costs roughly $30,000-$40,000 [2]"


@pytest.mark.parametrize(
    "statement",
    [
        "Colossus was built in 122 days [1].",
        "- Colossus was built in 122 days [1]",
        "Colossus was built in 122 days. [1]",
        "122 days [1].",
    ],
)
def test_a_statement_that_ends_in_its_marks_is_shown_before_the_next_one_comes(statement: str) -> None:
    gate = StatementGate(EVIDENCE, QUESTION)
    delta, *cited = gate.feed(statement)
    assert delta == Delta(statement)
    assert cited


def test_a_statement_without_marks_waits_for_a_mark_in_the_next_line() -> None:
    gate = StatementGate(EVIDENCE, QUESTION)
    assert [*gate.feed("Colossus was built in 122 days")] == []
    delta, cited = gate.feed("\n[1]")
    assert delta == Delta("Colossus was built in 122 days\n[1]")
    assert isinstance(cited, Cited)
    assert cited.citation.label == 1


def test_a_quotation_over_several_statements_is_checked_whole() -> None:
    gate = StatementGate(EVIDENCE, QUESTION)
    assert [*gate.feed("“xAI built its Colossus supercomputer in Memphis in just 122 days. [1]")] == []
    assert [*gate.feed(" It was the first of its kind.” [1]")] == []
    assert gate.withheld is not None
    assert gate.withheld.text.startswith("“xAI built")
    assert gate.withheld.text.endswith("of its kind.”")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (
            "The firm sold its mill, reportedly earning 12 million crowns.",
            "12 million crowns, reportedly [1].",
        ),
        ("The union said the mill cost 12 million crowns.", "12 million crowns, the union said [1]."),
        (
            "According to Olsen, the mill cost 12 million crowns.",
            "12 million crowns, according to Olsen [1].",
        ),
        ("The mill cost 12 million crowns.", "12 million crowns [1]."),
    ],
)
def test_a_short_answer_says_on_whose_word_it_is(words: str, shown: str) -> None:
    evidence = (Evidence(label=1, article_id="a", span=Span(0, len(words)), text=words, score=1.0),)
    gate = StatementGate(evidence, "How much?")
    text = ""
    for event in (*gate.feed("12 million crowns [1]."), *gate.finish()):
        if isinstance(event, Delta):
            text += event.text
        else:
            assert event.citation.verified
            assert event.citation.quote == words
            claim = event.citation.claim  # what the model wrote, so that it can be verified again by itself
    assert text == gate.text == shown
    assert claim.of(text) == "12 million crowns"


@pytest.mark.parametrize("said", ["4% [1].", "By 4% in May [1].", "4 percent [1]."])
def test_a_share_is_an_answer(said: str) -> None:
    words = "Wages rose by 4% in May."
    evidence = (Evidence(label=1, article_id="a", span=Span(0, len(words)), text=words, score=1.0),)
    gate = StatementGate(evidence, "How much did wages rise?")
    assert [*gate.feed(said), *gate.finish()]
    assert gate.text == said
