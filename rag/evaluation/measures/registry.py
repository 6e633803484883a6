"""All measures: the families joined in the order in which a report shows them, and ``metrics``, which counts them.

A measure has its definition, its denominator and its source in the file of its family, and is counted, reported and
compared as soon as it is in the family's tuple there.
"""

from collections.abc import Iterable, Sequence

from rag.evaluation.measures.abstention import ABSTENTION_MEASURES, ABSTENTION_SET_MEASURES
from rag.evaluation.measures.answers import ANSWER_MEASURES, CITATION_MEASURES, EVIDENCE_MEASURES
from rag.evaluation.measures.cost import COST_MEASURES, COST_SET_MEASURES
from rag.evaluation.measures.metric import Measure, Metric, SetMeasure
from rag.evaluation.measures.retrieval import RETRIEVAL_MEASURES
from rag.evaluation.results import QuestionResult

# Ratios of sums over rows.
MEASURES: Sequence[Measure] = (
    *ANSWER_MEASURES,
    *EVIDENCE_MEASURES,
    *CITATION_MEASURES,
    *ABSTENTION_MEASURES,
    *RETRIEVAL_MEASURES,
    *COST_MEASURES,
)

# Measures of all rows together.
SET_MEASURES: Sequence[SetMeasure] = (*ABSTENTION_SET_MEASURES, *COST_SET_MEASURES)


def metrics(rows: Iterable[QuestionResult]) -> tuple[Metric, ...]:
    """Return every measure over ``rows``."""
    rows = tuple(rows)
    return (*(measure.over(rows) for measure in MEASURES), *(measure.over(rows) for measure in SET_MEASURES))
