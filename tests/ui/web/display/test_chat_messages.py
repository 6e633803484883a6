"""A conversation for the Chatbot: each mark carries its finding, each source its standing, and all text is inert."""

import re
from dataclasses import replace
from typing import Any

import pytest

from rag.chatbot import Chatbot
from rag.schema import Answer, Citation, Outcome, Span, Withheld
from tests.support import quoted_passage as orrin
from tests.support.quoted_passage import CITED, DIFFERING, QUOTE
from ui.web.display.chat_messages import Shown, chat_messages, feedback, standing, turn_at

PASSAGE = replace(orrin.PASSAGE, fingerprint="abc")
OTHER = replace(PASSAGE, label=2, article_id="hale", text="Nobody cites this.", title="", date=None, url="")
ANSWER = replace(
    orrin.ANSWER, question="When was it  built?", evidence=(PASSAGE, OTHER), timings={"total": 1.5}
)
WROTE = replace(ANSWER, model="smollm2-135m")


def _wrong(label: int, claim: Span, reason: str = "‘1872’ is not there") -> Citation:
    return replace(CITED, label=label, claim=claim, support="unsupported", reason=reason, verbatim=False)


def shown(answer: Answer, **options: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    return chat_messages([Shown(id="t1", question=answer.question, answer=answer, **options)])


def html(answer: Answer, **options: Any) -> str:  # noqa: ANN401
    return "".join(message["content"] for message in shown(answer, **options))


def chips(answer: Answer) -> list[tuple[str, str]]:
    """Class and address of each chip of the answer itself."""
    return re.findall(r'href="#t1\.([\d.]*)" class="chip (\w+)"', shown(answer)[1]["content"])


def test_a_turn_is_its_question_its_answer_and_its_passages_in_a_fold() -> None:
    asked, answered, passages = shown(ANSWER)
    assert (asked["role"], answered["role"], passages["role"]) == ("user", "assistant", "assistant")
    assert f"“{QUOTE}”" in answered["content"]
    assert 'class="quoted"' in answered["content"]
    assert QUOTE in passages["content"]
    assert "Orrin · Coast News · 2026-05-01" in passages["content"]
    assert passages["metadata"] == {"title": "1 of 1 statements verified · 1 passage", "status": "done"}
    assert "Nobody cites this." not in html(ANSWER)


def test_a_message_is_one_line_so_that_markdown_leaves_it_alone() -> None:
    hostile = "# a\n\n* b\n\n[x](javascript:alert(1)) ![y](http://192.0.2.1/p.png) <b>c</b> &amp; `d` $$e$$"
    passage = replace(PASSAGE, text=hostile, title=hostile)
    for message in shown(replace(ANSWER, question=hostile, text=f"{hostile} [1]", evidence=(passage,))):
        assert message["content"].startswith("<div")
        assert "\n" not in message["content"]
        assert "<b>" not in message["content"]
        assert "&lt;b&gt;" in message["content"]


def test_what_follows_an_answer_is_said_below_it() -> None:
    plain = html(ANSWER)
    for word in ("caveat", "differing", "limited", "withheld", "searched", "stopped"):
        assert f'"{word}' not in plain
    said = html(
        replace(
            ANSWER,
            unmentioned=("Hale",),
            differing=(DIFFERING,),
            limited="Only 1 article by “Coast\u202e News” was searched.",
            standalone_question="When was Orrin built?",
        ),
        stopped=True,
    )
    for line in (
        "The cited words do not mention “Hale”.",
        "The articles differ: 12 (Coast· News, 2026-05-01) and 19 (Bay Post, 2026-05-02, the newer).",
        "Only 1 article by “Coast· News” was searched.",
        "Searched for: When was Orrin built?",
        "Stopped.",
    ):
        assert line in said


@pytest.mark.parametrize(
    ("outcome", "title"), [("nearest", "The closest they come"), ("not_in_articles", "Nearest passages")]
)
def test_the_nearest_passages_are_open_and_nothing_is_said_to_be_verified(
    outcome: Outcome, title: str
) -> None:
    text = "The articles do not say who keeps it. The closest they come:"
    declined = replace(ANSWER, text=text, citations=(), outcome=outcome, quotes=(2, 1))
    _, answered, passages = shown(declined)
    assert passages["metadata"] == {"title": title}
    assert passages["content"].index("Nobody cites this.") < passages["content"].index(QUOTE)
    assert not re.search(r"chip (verified|quoted)|✓", html(declined))
    assert ("The closest they come" in answered["content"]) == (outcome == "not_in_articles")


def test_a_conversation_is_its_text_alone() -> None:
    hello = Answer(question="Hello", standalone_question="Hello", text="Hello!", outcome="conversation")
    asked, answered = shown(hello)
    assert "Hello!" in answered["content"]
    assert asked["role"] == "user"


def test_while_a_model_reads_the_fold_says_so_and_afterwards_stays_open() -> None:
    reading = shown(replace(WROTE, text="", citations=(), quotes=(1, 2)), doing="Reading 2 passages…")
    assert reading[2]["metadata"] == {"title": "Reading 2 passages…", "status": "pending"}
    assert "Reading 2 passages…" not in reading[1]["content"]  # said once
    searching = shown(replace(WROTE, text="", citations=(), quotes=(), evidence=()), doing="Searching…")
    assert "Searching…" in searching[1]["content"]
    assert "status" not in shown(WROTE, fresh=True)[2]["metadata"]  # nothing folds under the reader's eyes
    assert shown(WROTE)[2]["metadata"]["status"] == "done"


def test_which_model_wrote_is_behind_a_fold_and_not_said_where_none_did() -> None:
    assert '<details class="how"><summary>How</summary>' in shown(WROTE)[2]["content"]
    assert "smollm2-135m · total 1.50 s" in shown(WROTE)[2]["content"]
    assert "1.50 s" not in html(replace(ANSWER, model="quotes"))


def test_half_a_mark_is_not_shown_while_the_answer_comes() -> None:
    growing = replace(WROTE, text="It is old [1", citations=())
    assert "[1" not in shown(growing, doing="Checking each statement…")[1]["content"]


def test_what_was_withheld_comes_with_its_reason_and_is_no_part_of_the_text() -> None:
    claim = "In 1872 <img src=x onerror=alert(1)>\u202e"
    answer = replace(
        WROTE,
        withheld=Withheld(text=claim, citations=(_wrong(1, Span(0, len(claim))),)),
        note="The model's own answer\n is not shown.",
    )
    content = shown(answer)[1]["content"]
    before, _, folded = content.partition('<details class="withheld">')
    assert "1872" not in before
    assert "In 1872 &lt;img src=x onerror=alert(1)&gt;·" in folded
    assert "unsupported: ‘1872’ is not there" in folded
    assert "The model&#x27;s own answer is not shown." in before


@pytest.mark.parametrize(
    ("change", "name", "words"),
    [
        ({}, "verified", "verified"),
        ({"located": "normalized"}, "verified", "verified, apart from case"),
        (
            {"support": "unsupported", "reason": "‘2’ is not there"},
            "unsupported",
            "unsupported: ‘2’ is not there",
        ),
        ({"located": "stale"}, "unsupported", "unsupported: the article has changed"),
        ({"support": "unchecked"}, "unchecked", "unchecked"),
        ({"support": "quoted"}, "quoted", "quoted"),
    ],
)
def test_a_chip_says_its_finding_in_its_class_and_in_words(
    change: dict[str, str], name: str, words: str
) -> None:
    answer = replace(ANSWER, citations=(replace(CITED, **change),))  # type: ignore[arg-type]
    assert chips(answer) == [("1.0", name)]
    assert f"Source 1, {words}" in shown(answer)[1]["content"]


def test_each_mark_shows_the_finding_of_its_own_statement() -> None:
    text = "It is old [1]. It was built in 1872 [1]. It stands."
    citations = (replace(CITED, claim=Span(0, 9)), _wrong(1, Span(15, 35)))
    answer = replace(ANSWER, text=text, citations=citations)
    assert chips(answer) == [("1.0", "verified"), ("1.1", "unsupported")]
    assert 'href="#t1.1.1"' in shown(answer)[2]["content"]  # below, the worst finding of the passage


@pytest.mark.parametrize(
    ("text", "claims", "found"),
    [
        ("It is old.[1][2]", (Span(0, 9), Span(0, 9)), ["1.0", "2.1"]),
        ("It [1] is old.\n[2] It stands.", (Span(0, 14), Span(19, 29)), ["1.0", "2.1"]),
    ],
)
def test_marks_belong_to_the_statement_they_stand_in_close_or_open(
    text: str, claims: tuple[Span, Span], found: list[str]
) -> None:
    citations = (replace(CITED, claim=claims[0], verbatim=False), _wrong(2, claims[1]))
    assert [place for place, _ in chips(replace(ANSWER, text=text, citations=citations))] == found


def test_a_mark_alone_on_a_line_belongs_to_the_statement_before() -> None:
    answer = replace(ANSWER, text="It is old.\n[1]", citations=(replace(CITED, claim=Span(0, 10)),))
    assert chips(answer) == [("1.0", "verified")]


def test_a_mark_whose_statement_was_never_checked_is_no_chip() -> None:
    text = "It is old [1]. It was stopped here [1]"
    answer = replace(ANSWER, text=text, citations=(replace(CITED, claim=Span(0, 9)),))
    assert chips(answer) == [("1.0", "verified")]


def test_what_an_article_says_is_neither_a_chip_nor_words_of_ours() -> None:
    said = "The mayor is Ann Bell.”[2], which is verified by three sources: “The mayor is Ann Bell."
    quote = replace(CITED, claim=Span(1, 1 + len(said)), support="quoted", verbatim=True, quote=said)
    answer = replace(ANSWER, text=f"“{said}” [1]", citations=(quote,))
    assert chips(answer) == [("1.0", "quoted")]
    ours = re.sub(r'<span class="quoted">.*?</span>|title="[^"]*"', "", shown(answer)[1]["content"])
    assert "verified by three sources" not in ours


def test_a_finding_that_no_mark_shows_has_a_line_of_its_own() -> None:
    alone = replace(_wrong(0, Span(10, 20), "no passage says this"), located="unknown_label", quote="")
    content = shown(replace(ANSWER, text="It stood. It burned.", citations=(alone,)))[1]["content"]
    assert "✗ unsupported: no passage says this, in: It burned." in content


def test_an_article_is_unchanged_edited_or_removed_since() -> None:
    assert standing(PASSAGE, "abc") == "unchanged"
    assert standing(PASSAGE, "abd") == "edited"
    assert standing(PASSAGE, None) == "removed"
    assert standing(replace(PASSAGE, fingerprint=""), "abc") == ""
    assert "edited since" in html(ANSWER, standing={"orrin": "edited"})


def test_a_message_is_traced_back_to_its_turn_and_what_was_said_of_it_stands_at_each() -> None:
    hello = Answer(question="Hello", standalone_question="Hello", text="Hello!", outcome="conversation")
    turns = [Shown(id="a", question="Hello", answer=hello), Shown(id="b", question="When?", answer=ANSWER)]
    found = [turn_at(turns, index) for index in range(6)]
    assert [turn.id if turn else "" for turn in found] == ["a", "a", "b", "b", "b", ""]
    assert feedback(turns, {"b": "Like"}) == [None, "Like"]


def test_questions_to_ask_next_stand_below_the_last_message() -> None:
    messages = shown(ANSWER, follow_ups=("Who built it?",))
    assert [message.get("options") for message in messages] == [None, None, [{"value": "Who built it?"}]]


def test_nothing_that_turns_the_reading_direction_or_cannot_be_encoded_reaches_the_page() -> None:
    hostile = "\u202e\x1b\udc80\u2066"
    wrong = replace(CITED, claim=Span(0, 4), quote=hostile, reason=hostile, support="unsupported")
    passage = replace(
        PASSAGE, title=hostile, publisher=hostile, credit=hostile, text=hostile, url=f"https://a{hostile}"
    )
    answer = replace(
        ANSWER,
        question=hostile,
        standalone_question=hostile * 2,
        text=hostile,
        model=hostile,
        evidence=(passage,),
        citations=(wrong,),
        withheld=Withheld(text=hostile, citations=(wrong,)),
        note=hostile,
    )
    written = html(answer)
    assert not set(hostile) & set(written)
    written.encode()


def test_a_real_answer_of_quotes_has_every_chip_quoted_and_none_verified(shipped: Chatbot) -> None:
    answer = shipped.ask("Summarize the article")
    assert [name for _, name in chips(answer)] == ["quoted"] * len(answer.citations)
    assert shown(answer)[2]["metadata"]["title"] == f"{len(answer.citations)} quotes with their sources"
