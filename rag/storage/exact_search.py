"""Exact vector search: the cosine of a vector and each of some chunks, compared one by one."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rag.storage.store import Store, Vectors

Rows = dict[int, tuple[str, int, Vectors]]  # article id, start and vector, by chunk id


# So many chunks are compared faster than a snapshot or a collection is asked until it has returned enough of them.
FEW = 4096
_BLOCK = 4096  # chunks whose vectors are in memory at a time


@dataclass(frozen=True, slots=True)
class VectorHit:
    """A chunk, its article and start, and its exact cosine to the vector of the question, -1 to 1."""

    id: int
    article_id: str
    start: int
    cosine: float


def rank_rows(rows: Rows, vector: Vectors) -> tuple[VectorHit, ...]:
    """Hits for these rows of a store, nearest to ``vector`` (dimensions,) first; ties by article, place."""
    if not rows:
        return ()
    # Row by row: the rounding of a matrix product depends on a row's position, and equal chunks would not tie.
    # Rounding may also put the cosine of equal vectors just above 1.
    products = np.stack([row[2] for row in rows.values()]).astype(np.float64) * vector
    cosines = np.clip(products.sum(axis=1), -1.0, 1.0)
    hits = [
        VectorHit(chunk_id, article_id, start, float(cosine))
        for (chunk_id, (article_id, start, _)), cosine in zip(rows.items(), cosines, strict=True)
    ]
    return tuple(sorted(hits, key=lambda hit: (-hit.cosine, hit.article_id, hit.start)))


def nearest_rows(store: Store, ids: Iterable[int], vector: Vectors, *, limit: int) -> Rows:
    """The ``limit`` nearest of these chunks. Vectors are read a block at a time, so that any number fits in memory."""
    best: Rows = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), _BLOCK):
        rows = best | store.vectors(ordered[start : start + _BLOCK])
        best = {hit.id: rows[hit.id] for hit in rank_rows(rows, vector)[:limit]}
    return best
