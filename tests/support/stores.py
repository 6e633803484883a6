"""Stores of both kinds for tests, an article to put in, and a short way to search."""

import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np
from typing_extensions import override

from rag.schema import Article, Span
from rag.storage.bm25 import Bm25
from rag.storage.local.sqlite_store import SqliteStore
from rag.storage.server.postgres import Postgres
from rag.storage.server.postgres_store import SharedStore
from rag.storage.store import Store, Vectors, keywords

ARTICLE = Article(
    id="colossus",
    title="Anthropic rents Colossus",
    text="Colossus took 122 days. It costs $1.5 billion, it's said.\n中文的词 stand here.",
    url="https://example.org/a?b=c",
    publisher="GogoAI News",
    date=date(2026, 5, 1),
    credit="Credit: GogoAI",
)
SPANS = (Span(0, 23), Span(24, 56), Span(57, len(ARTICLE.text)))
VECTORS = np.eye(3, 4, dtype=np.float32)


def put(store: Store, article: Article, *, spans: Sequence[Span], vectors: Vectors) -> None:
    """Store an article with the keywords of its words. Inside ``store.writing()``."""
    bodies = [keywords(article.title, span.of(article.text)) for span in spans]
    store.put(article, spans=spans, bodies=bodies, vectors=vectors)


def ranked(store: Store, wanted: list[str], *, limit: int) -> list[tuple[int, float]]:
    """The best chunks for these terms, and their scores."""
    query = Bm25.of(wanted, seen=store.frequencies(wanted), mean=store.mean_length)
    ids = store.keyword_search(query, limit=limit)
    bodies = store.bodies(ids)
    return [(chunk_id, query.score(bodies[chunk_id][2])) for chunk_id in ids]


class Stores(Protocol):
    """Makes stores of one kind, and changes their tables as another program might."""

    words_id: str  # the column of ``words`` that has the chunk's id

    def open(self, name: str = "index") -> Store:
        """The store of this name, made where there is none."""

    def run(self, statement: str, *, name: str = "index") -> None:
        """Run a statement on the database of a store."""

    def blob(self, value: bytes) -> str:
        """Bytes as a literal in SQL."""

    def close(self) -> None:
        """Close all stores."""


class SqliteStores(Stores):
    words_id = "rowid"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()

    @override
    def open(self, name: str = "index") -> Store:
        return self._stack.enter_context(closing(SqliteStore(self._folder / f"{name}.sqlite3")))

    @override
    def run(self, statement: str, *, name: str = "index") -> None:
        with closing(sqlite3.connect(self._folder / f"{name}.sqlite3")) as connection:
            connection.execute(statement)
            connection.commit()

    @override
    def blob(self, value: bytes) -> str:
        return f"x'{value.hex()}'"

    @override
    def close(self) -> None:
        self._stack.close()


class PostgresStores(Stores):
    words_id = "id"

    def __init__(self, url: str, *, prefix: str) -> None:
        self._url = url
        self._prefix = prefix  # of the names of schemas
        self._stack = ExitStack()

    @override
    def open(self, name: str = "index") -> Store:
        return self._stack.enter_context(closing(SharedStore(self._postgres(name))))

    @override
    def run(self, statement: str, *, name: str = "index") -> None:
        with closing(self._postgres(name)) as postgres, postgres.writing():
            postgres.run(statement)

    @override
    def blob(self, value: bytes) -> str:
        return f"CAST('\\x{value.hex()}' AS bytea)"

    @override
    def close(self) -> None:
        self._stack.close()

    def _postgres(self, name: str) -> Postgres:
        return Postgres(self._url, schema=f"{self._prefix}_{name}")
