"""All that is counted over the rows of an evaluation: each measure with its definition, denominator and source.

``rag.evaluation.measures.retrieval``, ``rag.evaluation.measures.abstention`` and
``rag.evaluation.measures.cost`` hold those of retrieval, abstaining and cost.
"""

from collections.abc import Iterable, Sequence
from functools import partial

from rag.evaluation.gold import exact_match, f1
from rag.evaluation.measures.abstention import DECLINING, DECLINING_SETS, curves
from rag.evaluation.measures.cost import COST_SETS, COSTS
from rag.evaluation.measures.curves import Curve
from rag.evaluation.measures.metric import (
    GROUPS,
    Counted,
    Group,
    Measure,
    Metric,
    SetMeasure,
    Unit,
    answerable,
    mean,
    share,
)
from rag.evaluation.measures.retrieval import RANKING
from rag.evaluation.results import QuestionResult, statements

__all__ = [
    "GROUPS",
    "MEASURES",
    "SET_MEASURES",
    "Counted",
    "Curve",
    "Group",
    "Measure",
    "Metric",
    "QuestionResult",
    "SetMeasure",
    "Unit",
    "curves",
    "metrics",
    "statements",
]


def _supported(row: QuestionResult) -> Counted:
    found = statements(row.answer)
    return sum(any(c.support == "supported" for c in one) for one in found), len(found)


def _f1(row: QuestionResult) -> float | None:
    if not row.answerable:
        return None
    return f1(row.answer.text, row.question.answers) if row.answered else 0.0


def _passage_within(row: QuestionResult, *, cutoff: int) -> bool:
    return row.passage_rank is not None and row.passage_rank <= cutoff


_EVIDENCE: Sequence[Measure] = (
    share(
        "evidence holds gold",
        "evidence",
        "of answerable questions",
        answerable(lambda row: row.passage_rank is not None),
    ),
    *(
        share(
            f"gold in passages@{k}",
            "evidence",
            "of answerable questions",
            answerable(partial(_passage_within, cutoff=k)),
        )
        for k in (1, 3, 5)
    ),
)


_ANSWERS: Sequence[Measure] = (
    share(
        "answer holds gold",
        "answers",
        "of answerable questions",
        answerable(lambda row: row.contains_gold),
    ),
    mean("answer F1", "answers", "of answerable questions; a declined one counts 0", _f1, unit="score"),
    share(
        "exact match",
        "answers",
        "of answerable questions",
        answerable(lambda row: row.answered and exact_match(row.answer.text, row.question.answers)),
    ),
    mean(
        "answer words",
        "answers",
        "of answers given",
        lambda row: len(row.answer.text.split()) if row.answered else None,
        unit="words",
        lower=True,
    ),
)


_CITATIONS: Sequence[Measure] = (
    Measure(
        "quote is the slice",
        "citations",
        "of citations with a quote",
        lambda row: (row.exact_quotes, sum(bool(c.quote) for c in row.answer.citations)),
    ),
    Measure("statement supported", "citations", "of statements in answers", _supported),
    Measure(
        "citation recall",
        "citations",
        "of statements in answers; cited passages together",
        lambda row: (row.attribution.carried, row.attribution.statements),
    ),
    Measure(
        "citation precision",
        "citations",
        "of citations in answers; superfluous ones fail",
        lambda row: (row.attribution.needed, row.attribution.citations),
    ),
)


MEASURES: Sequence[Measure] = (*_ANSWERS, *_EVIDENCE, *_CITATIONS, *DECLINING, *RANKING, *COSTS)


"""Those that are sums over rows.

- answer holds gold: the words of a gold string stand in it (``rag.evaluation.gold.holds``). An answer of fifty
  words finds more gold than one of ten, which F1, exact match (SQuAD's) and the words in an answer are there to show.
- citation recall and precision: ALCE's (``rag.evaluation.attribution``), but pooled over all statements and
  all citations, where ALCE takes the mean of the answers' own.
- statement supported: as the answer's citations say, those found for statements without marks included.
"""


SET_MEASURES: Sequence[SetMeasure] = (*DECLINING_SETS, *COST_SETS)


"""Those that are of all rows together."""


def metrics(rows: Iterable[QuestionResult]) -> tuple[Metric, ...]:
    """Every measure over ``rows``."""
    taken = tuple(rows)
    counted = [measure.over(taken) for measure in MEASURES]
    return (*counted, *(measure.over(taken) for measure in SET_MEASURES))
