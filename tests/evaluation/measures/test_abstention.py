"""Measures of abstention, and their curves: values worked out by hand."""

import math

import pytest

from rag.evaluation.measures.abstention import curves
from rag.evaluation.measures.registry import metrics
from tests.support.results import metric_over, row_1871

# By confidence: right, declined rightly on a far-off question, wrong (no gold), right, and a near miss answered.
ROWS = (
    row_1871(gold=True, confidence=0.9),
    row_1871("out_of_corpus", abstained=True, confidence=0.2),
    row_1871(confidence=0.6),
    row_1871(gold=True, confidence=0.4),
    row_1871("out_of_corpus", confidence=0.4),
    row_1871(abstained=True, confidence=0.1),
    row_1871("adversarial", confidence=0.6),
)


@pytest.mark.parametrize(
    ("name", "value", "total"),
    [
        ("answerable declined", 1 / 4, 4),
        ("out of corpus declined", 1 / 2, 2),
        ("near misses declined", 0, 1),
        ("declining precision, out of corpus", 1 / 2, 2),
        ("declining F1, out of corpus", 2 * (1 / 2) * (1 / 2) / (1 / 2 + 1 / 2), 4),
        ("declining precision, near misses", 0, 1),
        ("declining F1, near misses", 0, 2),
        # pairs with 0.2: 0.9, 0.6, 0.4 win, 0.1 loses; with 0.4: 0.9, 0.6 win, 0.4 ties, 0.1 loses
        ("confidence AUC, out of corpus", (3 + 2.5) / 8, 6),
        # with 0.6: 0.9 wins, 0.6 ties
        ("confidence AUC, near misses", 1.5 / 4, 5),
        # answered, surest first: right; wrong; then right and wrong together. Risks 0, 1/2, 2/4, 2/4
        ("risk-coverage area, out of corpus", (0 + 1 / 2 + 2 / 4 + 2 / 4) / 4, 6),
        # right; then two wrong together; then right. Risks 0, 2/3, 2/3, 2/4
        ("risk-coverage area, near misses", (0 + 2 / 3 + 2 / 3 + 2 / 4) / 4, 5),
    ],
)
def test_abstention_is_measured_for_each_kind_separately(name: str, value: float, total: int) -> None:
    metric = metric_over(name, *ROWS)
    assert metric.value == pytest.approx(value)
    assert metric.total == total


def test_without_questions_to_decline_there_are_no_curves_and_no_areas() -> None:
    values = {metric.name: metric.value for metric in metrics(ROWS[:1])}
    assert math.isnan(values["confidence AUC, out of corpus"])
    assert math.isnan(values["risk-coverage area, near misses"])
    assert math.isnan(values["declining F1, near misses"])
    # One that was declined wrongly says nothing of a kind that was never asked.
    assert metric_over("declining precision, near misses", ROWS[0], ROWS[5]).total == 0
    assert [curve.points for curve in curves(ROWS[:1])] == [(), (), (), ()]


def test_the_curves_end_where_their_definition_says() -> None:
    roc_curve, risks, *_ = curves(ROWS)
    assert (roc_curve.points[0], roc_curve.points[-1]) == ((0, 0), (1, 1))
    assert [*risks.points] == [(1 / 6, 0), (2 / 6, 1 / 2), (4 / 6, 2 / 4)]  # a third was declined
    assert risks.lower_is_better
