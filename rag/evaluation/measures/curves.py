"""How well a score parts two kinds of question, as curves and the areas under them. The one file of scikit-learn."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.evaluation.measures.metric import Group

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A curve over the rows of an evaluation: ``points`` are (x, y), x rising, empty where there was too little.

    ``area`` is the one number that sums it up, as its maker defines it; NaN where there are no points. ``total`` is
    the number of rows that took part, and ``meaning`` says which.
    """

    name: str
    group: Group
    meaning: str
    x: str  # what the axes show
    y: str
    points: tuple[Point, ...]
    area: float
    total: int
    lower_is_better: bool = False


def auc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """The probability that a positive scores higher than a negative, a tie counting one half (Hanley and McNeil 1982).

    That is the area under the ROC curve, 0 to 1, 0.5 for chance; NaN where either side is empty.
    """
    if not positives or not negatives:
        return float("nan")
    from sklearn.metrics import roc_auc_score

    labels = [1] * len(positives) + [0] * len(negatives)
    return float(roc_auc_score(labels, [*positives, *negatives]))


def roc(positives: Sequence[float], negatives: Sequence[float]) -> tuple[Point, ...]:
    """The ROC curve: for each bar that scores may have to reach, (false positive rate, true positive rate).

    From (0, 0) to (1, 1); equal scores pass together. Empty where either side is empty.
    """
    if not positives or not negatives:
        return ()
    from sklearn.metrics import roc_curve

    labels = [1] * len(positives) + [0] * len(negatives)
    wrongly, rightly, _ = roc_curve(labels, [*positives, *negatives], drop_intermediate=False)
    return tuple(zip(map(float, wrongly), map(float, rightly), strict=True))


def risk_coverage(outcomes: Sequence[tuple[float, bool]], *, asked: int) -> tuple[tuple[Point, ...], float]:
    """The risk-coverage curve of the questions answered, and its area (El-Yaniv and Wiener 2010, section 2).

    ``outcomes`` are (confidence, whether the answer was wrong) of those answered, of ``asked`` in all. For each bar
    that confidence may have to reach, from the highest: coverage is the share of questions asked that are answered
    and reach it, risk the share of these answered wrongly. A question that was declined is covered by no bar, so the
    curve ends at the share answered. Equal confidences pass together.

    The area is the mean risk over the questions answered, each taken at the bar it just reaches: 0 to 1, less is
    better, NaN where none was answered.
    """
    points: list[Point] = []
    answered = wrong = 0
    area = 0.0
    by_confidence = sorted(outcomes, reverse=True)
    for _, alike in groupby(by_confidence, key=lambda outcome: outcome[0]):
        wrongs = [is_wrong for _, is_wrong in alike]
        answered += len(wrongs)
        wrong += sum(wrongs)
        points.append((answered / asked, wrong / answered))
        area += len(wrongs) * wrong / answered
    return tuple(points), area / answered if answered else float("nan")
