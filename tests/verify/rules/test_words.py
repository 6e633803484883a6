"""Opposites, and words that the evidence does not have."""

import pytest

from rag.verify.rules.words import direction_reversed, words_added
from tests.support.evidence import comparison


@pytest.mark.parametrize(
    ("claim", "evidence", "reason"),
    [
        ("Profit fell.", "Profit rose.", "the cited words say ‘rise’, not ‘fell’"),
        ("Profit climbed.", "Profit rose.", ""),
        ("Profit fell.", "Profit rose, then fell.", ""),
        ("It ended before the war.", "It ended after the war.", "the cited words say ‘after’, not ‘before’"),
    ],
)
def test_an_opposite_without_the_word_itself_is_a_fault(claim: str, evidence: str, reason: str) -> None:
    assert direction_reversed(comparison(claim, evidence)) == reason


EVIDENCE = "The council of Tarn rebuilt the old harbour wall and the mill near the river in the spring."


@pytest.mark.parametrize(
    "claim",
    [
        "The council rebuilt the harbour wall.",
        "The council rebuilt the old harbour wall and the mill near the muddy river.",
        "The council rebuilt the mill and the wall.",
    ],
)
def test_one_key_word_in_five_may_be_missing_from_the_evidence(claim: str) -> None:
    assert words_added(comparison(claim, EVIDENCE)) == ""


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("The council rebuilt a muddy wall.", "‘muddy’ is"),
        ("Only the council rebuilt the old harbour wall and the mill.", "‘Only’ is"),
        ("The council rebuilt the old harbour wall and the mill for 9 teachers.", "‘teachers’ is"),
    ],
)
def test_more_are_refused_and_so_is_one_that_restricts_or_is_counted(claim: str, words: str) -> None:
    assert words_added(comparison(claim, EVIDENCE)) == f"{words} not in the cited words"


def test_a_word_that_restricts_is_carried_by_its_synonyms() -> None:
    claim = "Only the council of Tarn rebuilt the old mill near the river."
    alone = "The council of Tarn alone rebuilt the old mill near the river."
    assert words_added(comparison(claim, alone)) == ""
    assert words_added(comparison(claim, alone.replace("alone ", ""))) == "‘Only’ is not in the cited words"


def test_outside_english_every_key_word_must_be_there() -> None:
    assert words_added(comparison("Die Straße ist sehr lang.", "Die Straße ist lang.")) != ""
