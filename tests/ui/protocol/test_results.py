"""What a model gets of an answer by the protocol: nothing a reader is told is kept from it."""

from dataclasses import replace
from typing import get_args

import pytest

from rag.schema import Outcome
from tests.support.quoted_passage import ANSWER, CITED, DIFFERING, QUOTE
from ui.protocol.results import answered


@pytest.mark.parametrize("outcome", get_args(Outcome))
def test_the_result_has_the_outcome_and_whether_it_abstained(outcome: Outcome) -> None:
    said = answered(replace(ANSWER, outcome=outcome, note="The model\n said nothing."))
    assert (said["outcome"], said["abstained"]) == (outcome, outcome in ("nearest", "not_in_articles"))
    assert said["note"] == "The model said nothing."


def test_a_quote_is_not_said_to_be_verified() -> None:
    (statement,) = answered(replace(ANSWER, citations=(replace(CITED, support="quoted"),)))["statements"]
    assert (statement["support"], statement["verified"]) == ("quoted", False)


def test_an_answer_without_passages_does_not_lead_to_any() -> None:
    text = "The articles do not say who keeps it. The closest they come:"
    assert answered(replace(ANSWER, text=text, citations=(), outcome="nearest"))["answer"] == (
        "The articles do not say who keeps it."
    )


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
