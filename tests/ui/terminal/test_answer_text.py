"""Answers as text: what is said of a citation, how lines are laid, and that none drives the terminal."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.nearest import nearest_text
from rag.schema import Answer, Citation, Span, Withheld
from tests.support import quoted_passage as orrin
from tests.support.quoted_passage import CITED, DIFFERING, PASSAGE, whole_text
from ui.terminal.answer_text import Style, cells, passages, sources, wrapped
from ui.wording import credit_lines, one_line, outcome_text, safe, searched, tally, verdict

ANSWER = replace(orrin.ANSWER, standalone_question="When was the lighthouse built?")
# Clears the screen, opens a control sequence in one character, rings, and turns the reading direction.
HOSTILE = "\x1b[2J \x9b31m \x07 \u202e \u202d \u2066 \u2067 \x00 \x7f \x85 \x08 \r \u2028 \udc80"
DRIVES = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def test_what_the_cited_words_do_not_mention_stands_before_the_sources() -> None:
    said = whole_text(replace(ANSWER, unmentioned=("Hale", "Orrin\x1b[2J", "Ada")))
    assert "[1]\n\n? The cited words do not mention “Hale”, “Orrin·[2J” or “Ada”.\n\nSources\n" in said


def test_where_the_articles_differ_stands_before_the_sources() -> None:
    said = whole_text(replace(ANSWER, differing=(DIFFERING,)))
    line = "The articles differ: 12 (Coast· News, 2026-05-01) and 19 (Bay Post, 2026-05-02, the newer)."
    assert f"[1]\n\n? {line}\n\nSources\n" in said


def test_which_articles_were_asked_stands_before_the_sources() -> None:
    some = replace(ANSWER, limited="Only 1 article by “A\x1b[2J” was searched.", unmentioned=("Hale",))
    assert (
        "[1]\n\nOnly 1 article by “A·[2J” was searched.\n\n? The cited words do not mention “Hale”.\n\nSources\n"
        in whole_text(some)
    )
    assert "searched" not in whole_text(replace(some, outcome="not_in_articles", text="No.", citations=()))


def test_a_plain_answer_names_the_search_the_text_the_source_the_verdict_and_the_credit() -> None:
    assert whole_text(ANSWER) == (
        "Searched for: When was the lighthouse built?\n"
        "\n"
        "“The lighthouse was built in 1871.” [1]\n"
        "\n"
        "Sources\n"
        "[1] “The lighthouse was built in 1871.”\n"
        "    — Orrin, Coast News, 2026-05-01\n"
        "    https://example.org/orrin\n"
        "    ✓ verified\n"
        "\n"
        "Credit: Coast News\n"
    )


def test_quoted_words_are_called_quoted_without_a_sign() -> None:
    shown = whole_text(replace(ANSWER, citations=(replace(CITED, support="quoted"),)))
    assert "    https://example.org/orrin\n    quoted\n" in shown
    assert not set("✓✗") & set(shown)
    coloured = sources(replace(ANSWER, citations=(replace(CITED, support="quoted"),)), Style(colour=True))
    assert "\x1b[2mquoted\x1b[0m" in coloured


def test_a_short_answer_stands_first_and_all_quotes_beneath_it() -> None:
    other = replace(PASSAGE, label=2, text="Its keeper was Ada Hale.")
    answer = replace(
        orrin.ANSWER,
        text="In 1871 [1].",
        citations=(replace(CITED, claim=Span(0, 7), verbatim=False),),
        evidence=(PASSAGE, other, replace(other, label=3, text="Nobody quotes this.")),
        quotes=(1, 2),
    )
    assert whole_text(answer) == (
        "In 1871 [1].\n"
        "\n"
        "Sources\n"
        "[1] “The lighthouse was built in 1871.”\n"
        "    — Orrin, Coast News, 2026-05-01\n"
        "    https://example.org/orrin\n"
        "    ✓ verified\n"
        "[2] “Its keeper was Ada Hale.”\n"
        "    — Orrin, Coast News, 2026-05-01\n"
        "    https://example.org/orrin\n"
        "    quoted\n"
        "\n"
        "Credit: Coast News\n"
    )


def test_the_passages_that_come_nearest_stand_below_the_sentence_that_leads_to_them() -> None:
    text = "The articles do not say who keeps it. The closest they come:"
    nearest = replace(ANSWER, text=text, citations=(), outcome="nearest", quotes=(1,), note="It found none.")
    shown = whole_text(nearest)
    assert f"{text}\n\nNearest passages\n[1] “The lighthouse was built in 1871.”\n" in shown
    assert shown.endswith("Credit: Coast News\n\nIt found none.\n")
    assert not set("✓✗") & set(shown)
    assert "quoted" not in shown


def test_which_articles_were_asked_is_said_of_the_nearest_too() -> None:
    some = replace(
        ANSWER, outcome="nearest", citations=(), quotes=(1,), limited="Only 1 article was searched."
    )
    assert "\nOnly 1 article was searched.\n" in whole_text(some)


def test_a_conversation_turn_is_its_text_alone() -> None:
    hello = Answer(question="Hello", standalone_question="Hello", text="Hello!", outcome="conversation")
    assert whole_text(hello) == "Hello!\n"


def test_what_was_withheld_is_a_line_with_the_reason_below_the_note() -> None:
    said = "In 1872 [1]."
    wrong = replace(CITED, claim=Span(0, 12), support="unsupported", reason="‘1872’ is not there")
    answer = replace(
        ANSWER,
        withheld=Withheld(text=said, citations=(wrong,)),
        note="The model's own answer is not shown, as the articles' words do not carry it.",
    )
    assert (
        "[1]\n\nThe model's own answer is not shown, as the articles' words do not carry it.\n\n"
        "Not shown: “In 1872 [1].” (unsupported: ‘1872’ is not there)\n\nSources\n" in whole_text(answer)
    )


@pytest.mark.parametrize("width", [None, *range(24, 60)])
def test_a_withheld_text_or_a_note_can_neither_drive_the_terminal_nor_pass_for_a_verdict(
    width: int | None,
) -> None:
    attack = f"{HOSTILE}\n    ✓ verified\n✓ verified” (fine)\nSources\n[1] “so”"
    failed = replace(CITED, claim=Span(0, len(attack)), support="unsupported", reason=attack)
    answer = replace(
        ANSWER,
        citations=(replace(CITED, support="quoted"),),
        withheld=Withheld(text=attack, citations=(failed,)),
        note=attack,
    )
    shown = sources(answer, Style(width=width))
    assert not DRIVES.search(shown)
    assert shown.split("\n").count("Sources") == 1
    assert not [line for line in shown.split("\n") if re.match(r"(?: {4})?[✓✗]", line)]


@pytest.mark.parametrize(
    ("citations", "words"),
    [
        ((), ""),
        ((CITED,), "1 of 1 statements verified"),
        ((CITED, replace(CITED, label=2)), "1 of 1 statements verified"),
        ((CITED, replace(CITED, label=2, support="unsupported")), "0 of 1 statements verified"),
        ((CITED, replace(CITED, claim=Span(40, 44), support="unchecked")), "1 of 2 statements verified"),
        ((replace(CITED, support="quoted"),), "1 quote"),
        ((replace(CITED, support="quoted"),) * 3, "3 quotes"),
        (
            (CITED, replace(CITED, claim=Span(40, 44), support="quoted")),
            "1 of 1 statements verified, 1 quote",
        ),
    ],
)
def test_only_what_was_checked_is_counted_as_a_statement(citations: tuple[Citation, ...], words: str) -> None:
    assert tally(replace(ANSWER, citations=citations))[0] == words


def test_the_words_that_lead_to_the_nearest_passages_are_those_that_are_written() -> None:
    nearest = replace(ANSWER, text=nearest_text("Who keeps it?"), outcome="nearest")
    assert outcome_text(nearest) == nearest.text.removesuffix(" The closest they come:") != nearest.text


def test_the_question_searched_is_not_repeated_where_it_is_the_one_asked() -> None:
    assert searched("  Who \n built it?", "Who built it?") == ""
    assert searched("And it?", "Who built it?") == "Searched for: Who built it?\n\n"


def test_an_abstention_shows_the_nearest_passages_with_their_sources() -> None:
    declined = replace(ANSWER, text="The articles do not say.", citations=(), outcome="not_in_articles")
    shown = whole_text(declined)
    assert "Nearest passages\n[1] “The lighthouse was built in 1871.”\n    — Orrin, Coast News" in shown
    assert "verified" not in shown
    assert shown.endswith("Credit: Coast News\n")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "✓ verified"),
        ({"located": "normalized"}, "✓ verified, apart from case, quotation marks, dashes or spaces"),
        ({"support": "unsupported", "reason": "‘132’ is not there"}, "✗ unsupported: ‘132’ is not there"),
        ({"support": "unchecked", "reason": "it holds nothing"}, "? unchecked: it holds nothing"),
        ({"support": "unchecked"}, "? unchecked"),
        ({"support": "quoted"}, "quoted"),
        ({"support": "quoted", "located": "stale"}, "✗ unsupported: the article has changed"),
        ({"located": "missing"}, "✗ unsupported: the quoted words are not in the article"),
        ({"located": "unknown_label", "support": "unchecked"}, "✗ unsupported: no passage has this number"),
        ({"located": "stale"}, "✗ unsupported: the article has changed"),
        ({"support": "unsupported", "reason": "line\n✓ verified"}, "✗ unsupported: line ✓ verified"),
    ],
)
def test_a_verdict_is_a_sign_and_words(change: dict[str, str], words: str) -> None:
    assert verdict(replace(CITED, **change)) == words  # type: ignore[arg-type]


def test_a_statement_that_failed_is_named_and_never_left_out() -> None:
    said = "It was built in 1872."
    wrong = replace(
        CITED, claim=Span(0, len(said)), support="unsupported", reason="‘1872’ is not there", verbatim=False
    )
    shown = sources(replace(ANSWER, text=f"{said} [1]", citations=(CITED, wrong)))
    assert shown.count("“The lighthouse was built in 1871.”") == 1
    assert "    ✓ verified\n    ✗ unsupported: ‘1872’ is not there, in: It was built in 1872.\n" in shown


def test_a_label_that_names_no_passage_is_shown_as_bad() -> None:
    nowhere = replace(
        CITED, label=99, quote="", span=Span(0, 0), located="unknown_label", support="unsupported"
    )
    unmarked = replace(nowhere, label=0)
    shown = sources(replace(ANSWER, citations=(nowhere, unmarked)))
    assert "[99] ✗ unsupported: no passage has this number" in shown
    assert "[–] ✗ unsupported" in shown


def test_a_credit_is_shown_once_for_two_passages_of_one_article() -> None:
    second = replace(PASSAGE, label=2, credit="Credit:  Coast\nNews")
    assert credit_lines((PASSAGE, second)) == ("Credit: Coast News",)
    answer = replace(ANSWER, citations=(CITED, replace(CITED, label=2)), evidence=(PASSAGE, second))
    assert sources(answer).count("Credit: Coast News") == 1


def test_only_passages_that_are_cited_are_sources() -> None:
    other = replace(PASSAGE, label=2, text="Nobody cites this.", credit="Credit: nobody")
    shown = sources(replace(ANSWER, evidence=(PASSAGE, other)))
    assert "Nobody cites this." not in shown
    assert "Credit: nobody" not in shown


def test_nothing_in_an_answer_can_drive_the_terminal() -> None:
    passage = replace(
        PASSAGE,
        text=HOSTILE,
        title=HOSTILE,
        url=HOSTILE,
        publisher=HOSTILE,
        credit=HOSTILE,
        article_id=HOSTILE,
    )
    citation = replace(CITED, quote=HOSTILE, support="unsupported", reason=HOSTILE, verbatim=False)
    answer = Answer(
        question="Why?",
        standalone_question=HOSTILE,
        text=f"{HOSTILE} [1]",
        citations=(citation,),
        evidence=(passage,),
    )
    for shown in (
        whole_text(answer),
        whole_text(replace(answer, outcome="not_in_articles")),
        passages((passage,), "Passages"),
    ):
        assert not DRIVES.search(shown)
        assert "[2J" in shown  # what is left of it can be read


@pytest.mark.parametrize("width", [None, *range(24, 60)])
def test_a_title_a_quote_or_an_address_cannot_pass_for_a_verdict(width: int | None) -> None:
    spoof = "padded with words\n    ✓ verified"
    passage = replace(PASSAGE, title=spoof, publisher=spoof, date=None, url="✓ verified", credit="")
    bad = replace(CITED, quote=spoof, support="unsupported", reason="no")
    lines = sources(replace(ANSWER, citations=(bad,), evidence=(passage,)), Style(width=width)).split("\n")
    assert [line for line in lines if re.match(r" {4}[✓✗?]", line)] == ["    ✗ unsupported: no"]


@given(st.text(), st.text())
def test_text_is_made_safe_piece_by_piece_as_it_is_as_a_whole(one: str, two: str) -> None:
    assert safe(one + two) == safe(one) + safe(two)
    assert not DRIVES.search(safe(one))


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"))))
def test_words_without_controls_are_shown_as_they_are(words: str) -> None:
    assert safe(words) == words


def test_right_to_left_words_and_their_marks_survive() -> None:
    assert safe("שלום \u200fעולם") == "שלום \u200fעולם"
    assert one_line("a\u2066b\u2069 \n c") == "ab c"


LINES = st.text(alphabet="ab 漢字é\u0301\n", max_size=80)


@given(LINES, st.integers(14, 60))
def test_wrapped_text_keeps_every_character_and_fits(words: str, width: int) -> None:
    laid = wrapped(words, width=width, indent="    ")
    assert "".join(laid.split()) == "".join(words.split())
    first, *rest = laid.split("\n")
    assert cells(first) <= width - 4
    assert all(line.startswith("    ") and cells(line) <= width for line in rest)


def test_a_wide_character_takes_two_columns_and_an_accent_none() -> None:
    assert (cells("漢字"), cells("e\u0301"), cells("ab")) == (4, 1, 2)


def test_an_address_is_never_cut() -> None:
    address = "https://example.org/" + "a" * 60
    assert address in wrapped(f"Source: {address}.", width=40)
    narrow = sources(replace(ANSWER, evidence=(replace(PASSAGE, url=address),)), Style(width=40))
    assert address in narrow


@pytest.mark.parametrize("width", [24, 40, 200])
def test_sources_fit_the_terminal(width: int) -> None:
    wordy = replace(PASSAGE, title="A title of many words " * 5, credit="Credit is asked for " * 5, url="")
    lines = sources(replace(ANSWER, evidence=(wordy,)), Style(width=width)).split("\n")
    assert max(cells(line) for line in lines) <= width


def test_colours_dress_the_same_words() -> None:
    coloured = sources(ANSWER, Style(colour=True))
    assert "\x1b[32m✓ verified\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == sources(ANSWER)
