"""The BM25 score of a chunk for the terms of a question.

Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", equation 3.15, with k1 1.2 and
b 0.75. The inverse document frequency is that of SQLite's FTS5, at least a millionth, so that both give the same score.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from rag.storage.records import DocumentFrequencies

K1, B = 1.2, 0.75
_LEAST = 1e-6  # the weight of a term that stands in half of the chunks or more


def weight(term: str, seen: DocumentFrequencies) -> float:
    """The inverse document frequency of a term, above 0."""
    count = seen.counts.get(term, 0)
    if count >= seen.chunks:
        return _LEAST
    return max(_LEAST, math.log((seen.chunks - count + 0.5) / (count + 0.5)))


@dataclass(frozen=True, slots=True)
class Bm25:
    """The terms of a question with their weights, above 0, and the ``mean`` number of terms in a chunk."""

    weights: Mapping[str, float]
    mean: float

    @classmethod
    def of(cls, wanted: Iterable[str], *, seen: DocumentFrequencies, mean: float) -> Self:
        """The ``wanted`` terms, each weighted by its document frequency in ``seen``."""
        return cls({term: weight(term, seen) for term in dict.fromkeys(wanted)}, mean)

    def score(self, body: str) -> float:
        """The score of a chunk with this body of keywords; 0 where it has none of the terms."""
        terms = body.split(" ")
        length = K1 * (1 - B + B * len(terms) / self.mean)
        total = 0.0
        for term, term_weight in self.weights.items():
            if count := terms.count(term):
                total += term_weight * count * (K1 + 1) / (count + length)
        return total


def score_bodies(bodies: Mapping[int, tuple[str, int, str]], wanted: Bm25) -> dict[int, float]:
    """The score of each of these chunks, by id."""
    return {chunk_id: wanted.score(body) for chunk_id, (_, _, body) in bodies.items()}
