"""The tables of an index in PostgreSQL: made where there are none, refused where they are of another program or format.

Of each chunk ``words`` has the keywords: ``body``, with a space before and one after each term, so that a term is
counted by how many bytes its removal saves; and ``keys``, a number of 31 bits for each term, over which a GIN index
finds the chunks that may have it. Two terms may have one number: a chunk counts only where its body has the term.

Ids of articles and terms are looked up by ``key``, their SHA-256: PostgreSQL indexes no text longer than some 2,700
bytes, and an id may be longer.
"""

from collections.abc import Iterable
from typing import Any

from rag.errors import IndexBroken, IndexFault
from rag.schema import Article
from rag.storage.records import ArticleSummary
from rag.storage.server.postgres import Postgres
from rag.storage.server.postgres_values import escape, term_key, unescape
from rag.storage.store import VECTOR, digest

VERSION = 2  # of the format


# In ``meta``: a random id of this index, by which the collections of several databases on one Chroma server are told
# apart.
COLLECTION_TAG = "collections"

# Chunks whose article got another id or other metadata since the collection was told.
_REDESCRIBED = "CREATE TABLE redescribed (id bigint PRIMARY KEY)"

_MIGRATIONS = {1: (_REDESCRIBED,)}  # the statements that lead from each older format to the next

_TABLES = (
    "CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL)",
    "CREATE TABLE writer (host text NOT NULL, pid integer NOT NULL, since timestamptz NOT NULL)",
    """CREATE TABLE articles (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key bytea NOT NULL UNIQUE, id text NOT NULL,
        title text NOT NULL, url text NOT NULL, publisher text NOT NULL, date date, credit text NOT NULL,
        text text NOT NULL, characters integer NOT NULL, fingerprint text NOT NULL, digest text NOT NULL)""",
    # No id is given twice, not even one of a transaction that was rolled back: a collection may still have it.
    "CREATE SEQUENCE chunk_ids",
    """CREATE TABLE chunks (
        id bigint PRIMARY KEY, article bigint NOT NULL REFERENCES articles (number), start integer NOT NULL,
        stop integer NOT NULL, vector bytea NOT NULL)""",
    "ALTER TABLE chunks ALTER COLUMN vector SET STORAGE EXTERNAL",  # floats do not compress
    "CREATE INDEX chunks_place ON chunks (article, start)",
    """CREATE TABLE words (
        id bigint PRIMARY KEY REFERENCES chunks (id) ON DELETE CASCADE, terms integer NOT NULL, body text NOT NULL,
        keys integer[] NOT NULL)""",
    "CREATE INDEX words_keys ON words USING gin (keys) WITH (gin_pending_list_limit = 512)",  # KiB, read by each search
    "CREATE TABLE terms (key bytea PRIMARY KEY, term text NOT NULL, chunks bigint NOT NULL) WITH (fillfactor = 70)",
    # Removed chunks that a collection of vectors may still have.
    "CREATE TABLE gone (id bigint PRIMARY KEY, since timestamptz NOT NULL DEFAULT now())",
    _REDESCRIBED,
    f"INSERT INTO meta VALUES ('{COLLECTION_TAG}', gen_random_uuid()::text)",
    f"INSERT INTO meta VALUES ('format', '{VERSION}')",
)

FIELDS = "id, title, url, publisher, date, credit, text"

SUMMARY_FIELDS = (
    "id, title, url, publisher, date, characters, fingerprint, "
    "(SELECT count(*) FROM chunks WHERE article = number)"
)


# The dimensions that vectors should have, by the recipe; null where there is none. Read once for each statement.
DIMENSIONS = "(SELECT CAST(CAST(value AS json) ->> 'dimensions' AS integer) FROM meta WHERE key = 'recipe')"
_COLUMNS = ("key", *FIELDS.split(", "), "characters", "fingerprint", "digest")

INSERT_ARTICLE = (
    f"INSERT INTO articles ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{column}' for column in _COLUMNS)}) "
    "RETURNING number"
)

INSERT_CHUNKS = (
    "INSERT INTO chunks SELECT id, :article, start, stop, vector FROM unnest(CAST(:ids AS bigint[]), "
    "CAST(:starts AS integer[]), CAST(:stops AS integer[]), CAST(:vectors AS bytea[])) "
    "AS given (id, start, stop, vector)"
)

UPDATE_ARTICLE = (
    f"UPDATE articles SET {', '.join(f'{column} = :{column}' for column in _COLUMNS)} WHERE key = :old"
)


def exists(postgres: Postgres) -> bool:
    """Whether the schema has been made."""
    name = f'"{postgres.schema}".meta'
    return bool(postgres.run("SELECT to_regclass(:name) IS NOT NULL", name=name)[0][0])


