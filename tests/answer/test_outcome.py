import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.outcome import Signs, answer_probability, is_answered

probabilities = st.floats(0, 1)
log_odds = st.floats(-15, 15)


def probability(*, confidence: float, judgement: float | None = None, unmentioned: bool = False) -> float:
    return answer_probability(Signs(confidence=confidence, judgement=judgement, unmentioned=unmentioned))


@given(confidence=probabilities, judgement=st.none() | log_odds, unmentioned=st.booleans())
def test_whatever_the_signs_it_is_a_probability(
    confidence: float, judgement: float | None, unmentioned: bool
) -> None:
    assert 0 <= probability(confidence=confidence, judgement=judgement, unmentioned=unmentioned) <= 1


@given(confidence=probabilities, low=log_odds, high=log_odds)
def test_a_better_judgement_never_lowers_it(confidence: float, low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert probability(confidence=confidence, judgement=low) <= probability(
        confidence=confidence, judgement=high
    )


@pytest.mark.parametrize("judgement", [None, -1.0, 0.0, 2.0])
def test_a_name_that_no_passage_has_lowers_it(judgement: float | None) -> None:
    assert probability(confidence=0.9, judgement=judgement, unmentioned=True) < probability(
        confidence=0.9, judgement=judgement
    )


def test_a_model_that_says_no_outweighs_a_good_match() -> None:
    assert is_answered(probability(confidence=0.99))
    assert not is_answered(probability(confidence=0.99, judgement=-4.0))


def test_a_foreign_question_is_not_answered_without_a_model() -> None:
    assert not is_answered(probability(confidence=0.05))
