"""ROC and risk-coverage curves: properties, and the area under the ROC curve against scikit-learn."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import auc as area_under

from rag.evaluation.measures.curves import auc, risk_coverage, roc

OUTCOMES = st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.5, 0.9]), st.booleans()), min_size=1, max_size=12)


@settings(deadline=None)
@given(OUTCOMES, st.randoms())
def test_order_does_not_change_a_curve(outcomes: list[tuple[float, bool]], random: Random) -> None:
    points, area = risk_coverage(outcomes, asked=20)
    shuffled = [*outcomes]
    random.shuffle(shuffled)
    assert risk_coverage(shuffled, asked=20) == (points, area)
    assert 0 <= area <= 1
    assert points[-1] == (len(outcomes) / 20, sum(wrong for _, wrong in outcomes) / len(outcomes))


SCORES = st.lists(st.sampled_from([0.0, 0.2, 0.2000001, 0.7, 1.0]), min_size=1, max_size=9)


@settings(deadline=None)
@given(SCORES, SCORES)
def test_the_auc_is_the_share_of_pairs_won_and_the_area_under_the_curve(
    positives: list[float], negatives: list[float]
) -> None:
    won = sum((a > b) + (a == b) / 2 for a in positives for b in negatives)
    assert auc(positives, negatives) == pytest.approx(won / (len(positives) * len(negatives)))
    points = roc(positives, negatives)
    assert area_under([x for x, _ in points], [y for _, y in points]) == pytest.approx(
        auc(positives, negatives)
    )
