"""Records that a store returns besides articles and chunks."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How chunks and vectors were made. With another recipe all of them must be made again."""

    embedder: str
    dimensions: int
    chunk_tokens: int
    overlap_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSummary:
    """One line of a listing. ``characters`` are code points of the text."""

    id: str
    title: str
    url: str
    publisher: str
    date: date | None
    characters: int
    chunks: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class DocumentFrequencies:
    """In how many of the index's ``chunks`` each term occurs; 0 for a term that occurs in none."""

    chunks: int
    counts: Mapping[str, int]

    def idf(self, term: str) -> float:
        """The inverse document frequency of a term as in BM25 with 1 added inside the logarithm, so never negative."""
        count = self.counts.get(term, 0)
        return math.log(1 + (self.chunks - count + 0.5) / (count + 0.5))


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """A chunk as it is stored: ``vector`` is little-endian float32, ``body`` its keywords, ``None`` if lost."""

    id: int
    start: int
    end: int
    vector: bytes
    body: str | None
