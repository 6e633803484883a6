"""What an evaluation shows when drawn: recall by depth, risk by coverage, confidence against outcome. Pure numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from rag.measures import Row

Level = Literal["chunk", "string", "article"]
LEVELS: tuple[Level, ...] = ("chunk", "string", "article")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Some questions of like confidence: its mean, the share of them that the articles answer (both 0 to 1)."""

    confidence: float
    answerable: float
    questions: int


def recall(rows: Sequence[Row], *, level: Level, cutoffs: Sequence[int]) -> tuple[float, ...]:
    """The share of what was wanted that stood among the first k found, 0 to 1, for each k of ``cutoffs``.

    At the level of chunks, the mean over questions of the share of their relevant chunks: recall at k as in Manning,
    Raghavan and Schütze 2008, section 8.4. At the level of strings and articles, the share of questions with at least
    one among the first k chunks, or articles counted once. Only questions with something to find take part. Empty
    where none does, or where no question has a rank, as when retrieval was not looked at.
    """
    if level == "chunk":
        wanted = [row for row in rows if row.relevant_chunks]
        if not any(row.chunk_ranks for row in wanted):
            return ()
        return tuple(
            sum(sum(rank <= k for rank in row.chunk_ranks) / row.relevant_chunks for row in wanted)
            / len(wanted)
            for k in cutoffs
        )
    if level == "string":
        ranks = [row.string_rank for row in rows if row.answerable and row.question.answers]
    else:
        ranks = [row.article_rank for row in rows if row.answerable and row.question.articles]
    found = [rank for rank in ranks if rank is not None]
    return tuple(sum(rank <= k for rank in found) / len(ranks) for k in cutoffs) if found else ()


def wrong(row: Row) -> bool:
    """Whether a question was answered badly: without a gold string, or though the articles do not say."""
    return not row.answer.abstained and not (row.answerable and row.contains_gold)


def risk_coverage(rows: Sequence[Row]) -> tuple[tuple[float, float], ...]:
    """(coverage, risk) at each confidence that was answered, highest first; both 0 to 1.

    Coverage is the share of all ``rows`` answered with at least that confidence; risk is the share of those that are
    ``wrong`` (El-Yaniv and Wiener 2010, section 2). The last point is the run as it was: further down are questions
    that were declined, of which nobody knows what would have been said.
    """
    answered = sorted(
        (row for row in rows if not row.answer.abstained), key=lambda row: -row.answer.confidence
    )
    points: list[tuple[float, float]] = []
    count = bad = 0
    # Questions of equal confidence are answered together or not at all.
    for _, together in groupby(answered, key=lambda row: row.answer.confidence):
        for row in together:
            count += 1
            bad += wrong(row)
        points.append((count / len(rows), bad / count))
    return tuple(points)


def calibration(rows: Sequence[Row], *, bins: int = 10) -> tuple[Bin, ...]:
    """The rows by confidence, lowest first, in at most ``bins`` groups of equal number, give or take one.

    Equal numbers rather than equal widths (Nguyen and O'Connor 2015, section 3.2), as confidences crowd together.
    """
    ordered = sorted(rows, key=lambda row: (row.answer.confidence, row.question.id))
    parts = min(bins, len(ordered))
    cuts = [len(ordered) * at // parts for at in range(parts + 1)] if parts else []
    return tuple(_bin(ordered[start:end]) for start, end in pairwise(cuts))


def _bin(rows: Sequence[Row]) -> Bin:
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
