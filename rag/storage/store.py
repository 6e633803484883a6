"""What an index keeps: articles, chunks, keywords and embedding vectors, and how they are asked for.

A store is the truth of an index: everything else it has can be made again from it. A change is one transaction, so a
process killed at any moment leaves it whole. Every change raises the ``generation``; readers, in this process or
another, notice that they must look again when it has moved. ``rag.storage.local.sqlite_store`` keeps one in a file.
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


VECTOR = np.dtype("<f4")  # as vectors are kept


def digest(article: Article) -> str:
    """SHA-256 over all that is stored of an article: equal for equal articles."""
    day = article.date.isoformat() if article.date else None
    parts = [article.title, article.url, article.publisher, day, article.credit, article.text]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def keywords(title: str, text: str) -> str:
    """What the keyword index holds of a chunk: its terms and those of its article's title, a space between two."""
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
    """Its methods may be called from any thread. Raises ``IndexFault`` and its kinds.

    Those under "Changes" are called inside ``writing()``, and those only by the holder of the write lock, but for
    the names of snapshots, which are the renewing lock's.
    """

    def close(self) -> None:
        """Let go of it. A second call does nothing."""

    def reading(self) -> AbstractContextManager[None]:
        """One consistent view: what others write meanwhile is not seen inside. May be nested."""

    def writing(self) -> AbstractContextManager[None]:
        """One change: all of it is kept, or none where an exception passes; raises the generation."""

    # What is stored

    @property
    def generation(self) -> int:
        """How many changes there have been."""

    @property
    def recipe(self) -> Recipe | None:
        """What the chunks were made with; ``None`` before the first article."""

    @property
    def source(self) -> str:
        """The folder that the articles are kept in step with; empty where there is none."""

    def article(self, article_id: str) -> Article | None:
        """The article, or ``None`` where the index holds none of that id."""

    def digests(self) -> dict[str, str]:
        """The digest of each article, by id."""

    def listing(self) -> tuple[ArticleSummary, ...]:
        """All articles, by id."""

    def particulars(self) -> dict[str, ArticleFacts]:
        """What filters look at in each article, by id; reads no text."""

    def chunk_ids(self, articles: Iterable[str]) -> frozenset[int]:
        """The ids of all chunks of these articles."""

    def fingerprint(self, article_id: str) -> str:
        """The fingerprint that was stored with an article; empty where there is none of that id."""

    def count(self, *, up_to: int | None = None) -> int:
        """How many chunks there are, or those with an id of at most ``up_to``."""

    def chunks(self, ids: Iterable[int]) -> dict[int, Chunk]:
        """The chunks of these ids, those that exist, by id."""

    def vectors(self, ids: Iterable[int]) -> dict[int, tuple[str, int, Vectors]]:
        """Article id, start and vector of these chunks, those that exist, by chunk id."""

    def vectors_after(self, chunk_id: int, *, limit: int | None = None) -> tuple[tuple[int, ...], Vectors]:
        """Ids, rising, and vectors ``(n, dimensions)`` of the next ``limit`` chunks with a greater id."""

    # Keywords

    @property
    def mean_length(self) -> float:
        """How many terms a chunk has, on average; 1 where there is none."""

    def frequencies(self, wanted: Iterable[str]) -> DocumentFrequencies:
        """In how many chunks each of the wanted terms stands."""

    def vocabulary(self) -> dict[str, int]:
        """Every term of the index and in how many chunks it stands."""

    def bodies(self, ids: Iterable[int]) -> dict[int, tuple[str, int, str]]:
        """Article id, start and keywords of these chunks, those that exist, by chunk id."""

    def keyword_search(self, wanted: Bm25, *, limit: int, after: int = 0) -> tuple[int, ...]:
        """The ids of the ``limit`` chunks with an id above ``after`` that ``wanted`` scores best, best first."""

    # Changes

    def put(
        self, article: Article, *, spans: Sequence[Span], bodies: Sequence[str], vectors: Vectors
    ) -> None:
        """Store an article and its chunks, replacing one of its id.

        Of each chunk its span, its keywords and its row of ``vectors`` (len(spans), dimensions).
        """

    def update_metadata(self, article: Article) -> None:
        """Store what is said about an article whose title and text stay as they were."""

    def rename(self, old: str, article: Article) -> None:
        """Give the article ``old`` the id of ``article``, whose title and text are the same, and what is said of it.

        Chunks, keywords and vectors stay as they are, so whatever follows the store does too.
        """

    def remove(self, article_id: str) -> None:
        """Take an article away with all that belongs to it; an unknown id does nothing."""

    def remove_orphans(self) -> None:
        """Take away what belongs to nothing, and count again; a damaged store may need it."""

    def set_recipe(self, recipe: Recipe) -> None:
        """Say what the chunks are made with."""

    def set_source(self, folder: str) -> None:
        """Say which folder the articles are kept in step with."""

    # For the check

    def held(self, article_id: str) -> tuple[ChunkRow, ...]:
        """The chunks of an article as they are kept, in order of place."""

    def counted(self) -> Mapping[str, int]:
        """Every term and in how many chunks it stands, counted anew; ``vocabulary`` ought to say the same."""

    def problems(self) -> tuple[str, ...]:
        """What is wrong with the store itself, and rows that belong to nothing; empty where all is well."""
