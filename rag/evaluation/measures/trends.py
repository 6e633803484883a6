"""What an evaluation shows when drawn: recall by depth, risk by coverage, confidence against outcome. Pure numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rag.evaluation.measures.curves import risk_coverage
from rag.evaluation.results import QuestionResult

Level = Literal["chunk", "string", "article"]


LEVELS: tuple[Level, ...] = ("chunk", "string", "article")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Some questions of like confidence: its mean, the share of them that the articles answer (both 0 to 1)."""

    confidence: float
    answerable: float
    questions: int


def recall(rows: Sequence[QuestionResult], *, level: Level, cutoffs: Sequence[int]) -> tuple[float, ...]:
    """The share of questions with something wanted among the first k found, 0 to 1, for each k of ``cutoffs``.

    What is wanted is a relevant chunk, a gold string in a chunk, or a gold article, articles counted once; as in
    ``rag.evaluation.measures.retrieval``, chunks and articles are looked for where the question names its
    article. Empty where no question takes part or none has a rank, as when retrieval was not looked at.
    """
    mine = [row for row in rows if row.answerable and (level == "string" or row.question.articles)]
    ranks = [_rank(row, level) for row in mine]
    found = [rank for rank in ranks if rank is not None]
    return tuple(sum(rank <= k for rank in found) / len(ranks) for k in cutoffs) if found else ()


def _rank(row: QuestionResult, level: Level) -> int | None:
    if level == "chunk":
        return row.chunk_ranks[0] if row.chunk_ranks else None
    return row.string_rank if level == "string" else row.article_rank


def risks(rows: Sequence[QuestionResult]) -> tuple[tuple[float, float], ...]:
    """(coverage, risk) at each confidence that was answered, highest first: ``curves.risk_coverage`` of ``rows``."""
    outcomes = [(row.answer.confidence, row.wrong) for row in rows if row.answered]
    return risk_coverage(outcomes, asked=len(rows))[0]


def calibration(rows: Sequence[QuestionResult], *, bins: int = 10) -> tuple[Bin, ...]:
    """The rows by confidence, lowest first, in at most ``bins`` groups of equal number, give or take one.

    Equal numbers rather than equal widths (Nguyen and O'Connor 2015, section 3.2), as confidences crowd together.
    """
    ordered = sorted(rows, key=lambda row: (row.answer.confidence, row.question.id))
    parts = min(bins, len(ordered))
    cuts = [len(ordered) * at // parts for at in range(parts + 1)] if parts else []
    return tuple(_bin(ordered[start:end]) for start, end in pairwise(cuts))


def _bin(rows: Sequence[QuestionResult]) -> Bin:
    return Bin(
        confidence=sum(row.answer.confidence for row in rows) / len(rows),
        answerable=sum(row.answerable for row in rows) / len(rows),
        questions=len(rows),
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error, 0 to 1, lower is better; NaN without bins (Guo et al. 2017, equation 3)."""
    questions = sum(one.questions for one in bins)
    if not questions:
        return float("nan")
    return sum(one.questions * abs(one.answerable - one.confidence) for one in bins) / questions
