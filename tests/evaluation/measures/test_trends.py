"""The numbers behind the plots of a report, against a few rows counted by hand."""

import math

import pytest

from rag.evaluation.measures.trends import (
    calibration_bins,
    calibration_error,
    recall_at,
    risk_coverage_points,
)
from tests.support.results import row


def test_recall_of_chunks_counts_a_question_whose_article_has_none_as_missed() -> None:
    rows = [row("1", chunks=(1, 4), relevant=2), row("2", chunks=(3,), relevant=3), row("3", relevant=0)]
    assert recall_at(rows, level="chunk", cutoffs=(1, 3, 5)) == pytest.approx((1 / 3, 2 / 3, 2 / 3))


def test_recall_of_strings_and_articles_is_the_share_of_questions_that_found_one() -> None:
    rows = [row("1", string=1, article=1), row("2", string=4, article=2), row("3"), row("4", "adversarial")]
    assert recall_at(rows, level="string", cutoffs=(1, 5)) == pytest.approx((1 / 3, 2 / 3))
    assert recall_at(rows, level="article", cutoffs=(1, 5)) == pytest.approx((1 / 3, 2 / 3))


@pytest.mark.parametrize("level", ["chunk", "string", "article"])
def test_without_ranks_there_is_no_recall(level: str) -> None:
    assert recall_at([row("1", relevant=1)], level=level, cutoffs=(1, 5)) == ()  # type: ignore[arg-type]


def test_wrong_is_what_was_answered_badly_and_never_what_was_declined() -> None:
    assert not row("1", gold=True).wrong
    assert row("1").wrong
    assert row("1", "adversarial").wrong
    assert not row("1", abstained=True).wrong
    assert not row("1", "out_of_corpus", abstained=True).wrong


def test_risk_grows_along_the_confidence_and_ends_where_the_run_declined() -> None:
    rows = [
        row("1", gold=True, confidence=0.9),
        row("2", "adversarial", confidence=0.8),
        row("3", gold=True, confidence=0.7),
        row("4", abstained=True, confidence=0.2),
    ]
    assert risk_coverage_points(rows) == ((1 / 4, 0), (2 / 4, 1 / 2), (3 / 4, 1 / 3))
    assert risk_coverage_points(rows[::-1]) == risk_coverage_points(rows)


def test_questions_of_one_confidence_are_answered_together() -> None:
    assert risk_coverage_points([row("1", gold=True), row("2")]) == ((1.0, 0.5),)


def test_bins_hold_the_same_number_and_every_row_once() -> None:
    bins = calibration_bins([row(str(number), confidence=number / 23) for number in range(23)], bins=10)
    assert len(bins) == 10
    assert sum(group.questions for group in bins) == 23
    assert {group.questions for group in bins} == {2, 3}
    assert [group.confidence for group in bins] == sorted(group.confidence for group in bins)


def test_the_calibration_error_is_the_mean_distance_weighted_by_questions() -> None:
    rows = [
        row("1", "adversarial", confidence=0.1),
        row("2", "adversarial", confidence=0.3),
        row("3", confidence=0.6),
        row("4", confidence=0.8),
    ]
    assert calibration_error(calibration_bins(rows, bins=2)) == pytest.approx((2 * 0.2 + 2 * 0.3) / 4)


def test_no_rows_have_no_calibration_and_no_risk() -> None:
    assert calibration_bins([]) == ()
    assert math.isnan(calibration_error(()))
    assert risk_coverage_points([]) == ()
