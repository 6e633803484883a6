"""ROC and risk-coverage curves: how well a score separates two kinds of question, and the areas under the curves."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.evaluation.measures.metric import Group

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A curve over the rows of an evaluation: ``points`` are (x, y), x rising, empty if there were too few rows.

    ``area`` is the area under it, as the function that makes the curve defines it; NaN if there are no points.
    ``total`` is the number of rows that take part, and ``meaning`` says which.
    """

    name: str
    group: Group
    meaning: str
    x: str  # label of the axis
    y: str
    points: tuple[Point, ...]
    area: float
    total: int
    lower_is_better: bool = False


def auc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Return the probability that a positive scores higher than a negative; ties count half (Hanley and McNeil 1982).

    That is the area under the ROC curve, 0 to 1, 0.5 for chance; NaN if either side is empty.
    """
    if not positives or not negatives:
        return float("nan")
    from sklearn.metrics import roc_auc_score

    labels = [1] * len(positives) + [0] * len(negatives)
    return float(roc_auc_score(labels, [*positives, *negatives]))


def roc(positives: Sequence[float], negatives: Sequence[float]) -> tuple[Point, ...]:
    """Return the ROC curve: (false positive rate, true positive rate) at each threshold of the score.

    From (0, 0) to (1, 1); equal scores pass together. Empty if either side is empty.
    """
    if not positives or not negatives:
        return ()
    from sklearn.metrics import roc_curve

    labels = [1] * len(positives) + [0] * len(negatives)
    false_rates, true_rates, _ = roc_curve(labels, [*positives, *negatives], drop_intermediate=False)
    return tuple(zip(map(float, false_rates), map(float, true_rates), strict=True))


def risk_coverage(outcomes: Sequence[tuple[float, bool]], *, asked: int) -> tuple[tuple[Point, ...], float]:
    """Return the risk-coverage curve of the answered questions, and its area (El-Yaniv and Wiener 2010, section 2).

    ``outcomes`` are (confidence, whether the answer was wrong) of the answered questions, of ``asked`` in all. At each
    threshold of the confidence, from the highest: coverage is the share of all questions that are answered and reach
    it, risk the share of these that are answered wrongly. A declined question reaches no threshold, so the curve ends
    at the share answered. Equal confidences pass together.

    The area is the mean risk over the answered questions, each taken at the threshold it just reaches: 0 to 1, lower
    is better, NaN if none was answered.
    """
    points: list[Point] = []
    answered = wrong = 0
    area = 0.0
    by_confidence = sorted(outcomes, reverse=True)
    for _, equal in groupby(by_confidence, key=lambda outcome: outcome[0]):
        wrongs = [is_wrong for _, is_wrong in equal]
        answered += len(wrongs)
        wrong += sum(wrongs)
        points.append((answered / asked, wrong / answered))
        area += len(wrongs) * wrong / answered
    return tuple(points), area / answered if answered else float("nan")
