"""Hybrid search: chunks proposed by vector and by keyword search, fused into one ranking, over one index or several.

Several indexes are ranked as if one index held all their chunks. Cosines are comparable across indexes; BM25 scores
are not, as each index weighs a term by its document frequency there. They become comparable once every term is
weighed by its document frequency in all the indexes together. (The mean chunk length stays that of each index.)
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.schema import Chunk, Hit, Ranks
from rag.storage.backend import Backend
from rag.storage.bm25 import Bm25, score_bodies
from rag.storage.exact_search import rank_rows
from rag.storage.records import DocumentFrequencies
from rag.storage.store import Store, Vectors

# The weight of the cosine in the fused score; the rest is that of the BM25 score. Chosen by 200 questions over four
# Wikipedia articles: mean reciprocal rank 0.867, and 0.823 on another 200 over four more. Reciprocal rank fusion:
# 0.807 and 0.799. From 0.4 to 0.6 it hardly matters.
VECTOR_WEIGHT = 0.5

Position = tuple[str, int]  # an article's id and where a chunk starts in it: the order of equal scores


@dataclass(frozen=True, slots=True)
class PreparedQuestion:
    """A question ready to be searched for: ``vector`` ``(dimensions,)``, L2-normalised, and its search terms."""

    vector: Vectors
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchScope:
    """One index as a search sees it: its backend, and which of its chunks may be candidates.

    ``chunk_ids`` are those searched, ``None`` for all. Candidates of the articles in ``shadowed`` are dropped, as a
    later index has an article of the same id. Use it inside ``backend.store.reading()``.
    """

    backend: Backend
    chunk_ids: frozenset[int] | None = None
    shadowed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A chunk with its cosine (-1 to 1) and its BM25 score (0 or more), and which of the two searches proposed it.

    ``scope`` is the number of its ``SearchScope``, in which ``chunk_id`` is valid.
    """

    scope: int
    chunk_id: int
    position: Position
    cosine: float
    bm25: float
    by_vector: bool
    by_keyword: bool


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    """A candidate with its fused score, 0 to 1, and its ranks in the two searches."""

    candidate: Candidate
    score: float
    ranks: Ranks


def hybrid_search(
    scopes: Sequence[SearchScope], question: PreparedQuestion, *, size: int, limit: int
) -> tuple[Hit, ...]:
    """Return the ``limit`` best chunks of all the indexes, best first; equal scores in order of article and start.

    ``size`` candidates of each search, vector and keyword, are fused.
    """
    frequencies = sum_frequencies(scope.backend.store.frequencies(question.terms) for scope in scopes)
    candidates = [
        candidate
        for number, scope in enumerate(scopes)
        for candidate in find_candidates(scope, question, number=number, frequencies=frequencies, size=size)
    ]
    ranked = rank(candidates, size=size, limit=limit)
    chunks = _read_chunks(scopes, [item.candidate for item in ranked])
    return tuple(
        Hit(
            chunk=chunks[item.candidate.scope, item.candidate.chunk_id],
            score=item.score,
            cosine=item.candidate.cosine,
            ranks=item.ranks,
        )
        for item in ranked
    )


def find_candidates(
    scope: SearchScope,
    question: PreparedQuestion,
    *,
    number: int,
    frequencies: DocumentFrequencies,
    size: int,
) -> tuple[Candidate, ...]:
    """Return the ``size`` nearest chunks and the ``size`` best by BM25 of one index, the scope with this ``number``.

    All are scored both ways, also those that only one of the searches proposed. ``frequencies`` weigh the terms.
    """
    store = scope.backend.store
    bm25 = bm25_query(question.terms, frequencies, store)
    nearest = scope.backend.vector_search(question.vector, limit=size, among=scope.chunk_ids)
    bm25_scores = scope.backend.keyword_search(bm25, limit=size, among=scope.chunk_ids)
    by_vector, by_keyword = {hit.id for hit in nearest}, set(bm25_scores)
    others = rank_rows(store.vectors(by_keyword - by_vector), question.vector)
    unscored = by_vector - by_keyword
    # A damaged store may lack the keywords of a chunk.
    bm25_scores |= dict.fromkeys(unscored, 0.0) | score_bodies(store.bodies(unscored), bm25)
    return tuple(
        Candidate(
            scope=number,
            chunk_id=hit.id,
            position=(hit.article_id, hit.start),
            cosine=hit.cosine,
            bm25=bm25_scores[hit.id],
            by_vector=hit.id in by_vector,
            by_keyword=hit.id in by_keyword,
        )
        for hit in (*nearest, *others)
        if hit.article_id not in scope.shadowed
    )


