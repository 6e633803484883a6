"""An answer for the page: each mark carries its finding, each source its standing, and nothing is left out."""

import json
from dataclasses import replace

import pytest

from rag.chatbot import Chatbot
from rag.schema import Answer, Citation, Outcome, Span, Withheld
from tests.support import quoted_passage as orrin
from tests.support.quoted_passage import CITED, DIFFERING, QUOTE
from ui.web.display.answer_json import (
    answer_view,
    citation_view,
    evidence_view,
    piece_view,
    standing,
)
from ui.web.display.pieces import Break, Chip, Item, Words

PASSAGE = replace(orrin.PASSAGE, fingerprint="abc")
OTHER = replace(PASSAGE, label=2, article_id="hale", text="Nobody cites this.", title="", date=None, url="")
ANSWER = replace(
    orrin.ANSWER, question="When was it  built?", evidence=(PASSAGE, OTHER), timings={"total": 1.5}
)


def _wrong(label: int, claim: Span, reason: str = "‘1872’ is not there") -> Citation:
    return replace(CITED, label=label, claim=claim, support="unsupported", reason=reason, verbatim=False)


def test_what_the_cited_words_do_not_mention_is_a_note() -> None:
    assert answer_view(ANSWER, standing={})["unmentioned"] == ""
    noted = answer_view(replace(ANSWER, unmentioned=("Hale",)), standing={})
    assert noted["unmentioned"] == "The cited words do not mention “Hale”."


def test_where_the_articles_differ_is_said() -> None:
    assert answer_view(ANSWER, standing={})["differing"] == []
    shown = answer_view(replace(ANSWER, differing=(DIFFERING,)), standing={})
    assert shown["differing"] == [
        "The articles differ: 12 (Coast· News, 2026-05-01) and 19 (Bay Post, 2026-05-02, the newer)."
    ]


def test_which_articles_were_asked_is_said_once() -> None:
    assert answer_view(ANSWER, standing={})["limited"] == ""
    some = replace(ANSWER, limited="Only 1 article by “Coast\u202e News” was searched.")
    assert answer_view(some, standing={})["limited"] == "Only 1 article by “Coast· News” was searched."
    # The text of an abstention says it already.
    assert answer_view(replace(some, outcome="not_in_articles", citations=()), standing={})["limited"] == ""


def test_an_answer_is_its_pieces_its_findings_and_its_sources() -> None:
    shown = answer_view(ANSWER, standing={"orrin": "edited"})
    assert shown["searched"] == ""
    assert shown["pieces"] == [
        {"kind": "words", "text": f"“{QUOTE}”", "quoted": True},
        {"kind": "words", "text": " ", "quoted": False},
        {"kind": "chip", "label": 1, "verdict": "verified", "words": "verified", "findings": [0]},
    ]
    assert shown["verdicts"] == [citation_view(CITED, QUOTE)]
    assert shown["unmarked"] == []
    assert shown["timings"] == {"total": 1.5}
    assert shown["sources"] == [
        {
            "label": 1,
            "article_id": "orrin",
            "title": "Orrin",
            "publisher": "Coast News",
            "date": "2026-05-01",
            "url": "https://example.org/orrin",
            "open": "https://example.org/orrin#:~:text=The%20lighthouse%20was%20built%20in%201871.",
            "credit": "Credit: Coast News",
            "quote": QUOTE,
            "span": [0, 33],
            "score": 0.9,
            "fingerprint": "abc",
            "page": None,
            "cited": True,
            "verdict": "verified",
            "words": "verified",
            "standing": "edited",
        }
    ]


def test_passages_that_are_not_cited_stand_apart_without_a_verdict() -> None:
    (other,) = _list(answer_view(ANSWER, standing={}), "other")
    assert (other["label"], other["title"], other["date"], other["url"], other["open"]) == (
        2,
        "hale",
        "",
        "",
        "",
    )
    assert (other["cited"], other["verdict"], other["words"], other["standing"]) == (False, "", "", "")
    assert evidence_view((OTHER,)) == [other]


def test_an_abstention_shows_the_nearest_passages_and_no_others() -> None:
    declined = replace(ANSWER, text="The articles do not say.", citations=(), outcome="not_in_articles")
    shown = answer_view(declined, standing={})
    assert [source["label"] for source in _list(shown, "sources")] == [1, 2]
    assert shown["other"] == []
    assert shown["abstained"] is True


