"""A store in one SQLite file: articles, chunks and vectors in tables, keywords in a full-text index beside them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from rag.filters import ArticleFacts
from rag.schema import Article, Chunk, Span
from rag.storage.bm25 import Bm25
from rag.storage.local.fts import FullTextIndex, bindable
from rag.storage.local.limits import DEFAULT_LIMITS, Limits
from rag.storage.local.sqlite_schema import (
    ARTICLE_COLUMNS,
    ARTICLE_FIELDS,
    ARTICLE_UPDATES,
    FORMAT,
    article_of,
    article_row,
    count_terms,
    day_of,
    find_problems,
    recount,
    refuse_damaged_vectors,
    summary_of,
)
from rag.storage.records import ArticleSummary, ChunkRow, DocumentFrequencies, Recipe
from rag.storage.store import VECTOR, Vectors, body_terms
from rag.system.sqlite_file import SqliteFile
from rag.system.sqlite_format import FileFormat


class SqliteStore:
    """A ``rag.storage.store.Store`` in one file; its methods may be called from any thread.

    ``form`` is the format to create it in or migrate it to. Raises ``IndexBroken`` where the file is damaged, no
    database or of a newer format, ``IndexBusy`` where another program holds it for longer than 30 seconds,
    ``IndexFault`` where it cannot be written.
    """

    def __init__(self, path: Path, *, form: FileFormat = FORMAT, limits: Limits = DEFAULT_LIMITS) -> None:
        self.path = path
        self._file = SqliteFile(path, form=form)
        self.words = FullTextIndex(self._file, count=self.count, few=limits.fts_chunks)

    def close(self) -> None:
        """Close the file. A second call does nothing."""
        self._file.close()

    def reading(self) -> AbstractContextManager[None]:
        """A read transaction: what other connections write meanwhile is not seen inside. May be nested."""
        return self._file.reading()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A write transaction, rolled back where an exception passes; raises the generation."""
        with self._file.writing():
            yield
            self._set("generation", str(self.generation + 1))

    # What is stored

    @property
    def generation(self) -> int:
        """The number of write transactions so far."""
        return int(self._meta("generation") or 0)

    @property
    def recipe(self) -> Recipe | None:
        """Embedder and chunk sizes that the chunks were made with; ``None`` before the first article."""
        value = self._meta("recipe")
        return Recipe(**json.loads(value)) if value else None

    @property
    def vector_snapshot(self) -> str:
        """The name of the vector snapshot in use; empty where there is none."""
        return self._meta("snapshot") or ""

    @property
    def keyword_snapshot(self) -> str:
        """The name of the keyword snapshot in use; empty where there is none."""
        return self._meta("postings") or ""

    @property
    def source(self) -> str:
        """The folder that the articles are synchronised with; empty where there is none."""
        return self._meta("source") or ""

    @property
    def collection_texts(self) -> bool:
        """Whether a vector snapshot has the texts of its chunks."""
        return self._meta("collection_texts") != "no"

    @property
    def redescribed(self) -> int:
        """How often a chunk's article got another id or other metadata; snapshots made before have the old ones."""
        return int(self._meta("redescribed") or 0)

    @property
    def last_chunk_id(self) -> int:
        """The greatest id that a chunk was ever given; 0 where there was none."""
        rows = self._file.run("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'")
        return int(rows[0][0]) if rows else 0

    def article(self, article_id: str) -> Article | None:
        """The article, or ``None`` where the index holds none of that id."""
        rows = self._file.run(f"SELECT {ARTICLE_FIELDS} FROM articles WHERE id = ?", bindable(article_id))
        return article_of(rows[0]) if rows else None

    def digests(self) -> dict[str, str]:
        """The digest of each article, by id."""
        return dict(self._file.run("SELECT id, digest FROM articles ORDER BY id"))

    def listing(self) -> tuple[ArticleSummary, ...]:
        """All articles, by id."""
        rows = self._file.run(
            "SELECT a.id, title, url, publisher, date, characters, fingerprint, "
            "(SELECT count(*) FROM chunks WHERE article_id = a.id) FROM articles a ORDER BY a.id"
        )
        return tuple(map(summary_of, rows))

    def article_facts(self) -> dict[str, ArticleFacts]:
        """What filters look at in each article, by id; reads no text."""
        rows = self._file.run(
            "SELECT id, publisher, date, (SELECT count(*) FROM chunks WHERE article_id = a.id), title FROM articles a "
            "ORDER BY id"
        )
        return {row[0]: ArticleFacts(row[1], day_of(row[2]), row[3], row[4]) for row in rows}

    def chunk_ids(self, articles: Iterable[str]) -> frozenset[int]:
        """The ids of all chunks of these articles."""
        rows = self._file.run(
            "SELECT id FROM chunks WHERE article_id IN (SELECT value FROM json_each(?))",
            json.dumps(sorted(articles)),
        )
        return frozenset(row[0] for row in rows)

    def fingerprint(self, article_id: str) -> str:
        """The fingerprint that was stored with an article; empty where there is none of that id."""
        rows = self._file.run("SELECT fingerprint FROM articles WHERE id = ?", bindable(article_id))
        return str(rows[0][0]) if rows else ""

    def count(self, *, up_to: int | None = None) -> int:
        """How many chunks there are, or those with an id of at most ``up_to``."""
        if up_to is None:
            return int(self._meta("chunks") or 0)
        # By the index, which is small: the table itself holds the vectors.
        counted = "SELECT count(*) FROM chunks INDEXED BY chunks_place WHERE id <= ?"
        return int(self._file.run(counted, up_to)[0][0])

    def chunks(self, ids: Iterable[int]) -> dict[int, Chunk]:
        """The chunks of these ids, those that exist, by id."""
        rows = self._select_by_ids("SELECT id, article_id, start, end FROM chunks WHERE id IN", ids)
        texts = dict(
            self._file.run(
                "SELECT id, text FROM articles WHERE id IN (SELECT value FROM json_each(?))",
                json.dumps(sorted({row[1] for row in rows})),
            )
        )
        return {row[0]: Chunk(row[1], Span(row[2], row[3]), texts[row[1]][row[2] : row[3]]) for row in rows}

    def vectors(self, ids: Iterable[int]) -> dict[int, tuple[str, int, Vectors]]:
        """Article id, start and vector of these chunks, those that exist, by chunk id."""
        rows = self._select_by_ids("SELECT id, article_id, start, vector FROM chunks WHERE id IN", ids)
        self._refuse_damaged([(row[0], row[3]) for row in rows])
        return {row[0]: (row[1], row[2], np.frombuffer(row[3], VECTOR)) for row in rows}

    def vectors_after(self, chunk_id: int, *, limit: int | None = None) -> tuple[tuple[int, ...], Vectors]:
        """Ids, rising, and vectors ``(n, dimensions)`` of the next ``limit`` chunks with a greater id."""
        sql = "SELECT id, vector FROM chunks WHERE id > ? ORDER BY id LIMIT ?"
        rows = self._file.run(sql, chunk_id, -1 if limit is None else limit)
        self._refuse_damaged(rows)
        joined = np.frombuffer(b"".join(row[1] for row in rows), VECTOR)
        return tuple(row[0] for row in rows), joined.reshape(len(rows), -1) if rows else joined.reshape(0, 0)

    def _refuse_damaged(self, vectors: Sequence[tuple[int, bytes]]) -> None:
        if recipe := self.recipe:
            refuse_damaged_vectors(vectors, dimensions=recipe.dimensions, folder=self.path.parent)

    def existing(self, ids: Iterable[int]) -> tuple[int, ...]:
        """Those of these ids that are ids of chunks."""
        return tuple(row[0] for row in self._select_by_ids("SELECT id FROM chunks WHERE id IN", ids))

    # Keywords

    @property
    def mean_length(self) -> float:
        """The mean number of terms in a chunk; 1 where there is none."""
        return max(1.0, int(self._meta("words") or 0) / max(1, self.count()))

    def frequencies(self, wanted: Iterable[str]) -> DocumentFrequencies:
        """In how many chunks each of the wanted terms occurs."""
        return self.words.frequencies(wanted)

    def vocabulary(self) -> dict[str, int]:
        """Every term of the index and in how many chunks it occurs."""
        return self.words.vocabulary()

    def bodies(self, ids: Iterable[int]) -> dict[int, tuple[str, int, str]]:
        """Article id, start and keywords of these chunks, those that exist, by chunk id."""
        return self.words.bodies(ids)

    def keyword_search(self, wanted: Bm25, *, limit: int, after: int = 0) -> tuple[int, ...]:
        """As ``FullTextIndex.search``."""
        return self.words.search(wanted, limit=limit, after=after)

    # Changes; each inside ``writing()``

    def put(
        self, article: Article, *, spans: Sequence[Span], bodies: Sequence[str], vectors: Vectors
    ) -> None:
        """As ``Store.put``."""
        self.remove(article.id)
        self._file.run(
            f"INSERT INTO articles ({ARTICLE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *article_row(article),
        )
        first = self.last_chunk_id + 1
        rows = zip(spans, vectors, strict=True)
        self._file.run_all(
            "INSERT INTO chunks (id, article_id, start, end, vector) VALUES (?, ?, ?, ?, ?)",
            [
                (chunk_id, article.id, span.start, span.end, vector.astype(VECTOR).tobytes())
                for chunk_id, (span, vector) in enumerate(rows, first)
            ],
        )
        self.words.add(bodies, first=first)
        self._add_to_counts(bodies, 1)

    def update_metadata(self, article: Article) -> None:
        """Replace the metadata of an article whose title and text are unchanged."""
        self._file.run(
            f"UPDATE articles SET {ARTICLE_UPDATES} WHERE id = ?", *article_row(article), article.id
        )
        self._count_redescribed(article.id)

    def rename(self, old: str, article: Article) -> None:
        """As ``Store.rename``; searches may go on with the snapshots."""
        self._file.run("PRAGMA defer_foreign_keys = ON")  # until the end of this transaction
        self._file.run("UPDATE chunks SET article_id = ? WHERE article_id = ?", article.id, old)
        self._file.run(f"UPDATE articles SET {ARTICLE_UPDATES} WHERE id = ?", *article_row(article), old)
        self._count_redescribed(article.id)

    def _count_redescribed(self, article_id: str) -> None:
        self._set("redescribed", str(self.redescribed + len(self.chunk_ids((article_id,)))))

    def remove(self, article_id: str) -> None:
        """Delete an article with its chunks and keywords; an unknown id does nothing."""
        article_id = bindable(article_id)
        # A damaged file may lack the keywords of a chunk.
        rows = self._file.run(
            "SELECT chunks.id, body FROM chunks LEFT JOIN words ON words.rowid = chunks.id WHERE article_id = ?",
            article_id,
        )
        if rows:
            bodies = [row[1] or "" for row in rows]
            self.words.remove([row[0] for row in rows], bodies)
            self._file.run("DELETE FROM chunks WHERE article_id = ?", article_id)
            self._add_to_counts(bodies, -1)
        self._file.run("DELETE FROM articles WHERE id = ?", article_id)

    def remove_orphans(self) -> None:
        """Delete keyword rows without a chunk, and recount; a damaged file may need it."""
        self._file.run("DELETE FROM words WHERE rowid NOT IN (SELECT id FROM chunks)")
        recount(self._file.run)

    def _add_to_counts(self, bodies: Sequence[str], sign: int) -> None:
        self._set("chunks", str(self.count() + sign * len(bodies)))
        words = sum(len(body_terms(body)) for body in bodies)
        self._set("words", str(int(self._meta("words") or 0) + sign * words))

    def set_recipe(self, recipe: Recipe) -> None:
        """Store the embedder and chunk sizes that the chunks are made with."""
        parts = {field: getattr(recipe, field) for field in Recipe.__slots__}
        self._set("recipe", json.dumps(parts))

    def set_source(self, folder: str) -> None:
        """Store which folder the articles are synchronised with."""
        self._set("source", folder)

    def set_collection_texts(self, *, included: bool) -> None:
        """Store whether a vector snapshot has the texts of its chunks."""
        self._set("collection_texts", "yes" if included else "no")

    def set_vector_snapshot(self, name: str) -> None:
        """Publish the name of the vector snapshot that readers are to use."""
        self._set("snapshot", name)

    def set_keyword_snapshot(self, name: str) -> None:
        """Publish the name of the keyword snapshot that readers are to use."""
        self._set("postings", name)

    def continue_from(self, *, generation: int, last_chunk_id: int) -> None:
        """Raise the counters to those of the store that this one replaces, before ``take``.

        The generation rises from ``generation`` and no chunk gets an id up to ``last_chunk_id`` again. Otherwise those
        who have the other store open would not notice that it was replaced.
        """
        self._set("generation", str(max(self.generation, generation)))
        last = max(self.last_chunk_id, last_chunk_id)
        self._file.run("DELETE FROM sqlite_sequence WHERE name = 'chunks'")
        self._file.run("INSERT INTO sqlite_sequence VALUES ('chunks', ?)", last)

    # Whole copies

    def save(self, to: Path) -> None:
        """Write a copy of the store, as it is now, into the new file ``to``; reading and writing go on."""
        self._file.save(to)

    def replace_with(self, saved: Path) -> None:
        """Replace all content by that of a closed, sound store in one transaction: readers see the old or the new."""
        self._file.replace_with(saved)

    # For the check

    def chunk_rows(self, article_id: str) -> tuple[ChunkRow, ...]:
        """The rows of an article's chunks as they are stored, in order of start."""
        rows = self._file.run(
            "SELECT chunks.id, start, end, vector, body FROM chunks "
            "LEFT JOIN words ON words.rowid = chunks.id WHERE article_id = ? ORDER BY start, chunks.id",
            bindable(article_id),
        )
        return tuple(ChunkRow(*row) for row in rows)

    def recount_terms(self) -> dict[str, int]:
        """Every term and in how many chunks it occurs, counted anew by the full-text index."""
        return count_terms(self._file.run)

    def problems(self) -> tuple[str, ...]:
        """A sentence for each fault that SQLite finds and for orphan rows; empty where all is well."""
        return find_problems(self._file.run)

    def _select_by_ids(self, sql: str, ids: Iterable[int]) -> list[Any]:
        return self._file.run(f"{sql} (SELECT value FROM json_each(?))", json.dumps(sorted(ids)))

    def _meta(self, key: str) -> str | None:
        rows = self._file.run("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else None

    def _set(self, key: str, value: str) -> None:
        self._file.run(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            key,
            value,
        )
