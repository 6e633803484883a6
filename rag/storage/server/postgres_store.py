"""A store in a schema of a PostgreSQL database, for any number of processes on any number of machines.

Its tables are described in ``rag.storage.server.postgres_schema``.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np
from typing_extensions import override

from rag.filters import ArticleFacts
from rag.schema import Article, Chunk, Span
from rag.storage.bm25 import Bm25
from rag.storage.records import ArticleSummary, ChunkRow, DocumentFrequencies, Recipe
from rag.storage.server.limits import DEFAULT_LIMITS, Limits
from rag.storage.server.postgres import Postgres
from rag.storage.server.postgres_keywords import PostgresKeywords
from rag.storage.server.postgres_meta import PostgresMeta
from rag.storage.server.postgres_redescribed import RedescribedChunks
from rag.storage.server.postgres_removed import RemovedChunks
from rag.storage.server.postgres_schema import (
    DIMENSIONS,
    FIELDS,
    INSERT_ARTICLE,
    INSERT_CHUNKS,
    SUMMARY_FIELDS,
    UPDATE_ARTICLE,
    article_of_row,
    article_values,
    orphan_problems,
    prepare,
    refuse_damaged_vectors,
    refuse_newer,
    summary_of_row,
)
from rag.storage.server.postgres_values import array_literal, escape, term_key, unescape, unpad_terms
from rag.storage.store import VECTOR, Store, Vectors, body_terms, document_frequencies

_PAGE = 4096  # chunks that are read at a time
_ROWS = 500  # chunks that are written at a time


class SharedStore(Store):
    """A store in ``postgres``, whose tables are made where there are none. For its errors see ``Postgres``."""

    def __init__(self, postgres: Postgres, *, limits: Limits = DEFAULT_LIMITS) -> None:
        self._postgres = postgres
        self.meta = PostgresMeta(postgres)
        self.removed = RemovedChunks(postgres)
        self.redescribed = RedescribedChunks(postgres)
        self._keywords = PostgresKeywords(postgres, limits=limits)
        try:
            prepare(postgres)
        except BaseException:
            postgres.close()
            raise

    @property
    def name(self) -> str:
        """The database and the schema, as messages name them."""
        return self._postgres.name

    @override
    def close(self) -> None:
        self._postgres.close()

    @override
    def reading(self) -> AbstractContextManager[None]:
        return self._postgres.reading()

    def lock(self, *, wait_s: float) -> AbstractContextManager[None]:
        """Hold the right to write; raises ``IndexBusy``. See ``Postgres.lock``."""
        return self._postgres.lock(wait_s=wait_s)

    @override
    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._postgres.writing():
            refuse_newer(self._postgres)  # another process may have been upgraded meanwhile
            yield
            self.meta.increase("generation", 1)

    # What is stored

    @property
    @override
    def generation(self) -> int:
        return int(self.meta.get("generation") or 0)

    @property
    @override
    def recipe(self) -> Recipe | None:
        value = self.meta.get("recipe")
        return Recipe(**json.loads(value)) if value else None

    @property
    @override
    def source(self) -> str:
        return unescape(self.meta.get("source"))

    @property
    @override
    def collection_texts(self) -> bool:
        return self.meta.get("collection_texts") != "no"

    @override
    def article(self, article_id: str) -> Article | None:
        rows = self._postgres.run(f"SELECT {FIELDS} FROM articles WHERE key = :key", key=term_key(article_id))
        return article_of_row(rows[0]) if rows else None

    @override
    def digests(self) -> dict[str, str]:
        rows = self._postgres.run("SELECT id, digest FROM articles")
        return dict(sorted((unescape(article_id), digest) for article_id, digest in rows))

    @override
    def listing(self) -> tuple[ArticleSummary, ...]:
        rows = self._postgres.run(f"SELECT {SUMMARY_FIELDS} FROM articles")
        return tuple(sorted(map(summary_of_row, rows), key=lambda summary: summary.id))

    @override
    def article_facts(self) -> dict[str, ArticleFacts]:
        rows = self._postgres.run(
            "SELECT id, publisher, date, (SELECT count(*) FROM chunks WHERE article = number), title FROM articles"
        )
        facts = {
            unescape(article_id): ArticleFacts(unescape(publisher), day, chunks, unescape(title))
            for article_id, publisher, day, chunks, title in rows
        }
        return {article_id: facts[article_id] for article_id in sorted(facts)}

    @override
    def chunk_ids(self, articles: Iterable[str]) -> frozenset[int]:
        rows = self._postgres.run(
            "SELECT chunks.id FROM articles JOIN chunks ON article = number WHERE key = ANY(CAST(:keys AS bytea[]))",
            keys=array_literal(term_key(article_id) for article_id in articles),
        )
        return frozenset(row[0] for row in rows)

    @override
    def fingerprint(self, article_id: str) -> str:
        sql = "SELECT fingerprint FROM articles WHERE key = :key"
        rows = self._postgres.run(sql, key=term_key(article_id))
        return str(rows[0][0]) if rows else ""

    @override
    def count(self, *, up_to: int | None = None) -> int:
        if up_to is None:
            return int(self.meta.get("chunks") or 0)
        return int(self._postgres.run("SELECT count(*) FROM chunks WHERE id <= :up_to", up_to=up_to)[0][0])

    @override
    def chunks(self, ids: Iterable[int]) -> dict[int, Chunk]:
        with self.reading():
            rows = self._run_with_ids("SELECT id, article, start, stop FROM chunks WHERE id", ids)
            numbers = {row[1] for row in rows}
            articles = self._run_with_ids("SELECT number, id, text FROM articles WHERE number", numbers)
        # Sliced here, not in SQL: an escaped character is two characters in the database.
        texts = {number: (unescape(article_id), unescape(text)) for number, article_id, text in articles}
        chunks = {}
        for chunk_id, number, start, stop in rows:
            article_id, text = texts[number]
            chunks[chunk_id] = Chunk(article_id, Span(start, stop), text[start:stop])
        return chunks

    @override
    def vectors(self, ids: Iterable[int]) -> dict[int, tuple[str, int, Vectors]]:
        rows = self._run_with_ids(
            f"SELECT c.id, vector, {DIMENSIONS}, a.id, start FROM chunks c JOIN articles a ON article = number "
            "WHERE c.id",
            ids,
        )
        refuse_damaged_vectors((row[:3] for row in rows), store=self.name)
        return {row[0]: (unescape(row[3]), row[4], np.frombuffer(row[1], VECTOR)) for row in rows}

    @override
    def vectors_after(self, chunk_id: int, *, limit: int | None = None) -> tuple[tuple[int, ...], Vectors]:
        ids: list[int] = []
        vectors: list[bytes] = []
        with self.reading():
            while limit is None or len(ids) < limit:
                size = _PAGE if limit is None else min(_PAGE, limit - len(ids))
                rows = self._postgres.run(
                    f"SELECT id, vector, {DIMENSIONS} FROM chunks WHERE id > :last ORDER BY id LIMIT :size",
                    last=ids[-1] if ids else chunk_id,
                    size=size,
                )
                refuse_damaged_vectors(rows, store=self.name)
                ids += (row[0] for row in rows)
                vectors += (row[1] for row in rows)
                if len(rows) < size:
                    break
        joined = np.frombuffer(b"".join(vectors), VECTOR)
        return tuple(ids), joined.reshape(len(ids), -1) if ids else joined.reshape(0, 0)

    # Keywords

    @property
    @override
    def mean_length(self) -> float:
        with self.reading():
            return max(1.0, int(self.meta.get("words") or 0) / max(1, self.count()))

    @override
    def frequencies(self, wanted: Iterable[str]) -> DocumentFrequencies:
        with self.reading():
            return DocumentFrequencies(self.count(), self._keywords.counts(wanted))

    @override
    def vocabulary(self) -> dict[str, int]:
        return self._keywords.vocabulary()

    @override
    def bodies(self, ids: Iterable[int]) -> dict[int, tuple[str, int, str]]:
        rows = self._run_with_ids(
            "SELECT c.id, a.id, start, body FROM words JOIN chunks c USING (id) JOIN articles a ON article = number "
            "WHERE c.id",
            ids,
        )
        return {row[0]: (unescape(row[1]), row[2], unpad_terms(row[3])) for row in rows}

    @override
    def keyword_search(
        self, wanted: Bm25, *, limit: int, after: int = 0, among: frozenset[int] | None = None
    ) -> tuple[int, ...]:
        # ``among``, which the protocol lacks: the ids of the chunks that count, ``None`` for all.
        return self._keywords.search(wanted, limit=limit, after=after, among=among)

    # Changes; each inside ``writing()``

    @override
    def put(
        self, article: Article, *, spans: Sequence[Span], bodies: Sequence[str], vectors: Vectors
    ) -> None:
        self.remove(article.id)
        ((number,),) = self._postgres.run(INSERT_ARTICLE, **article_values(article))
        for first in range(0, len(spans), _ROWS):
            part = slice(first, first + _ROWS)
            ids = self._insert_chunks(number, spans[part], vectors[part])
            self._keywords.insert(ids, bodies[part])
        self._keywords.add_counts(document_frequencies(bodies))
        self.meta.increase("chunks", len(spans))
        self.meta.increase("words", sum(len(body_terms(body)) for body in bodies))

    def _insert_chunks(self, article: int, spans: Sequence[Span], vectors: Vectors) -> list[int]:
        """Store chunks of the article of this number; returns their new ids."""
        numbers = "SELECT nextval('chunk_ids') FROM generate_series(1, :size)"
        ids = [row[0] for row in self._postgres.run(numbers, size=len(spans))]
        self._postgres.run(
            INSERT_CHUNKS,
            article=article,
            ids=array_literal(ids),
            starts=array_literal(span.start for span in spans),
            stops=array_literal(span.end for span in spans),
            vectors=array_literal(vector.astype(VECTOR).tobytes() for vector in vectors),
        )
        return ids

    @override
    def update_metadata(self, article: Article) -> None:
        self.rename(article.id, article)

    @override
    def rename(self, old: str, article: Article) -> None:
        self._postgres.run(UPDATE_ARTICLE, old=term_key(old), **article_values(article))
        self.redescribed.add_article(term_key(article.id))

    @override
    def remove(self, article_id: str) -> None:
        rows = self._postgres.run("SELECT number FROM articles WHERE key = :key", key=term_key(article_id))
        if not rows:
            return
        (number,) = rows[0]
        # A damaged table may lack the keywords of a chunk. ``terms`` is what ``put`` counted.
        rows = self._postgres.run(
            "SELECT body, coalesce(terms, 0) FROM chunks LEFT JOIN words USING (id) WHERE article = :article",
            article=number,
        )
        bodies = [unpad_terms(body or "") for body, _ in rows]
        self.removed.add_article(number)
        self._postgres.run("DELETE FROM chunks WHERE article = :article", article=number)
        self._postgres.run("DELETE FROM articles WHERE number = :article", article=number)
        self._keywords.subtract_counts(document_frequencies(bodies))
        self.meta.increase("chunks", -len(rows))
        self.meta.increase("words", -sum(terms for _, terms in rows))

    @override
    def remove_orphans(self) -> None:
        self._keywords.replace_counts()
        for key, total in zip(("chunks", "words"), self._totals(), strict=True):
            self.meta.set(key, str(total))

    @override
    def set_recipe(self, recipe: Recipe) -> None:
        self.meta.set("recipe", json.dumps({field: getattr(recipe, field) for field in Recipe.__slots__}))

    @override
    def set_source(self, folder: str) -> None:
        self.meta.set("source", escape(folder))

    @override
    def set_collection_texts(self, *, included: bool) -> None:
        self.meta.set("collection_texts", "yes" if included else "no")

    # For the collection of vectors

    def writing_meta(self) -> AbstractContextManager[None]:
        """A transaction that changes metadata alone: it leaves the generation, as no article changes."""
        return self._postgres.writing()

    # For the check

    @override
    def chunk_rows(self, article_id: str) -> tuple[ChunkRow, ...]:
        rows = self._postgres.run(
            "SELECT c.id, start, stop, vector, body FROM articles JOIN chunks c ON article = number "
            "LEFT JOIN words ON words.id = c.id WHERE key = :key ORDER BY start, c.id",
            key=term_key(article_id),
        )
        return tuple(
            ChunkRow(id, start, stop, vector, None if body is None else unpad_terms(body))
            for id, start, stop, vector, body in rows
        )

    @override
    def recount_terms(self) -> Mapping[str, int]:
        return self._keywords.recounted()

    @override
    def problems(self) -> tuple[str, ...]:
        with self.reading():
            problems = orphan_problems(self._postgres)
            chunks, words = self._totals()
            if (chunks, words) != (self.count(), int(self.meta.get("words") or 0)):
                problems.append(f"it counts {self.count()} chunks of {chunks}, or another number of words")
        return tuple(problems)

    def _totals(self) -> tuple[int, int]:
        """The numbers of chunks and of their terms, counted."""
        ((chunks, terms),) = self._postgres.run(
            "SELECT (SELECT count(*) FROM chunks), (SELECT coalesce(sum(terms), 0) FROM words)"
        )
        return int(chunks), int(terms)

    def _run_with_ids(self, sql: str, ids: Iterable[int]) -> list[Any]:
        """Run a statement that ends with a column of ids, limited to ``ids``."""
        return self._postgres.run(f"{sql} = ANY(CAST(:ids AS bigint[]))", ids=array_literal(ids))