def bm25_query(terms: Iterable[str], frequencies: DocumentFrequencies, store: Store) -> Bm25:
    """Return the BM25 query of those ``terms`` that any chunk has, weighed by their document ``frequencies``."""
    present = (term for term in terms if frequencies.counts.get(term))
    return Bm25.of(present, seen=frequencies, mean=store.mean_length)


def sum_frequencies(counted: Iterable[DocumentFrequencies]) -> DocumentFrequencies:
    """Return the document frequencies of the same terms in several indexes together."""
    chunks, counts = 0, dict[str, int]()
    for frequencies in counted:
        chunks += frequencies.chunks
        for term, count in frequencies.counts.items():
            counts[term] = counts.get(term, 0) + count
    return DocumentFrequencies(chunks, counts)


def rank(candidates: Sequence[Candidate], *, size: int, limit: int) -> tuple[RankedCandidate, ...]:
    """Return the ``limit`` best of the candidates by fused score, best first; equal ones in order of position.

    Only the ``size`` best of each search count: of several indexes each may have given as many.
    """
    vector_ranks = _ranks((item for item in candidates if item.by_vector), lambda item: item.cosine, size)
    keyword_ranks = _ranks((item for item in candidates if item.by_keyword), lambda item: item.bm25, size)
    kept = [item for item in candidates if item.position in vector_ranks or item.position in keyword_ranks]
    scores = fuse([item.cosine for item in kept], [item.bm25 for item in kept])
    best = sorted(zip(scores, kept, strict=True), key=lambda pair: (-pair[0], pair[1].position))[:limit]
    return tuple(
        RankedCandidate(
            item,
            score,
            Ranks(vector=vector_ranks.get(item.position), keyword=keyword_ranks.get(item.position)),
        )
        for score, item in best
    )


def _ranks(
    candidates: Iterable[Candidate], score: Callable[[Candidate], float], size: int
) -> dict[Position, int]:
    """Return the ranks, from 1, of the ``size`` candidates with the highest scores, by position."""
    ordered = sorted(candidates, key=lambda item: (-score(item), item.position))[:size]
    return {item.position: number for number, item in enumerate(ordered, 1)}


def fuse(cosines: Sequence[float], bm25_scores: Sequence[float]) -> tuple[float, ...]:
    """Return the fused scores, 0 to 1, of candidates with these cosines (-1 to 1) and BM25 scores (0 or more)."""
    fused = VECTOR_WEIGHT * _scale(cosines) + (1 - VECTOR_WEIGHT) * _scale(bm25_scores)
    return tuple(fused.tolist())


def _scale(scores: Sequence[float]) -> NDArray[np.float64]:
    """Divide the scores by the greatest; those below 0 become 0."""
    positive = np.maximum(np.asarray(scores, np.float64), 0.0)
    greatest = positive.max(initial=0.0)
    scaled: NDArray[np.float64] = positive / greatest if greatest > 0 else positive
    return scaled


def _read_chunks(
    scopes: Sequence[SearchScope], candidates: Sequence[Candidate]
) -> dict[tuple[int, int], Chunk]:
    """Read the chunks of the candidates, by the number of the scope and the chunk id."""
    return {
        (number, chunk_id): chunk
        for number, scope in enumerate(scopes)
        for chunk_id, chunk in scope.backend.store.chunks(
            [item.chunk_id for item in candidates if item.scope == number]
        ).items()
    }
