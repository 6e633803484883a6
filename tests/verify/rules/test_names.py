"""Names that are missing from the evidence, or stand with other words there."""

import pytest

from rag.verify.rules.names import name_missing, name_moved
from tests.support.evidence import comparison


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("Later, Apple sued Samsung.", ""),
        ("Later, Google sued Samsung.", "‘Google’ is not in the cited words"),
        ("Later, Samsung sued over the 4o.", "‘4o’ is not in the cited words"),
        ("It sued.", ""),
    ],
)
def test_each_name_must_stand_in_the_evidence(claim: str, reason: str) -> None:
    assert name_missing(comparison(claim, "In 2011 Apple sued Samsung.")) == reason


def test_an_acronym_is_the_name_spelled_out() -> None:
    evidence = "The deal with AWS stands."
    assert name_missing(comparison("The deal with Amazon Web Services stands.", evidence)) == ""


MILLS = "In spring Olsen rebuilt the northern mill, and after a long and bitter quarrel Lopez sold the ferry."


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("In spring Olsen rebuilt the northern mill.", ""),
        (
            "In spring Lopez rebuilt the northern mill.",
            "in the cited words ‘Olsen’ goes with these words, not ‘Lopez’",
        ),
        ("In spring Olsen and Lopez rebuilt the northern mill.", ""),
    ],
)
def test_a_name_must_stand_with_the_words_it_has_in_the_evidence(claim: str, reason: str) -> None:
    assert name_moved(comparison(claim, MILLS)) == reason


def test_names_of_one_list_share_their_words() -> None:
    evidence = "In 2011 Google and Amazon poured billions into chips."
    assert name_moved(comparison("In 2011 Amazon poured billions into chips.", evidence)) == ""
