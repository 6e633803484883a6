"""What a model gets of an answer by the protocol: nothing a reader is told is kept from it."""

from dataclasses import replace

from tests.support.quoted_passage import ANSWER, DIFFERING, QUOTE
from ui.web.mcp_tool import answered


def test_a_statement_has_its_words_and_where_they_are_from() -> None:
    (statement,) = answered(ANSWER)["statements"]
    assert (statement["quote"], statement["verified"]) == (QUOTE, True)
    assert (statement["title"], statement["publisher"], statement["date"]) == (
        "Orrin",
        "Coast News",
        "2026-05-01",
    )


def test_a_source_that_is_not_known_leaves_its_fields_empty() -> None:
    (statement,) = answered(replace(ANSWER, evidence=()))["statements"]
    assert (statement["title"], statement["publisher"], statement["date"]) == ("", "", "")


def test_what_was_asked_and_where_the_articles_differ_is_told() -> None:
    plain = answered(ANSWER)
    assert (plain["limited"], plain["differing"]) == ("", [])
    told = answered(replace(ANSWER, differing=(DIFFERING,), limited="Only 1 article was searched."))
    assert told["limited"] == "Only 1 article was searched."
    assert told["differing"] == [DIFFERING.described]
