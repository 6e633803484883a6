"""rag.storage.exact_search."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rag.storage.store import Store, Vectors

Rows = dict[int, tuple[str, int, Vectors]]  # article id, start and vector, by chunk id


FEW = 4096  # chunks that are read and compared faster than a snapshot is asked until it gave enough of them


_BLOCK = 4096  # chunks whose vectors are in memory at a time


@dataclass(frozen=True, slots=True)
class VectorHit:
    """A chunk, where it stands, and its exact cosine to what was asked, -1 to 1."""

    id: int
    article_id: str
    start: int
    cosine: float


def measured(rows: Rows, vector: Vectors) -> tuple[VectorHit, ...]:
    """These rows of a store, nearest to ``vector`` first; ties by article, place."""
    if not rows:
        return ()
    # Row by row: a matrix product rounds a row by where it stands, and equal chunks would not tie. Rounding
    # may also put the cosine of equal vectors just above 1.
    products = np.stack([row[2] for row in rows.values()]).astype(np.float64) * vector
    cosines = np.clip(products.sum(axis=1), -1.0, 1.0)
    near = [
        VectorHit(chunk_id, article_id, start, float(cosine))
        for (chunk_id, (article_id, start, _)), cosine in zip(rows.items(), cosines, strict=True)
    ]
    return tuple(sorted(near, key=lambda n: (-n.cosine, n.article_id, n.start)))


def compared(store: Store, ids: Iterable[int], vector: Vectors, *, limit: int) -> Rows:
    """The ``limit`` nearest of these chunks, each compared; a block at a time, so that any number fits."""
    best: Rows = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), _BLOCK):
        rows = best | store.vectors(ordered[start : start + _BLOCK])
        best = {near.id: rows[near.id] for near in measured(rows, vector)[:limit]}
    return best
