"""What the store keeps and gives back, apart from articles and chunks."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What the chunks and vectors were made with; another recipe needs them all made again."""

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
    """In how many of the index's ``chunks`` each term stands; a term that stands in none counts 0."""

    chunks: int
    counts: Mapping[str, int]

    def idf(self, term: str) -> float:
        """How telling a term is: the inverse document frequency of BM25, never negative."""
        count = self.counts.get(term, 0)
        return math.log(1 + (self.chunks - count + 0.5) / (count + 0.5))


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """A chunk as it lies in the file: ``vector`` is little-endian float32, ``body`` its keywords."""

    id: int
    start: int
    end: int
    vector: bytes
    body: str | None
