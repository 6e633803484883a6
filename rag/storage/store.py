"""A protocol for what an index keeps: articles, chunks, keywords and embedding vectors.

A store is the truth of an index: everything else can be made again from it. A change is one transaction, so a process
that is killed at any moment leaves it whole. Every change raises the ``generation``, by which readers, in this process
or another, notice that what they remember is out of date. ``rag.storage.local.sqlite_store`` keeps a store in a file,
``rag.storage.server.postgres_store`` in PostgreSQL.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.filters import ArticleFacts
from rag.schema import Article, Chunk, Span
from rag.storage.bm25 import Bm25
from rag.storage.records import ArticleSummary, ChunkRow, DocumentFrequencies, Recipe
from rag.text.words import terms

Vectors = NDArray[np.float32]
VECTOR = np.dtype("<f4")  # little-endian float32, as vectors are stored


def digest(article: Article) -> str:
    """SHA-256 over all that is stored of an article: equal for equal articles."""
    day = article.date.isoformat() if article.date else None
    parts = [article.title, article.url, article.publisher, day, article.credit, article.text]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def keywords(title: str, text: str) -> str:
    """The keywords of a chunk, its *body*: the terms of its article's title and its own, joined by single spaces."""
    # Folding may put spaces into a term; each of its parts then counts as one.
    return " ".join(" ".join(terms(title) + terms(text)).split())


def body_terms(body: str) -> list[str]:
    """The terms of a chunk's keywords, in order; none where the chunk has no word, for example one of mere signs.

    A term may have any other space in it, such as U+00A0.
    """
    return body.split(" ") if body else []


def document_frequencies(bodies: Iterable[str]) -> Counter[str]:
    """In how many of these chunks each term occurs."""
    return Counter(term for body in bodies for term in set(body_terms(body)))


class Store(Protocol):
    """Its methods may be called from any thread. They raise ``IndexFault`` and its kinds.

    Call those under "Changes" inside ``writing()``, and that only with the write lock. The names of snapshots alone are
    written with the snapshot lock instead.
    """

    def close(self) -> None:
        """Close it. A second call does nothing."""

    def reading(self) -> AbstractContextManager[None]:
        """One consistent view: what others write meanwhile is not seen inside. May be nested."""

    def writing(self) -> AbstractContextManager[None]:
        """One transaction: all of it is kept, or none where an exception passes. Adds 1 to the generation."""

    # What is stored

    @property
    def generation(self) -> int:
        """How many changes there have been."""

    @property
    def recipe(self) -> Recipe | None:
        """How the chunks were made; ``None`` before the first article."""

    @property
    def source(self) -> str:
        """The folder that the articles are kept in step with; empty where there is none."""

    @property
    def collection_texts(self) -> bool:
        """Whether a Chroma collection of the chunks has their texts too; it has unless that was changed."""

    def article(self, article_id: str) -> Article | None:
        """The article of this id; ``None`` where there is none."""

    def digests(self) -> dict[str, str]:
        """The digest of each article, by id and in order of id."""

    def listing(self) -> tuple[ArticleSummary, ...]:
        """A line for each article, in order of id."""

    def article_facts(self) -> dict[str, ArticleFacts]:
        """The facts of each article that filters test, and its title, in order of id; reads no text."""

    def chunk_ids(self, articles: Iterable[str]) -> frozenset[int]:
        """The ids of all chunks of these articles."""

    def fingerprint(self, article_id: str) -> str:
        """The fingerprint that was stored with an article; empty where there is no such article."""

    def count(self, *, up_to: int | None = None) -> int:
        """How many chunks there are, or those with an id of at most ``up_to``."""

    def chunks(self, ids: Iterable[int]) -> dict[int, Chunk]:
        """The chunks of these ids, those that exist, by id."""

    def vectors(self, ids: Iterable[int]) -> dict[int, tuple[str, int, Vectors]]:
        """Article id, start and vector of these chunks, those that exist, by chunk id.

        Raises ``IndexBroken`` where a vector has another length than the recipe says; likewise below.
        """

    def vectors_after(self, chunk_id: int, *, limit: int | None = None) -> tuple[tuple[int, ...], Vectors]:
        """Ids, rising, and vectors ``(n, dimensions)`` of the next ``limit`` chunks with a greater id."""

    # Keywords

    @property
    def mean_length(self) -> float:
        """How many terms a chunk has on average, at least 1."""

    def frequencies(self, wanted: Iterable[str]) -> DocumentFrequencies:
        """In how many chunks each of the wanted terms occurs."""

    def vocabulary(self) -> dict[str, int]:
        """Every term of the index and in how many chunks it occurs."""

    def bodies(self, ids: Iterable[int]) -> dict[int, tuple[str, int, str]]:
        """Article id, start and keywords of these chunks, those that exist, by chunk id."""

    def keyword_search(self, wanted: Bm25, *, limit: int, after: int = 0) -> tuple[int, ...]:
        """The ids of the ``limit`` chunks with an id above ``after`` that ``wanted`` scores best, best first.

        Equal scores in order of article and place.
        """

    # Changes

    def put(
        self, article: Article, *, spans: Sequence[Span], bodies: Sequence[str], vectors: Vectors
    ) -> None:
        """Store an article and its chunks; replaces an article of the same id.

        Each chunk has a span, a body of keywords, and a row of ``vectors`` (len(spans), dimensions).
        """

    def update_metadata(self, article: Article) -> None:
        """Store the metadata of an article whose title and text are unchanged."""

    def rename(self, old: str, article: Article) -> None:
        """Give the article ``old`` the id and the metadata of ``article``, whose title and text are the same.

        Chunks, keywords and vectors stay as they are, and so do copies of them; only what a collection says of the
        article is out of date.
        """

    def remove(self, article_id: str) -> None:
        """Remove an article with its chunks, keywords and vectors; an unknown id does nothing."""

    def remove_orphans(self) -> None:
        """Remove rows that belong to nothing, and count terms and chunks again; a damaged store may need it."""

    def set_recipe(self, recipe: Recipe) -> None:
        """Store how the chunks are made."""

    def set_source(self, folder: str) -> None:
        """Store which folder the articles are kept in step with."""

    def set_collection_texts(self, *, included: bool) -> None:
        """Store whether a Chroma collection has the texts. The next refresh makes one accordingly."""

    # For the check

    def chunk_rows(self, article_id: str) -> tuple[ChunkRow, ...]:
        """The chunks of an article as they are stored, in order of place."""

    def recount_terms(self) -> Mapping[str, int]:
        """As ``vocabulary``, but counted from the keywords of the chunks: the two should be equal."""

    def problems(self) -> tuple[str, ...]:
        """A sentence for each fault of the tables, such as rows that belong to nothing; empty where all is well."""