@pytest.mark.parametrize("outcome", ["nearest", "not_in_articles"])
def test_the_nearest_passages_have_no_seal_and_nothing_is_said_to_be_verified(outcome: Outcome) -> None:
    text = "The articles do not say who keeps it. The closest they come:"
    shown = answer_view(replace(ANSWER, text=text, citations=(), outcome=outcome, quotes=(2, 1)), standing={})
    assert (shown["outcome"], shown["abstained"], shown["tally"]) == (outcome, True, None)
    assert [(source["label"], source["verdict"]) for source in _list(shown, "sources")] == [(2, ""), (1, "")]
    (words,) = _list(shown, "pieces")  # the page has a heading above the passages
    assert words["text"] == (
        text if outcome == "not_in_articles" else text.removesuffix(" The closest they come:")
    )


def test_a_conversation_is_its_text_alone() -> None:
    hello = Answer(question="Hello", standalone_question="Hello", text="Hello!", outcome="conversation")
    shown = answer_view(hello, standing={})
    assert (shown["outcome"], shown["abstained"], shown["tally"]) == ("conversation", False, None)
    assert shown["sources"] == shown["other"] == shown["verdicts"] == []


def test_below_a_models_answer_stand_all_quotes_in_their_order_and_only_a_checked_one_is_verified() -> None:
    said = "In 1871 [1]."
    cited = replace(CITED, claim=Span(0, 7), verbatim=False)
    shown = answer_view(replace(ANSWER, text=said, citations=(cited,), quotes=(2, 1)), standing={})
    assert [(source["label"], source["verdict"]) for source in _list(shown, "sources")] == [
        (2, "quoted"),
        (1, "verified"),
    ]
    assert shown["tally"] == {"words": "1 of 1 statements verified", "verdict": "verified"}


def test_what_was_withheld_comes_with_its_reason_and_is_no_part_of_the_text() -> None:
    claim = "In 1872 <img src=x onerror=alert(1)>\u202e"
    answer = replace(
        ANSWER,
        withheld=Withheld(text=claim, citations=(_wrong(1, Span(0, len(claim))),)),
        note="The model's own answer\n is not shown.",
    )
    shown = answer_view(answer, standing={})
    assert shown["withheld"] == [
        {
            "statement": "In 1872 <img src=x onerror=alert(1)>·",  # the page adds it as text
            "reason": "unsupported: ‘1872’ is not there",
        }
    ]
    assert shown["note"] == "The model's own answer is not shown."
    assert "1872" not in json.dumps(shown["pieces"])


def test_the_question_searched_is_named_where_it_differs_by_more_than_spaces() -> None:
    assert (
        answer_view(replace(ANSWER, standalone_question="When?\n\u202e"), standing={})["searched"]
        == "When? ·"
    )


@pytest.mark.parametrize(
    ("change", "word", "words"),
    [
        ({}, "verified", "verified"),
        (
            {"located": "normalized"},
            "verified",
            "verified, apart from case, quotation marks, dashes or spaces",
        ),
        (
            {"support": "unsupported", "reason": "‘2’ is not there"},
            "unsupported",
            "unsupported: ‘2’ is not there",
        ),
        ({"located": "stale"}, "unsupported", "unsupported: the article has changed"),
        ({"support": "unchecked"}, "unchecked", "unchecked"),
        ({"support": "quoted"}, "quoted", "quoted"),
        ({"support": "quoted", "located": "stale"}, "unsupported", "unsupported: the article has changed"),
    ],
)
def test_a_finding_is_one_word_and_a_sentence(change: dict[str, str], word: str, words: str) -> None:
    citation = replace(CITED, **change)  # type: ignore[arg-type]
    shown = citation_view(citation, QUOTE)
    assert (shown["verdict"], shown["words"]) == (word, words)


