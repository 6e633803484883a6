"""Measures of abstention: declining the questions that the articles do not answer, and only those.

Near misses (kind ``adversarial``) and questions far from the articles (``out_of_corpus``) are measured separately, each
against the answerable ones. A positive is a question of that kind, and declining it is right. Recall of abstention is
the share declined of each kind, by that name. F1 is 2TP / (2TP + FP + FN): twice the rightly declined questions, over
the questions of the kind plus the declined ones.
"""

from collections.abc import Callable, Sequence
from functools import partial

from rag.evaluation.measures.curves import Curve, auc, risk_coverage, roc
from rag.evaluation.measures.metric import Counted, Measure, SetMeasure, answerable_and, share
from rag.evaluation.questions import Kind
from rag.evaluation.results import QuestionResult

_KINDS: Sequence[tuple[Kind, str]] = (("out_of_corpus", "out of corpus"), ("adversarial", "near misses"))


def _is_declined(kind: Kind) -> Callable[[QuestionResult], bool | None]:
    return lambda row: row.answer.abstained if row.question.kind == kind else None


def _has_note(kind: Kind) -> Callable[[QuestionResult], bool | None]:
    return lambda row: bool(row.answer.unmentioned) if row.question.kind == kind and row.answered else None


def _precision(kind: Kind, row: QuestionResult) -> Counted | None:
    if not row.answer.abstained or not answerable_and(kind, [row]):
        return None
    return int(row.question.kind == kind), 1


def _f1(kind: Kind, row: QuestionResult) -> Counted | None:
    """Count a row for the harmonic mean of precision and recall, which is a ratio of sums over rows."""
    if not answerable_and(kind, [row]):
        return None
    positive, declined = row.question.kind == kind, row.answer.abstained
    return 2 * (positive and declined), int(positive) + int(declined)


def _confidences(kind: Kind, rows: Sequence[QuestionResult]) -> tuple[list[float], list[float]]:
    """Return the confidences of answerable questions and those of questions of ``kind``."""
    taking_part = answerable_and(kind, rows)
    return (
        [row.answer.confidence for row in taking_part if row.answerable],
        [row.answer.confidence for row in taking_part if not row.answerable],
    )


def _auc(kind: Kind, rows: Sequence[QuestionResult]) -> Counted:
    positives, negatives = _confidences(kind, rows)
    return auc(positives, negatives), len(positives) + len(negatives)


def _risk_coverage_curve(kind: Kind, rows: Sequence[QuestionResult]) -> Curve:
    name = dict(_KINDS)[kind]
    taking_part = answerable_and(kind, rows)
    outcomes = [(row.answer.confidence, row.wrong) for row in taking_part if row.answered]
    # Without questions of both kinds there is no curve.
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


def _roc_curve(kind: Kind, rows: Sequence[QuestionResult]) -> Curve:
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
    curve = _risk_coverage_curve(kind, rows)
    return curve.area, curve.total


def curves(rows: Sequence[QuestionResult]) -> tuple[Curve, ...]:
    """Return, for each kind that should be declined, the ROC curve of confidence and the risk-coverage curve.

    Confidence is ``Answer.confidence``, whether the question was declined or not. An answer is wrong if the
    question should have been declined, or if it contains no gold string.
    """
    return tuple(make(kind, rows) for kind, _ in _KINDS for make in (_roc_curve, _risk_coverage_curve))


ABSTENTION_MEASURES: Sequence[Measure] = (
    share(
        "answerable declined",
        "abstaining",
        "of answerable questions",
        _is_declined("answerable"),
        lower_is_better=True,
    ),
    share(
        "out of corpus declined",
        "abstaining",
        "of questions far from the articles",
        _is_declined("out_of_corpus"),
    ),
    share(
        "near misses declined",
        "abstaining",
        "of questions the articles only seem to answer",
        _is_declined("adversarial"),
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
        _has_note("adversarial"),
    ),
    share(
        "answerable noted",
        "abstaining",
        "of answerable questions answered",
        _has_note("answerable"),
        lower_is_better=True,
    ),
)

# The areas under ``curves``. A positive of the AUC is an answerable question, whose confidence should be higher.
ABSTENTION_SET_MEASURES: Sequence[SetMeasure] = tuple(
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
