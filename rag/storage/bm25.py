"""BM25: how much a chunk says of what is asked, by the words that both have.

Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", equation 3.15, with k1 1.2 and
b 0.75, and the inverse document frequency, never below a millionth, that SQLite's FTS5 uses: both give the same score.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from rag.storage.records import DocumentFrequencies

K1, B = 1.2, 0.75


_LEAST = 1e-6  # the weight of a term that stands in half of the chunks or more


def weight(term: str, seen: DocumentFrequencies) -> float:
    """How telling a term is, above 0: its inverse document frequency."""
    count = seen.counts.get(term, 0)
    if count >= seen.chunks:
        return _LEAST
    return max(_LEAST, math.log((seen.chunks - count + 0.5) / (count + 0.5)))


@dataclass(frozen=True, slots=True)
class Bm25:
    """The terms asked for with their weights, above 0, and the ``mean`` number of terms in a chunk."""

    weights: Mapping[str, float]
    mean: float

    @classmethod
    def of(cls, wanted: Iterable[str], *, seen: DocumentFrequencies, mean: float) -> Self:
        """``wanted`` terms, each as telling as ``seen`` says."""
        return cls({term: weight(term, seen) for term in dict.fromkeys(wanted)}, mean)

    def score(self, body: str) -> float:
        """The score of a chunk by its keywords; 0 where it has none of the terms."""
        terms = body.split(" ")
        length = K1 * (1 - B + B * len(terms) / self.mean)
        total = 0.0
        for term, telling in self.weights.items():
            if found := terms.count(term):
                total += telling * found * (K1 + 1) / (found + length)
        return total


def scored(bodies: Mapping[int, tuple[str, int, str]], wanted: Bm25) -> dict[int, float]:
    """The score of each of these chunks, by id."""
    return {chunk_id: wanted.score(body) for chunk_id, (_, _, body) in bodies.items()}
