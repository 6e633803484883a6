import pytest

from rag.text.antonyms import has_direction, opposite, poles
from rag.text.lexicon import POLES
from rag.text.words import terms


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("fell", "profit rose"),
        ("shrinking", "it grew"),
        ("before", "after the war"),
        ("under", "over it"),
        ("lost", "it won"),
        ("sold", "it bought"),
        ("smallest", "the largest"),
        ("quietest", "the loudest critics"),
        ("rejected", "it was approved"),
        ("left", "he joined"),
    ],
)
def test_the_contrary_direction_is_found(claim: str, evidence: str) -> None:
    assert opposite(terms(claim)[0], terms(evidence))
    assert not opposite(terms(claim)[0], [*terms(evidence), *terms(claim)])


def test_no_word_stands_at_both_poles_of_a_pair() -> None:
    for side, opposite_side in POLES:
        assert not set(terms(side)) & set(terms(opposite_side))
    assert has_direction("fell") or has_direction(terms("fell")[0])


def test_a_word_that_is_no_pole_has_no_opposite() -> None:
    assert poles("bridg") == ()
    assert opposite("bridg", terms("it rose")) == ""
    assert not has_direction("bridg")
