"""Numbers that are missing from the evidence, or stand with other words there."""

import pytest

from rag.verify.rules.quantities import number_missing, number_moved
from tests.support.evidence import comparison, passages, verified


def test_a_number_between_the_very_words_it_has_in_the_article_is_in_its_place() -> None:
    text = "From 1073 to 1074, {} of the 20,000 troops of the general were from the coast."
    assert verified(text.format("8000") + " [1]", passages(text.format("8,000")))


RAISED = "xAI raised $6 billion in its latest funding round at a $24 billion valuation."


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("xAI raised 6,000 million dollars.", ""),
        ("xAI raised $6 million.", "‘$6 million’ is not in the cited words"),
        (
            "xAI raised over $6 billion.",
            "the cited words say ‘$6 billion’ with another bound than ‘$6 billion’",
        ),
        ("xAI raised it.", ""),
    ],
)
def test_each_number_must_follow_from_one_of_the_evidence(claim: str, reason: str) -> None:
    assert number_missing(comparison(claim, RAISED)) == reason


def test_two_that_only_point_back_need_no_number() -> None:
    evidence = "Both Apple and Google paid."
    assert number_missing(comparison("The two companies paid.", evidence)) == ""
    assert (
        number_missing(comparison("There, two companies paid.", evidence))
        == "‘two’ is not in the cited words"
    )


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("xAI raised $6 billion at a $24 billion valuation.", ""),
        (
            "xAI raised $24 billion at a $6 billion valuation.",
            "in the cited words ‘$6 billion’ goes with these words, not ‘$24 billion’",
        ),
    ],
)
def test_a_number_must_stand_with_the_words_it_has_in_the_evidence(claim: str, reason: str) -> None:
    assert number_moved(comparison(claim, RAISED)) == reason


def test_a_number_after_the_opposite_preposition_has_moved() -> None:
    evidence = "He ran Apple from 1997 to 2011."
    assert number_moved(comparison("He ran Apple from 1997 to 2011.", evidence)) == ""
    assert number_moved(comparison("He ran Apple until 2011.", "He ran Apple since 2011.")) == (
        "the cited words say ‘since 2011’, not ‘until 2011’"
    )
