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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChromaCollection:
    """Where the Chroma collection of an index is, and how far it follows the articles.

    It is in ``folder``, or, where that is empty, on the server ``host``. ``embedder`` and ``dimensions`` are those of
    its vectors: those of a query must be made with the same. ``chunks`` are those of the index; ``outdated`` counts the
    chunks that the collection lacks, has although they were removed, or describes as they were before. ``texts`` says
    whether it has the texts.
    """

    name: str
    folder: str = ""
    host: str = ""
    port: int = 0
    tls: bool = False
    tenant: str = ""
    database: str = ""
    embedder: str
    dimensions: int
    chunks: int
    outdated: int
    texts: bool


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
