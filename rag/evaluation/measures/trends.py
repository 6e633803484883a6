"""The numbers behind the plots of a report: recall@k, risk by coverage, and calibration of the confidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rag.evaluation.measures.curves import risk_coverage
from rag.evaluation.results import QuestionResult

Level = Literal["chunk", "string", "article"]  # the relevant items whose recall is measured
LEVELS: tuple[Level, ...] = ("chunk", "string", "article")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin:
    """Questions of similar confidence: their mean confidence and the share that the articles answer, both 0 to 1."""

    confidence: float
    answerable: float
    questions: int


def recall_at(rows: Sequence[QuestionResult], *, level: Level, cutoffs: Sequence[int]) -> tuple[float, ...]:
    """Return recall@k for each k of ``cutoffs``: the share of questions, 0 to 1, with a relevant item in the first k.

    A relevant item is a relevant chunk, a chunk with a gold string, or a gold article, articles counted once. As in
    ``rag.evaluation.measures.retrieval``, recall of chunks and articles is over the questions that name their article.
    Empty if no question takes part or none has a rank, as when retrieval was not evaluated.
    """
    counted = [row for row in rows if row.answerable and (level == "string" or row.question.articles)]
    ranks = [_first_rank(row, level) for row in counted]
    hits = [rank for rank in ranks if rank is not None]
    return tuple(sum(rank <= k for rank in hits) / len(ranks) for k in cutoffs) if hits else ()


def _first_rank(row: QuestionResult, level: Level) -> int | None:
    if level == "chunk":
        return row.chunk_ranks[0] if row.chunk_ranks else None
    return row.string_rank if level == "string" else row.article_rank


def risk_coverage_points(rows: Sequence[QuestionResult]) -> tuple[tuple[float, float], ...]:
    """Return (coverage, risk) at each confidence of an answered question, highest first (``curves.risk_coverage``)."""
    outcomes = [(row.answer.confidence, row.wrong) for row in rows if row.answered]
    return risk_coverage(outcomes, asked=len(rows))[0]


def calibration_bins(rows: Sequence[QuestionResult], *, bins: int = 10) -> tuple[CalibrationBin, ...]:
    """Divide the rows by confidence, lowest first, into at most ``bins`` bins of equal size, give or take one.

    Equal sizes rather than equal widths (Nguyen and O'Connor 2015, section 3.2), as most confidences are similar.
    """
    ordered = sorted(rows, key=lambda row: (row.answer.confidence, row.question.id))
    count = min(bins, len(ordered))
    cuts = [len(ordered) * number // count for number in range(count + 1)] if count else []
    return tuple(_calibration_bin(ordered[start:end]) for start, end in pairwise(cuts))


def _calibration_bin(rows: Sequence[QuestionResult]) -> CalibrationBin:
    return CalibrationBin(
        confidence=sum(row.answer.confidence for row in rows) / len(rows),
        answerable=sum(row.answerable for row in rows) / len(rows),
        questions=len(rows),
    )


def calibration_error(bins: Sequence[CalibrationBin]) -> float:
    """Return the expected calibration error (Guo et al. 2017, equation 3).

    0 to 1, lower is better; NaN without bins.
    """
    questions = sum(group.questions for group in bins)
    if not questions:
        return float("nan")
    return sum(group.questions * abs(group.answerable - group.confidence) for group in bins) / questions
