"""A store in one SQLite file; keywords in its full-text index, FTS5."""

import json
import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import IndexBroken
from rag.filters import ArticleFacts
from rag.schema import Article, Chunk, Span
from rag.storage.bm25 import Bm25, weight
from rag.storage.records import ArticleSummary, ChunkRow, DocumentFrequencies, Recipe
from rag.storage.store import VECTOR, Vectors, body_terms, digest, document_frequencies
from rag.system.sqlite_file import FileFormat, Run, SqliteFile, outdated, unpack

# The words are folded and stemmed already. The ascii tokenizer keeps every character beyond ASCII; with these
# added it splits at spaces and control characters alone, so that each term comes back as it went in.
_MARKS = "".join(chr(c) for c in range(33, 127) if not chr(c).isalnum()).replace("'", "''").replace('"', '""')


# What the full-text index would have to read all its entries for: in how many chunks a term stands.
_TERMS = "CREATE TABLE terms (term TEXT PRIMARY KEY, chunks INTEGER NOT NULL) WITHOUT ROWID"


_VOCABULARY = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab ('main', 'words', 'row')"


_TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE articles (
        id TEXT PRIMARY KEY, title TEXT NOT NULL, url TEXT NOT NULL, publisher TEXT NOT NULL, date TEXT,
        credit TEXT NOT NULL, text TEXT NOT NULL, characters INTEGER NOT NULL, fingerprint TEXT NOT NULL,
        digest TEXT NOT NULL)""",
    # AUTOINCREMENT: no id is given twice, or an old vector snapshot could take a new chunk for a removed one.
    """CREATE TABLE chunks (
        id INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL REFERENCES articles (id),
        start INTEGER NOT NULL, end INTEGER NOT NULL, vector BLOB NOT NULL)""",
    "CREATE INDEX chunks_place ON chunks (article_id, start)",
    f"""CREATE VIRTUAL TABLE words USING fts5 (body, tokenize = "ascii tokenchars '{_MARKS}'")""",
    _TERMS,
)


_EACH_TIME = (
    "PRAGMA foreign_keys = ON",
    # What was acknowledged survives a power cut too; it costs one flush to disk for each article.
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16384",  # KiB
    _VOCABULARY,
)


# Bytes that the full-text index keeps of a term. It cuts the rest off, in the middle of a character too, so terms that
# are as long are counted by the keywords of their chunks.
_KEPT = 32_768


_COUNTED = f"SELECT term, doc FROM temp.vocabulary WHERE length(CAST(term AS BLOB)) < {_KEPT}"


def _count(run: Run) -> None:
    """What is counted as articles come and go, counted anew."""
    run("DELETE FROM terms")
    run(f"INSERT INTO terms {_COUNTED}")
    for term, chunks in _long_terms(run).items():
        run("INSERT INTO terms VALUES (?, ?)", term, chunks)
    run("INSERT OR REPLACE INTO meta SELECT 'chunks', count(*) FROM chunks")
    run("INSERT OR REPLACE INTO meta SELECT 'words', coalesce(sum(cnt), 0) FROM temp.vocabulary")


def _long_terms(run: Run) -> dict[str, int]:
    """In how many chunks each term stands that is too long for the full-text index."""
    rows = run(f"SELECT body FROM words WHERE length(CAST(body AS BLOB)) >= {_KEPT}")
    counts = document_frequencies(row[0] for row in rows)
    return {term: chunks for term, chunks in counts.items() if len(term.encode()) >= _KEPT}


def _counting(run: Run) -> None:
    """To format 2: terms and chunks are counted once, not at each question."""
    for statement in (_VOCABULARY, _TERMS):
        run(statement)
    _count(run)


_FORMAT = FileFormat(
    application=0x50696E63,
    version=2,
    statements=_TABLES,
    each_time=_EACH_TIME,
    migrations={1: _counting},
    before="put a backup in its place with `pincite restore --replace`, or ",
)


BACKUP = replace(
    _FORMAT,
    what="a backup",
    elsewhere="give one that `pincite backup` made",
    before="",
    anew="give another backup",
)


# FTS5 counts over the whole index how often a term stands before it scores any chunk: so many are scored faster here.
_FEW = 512


_BLOCK = 4096  # chunks whose keywords are in memory at a time


_ROUNDING = 1e-9  # by what part of itself a score of FTS5 may differ from ours, and far more than it does


_FIELDS = "id, title, url, publisher, date, credit, text"


_COLUMNS = f"{_FIELDS}, characters, fingerprint, digest"


def unpacked(file: Path, *, to: Path) -> "SqliteStore":
    """The store that a backup holds, as the new file ``to``.

    Raises ``IndexBroken`` where ``file`` is damaged, no backup or a newer Pincite's, ``IndexFault`` where it cannot
    be read.
    """
    unpack(file, to=to, form=BACKUP)
    return SqliteStore(to)


def needs_migration(file: Path) -> bool:
    """Whether opening the store in ``file`` brings it to a newer format, which is work for a writer."""
    return outdated(file, form=_FORMAT)


class SqliteStore:
    """One connection to the file; its methods may be called from any thread.

    Raises ``IndexBroken`` where the file is damaged, no database or a newer Pincite's, ``IndexBusy`` where
    another program holds it for longer than 30 seconds, ``IndexFault`` where it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._base = SqliteFile(path, form=_FORMAT)

    def close(self) -> None:
        """Let go of the file. A second call does nothing."""
        self._base.close()

    def reading(self) -> AbstractContextManager[None]:
        """One consistent view: what other connections write meanwhile is not seen inside. May be nested."""
        return self._base.reading()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One change: all of it is kept, or none where an exception passes; raises the generation."""
        with self._base.writing():
            yield
            self._set("generation", str(self.generation + 1))

    # What is stored

    @property
    def generation(self) -> int:
        """How many changes there have been."""
        return int(self._meta("generation") or 0)

    @property
    def recipe(self) -> Recipe | None:
        """What the chunks were made with; ``None`` before the first article."""
        value = self._meta("recipe")
        return Recipe(**json.loads(value)) if value else None

    @property
    def snapshot(self) -> str:
        """The name of the vector snapshot in use; empty where there is none."""
        return self._meta("snapshot") or ""

    @property
    def postings(self) -> str:
        """The name of the keyword snapshot in use; empty where there is none."""
        return self._meta("postings") or ""

    @property
    def source(self) -> str:
        """The folder that the articles are kept in step with; empty where there is none."""
        return self._meta("source") or ""

    @property
    def last(self) -> int:
        """The greatest id that a chunk was ever given, 0 for none."""
        rows = self._base.run("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'")
        return int(rows[0][0]) if rows else 0

    def article(self, article_id: str) -> Article | None:
        """The article, or ``None`` where the index holds none of that id."""
        rows = self._base.run(f"SELECT {_FIELDS} FROM articles WHERE id = ?", _bindable(article_id))
        return _article(rows[0]) if rows else None

    def digests(self) -> dict[str, str]:
        """The digest of each article, by id."""
        return dict(self._base.run("SELECT id, digest FROM articles ORDER BY id"))

    def listing(self) -> tuple[ArticleSummary, ...]:
        """All articles, by id."""
        rows = self._base.run(
            "SELECT a.id, title, url, publisher, date, characters, fingerprint, "
            "(SELECT count(*) FROM chunks WHERE article_id = a.id) FROM articles a ORDER BY a.id"
        )
        return tuple(
            ArticleSummary(
                id=row[0], title=row[1], url=row[2], publisher=row[3], date=_day(row[4]), characters=row[5],
                fingerprint=row[6], chunks=row[7],
            )
            for row in rows
        )  # fmt: skip

    def particulars(self) -> dict[str, ArticleFacts]:
        """What filters look at in each article, by id; reads no text."""
        rows = self._base.run(
            "SELECT id, publisher, date, (SELECT count(*) FROM chunks WHERE article_id = a.id), title FROM articles a "
            "ORDER BY id"
        )
        return {row[0]: ArticleFacts(row[1], _day(row[2]), row[3], row[4]) for row in rows}

    def chunk_ids(self, articles: Iterable[str]) -> frozenset[int]:
        """The ids of all chunks of these articles."""
        rows = self._base.run(
            "SELECT id FROM chunks WHERE article_id IN (SELECT value FROM json_each(?))",
            json.dumps(sorted(articles)),
        )
        return frozenset(row[0] for row in rows)

    def fingerprint(self, article_id: str) -> str:
        """The fingerprint that was stored with an article; empty where there is none of that id."""
        rows = self._base.run("SELECT fingerprint FROM articles WHERE id = ?", _bindable(article_id))
        return str(rows[0][0]) if rows else ""

    def count(self, *, up_to: int | None = None) -> int:
        """How many chunks there are, or those with an id of at most ``up_to``."""
        if up_to is None:
            return int(self._meta("chunks") or 0)
        # By the index, which is small: the table itself holds the vectors.
        counted = "SELECT count(*) FROM chunks INDEXED BY chunks_place WHERE id <= ?"
        return int(self._base.run(counted, up_to)[0][0])

    def chunks(self, ids: Iterable[int]) -> dict[int, Chunk]:
        """The chunks of these ids, those that exist, by id."""
        rows = self._among("SELECT id, article_id, start, end FROM chunks WHERE id IN", ids)
        texts = dict(
            self._base.run(
                "SELECT id, text FROM articles WHERE id IN (SELECT value FROM json_each(?))",
                json.dumps(sorted({row[1] for row in rows})),
            )
        )
        return {row[0]: Chunk(row[1], Span(row[2], row[3]), texts[row[1]][row[2] : row[3]]) for row in rows}

    def vectors(self, ids: Iterable[int]) -> dict[int, tuple[str, int, Vectors]]:
        """Article id, start and vector of these chunks, those that exist, by chunk id."""
        rows = self._among("SELECT id, article_id, start, vector FROM chunks WHERE id IN", ids)
        self._refuse_damaged([(row[0], row[3]) for row in rows])
        return {row[0]: (row[1], row[2], np.frombuffer(row[3], VECTOR)) for row in rows}

    def vectors_after(self, chunk_id: int, *, limit: int | None = None) -> tuple[tuple[int, ...], Vectors]:
        """Ids, rising, and vectors ``(n, dimensions)`` of the next ``limit`` chunks with a greater id."""
        sql = "SELECT id, vector FROM chunks WHERE id > ? ORDER BY id LIMIT ?"
        rows = self._base.run(sql, chunk_id, -1 if limit is None else limit)
        self._refuse_damaged(rows)
        joined = np.frombuffer(b"".join(row[1] for row in rows), VECTOR)
        return tuple(row[0] for row in rows), joined.reshape(len(rows), -1) if rows else joined.reshape(0, 0)

    def _refuse_damaged(self, vectors: Sequence[tuple[int, bytes]]) -> None:
        recipe = self.recipe
        size = recipe.dimensions * VECTOR.itemsize if recipe else None
        for chunk_id, vector in vectors:
            if size is not None and len(vector) != size:
                folder = shlex.quote(str(self.path.parent))
                raise IndexBroken(
                    f"the vector of chunk {chunk_id} in the index {folder} is damaged: "
                    f"run `pincite doctor --repair --index {folder}`"
                )

    # Keywords

    @property
    def mean_length(self) -> float:
        """How many terms a chunk has, on average; 1 where there is none."""
        return max(1.0, int(self._meta("words") or 0) / max(1, self.count()))

    def frequencies(self, wanted: Iterable[str]) -> DocumentFrequencies:
        """In how many chunks each of the wanted terms stands."""
        bound = {term: _bindable(term) for term in sorted(set(wanted))}
        with self.reading():
            sql = "SELECT term, chunks FROM terms WHERE term IN (SELECT value FROM json_each(?))"
            found = dict(self._base.run(sql, json.dumps(sorted(bound.values()))))
            return DocumentFrequencies(
                self.count(), {term: found.get(value, 0) for term, value in bound.items()}
            )

    def vocabulary(self) -> dict[str, int]:
        """Every term of the index and in how many chunks it stands."""
        return dict(self._base.run("SELECT term, chunks FROM terms"))

    def bodies(self, ids: Iterable[int]) -> dict[int, tuple[str, int, str]]:
        """Article id, start and keywords of these chunks, those that exist, by chunk id."""
        rows = self._among(
            "SELECT chunks.id, article_id, start, body FROM chunks JOIN words ON words.rowid = chunks.id "
            "WHERE chunks.id IN",
            ids,
        )
        return {row[0]: (row[1], row[2], row[3]) for row in rows}

    def existing(self, ids: Iterable[int]) -> tuple[int, ...]:
        """Those of these ids that chunks have."""
        return tuple(row[0] for row in self._among("SELECT id FROM chunks WHERE id IN", ids))

    def bodies_after(self, chunk_id: int, *, limit: int) -> tuple[tuple[int, str], ...]:
        """Ids, rising, and keywords of the next ``limit`` chunks with a greater id."""
        sql = "SELECT rowid, body FROM words WHERE rowid > ? ORDER BY rowid LIMIT ?"
        return tuple((row[0], row[1]) for row in self._base.run(sql, chunk_id, limit))

    def keyword_search(self, wanted: Bm25, *, limit: int, after: int = 0) -> tuple[int, ...]:
        """The ids of the ``limit`` chunks with an id above ``after`` that ``wanted`` scores best, best first.

        Equal scores in order of article and place.
        """
        if after and len(few := self._holding(wanted, after, size=_FEW + 1)) <= _FEW:
            return tuple(self.compared(few, wanted, limit=limit))
        scores = self._scores(wanted, after)
        if not scores:
            return ()
        # FTS5 multiplies in another order, so that scores which nearly tie may stand the other way round.
        least = sorted(scores.values(), reverse=True)[:limit][-1] * (1 - _ROUNDING)
        near = [chunk_id for chunk_id, score in scores.items() if score >= least]
        return tuple(self.compared(near, wanted, limit=limit))

    def compared(self, ids: Iterable[int], wanted: Bm25, *, limit: int) -> dict[int, float]:
        """The ``limit`` best of these chunks and their scores, above 0, best first.

        Equal scores in order of article and place. Keywords are read a block at a time, so that any number fits.
        """
        best: list[tuple[float, str, int, int]] = []
        ordered = sorted(ids)
        for start in range(0, len(ordered), _BLOCK):
            rows = self.bodies(ordered[start : start + _BLOCK])
            scores = (
                (-wanted.score(body), article_id, place, one)
                for one, (article_id, place, body) in rows.items()
            )
            best = sorted([*best, *(score for score in scores if score[0] < 0)])[:limit]
        return {chunk_id: -score for score, _, _, chunk_id in best}

    def _holding(self, wanted: Bm25, after: int, *, size: int) -> tuple[int, ...]:
        """The next ``size`` chunks that hold any of the terms, or fewer."""
        query = _query(wanted.weights)
        sql = "SELECT rowid FROM words WHERE words MATCH ? AND rowid > ? LIMIT ?"
        return tuple(row[0] for row in self._base.run(sql, query, after, size)) if query else ()

    def _scores(self, wanted: Bm25, after: int) -> dict[int, float]:
        """The scores of all chunks that hold any of the terms, as FTS5 has them."""
        own = self.frequencies(wanted.weights)
        factors = {term: telling / weight(term, own) for term, telling in wanted.weights.items()}
        if all(factor == 1 for factor in factors.values()):
            return dict(self._matched(tuple(factors), after))
        total: dict[int, float] = {}
        for term, factor in factors.items():
            for chunk_id, score in self._matched((term,), after):
                total[chunk_id] = total.get(chunk_id, 0.0) + score * factor
        return total

    def _matched(self, wanted: Iterable[str], after: int) -> list[Any]:
        query = _query(wanted)
        sql = "SELECT rowid, -bm25(words) FROM words WHERE words MATCH ? AND rowid > ?"
        return self._base.run(sql, query, after) if query else []

    # Changes; each inside ``writing()``

    def put(
        self, article: Article, *, spans: Sequence[Span], bodies: Sequence[str], vectors: Vectors
    ) -> None:
        """Store an article and its chunks, replacing one of its id.

        Of each chunk its span, its keywords and its row of ``vectors`` (len(spans), dimensions).
        """
        self.remove(article.id)
        self._base.run(
            f"INSERT INTO articles ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *_row(article)
        )
        first = self.last + 1
        rows = zip(spans, vectors, strict=True)
        self._base.run_all(
            "INSERT INTO chunks (id, article_id, start, end, vector) VALUES (?, ?, ?, ?, ?)",
            [
                (chunk_id, article.id, span.start, span.end, vector.astype(VECTOR).tobytes())
                for chunk_id, (span, vector) in enumerate(rows, first)
            ],
        )
        self._base.run_all("INSERT INTO words (rowid, body) VALUES (?, ?)", list(enumerate(bodies, first)))
        self._base.run_all(
            "INSERT INTO terms VALUES (?, ?) ON CONFLICT (term) DO UPDATE SET chunks = chunks + excluded.chunks",
            list(document_frequencies(bodies).items()),
        )
        self._grow(bodies, 1)

    def update_metadata(self, article: Article) -> None:
        """Store what is said about an article whose title and text stay as they were."""
        columns = ", ".join(f"{column} = ?" for column in _COLUMNS.split(", "))
        self._base.run(f"UPDATE articles SET {columns} WHERE id = ?", *_row(article), article.id)

    def rename(self, old: str, article: Article) -> None:
        """Give the article ``old`` the id of ``article``, whose title and text are the same, and what is said of it.

        Chunks, keywords and vectors stay as they are, so a vector snapshot does too.
        """
        self._base.run("PRAGMA defer_foreign_keys = ON")  # until the end of this transaction
        self._base.run("UPDATE chunks SET article_id = ? WHERE article_id = ?", article.id, old)
        columns = ", ".join(f"{column} = ?" for column in _COLUMNS.split(", "))
        self._base.run(f"UPDATE articles SET {columns} WHERE id = ?", *_row(article), old)

    def remove(self, article_id: str) -> None:
        """Take an article away with all that belongs to it; an unknown id does nothing."""
        article_id = _bindable(article_id)
        own = "SELECT id FROM chunks WHERE article_id = ?"
        # A damaged file may lack the keywords of a chunk.
        sql = "SELECT body FROM chunks LEFT JOIN words ON words.rowid = chunks.id WHERE article_id = ?"
        bodies = [row[0] or "" for row in self._base.run(sql, article_id)]
        if bodies:
            self._base.run(f"DELETE FROM words WHERE rowid IN ({own})", article_id)
            self._base.run("DELETE FROM chunks WHERE article_id = ?", article_id)
            counts = document_frequencies(bodies)
            self._base.run_all(
                "UPDATE terms SET chunks = chunks - ? WHERE term = ?",
                [(n, term) for term, n in counts.items()],
            )
            self._base.run_all(
                "DELETE FROM terms WHERE term = ? AND chunks <= 0", [(term,) for term in counts]
            )
            self._grow(bodies, -1)
        self._base.run("DELETE FROM articles WHERE id = ?", article_id)

    def remove_orphans(self) -> None:
        """Take away keyword rows that no chunk owns, and count again; a damaged file may need it."""
        self._base.run("DELETE FROM words WHERE rowid NOT IN (SELECT id FROM chunks)")
        _count(self._base.run)

    def _grow(self, bodies: Sequence[str], sign: int) -> None:
        self._set("chunks", str(self.count() + sign * len(bodies)))
        words = sum(len(body_terms(body)) for body in bodies)
        self._set("words", str(int(self._meta("words") or 0) + sign * words))

    def set_recipe(self, recipe: Recipe) -> None:
        """Say what the chunks are made with."""
        parts = {field: getattr(recipe, field) for field in Recipe.__slots__}
        self._set("recipe", json.dumps(parts))

    def set_source(self, folder: str) -> None:
        """Say which folder the articles are kept in step with."""
        self._set("source", folder)

    def set_snapshot(self, name: str) -> None:
        """Name the vector snapshot that readers are to use."""
        self._set("snapshot", name)

    def set_postings(self, name: str) -> None:
        """Name the keyword snapshot that readers are to use."""
        self._set("postings", name)

    def follow(self, *, generation: int, last: int) -> None:
        """Go on where another store stopped, in whose place this one is put.

        The generation rises from ``generation`` and no chunk gets an id up to ``last`` again, or those who have
        the other one open would not notice that it is gone.
        """
        self._set("generation", str(max(self.generation, generation)))
        last = max(self.last, last)
        self._base.run("DELETE FROM sqlite_sequence WHERE name = 'chunks'")
        self._base.run("INSERT INTO sqlite_sequence VALUES ('chunks', ?)", last)

    # Whole copies

    def save(self, to: Path) -> None:
        """Write a copy of this moment into the new file ``to``, while reading and writing go on."""
        self._base.save(to)

    def take(self, saved: Path) -> None:
        """Put a store, closed and sound, in place of all that is here: readers see the old or the new."""
        self._base.take(saved)

    # For the check

    def held(self, article_id: str) -> tuple[ChunkRow, ...]:
        """The chunks of an article as they lie in the file, in order of place."""
        rows = self._base.run(
            "SELECT chunks.id, start, end, vector, body FROM chunks "
            "LEFT JOIN words ON words.rowid = chunks.id WHERE article_id = ? ORDER BY start, chunks.id",
            _bindable(article_id),
        )
        return tuple(ChunkRow(*row) for row in rows)

    def counted(self) -> dict[str, int]:
        """Every term and in how many chunks it stands, as the full-text index has it, or the keywords where it cuts."""
        return dict(self._base.run(_COUNTED)) | _long_terms(self._base.run)

    def problems(self) -> tuple[str, ...]:
        """What SQLite itself finds wrong, and rows that belong to nothing; empty where all is well."""
        rows = self._base.run("PRAGMA integrity_check(10)")
        found = [" ".join(str(row[0]).split()) for row in rows if row[0] != "ok"]
        orphans = {
            "chunks without an article": "chunks WHERE article_id NOT IN (SELECT id FROM articles)",
            "keyword rows without a chunk": "words WHERE rowid NOT IN (SELECT id FROM chunks)",
        }
        for what, where in orphans.items():
            count = self._base.run(f"SELECT count(*) FROM {where}")[0][0]
            if count:
                found.append(f"there are {count} {what}")
        chunks = self._base.run("SELECT count(*) FROM chunks")[0][0]
        words = self._base.run("SELECT coalesce(sum(cnt), 0) FROM temp.vocabulary")[0][0]
        if (chunks, words) != (self.count(), int(self._meta("words") or 0)):
            found.append(f"it counts {self.count()} chunks of {chunks}, or another number of words")
        return tuple(found)

    def _among(self, sql: str, ids: Iterable[int]) -> list[Any]:
        return self._base.run(f"{sql} (SELECT value FROM json_each(?))", json.dumps(sorted(ids)))

    def _meta(self, key: str) -> str | None:
        rows = self._base.run("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else None

    def _set(self, key: str, value: str) -> None:
        self._base.run(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            key,
            value,
        )


def _query(wanted: Iterable[str]) -> str:
    # Quoted, a term is a string to FTS5, whatever is in it.
    return " OR ".join('"' + _bindable(term).replace('"', '""') + '"' for term in wanted if term)


def _bindable(value: str) -> str:
    """SQLite takes no lone surrogate; no id or term holds the mark put in its place."""
    return value.encode("utf-8", "replace").decode()


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _article(row: tuple[Any, ...]) -> Article:
    return Article(
        id=row[0], title=row[1], url=row[2], publisher=row[3], date=_day(row[4]), credit=row[5], text=row[6]
    )


def _row(article: Article) -> tuple[str | int | None, ...]:
    day = article.date.isoformat() if article.date else None
    said = (article.id, article.title, article.url, article.publisher, day, article.credit, article.text)
    return (*said, len(article.text), article.fingerprint, digest(article))
