"""Agreement with labels: Wilson intervals, kappa, mistakes, and the verifier on the shipped article."""

import math

import pytest

from rag.evaluation.verifier.agreement import (
    Agreement,
    EditKindVerdicts,
    Share,
    agreement,
    compare_with_labels,
)
from rag.evaluation.verifier.labelled_claims import LabelledClaim, make_labelled_claims
from rag.schema import Evidence, Span
from tests.support.verifier_articles import ARTICLES, SHIPPED


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (1, 473, 0.0004, 0.0119), (10, 10, 0.7225, 1.0)],
)
def test_an_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    assert Share(count, of).interval == pytest.approx((low, high), abs=1e-4)


def test_nothing_has_no_share() -> None:
    assert math.isnan(Share(0, 0).value)
    assert math.isnan(Agreement((), ()).kappa)
    assert str(Share(0, 0)) == "0 of 0"


def test_kappa_sets_chance_aside() -> None:
    # Cohen's own sort of table: 20 and 15 agreed, 5 and 10 not; (0.70 - 0.50) / (1 - 0.50).
    result = Agreement(
        (EditKindVerdicts("f", False, Share(10, 25)), EditKindVerdicts("t", True, Share(5, 25))), ()
    )
    assert result.accuracy == Share(35, 50)
    assert result.kappa == pytest.approx(0.4)


def test_a_judge_who_lets_everything_pass_agrees_by_chance_alone() -> None:
    result = compare_with_labels(make_labelled_claims(ARTICLES, limit=300), judge=lambda _: "")
    assert result.false_accepts.value == 1
    assert result.false_rejects.value == 0
    assert result.kappa == pytest.approx(0)
    assert len(result.mistakes) == result.false_accepts.of


def test_a_mistake_is_kept_with_the_reason() -> None:
    passage = Evidence(label=1, article_id="a", span=Span(0, 19), text="Apple sued Samsung.", score=1.0)
    claim = LabelledClaim("verbatim", "Apple paid Samsung.", (1,), (passage,), supported=True)
    ((wrong, reason),) = compare_with_labels([claim]).mistakes
    assert wrong is claim
    assert "paid" in reason


def test_the_verifier_agrees_with_the_labels_of_the_shipped_article() -> None:
    result = agreement([SHIPPED], limit=1000)
    assert result.false_accepts.of > 150
    assert result.false_accepts.value < 0.02
    assert result.false_rejects.value < 0.1
    assert result.kappa > 0.9
