"""The tables of an index in SQLite, the number of their format, and the migrations to it."""

import shlex
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from rag.errors import IndexBroken, IndexBusy, IndexFault
from rag.schema import Article
from rag.storage.records import ArticleSummary
from rag.storage.store import VECTOR, digest, document_frequencies
from rag.system.sqlite_format import ErrorTypes, FileFormat, Run
from rag.system.sqlite_open import is_outdated

# The words are folded and stemmed already. The ascii tokenizer keeps every character beyond ASCII; with these
# added it splits at spaces and control characters alone, so that each term comes back as it went in.
_MARKS = "".join(chr(c) for c in range(33, 127) if not chr(c).isalnum()).replace("'", "''").replace('"', '""')


# In how many chunks each term occurs; to count that, the full-text index would have to read all its entries.
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
_KEPT_BYTES = 32_768
_SHORT_TERMS = f"SELECT term, doc FROM temp.vocabulary WHERE length(CAST(term AS BLOB)) < {_KEPT_BYTES}"


def count_terms(run: Run) -> dict[str, int]:
    """Count anew in how many chunks each term occurs: by the full-text index, long terms by their chunks' keywords."""
    return dict(run(_SHORT_TERMS)) | _count_long_terms(run)


def recount(run: Run) -> None:
    """Write anew the counts that are otherwise kept up as articles come and go: of terms, chunks and words."""
    run("DELETE FROM terms")
    run(f"INSERT INTO terms {_SHORT_TERMS}")
    for term, chunks in _count_long_terms(run).items():
        run("INSERT INTO terms VALUES (?, ?)", term, chunks)
    run("INSERT OR REPLACE INTO meta SELECT 'chunks', count(*) FROM chunks")
    run("INSERT OR REPLACE INTO meta SELECT 'words', coalesce(sum(cnt), 0) FROM temp.vocabulary")


def _count_long_terms(run: Run) -> dict[str, int]:
    """In how many chunks each term occurs that is too long for the full-text index."""
    rows = run(f"SELECT body FROM words WHERE length(CAST(body AS BLOB)) >= {_KEPT_BYTES}")
    counts = document_frequencies(row[0] for row in rows)
    return {term: chunks for term, chunks in counts.items() if len(term.encode()) >= _KEPT_BYTES}


def _to_format_2(run: Run) -> None:
    """Terms and chunks are counted once, not at each question."""
    for statement in (_VOCABULARY, _TERMS):
        run(statement)
    recount(run)


FORMAT = FileFormat(
    application=0x50696E63,
    version=2,
    statements=_TABLES,
    each_time=_EACH_TIME,
    migrations={1: _to_format_2},
    errors=ErrorTypes(fault=IndexFault, busy=IndexBusy, broken=IndexBroken),
    noun="the index",
    elsewhere="give another folder with --index",
    anew="delete the folder {folder!r} and add the articles again",
    before="put a backup in its place with `pincite restore --replace`, or ",
)


def backup_format(form: FileFormat) -> FileFormat:
    """The same format in a backup, which is called so in messages."""
    return replace(
        form,
        noun="a backup",
        elsewhere="give one that `pincite backup` made",
        anew="give another backup",
        before="",
    )


def find_problems(run: Run) -> tuple[str, ...]:
    """A sentence for each fault that SQLite finds, and for rows that belong to nothing; empty where all is well."""
    problems = [" ".join(str(row[0]).split()) for row in run("PRAGMA integrity_check(10)") if row[0] != "ok"]
    orphans = {
        "chunks without an article": "chunks WHERE article_id NOT IN (SELECT id FROM articles)",
        "keyword rows without a chunk": "words WHERE rowid NOT IN (SELECT id FROM chunks)",
    }
    for noun, table in orphans.items():
        count = run(f"SELECT count(*) FROM {table}")[0][0]
        if count:
            problems.append(f"there are {count} {noun}")
    counted = dict(run("SELECT key, CAST(value AS INTEGER) FROM meta WHERE key IN ('chunks', 'words')"))
    chunks = run("SELECT count(*) FROM chunks")[0][0]
    words = run("SELECT coalesce(sum(cnt), 0) FROM temp.vocabulary")[0][0]
    if (chunks, words) != (counted.get("chunks", 0), counted.get("words", 0)):
        problems.append(
            f"it counts {counted.get('chunks', 0)} chunks of {chunks}, or another number of words"
        )
    return tuple(problems)


def needs_migration(file: Path, *, form: FileFormat = FORMAT) -> bool:
    """Whether opening the store in ``file`` brings it to a newer format, which is work for the holder of the lock."""
    return is_outdated(file, form=form)


ARTICLE_FIELDS = "id, title, url, publisher, date, credit, text"
ARTICLE_COLUMNS = f"{ARTICLE_FIELDS}, characters, fingerprint, digest"
ARTICLE_UPDATES = ", ".join(f"{column} = ?" for column in ARTICLE_COLUMNS.split(", "))


def article_row(article: Article) -> tuple[str | int | None, ...]:
    """The values of ``ARTICLE_COLUMNS``."""
    day = article.date.isoformat() if article.date else None
    fields = (article.id, article.title, article.url, article.publisher, day, article.credit, article.text)
    return (*fields, len(article.text), article.fingerprint, digest(article))


def article_of(row: tuple[Any, ...]) -> Article:
    """The article with these values of ``ARTICLE_FIELDS``."""
    return Article(
        id=row[0], title=row[1], url=row[2], publisher=row[3], date=day_of(row[4]), credit=row[5], text=row[6]
    )


def summary_of(row: tuple[Any, ...]) -> ArticleSummary:
    """The line of a listing with these values: the columns of ``SqliteStore.listing``."""
    return ArticleSummary(
        id=row[0], title=row[1], url=row[2], publisher=row[3], date=day_of(row[4]), characters=row[5],
        fingerprint=row[6], chunks=row[7],
    )  # fmt: skip


def refuse_damaged_vectors(vectors: Iterable[tuple[int, bytes]], *, dimensions: int, folder: Path) -> None:
    """Raise ``IndexBroken`` where a vector, given with its chunk's id, has another length than the recipe says."""
    for chunk_id, vector in vectors:
        if len(vector) != dimensions * VECTOR.itemsize:
            index = shlex.quote(str(folder))
            raise IndexBroken(
                f"the vector of chunk {chunk_id} in the index {index} is damaged: "
                f"run `pincite doctor --repair --index {index}`"
            )


def day_of(value: str | None) -> date | None:
    """The date in a column."""
    return date.fromisoformat(value) if value else None
