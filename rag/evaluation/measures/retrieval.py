"""What is measured of retrieval: what stands among the first chunks found for an answerable question.

The chunks are those found for the question as it was searched, the first 20. What makes a chunk relevant is said at
``QuestionResult``. A question that names its article counts as missed where no chunk is relevant, so that
cutting a gold span in
two is no way to be spared; one that names none takes no part in what is measured by relevant chunks and by article.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial

from rag.evaluation.measures.metric import Measure, answerable, mean, share
from rag.evaluation.results import DEPTH, QuestionResult

_CUTOFFS = (1, 3, 5, 10, 20)


_LOCATED = "of answerable questions naming an article"


def ndcg(ranks: Sequence[int], *, relevant: int, cutoff: int) -> float:
    """Normalised discounted cumulated gain (Järvelin and Kekäläinen 2002), 0 to 1, with gains of 0 and 1.

    ``ranks`` are those of the relevant items that were found, from 1; each within ``cutoff`` gains
    ``1 / log2(rank + 1)``. The ideal has all of the ``relevant`` items first, as far as the cutoff; 0 where there is
    none.
    """
    gained = math.fsum(1 / math.log2(rank + 1) for rank in ranks if rank <= cutoff)
    ideal = math.fsum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, cutoff) + 1))
    return gained / ideal if ideal else 0.0


def _located(row: QuestionResult) -> bool:
    return row.answerable and bool(row.question.articles)


def _first_relevant(row: QuestionResult) -> int | None:
    return row.chunk_ranks[0] if row.chunk_ranks else None


def _located_only(of: Callable[[QuestionResult], bool]) -> Callable[[QuestionResult], bool | None]:
    return lambda row: of(row) if _located(row) else None


def _within(row: QuestionResult, *, rank: Callable[[QuestionResult], int | None], cutoff: int) -> bool:
    at = rank(row)
    return at is not None and at <= cutoff


def _success(
    name: str, meaning: str, rank: Callable[[QuestionResult], int | None], *, located: bool
) -> tuple[Measure, ...]:
    """For each cutoff, the share of questions for which ``rank`` is within it."""
    among = _located_only if located else answerable
    return tuple(
        share(f"{name}@{k}", "retrieval", meaning, among(partial(_within, rank=rank, cutoff=k)))
        for k in _CUTOFFS
    )


def _reciprocal(row: QuestionResult) -> float | None:
    first = _first_relevant(row)
    return (1 / first if first else 0.0) if _located(row) else None


def _gain(row: QuestionResult) -> float | None:
    if not _located(row):
        return None
    return ndcg(row.chunk_ranks, relevant=row.relevant_chunks, cutoff=10)


RANKING: Sequence[Measure] = (
    *_success("chunk recall", f"{_LOCATED}; one relevant chunk will do", _first_relevant, located=True),
    mean("MRR", "retrieval", f"{_LOCATED}; first {DEPTH} chunks", _reciprocal, unit="score"),
    mean("nDCG@10", "retrieval", f"{_LOCATED}; binary gains", _gain, unit="score"),
    *_success("gold in chunks", "of answerable questions", lambda row: row.string_rank, located=False),
    *_success(
        "article recall", f"{_LOCATED}; those of {DEPTH} chunks", lambda row: row.article_rank, located=True
    ),
)


"""Recall is success at k, the share of questions with at least one hit among the first k; it is not the share of all
relevant chunks. MRR is the mean reciprocal rank (Voorhees 1999), 0 where no relevant chunk is among the first 20."""