def test_each_mark_shows_the_finding_of_its_own_statement() -> None:
    text = "It is old [1]. It was built in 1872 [1]. It stands."
    citations = (replace(CITED, claim=Span(0, 9)), _wrong(1, Span(15, 35)))
    shown = answer_view(replace(ANSWER, text=text, citations=citations), standing={})
    assert [(chip["verdict"], chip["findings"]) for chip in _chips(shown)] == [
        ("verified", [0]),
        ("unsupported", [1]),
    ]
    (source,) = _list(shown, "sources")
    assert (source["verdict"], source["words"]) == ("unsupported", "unsupported: ‘1872’ is not there")


def test_several_marks_behind_one_statement_each_show_their_own_finding() -> None:
    citations = (replace(CITED, claim=Span(0, 9)), _wrong(2, Span(0, 9)))
    shown = answer_view(replace(ANSWER, text="It is old.[1][2]", citations=citations), standing={})
    assert [chip["findings"] for chip in _chips(shown)] == [[0], [1]]


def test_a_mark_inside_a_statement_and_one_at_the_head_of_a_line_belong_to_it() -> None:
    text = "It [1] is old.\n[2] It stands."
    citations = (replace(CITED, claim=Span(0, 14)), _wrong(2, Span(19, 29)))
    shown = answer_view(replace(ANSWER, text=text, citations=citations), standing={})
    assert [chip["findings"] for chip in _chips(shown)] == [[0], [1]]


def test_a_mark_alone_on_a_line_belongs_to_the_statement_before() -> None:
    shown = answer_view(
        replace(ANSWER, text="It is old.\n[1]", citations=(replace(CITED, claim=Span(0, 10)),)), standing={}
    )
    assert [chip["findings"] for chip in _chips(shown)] == [[0]]


def test_a_mark_whose_statement_was_never_checked_does_not_borrow_anothers_finding() -> None:
    text = "It is old [1]. It was stopped here [1]"
    shown = answer_view(
        replace(ANSWER, text=text, citations=(replace(CITED, claim=Span(0, 9)),)), standing={}
    )
    assert [(chip["verdict"], chip["findings"]) for chip in _chips(shown)] == [
        ("verified", [0]),
        ("unchecked", []),
    ]


def test_a_finding_that_no_mark_shows_is_named_as_such() -> None:
    alone = replace(_wrong(0, Span(10, 20), "no passage says this"), located="unknown_label", quote="")
    shown = answer_view(replace(ANSWER, text="It stood. It burned.", citations=(alone,)), standing={})
    assert shown["unmarked"] == [0]
    (finding,) = _list(shown, "verdicts")
    assert (finding["verdict"], finding["claim"]) == ("unsupported", "It burned.")


def test_an_article_is_unchanged_edited_or_removed_since() -> None:
    assert standing(PASSAGE, "abc") == "unchanged"
    assert standing(PASSAGE, "abd") == "edited"
    assert standing(PASSAGE, None) == "removed"
    assert standing(replace(PASSAGE, fingerprint=""), "abc") == ""


def test_each_piece_has_exactly_what_the_page_needs() -> None:
    assert piece_view(Words("a\x1b\u202eb", quoted=True)) == {"kind": "words", "text": "a··b", "quoted": True}
    assert piece_view(Chip(3)) == {"kind": "chip", "label": 3}
    assert piece_view(Break()) == {"kind": "break"}
    assert piece_view(Item()) == {"kind": "item"}


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
    written = json.dumps(answer_view(answer, standing={}), ensure_ascii=False)
    assert not set(hostile) & set(written)
    written.encode()


def test_a_real_answer_of_quotes_goes_to_json_with_every_chip_quoted_and_none_verified(
    shipped: Chatbot,
) -> None:
    answer = shipped.ask("Summarize the article")
    shown = answer_view(answer, standing={})
    assert json.loads(json.dumps(shown)) == shown
    assert [chip["findings"] for chip in _chips(shown)] == [[at] for at in range(len(answer.citations))]
    assert {chip["verdict"] for chip in _chips(shown)} == {"quoted"}
    assert shown["tally"] == {"words": f"{len(answer.citations)} quotes", "verdict": "quoted"}
    assert shown["unmarked"] == []


def _list(shown: object, name: str) -> "list[dict[str, object]]":
    assert isinstance(shown, dict)
    items = shown[name]
    assert isinstance(items, list)
    return items


def _chips(shown: object) -> "list[dict[str, object]]":
    return [piece for piece in _list(shown, "pieces") if piece["kind"] == "chip"]
