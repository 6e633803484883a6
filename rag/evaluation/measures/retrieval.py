"""Measures of retrieval: recall@k, MRR and nDCG@10 over the first 20 chunks retrieved for an answerable question.

The chunks are those retrieved for the question as it was searched. ``QuestionResult`` defines which are relevant. A
question that names its article counts as missed if no chunk is relevant, so that cutting a gold span in two does not
remove a question from the denominator; a question that names none takes no part in measures by relevant chunks and by
article.

Recall is success at k, the share of questions with at least one relevant item among the first k; it is not the share
of all relevant chunks. MRR is the mean reciprocal rank (Voorhees 1999), 0 if no relevant chunk is among the first 20.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial

from rag.evaluation.measures.metric import Measure, answerable, mean, share
from rag.evaluation.results import DEPTH, QuestionResult

_CUTOFFS = (1, 3, 5, 10, 20)
_NDCG_CUTOFF = 10

_WITH_ARTICLE = "of answerable questions naming an article"


def ndcg(ranks: Sequence[int], *, relevant: int, cutoff: int) -> float:
    """Return the normalised discounted cumulated gain (Järvelin and Kekäläinen 2002), 0 to 1, with binary gains.

    ``ranks`` are those of the relevant items retrieved, from 1; each within ``cutoff`` gains ``1 / log2(rank + 1)``.
    The ideal ranking has all of the ``relevant`` items first, as far as the cutoff. 0 if no item is relevant.
    """
    gain = math.fsum(1 / math.log2(rank + 1) for rank in ranks if rank <= cutoff)
    ideal = math.fsum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, cutoff) + 1))
    return gain / ideal if ideal else 0.0


def _names_article(row: QuestionResult) -> bool:
    return row.answerable and bool(row.question.articles)


def _first_relevant(row: QuestionResult) -> int | None:
    return row.chunk_ranks[0] if row.chunk_ranks else None


def _answerable_with_article(
    test: Callable[[QuestionResult], bool],
) -> Callable[[QuestionResult], bool | None]:
    return lambda row: test(row) if _names_article(row) else None


def _within(row: QuestionResult, *, rank: Callable[[QuestionResult], int | None], cutoff: int) -> bool:
    first = rank(row)
    return first is not None and first <= cutoff


def _recall_measures(
    name: str, meaning: str, rank: Callable[[QuestionResult], int | None], *, with_article: bool
) -> tuple[Measure, ...]:
    """Make a measure for each cutoff k: the share of questions whose ``rank`` is k or less."""
    among = _answerable_with_article if with_article else answerable
    return tuple(
        share(f"{name}@{k}", "retrieval", meaning, among(partial(_within, rank=rank, cutoff=k)))
        for k in _CUTOFFS
    )


def _reciprocal_rank(row: QuestionResult) -> float | None:
    first = _first_relevant(row)
    return (1 / first if first else 0.0) if _names_article(row) else None


def _ndcg(row: QuestionResult) -> float | None:
    if not _names_article(row):
        return None
    return ndcg(row.chunk_ranks, relevant=row.relevant_chunks, cutoff=_NDCG_CUTOFF)


RETRIEVAL_MEASURES: Sequence[Measure] = (
    *_recall_measures(
        "chunk recall", f"{_WITH_ARTICLE}; one relevant chunk will do", _first_relevant, with_article=True
    ),
    mean("MRR", "retrieval", f"{_WITH_ARTICLE}; first {DEPTH} chunks", _reciprocal_rank, unit="score"),
    mean("nDCG@10", "retrieval", f"{_WITH_ARTICLE}; binary gains", _ndcg, unit="score"),
    *_recall_measures(
        "gold in chunks", "of answerable questions", lambda row: row.string_rank, with_article=False
    ),
    *_recall_measures(
        "article recall",
        f"{_WITH_ARTICLE}; those of {DEPTH} chunks",
        lambda row: row.article_rank,
        with_article=True,
    ),
)