def prepare(postgres: Postgres) -> None:
    """Make the tables where there are none, bring older ones up to date, and refuse those that cannot be used.

    Raises ``IndexBroken`` where the schema is of another program or in a newer format, ``IndexFault`` where the
    database cannot hold every character.
    """
    (encoding,) = postgres.run("SHOW server_encoding")[0]
    if encoding != "UTF8":
        raise IndexFault(
            f"the database of {postgres.name} is in {encoding!r}: make it anew with `createdb -E UTF8 -T template0`"
        )
    if not exists(postgres):
        _create(postgres)
    _refuse_foreign(postgres)
    refuse_newer(postgres)
    if _version(postgres) < VERSION:
        _migrate(postgres)


def refuse_newer(postgres: Postgres) -> None:
    """Raise ``IndexBroken`` where the schema is in a newer format than ``VERSION``."""
    if (version := _version(postgres)) > VERSION:
        raise IndexBroken(
            f"the index {postgres.name} is in format {version!r} and this Pincite reads up to {VERSION!r}: "
            "upgrade Pincite"
        )


def _create(postgres: Postgres) -> None:
    """Make the tables in one transaction; another process may be doing the same."""
    with postgres.writing():
        postgres.run("SELECT pg_advisory_xact_lock(:key)", key=postgres.lock_key("make"))
        if not exists(postgres):
            for statement in (f'CREATE SCHEMA IF NOT EXISTS "{postgres.schema}"', *_TABLES):
                postgres.run(statement)


def _migrate(postgres: Postgres) -> None:
    """Bring the tables to today's format in one transaction; another process may be doing the same.

    A writer of an older Pincite ends the transaction that it is in, and is refused the next.
    """
    with postgres.writing():
        postgres.run("SELECT pg_advisory_xact_lock(:key)", key=postgres.lock_key("make"))
        for version in range(_version(postgres), VERSION):
            for statement in _MIGRATIONS[version]:
                postgres.run(statement)
            postgres.run("UPDATE meta SET value = :next WHERE key = 'format'", next=str(version + 1))


def _version(postgres: Postgres) -> int:
    return int(postgres.run("SELECT value FROM meta WHERE key = 'format'")[0][0])


def _refuse_foreign(postgres: Postgres) -> None:
    """Raise ``IndexBroken`` where the schema is not one of Pincite's."""
    columns = postgres.run(
        "SELECT count(*) FROM information_schema.columns WHERE table_schema = :schema AND table_name = 'meta' "
        "AND column_name IN ('key', 'value')",
        schema=postgres.schema,
    )[0][0]
    if columns != 2 or not postgres.run("SELECT value FROM meta WHERE key = 'format'"):
        raise IndexBroken(f"{postgres.name} is not an index of Pincite: name another with --index")


def orphan_problems(postgres: Postgres) -> list[str]:
    """A sentence for each kind of row that lacks the row it belongs to; empty where all is well."""
    orphans = {
        "chunks without an article": "chunks WHERE article NOT IN (SELECT number FROM articles)",
        "chunks without keywords": "chunks WHERE id NOT IN (SELECT id FROM words)",
    }
    problems = []
    for fault, rows in orphans.items():
        count = postgres.run(f"SELECT count(*) FROM {rows}")[0][0]
        if count:
            problems.append(f"there are {count} {fault}")
    return problems


def refuse_damaged_vectors(rows: Iterable[tuple[int, bytes, int | None]], *, store: str) -> None:
    """Raise ``IndexBroken`` where a vector has another length than it should.

    Rows of a chunk's id, its vector and ``DIMENSIONS``; ``store`` is its name in messages.
    """
    for chunk_id, vector, dimensions in rows:
        if dimensions is not None and len(vector) != dimensions * VECTOR.itemsize:
            raise IndexBroken(
                f"the vector of chunk {chunk_id} in {store} is damaged: "
                "run `pincite doctor --repair` with the same --index"
            )


def article_values(article: Article) -> dict[str, object]:
    """The parameters of ``INSERT_ARTICLE``, and of ``UPDATE_ARTICLE`` but for ``old``."""
    return {
        "key": term_key(article.id),
        "id": escape(article.id),
        "title": escape(article.title),
        "url": escape(article.url),
        "publisher": escape(article.publisher),
        "date": article.date,
        "credit": escape(article.credit),
        "text": escape(article.text),
        "characters": len(article.text),
        "fingerprint": article.fingerprint,
        "digest": digest(article),
    }


def article_of_row(row: tuple[Any, ...]) -> Article:
    """The article of a row of ``FIELDS``."""
    id, title, url, publisher, credit, text = (unescape(value) for value in (*row[:4], *row[5:]))
    return Article(id=id, title=title, url=url, publisher=publisher, date=row[4], credit=credit, text=text)


def summary_of_row(row: tuple[Any, ...]) -> ArticleSummary:
    """The line of a listing of a row of ``SUMMARY_FIELDS``."""
    id, title, url, publisher = (unescape(value) for value in row[:4])
    day, characters, fingerprint, chunks = row[4:]
    return ArticleSummary(
        id=id,
        title=title,
        url=url,
        publisher=publisher,
        date=day,
        characters=characters,
        chunks=chunks,
        fingerprint=fingerprint,
    )
