"""What is measured of declining: telling questions that the articles answer from those that they do not.

Near misses (kind ``adversarial``) and questions far from the articles (``out_of_corpus``) are measured apart, each
against the answerable ones. A positive is a question of that kind, and declining it is right.
"""

from collections.abc import Callable, Sequence
from functools import partial

from rag.evaluation.measures.curves import Curve, auc, risk_coverage, roc
from rag.evaluation.measures.metric import Counted, Measure, SetMeasure, of_kind, share
from rag.evaluation.questions import Kind
from rag.evaluation.results import QuestionResult

_KINDS: Sequence[tuple[Kind, str]] = (("out_of_corpus", "out of corpus"), ("adversarial", "near misses"))


def _declined(kind: Kind) -> Callable[[QuestionResult], bool | None]:
    return lambda row: row.answer.abstained if row.question.kind == kind else None


def _noted(kind: Kind) -> Callable[[QuestionResult], bool | None]:
    return lambda row: bool(row.answer.unmentioned) if row.question.kind == kind and row.answered else None


def _precision(kind: Kind, row: QuestionResult) -> Counted | None:
    if not row.answer.abstained or not of_kind(kind, [row]):
        return None
    return int(row.question.kind == kind), 1


def _f1(kind: Kind, row: QuestionResult) -> Counted | None:
    """The harmonic mean of precision and recall, as one sum over rows."""
    if not of_kind(kind, [row]):
        return None
    wanted, declined = row.question.kind == kind, row.answer.abstained
    return 2 * (wanted and declined), int(wanted) + int(declined)


def _confidences(kind: Kind, rows: Sequence[QuestionResult]) -> tuple[list[float], list[float]]:
    """The confidence in answerable questions, and in those of ``kind``."""
    taking_part = of_kind(kind, rows)
    return (
        [row.answer.confidence for row in taking_part if row.answerable],
        [row.answer.confidence for row in taking_part if not row.answerable],
    )


def _auc(kind: Kind, rows: Sequence[QuestionResult]) -> Counted:
    positives, negatives = _confidences(kind, rows)
    return auc(positives, negatives), len(positives) + len(negatives)


def _risks(kind: Kind, rows: Sequence[QuestionResult]) -> Curve:
    name = dict(_KINDS)[kind]
    taking_part = of_kind(kind, rows)
    outcomes = [(row.answer.confidence, row.wrong) for row in taking_part if row.answered]
    # Without both kinds there is nothing to tell apart.
    both = {row.answerable for row in taking_part} == {True, False}
    points, area = risk_coverage(outcomes if both else [], asked=len(taking_part))
    return Curve(
        name=f"risk and coverage, {name}",
        group="abstaining",
        meaning=f"of answerable questions and {name}: coverage is the share answered, risk the share of these wrong",
        x="coverage",
        y="risk",
        points=points,
        area=area,
        total=len(taking_part),
        lower_is_better=True,
    )


def _roc(kind: Kind, rows: Sequence[QuestionResult]) -> Curve:
    name = dict(_KINDS)[kind]
    positives, negatives = _confidences(kind, rows)
    return Curve(
        name=f"confidence, {name}",
        group="abstaining",
        meaning=f"of answerable questions and {name}: the share of each whose confidence reaches a bar",
        x=f"{name} that reach it",
        y="answerable questions that reach it",
        points=roc(positives, negatives),
        area=auc(positives, negatives),
        total=len(positives) + len(negatives),
    )


def _risk_area(kind: Kind, rows: Sequence[QuestionResult]) -> Counted:
    curve = _risks(kind, rows)
    return curve.area, curve.total


def curves(rows: Sequence[QuestionResult]) -> tuple[Curve, ...]:
    """For each kind that should be declined, the ROC curve of confidence and the risk-coverage curve.

    Confidence is ``Answer.confidence``, whether the question was declined or not. An answer is wrong where the
    question should have been declined, or where it holds no gold string.
    """
    return tuple(make(kind, rows) for kind, _ in _KINDS for make in (_roc, _risks))


DECLINING: Sequence[Measure] = (
    share(
        "answerable declined",
        "abstaining",
        "of answerable questions",
        _declined("answerable"),
        lower=True,
    ),
    share(
        "out of corpus declined",
        "abstaining",
        "of questions far from the articles",
        _declined("out_of_corpus"),
    ),
    share(
        "near misses declined",
        "abstaining",
        "of questions the articles only seem to answer",
        _declined("adversarial"),
    ),
    *(
        measure
        for kind, name in _KINDS
        for measure in (
            Measure(
                f"declining precision, {name}",
                "abstaining",
                f"of answerable questions and {name} declined",
                partial(_precision, kind),
                yes_no=True,
                among=kind,
            ),
            Measure(
                f"declining F1, {name}",
                "abstaining",
                f"of {name}, and again of those and answerable ones declined",
                partial(_f1, kind),
                unit="score",
                among=kind,
            ),
        )
    ),
    share(
        "near misses noted",
        "abstaining",
        "of those answered; it says which name asked about is not cited",
        _noted("adversarial"),
    ),
    share(
        "answerable noted",
        "abstaining",
        "of answerable questions answered",
        _noted("answerable"),
        lower=True,
    ),
)


"""Recall of declining is the share declined of each kind, by that name. F1 is 2TP of 2TP + FP + FN: twice those rightly
declined, of the questions of the kind and those declined added up."""


DECLINING_SETS: Sequence[SetMeasure] = tuple(
    measure
    for kind, name in _KINDS
    for measure in (
        SetMeasure(
            f"confidence AUC, {name}",
            "abstaining",
            f"over answerable questions and {name}",
            partial(_auc, kind),
        ),
        SetMeasure(
            f"risk-coverage area, {name}",
            "abstaining",
            f"over answerable questions and {name}; mean risk",
            partial(_risk_area, kind),
            lower_is_better=True,
        ),
    )
)


"""The areas of ``curves``: a positive of the AUC is an answerable question, which should have the more confidence."""
