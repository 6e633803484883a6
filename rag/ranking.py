"""What is measured of retrieval: what stands among the first chunks found for an answerable question.

The chunks are those found for the question as it was searched, the first 20. What makes a chunk relevant is said at
``Row``. A question that names its article counts as missed where no chunk is relevant, so that cutting a gold span in
two is no way to be spared; one that names none takes no part in what is measured by relevant chunks and by article.
"""

import math
from collections.abc import Callable, Sequence

from rag.counting import Measure, answerable, mean, share
from rag.rows import DEPTH, Row

_CUTOFFS = (1, 3, 5, 10, 20)
_LOCATED = "of answerable questions that name their article"


def ndcg(ranks: Sequence[int], *, relevant: int, cutoff: int) -> float:
    """Normalised discounted cumulated gain (Järvelin and Kekäläinen 2002), 0 to 1, with gains of 0 and 1.

    ``ranks`` are those of the relevant items that were found, from 1; each within ``cutoff`` gains
    ``1 / log2(rank + 1)``. The ideal has all of the ``relevant`` items first, as far as the cutoff; 0 where there is
    none.
    """
    gained = math.fsum(1 / math.log2(rank + 1) for rank in ranks if rank <= cutoff)
    ideal = math.fsum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, cutoff) + 1))
    return gained / ideal if ideal else 0.0


def _located(row: Row) -> bool:
    return row.answerable and bool(row.question.articles)


def _first_relevant(row: Row) -> int | None:
    return row.chunk_ranks[0] if row.chunk_ranks else None


def _within(
    name: str, meaning: str, cutoff: int, rank: Callable[[Row], int | None], *, located: bool
) -> Measure:
    def found(row: Row) -> bool:
        at = rank(row)
        return at is not None and at <= cutoff

    if located:
        return share(name, "retrieval", meaning, lambda row: found(row) if _located(row) else None)
    return share(name, "retrieval", meaning, answerable(found))


def _reciprocal(row: Row) -> float | None:
    first = _first_relevant(row)
    return (1 / first if first else 0.0) if _located(row) else None


def _gain(row: Row) -> float | None:
    if not _located(row):
        return None
    return ndcg(row.chunk_ranks, relevant=row.relevant_chunks, cutoff=10)


RANKING: Sequence[Measure] = (
    *(
        _within(
            f"chunk recall@{k}",
            f"{_LOCATED}: a relevant chunk is among the first {k}",
            k,
            _first_relevant,
            located=True,
        )
        for k in _CUTOFFS
    ),
    mean("MRR", "retrieval", f"{_LOCATED}: 1 / rank of the first relevant chunk of {DEPTH}", _reciprocal, unit="score"),
    mean("nDCG@10", "retrieval", f"{_LOCATED}: gain of the relevant chunks, binary", _gain, unit="score"),
    *(
        _within(
            f"gold in chunks@{k}",
            f"of answerable questions: a gold string is in one of the first {k}",
            k,
            lambda row: row.string_rank,
            located=False,
        )
        for k in _CUTOFFS
    ),
    *(
        _within(
            f"article recall@{k}",
            f"{_LOCATED}: one is among the first {k} of the first {DEPTH} chunks",
            k,
            lambda row: row.article_rank,
            located=True,
        )
        for k in _CUTOFFS
    ),
)  # fmt: skip
"""Recall is success at k, the share of questions with at least one hit among the first k; it is not the share of all
relevant chunks. MRR is the mean reciprocal rank (Voorhees 1999), 0 where no relevant chunk is among the first 20."""
