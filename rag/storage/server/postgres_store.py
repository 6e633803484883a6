"""A store in a schema of a PostgreSQL database, for any number of processes on any number of machines.

Of each chunk the keywords lie in ``words``: ``body`` with a space before and one after each term, so that a term is
counted by what its removal saves, and ``keys``, a number of 31 bits for each term, over which a GIN index finds the
chunks that may hold it. Two terms may have one number: a chunk counts only where its body has the term.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np

from rag.filters import ArticleFacts
from rag.schema import Article, Chunk, Span
from rag.storage.bm25 import K1, Bm25
from rag.storage.records import ArticleSummary, ChunkRow, DocumentFrequencies, Recipe
from rag.storage.server.postgres import Postgres, array
from rag.storage.server.postgres_keywords import (
    escape,
    pad_terms,
    scoring,
    term_key,
    term_number,
    unescape,
    unpad_terms,
)
from rag.storage.store import VECTOR, Vectors, digest, document_frequencies

OWN = "collections"  # in meta: what tells the collections of this database from those of others on a Chroma server


_VERSION = 1


_TABLES = (
    # By number: PostgreSQL indexes no text longer than some 2,700 bytes, and an id may be. ``key`` is its hash.
    """CREATE TABLE articles (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key bytea NOT NULL UNIQUE, id text NOT NULL,
        title text NOT NULL, url text NOT NULL, publisher text NOT NULL, date date, credit text NOT NULL,
        text text NOT NULL, characters integer NOT NULL, fingerprint text NOT NULL, digest text NOT NULL)""",
    # No id is given twice, also where a change came to nothing: a collection of vectors may still hold the old one.
    "CREATE SEQUENCE chunk_ids",
    """CREATE TABLE chunks (
        id bigint PRIMARY KEY, article bigint NOT NULL REFERENCES articles (number), start integer NOT NULL,
        stop integer NOT NULL, vector bytea NOT NULL)""",
    "ALTER TABLE chunks ALTER COLUMN vector SET STORAGE EXTERNAL",  # numbers do not shrink
    "CREATE INDEX chunks_place ON chunks (article, start)",
    """CREATE TABLE words (
        id bigint PRIMARY KEY REFERENCES chunks (id) ON DELETE CASCADE, terms integer NOT NULL, body text NOT NULL,
        keys integer[] NOT NULL)""",
    "CREATE INDEX words_keys ON words USING gin (keys) WITH (gin_pending_list_limit = 512)",  # KiB, read by each search
    "CREATE TABLE terms (key bytea PRIMARY KEY, term text NOT NULL, chunks bigint NOT NULL) WITH (fillfactor = 70)",
    # Chunks that are no more and that a collection of vectors may hold.
    "CREATE TABLE gone (id bigint PRIMARY KEY, since timestamptz NOT NULL DEFAULT now())",
    f"INSERT INTO meta VALUES ('{OWN}', gen_random_uuid()::text)",
)


_FIELDS = "id, title, url, publisher, date, credit, text"


_COLUMNS = f"key, {_FIELDS}, characters, fingerprint, digest"


_PAGE = 4096  # chunks that are read at a time


_ROWS = 500  # chunks that are written at a time


_FIRST = 8  # so many times as many chunks as are wanted are scored before it is asked whether any other can be better


class SharedStore:
    """A store in ``postgres``, which is made where there is none; see ``rag.storage.store.Store`` and ``Postgres``."""

    def __init__(self, postgres: Postgres) -> None:
        self._base = postgres
        try:
            postgres.make(_TABLES, version=_VERSION)
            postgres.refuse_other(version=_VERSION)
        except BaseException:
            postgres.close()
            raise

    @property
    def name(self) -> str:
        """The database and the schema, as messages name them."""
        return self._base.name

    def close(self) -> None:
        """Let go of the connections. A second call does nothing."""
        self._base.close()

    def reading(self) -> AbstractContextManager[None]:
        """One consistent view: what others write meanwhile is not seen inside. May be nested."""
        return self._base.reading()

    def lock(self, *, wait_s: float) -> AbstractContextManager[None]:
        """Hold the right to write; raises ``IndexBusy``. See ``Postgres.lock``."""
        return self._base.lock(wait_s=wait_s)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One change: all of it is kept, or none where an exception passes; raises the generation."""
        with self._base.writing():
            self._base.refuse_newer(version=_VERSION)  # another process may have been upgraded meanwhile
            yield
            self._raise("generation", 1)

    # What is stored

    @property
    def generation(self) -> int:
        """How many changes there have been."""
        return int(self.meta("generation") or 0)

    @property
    def recipe(self) -> Recipe | None:
        """What the chunks were made with; ``None`` before the first article."""
        value = self.meta("recipe")
        return Recipe(**json.loads(value)) if value else None

    @property
    def source(self) -> str:
        """The folder that the articles are kept in step with; empty where there is none."""
        return unescape(self.meta("source") or "")

    @property
    def last(self) -> int:
        """The greatest id that a chunk was ever given, 0 for none."""
        return int(
            self._base.run("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM chunk_ids")[0][0]
        )

    def article(self, article_id: str) -> Article | None:
        """The article, or ``None`` where the index holds none of that id."""
        rows = self._base.run(f"SELECT {_FIELDS} FROM articles WHERE key = :key", key=term_key(article_id))
        return _article(rows[0]) if rows else None

    def digests(self) -> dict[str, str]:
        """The digest of each article, by id."""
        rows = self._base.run("SELECT id, digest FROM articles")
        return dict(sorted((unescape(row[0]), row[1]) for row in rows))

    def listing(self) -> tuple[ArticleSummary, ...]:
        """All articles, by id."""
        rows = self._base.run(
            "SELECT id, title, url, publisher, date, characters, fingerprint, "
            "(SELECT count(*) FROM chunks WHERE article = number) FROM articles"
        )
        found = (
            ArticleSummary(
                id=unescape(row[0]), title=unescape(row[1]), url=unescape(row[2]), publisher=unescape(row[3]),
                date=row[4], characters=row[5], fingerprint=row[6], chunks=row[7],
            )
            for row in rows
        )  # fmt: skip
        return tuple(sorted(found, key=lambda one: one.id))

    def particulars(self) -> dict[str, ArticleFacts]:
        """What filters look at in each article, by id; reads no text."""
        rows = self._base.run(
            "SELECT id, publisher, date, (SELECT count(*) FROM chunks WHERE article = number) FROM articles"
        )
        return {
            one: ArticleFacts(unescape(publisher), day, chunks)
            for one, publisher, day, chunks in sorted(
                ((unescape(row[0]), *row[1:]) for row in rows), key=_first
            )
        }

    def chunk_ids(self, articles: Iterable[str]) -> frozenset[int]:
        """The ids of all chunks of these articles."""
        rows = self._base.run(
            "SELECT chunks.id FROM articles JOIN chunks ON article = number WHERE key = ANY(CAST(:keys AS bytea[]))",
            keys=array(term_key(one) for one in articles),
        )
        return frozenset(row[0] for row in rows)

    def fingerprint(self, article_id: str) -> str:
        """The fingerprint that was stored with an article; empty where there is none of that id."""
        rows = self._base.run("SELECT fingerprint FROM articles WHERE key = :key", key=term_key(article_id))
        return str(rows[0][0]) if rows else ""

    def count(self, *, up_to: int | None = None) -> int:
        """How many chunks there are, or those with an id of at most ``up_to``."""
        if up_to is None:
            return int(self.meta("chunks") or 0)
        return int(self._base.run("SELECT count(*) FROM chunks WHERE id <= :up_to", up_to=up_to)[0][0])

    def chunks(self, ids: Iterable[int]) -> dict[int, Chunk]:
        """The chunks of these ids, those that exist, by id."""
        with self.reading():
            rows = self._among("SELECT id, article, start, stop FROM chunks WHERE id", ids)
            articles = self._among(
                "SELECT number, id, text FROM articles WHERE number", {row[1] for row in rows}
            )
        # Sliced here: a character that PostgreSQL cannot keep stands as two in what it keeps.
        texts = {number: (unescape(one), unescape(text)) for number, one, text in articles}
        return {
            row[0]: Chunk(texts[row[1]][0], Span(row[2], row[3]), texts[row[1]][1][row[2] : row[3]])
            for row in rows
        }

    def vectors(self, ids: Iterable[int]) -> dict[int, tuple[str, int, Vectors]]:
        """Article id, start and vector of these chunks, those that exist, by chunk id."""
        rows = self._among(
            "SELECT c.id, a.id, start, vector FROM chunks c JOIN articles a ON article = number WHERE c.id",
            ids,
        )
        return {row[0]: (unescape(row[1]), row[2], np.frombuffer(row[3], VECTOR)) for row in rows}

    def vectors_after(self, chunk_id: int, *, limit: int | None = None) -> tuple[tuple[int, ...], Vectors]:
        """Ids, rising, and vectors ``(n, dimensions)`` of the next ``limit`` chunks with a greater id."""
        ids: list[int] = []
        vectors: list[bytes] = []
        with self.reading():
            while limit is None or len(ids) < limit:
                size = _PAGE if limit is None else min(_PAGE, limit - len(ids))
                rows = self._base.run(
                    "SELECT id, vector FROM chunks WHERE id > :after ORDER BY id LIMIT :size",
                    after=ids[-1] if ids else chunk_id,
                    size=size,
                )
                ids += (row[0] for row in rows)
                vectors += (row[1] for row in rows)
                if len(rows) < size:
                    break
        joined = np.frombuffer(b"".join(vectors), VECTOR)
        return tuple(ids), joined.reshape(len(ids), -1) if ids else joined.reshape(0, 0)

    # Keywords

    @property
    def mean_length(self) -> float:
        """How many terms a chunk has, on average; 1 where there is none."""
        with self.reading():
            return max(1.0, int(self.meta("words") or 0) / max(1, self.count()))

    def frequencies(self, wanted: Iterable[str]) -> DocumentFrequencies:
        """In how many chunks each of the wanted terms stands."""
        asked = {term: term_key(term) for term in wanted}
        with self.reading():
            found = dict(
                self._base.run(
                    "SELECT key, chunks FROM terms WHERE key = ANY(CAST(:keys AS bytea[]))",
                    keys=array(asked.values()),
                )
            )
            return DocumentFrequencies(self.count(), {term: found.get(key, 0) for term, key in asked.items()})

    def vocabulary(self) -> dict[str, int]:
        """Every term of the index and in how many chunks it stands."""
        return {unescape(row[0]): row[1] for row in self._base.run("SELECT term, chunks FROM terms")}

    def bodies(self, ids: Iterable[int]) -> dict[int, tuple[str, int, str]]:
        """Article id, start and keywords of these chunks, those that exist, by chunk id."""
        rows = self._among(
            "SELECT c.id, a.id, start, body FROM words JOIN chunks c USING (id) JOIN articles a ON article = number "
            "WHERE c.id",
            ids,
        )
        return {row[0]: (unescape(row[1]), row[2], unpad_terms(row[3])) for row in rows}

    def keyword_search(
        self, wanted: Bm25, *, limit: int, after: int = 0, among: frozenset[int] | None = None
    ) -> tuple[int, ...]:
        """The ids of the ``limit`` chunks with an id above ``after`` that ``wanted`` scores best, best first.

        Equal scores in order of article and place. ``among`` are the ids of those that count, ``None`` for all.
        The chunks with the rarest terms are scored first; the common terms are looked up only where one that has
        none of the rare ones could still be among the best.
        """
        with self.reading():
            counts = self.frequencies(wanted.weights).counts
            rarest = sorted((term for term in wanted.weights if counts[term]), key=lambda term: counts[term])
            found: dict[int, float] = {}
            done, room = 0, limit * _FIRST
            while done < len(rarest):
                first = done
                reach = 0
                while done < len(rarest) and (done == first or reach + counts[rarest[done]] <= room):
                    reach += counts[rarest[done]]
                    done += 1
                room *= 4
                found |= dict(self._scored(wanted, rarest, slice(first, done), limit, after, among))
                least = sorted(found.values(), reverse=True)[limit - 1 : limit]
                # No chunk gets more for a term than its weight times K1 + 1, however often it says it.
                rest = sum(wanted.weights[term] for term in rarest[done:]) * (K1 + 1)
                if least and least[0] > rest:
                    break
            return self._ordered(found, limit)

    def _scored(
        self,
        wanted: Bm25,
        rarest: Sequence[str],
        holding: slice,
        limit: int,
        after: int,
        among: frozenset[int] | None,
    ) -> list[Any]:
        """The ``limit`` best of the chunks that hold a term of this part of ``rarest`` and none before; and ties."""
        choice = "id > :after" + ("" if among is None else " AND id = ANY(CAST(:among AS bigint[]))")
        sql, values = scoring(
            wanted,
            terms=[term for term in wanted.weights if term in rarest],
            holding=rarest[holding],
            seen=rarest[: holding.start],
            choice=choice,
        )
        if among is not None:
            values["among"] = array(among)
        return self._base.run(sql, after=after, limit=limit, **values)

    def _ordered(self, scores: Mapping[int, float], limit: int) -> tuple[int, ...]:
        if not scores:
            return ()
        least = sorted(scores.values(), reverse=True)[:limit][-1]
        rows = self._among(
            "SELECT c.id, a.id, start FROM chunks c JOIN articles a ON article = number WHERE c.id",
            [chunk_id for chunk_id, score in scores.items() if score >= least],
        )
        ordered = sorted(rows, key=lambda row: (-scores[row[0]], unescape(row[1]), row[2]))
        return tuple(row[0] for row in ordered)[:limit]

    # Changes; each inside ``writing()``

    def put(
        self, article: Article, *, spans: Sequence[Span], bodies: Sequence[str], vectors: Vectors
    ) -> None:
        """Store an article and its chunks, replacing one of its id.

        Of each chunk its span, its keywords and its row of ``vectors`` (len(spans), dimensions).
        """
        self.remove(article.id)
        places = ", ".join(f":{column}" for column in _COLUMNS.split(", "))
        sql = f"INSERT INTO articles ({_COLUMNS}) VALUES ({places}) RETURNING number"
        ((number,),) = self._base.run(sql, **_row(article))
        for first in range(0, len(spans), _ROWS):
            some = slice(first, first + _ROWS)
            self._put(number, spans[some], bodies[some], vectors[some])
        self._add(document_frequencies(bodies))
        self._grow(bodies, 1)

    def _put(self, article: int, spans: Sequence[Span], bodies: Sequence[str], vectors: Vectors) -> None:
        rows = self._base.run("SELECT nextval('chunk_ids') FROM generate_series(1, :size)", size=len(spans))
        ids = [row[0] for row in rows]
        self._base.run(
            "INSERT INTO chunks SELECT id, :article, start, stop, vector FROM unnest(CAST(:ids AS bigint[]), "
            "CAST(:starts AS integer[]), CAST(:stops AS integer[]), CAST(:vectors AS bytea[])) "
            "AS given (id, start, stop, vector)",
            article=article,
            ids=array(ids),
            starts=array(span.start for span in spans),
            stops=array(span.end for span in spans),
            vectors=array(vector.astype(VECTOR).tobytes() for vector in vectors),
        )
        # Arrays of arrays must all have one length, so that the numbers of a chunk's terms come as a text.
        self._base.run(
            "INSERT INTO words SELECT id, terms, body, CAST(keys AS integer[]) FROM unnest(CAST(:ids AS bigint[]), "
            "CAST(:terms AS integer[]), CAST(:bodies AS text[]), CAST(:keys AS text[])) "
            "AS given (id, terms, body, keys)",
            ids=array(ids),
            terms=array(body.count(" ") + 1 for body in bodies),
            bodies=array(pad_terms(body) for body in bodies),
            keys=array(array(term_number(term) for term in set(body.split(" "))) for body in bodies),
        )

    def update_metadata(self, article: Article) -> None:
        """Store what is said about an article whose title and text stay as they were."""
        self.rename(article.id, article)

    def rename(self, old: str, article: Article) -> None:
        """Give the article ``old`` the id of ``article``, whose title and text are the same, and what is said of it.

        Chunks, keywords and vectors stay as they are, so whatever follows the store does too.
        """
        columns = ", ".join(f"{column} = :{column}" for column in _COLUMNS.split(", "))
        self._base.run(f"UPDATE articles SET {columns} WHERE key = :old", old=term_key(old), **_row(article))

    def remove(self, article_id: str) -> None:
        """Take an article away with all that belongs to it; an unknown id does nothing."""
        rows = self._base.run("SELECT number FROM articles WHERE key = :key", key=term_key(article_id))
        if not rows:
            return
        (number,) = rows[0]
        own = "SELECT id FROM chunks WHERE article = :article"
        held = self._base.run(f"SELECT body FROM words WHERE id IN ({own})", article=number)
        bodies = [unpad_terms(row[0]) for row in held]
        self._base.run(f"INSERT INTO gone (id) {own} ON CONFLICT DO NOTHING", article=number)
        self._base.run("DELETE FROM chunks WHERE article = :article", article=number)
        self._base.run("DELETE FROM articles WHERE number = :article", article=number)
        counted = document_frequencies(bodies)
        for terms in _pages(sorted(counted)):
            keys = array(term_key(term) for term in terms)
            self._base.run(
                "UPDATE terms SET chunks = terms.chunks - given.chunks FROM unnest(CAST(:keys AS bytea[]), "
                "CAST(:counts AS bigint[])) AS given (key, chunks) WHERE terms.key = given.key",
                keys=keys,
                counts=array(counted[term] for term in terms),
            )
            self._base.run(
                "DELETE FROM terms WHERE key = ANY(CAST(:keys AS bytea[])) AND chunks <= 0", keys=keys
            )
        self._grow(bodies, -1)

    def remove_orphans(self) -> None:
        """Take away what belongs to nothing, and count again; a damaged store may need it."""
        self._base.run("DELETE FROM words WHERE id NOT IN (SELECT id FROM chunks)")
        counted = self.counted()
        self._base.run("DELETE FROM terms")
        self._add(counted)
        for key, (value,) in zip(("chunks", "words"), self._totals(), strict=True):
            self.set_meta(key, str(value))

    def set_recipe(self, recipe: Recipe) -> None:
        """Say what the chunks are made with."""
        parts = {field: getattr(recipe, field) for field in Recipe.__slots__}
        self.set_meta("recipe", json.dumps(parts))

    def set_source(self, folder: str) -> None:
        """Say which folder the articles are kept in step with."""
        self.set_meta("source", escape(folder))

    # For what follows the store

    def meta(self, key: str) -> str | None:
        """What was set by this name."""
        rows = self._base.run("SELECT value FROM meta WHERE key = :key", key=key)
        return str(rows[0][0]) if rows else None

    def meta_now(self, *keys: str) -> tuple[str, ...]:
        """What is set by these names now, whatever the transaction this is asked in sees; empty for what is not."""
        with self._base.apart(), self.reading():
            return tuple(self.meta(key) or "" for key in keys)

    def set_meta(self, key: str, value: str) -> None:
        """Keep ``value`` by this name."""
        self._base.run(
            "INSERT INTO meta VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            key=key,
            value=value,
        )

    def gone(self, *, older_s: float) -> tuple[int, ...]:
        """The ids of chunks that went away more than ``older_s`` seconds ago, rising."""
        rows = self._base.run(
            "SELECT id FROM gone WHERE since <= now() - CAST(:older AS float8) * interval '1 second' ORDER BY id",
            older=older_s,
        )
        return tuple(row[0] for row in rows)

    def forget(self, ids: Iterable[int]) -> None:
        """Note that nothing holds these chunks any more."""
        self._base.run("DELETE FROM gone WHERE id = ANY(CAST(:ids AS bigint[]))", ids=array(ids))

    @contextmanager
    def noting(self) -> Iterator[None]:
        """A change of what follows the store alone: the generation stays, as nothing that is stored changes."""
        with self._base.writing():
            yield

    # For the check

    def held(self, article_id: str) -> tuple[ChunkRow, ...]:
        """The chunks of an article as they are kept, in order of place."""
        rows = self._base.run(
            "SELECT c.id, start, stop, vector, body FROM articles JOIN chunks c ON article = number "
            "LEFT JOIN words ON words.id = c.id WHERE key = :key ORDER BY start, c.id",
            key=term_key(article_id),
        )
        return tuple(
            ChunkRow(id, start, stop, vector, None if body is None else unpad_terms(body))
            for id, start, stop, vector, body in rows
        )

    def counted(self) -> Mapping[str, int]:
        """Every term and in how many chunks it stands, counted anew; ``vocabulary`` ought to say the same."""
        counts: Counter[str] = Counter()
        after = 0
        with self._base.reading():
            while rows := self._base.run(
                "SELECT id, body FROM words WHERE id > :after ORDER BY id LIMIT :size",
                after=after,
                size=_PAGE,
            ):
                after = rows[-1][0]
                counts.update(document_frequencies(unpad_terms(row[1]) for row in rows))
        return counts

    def problems(self) -> tuple[str, ...]:
        """What is wrong with the store itself, and rows that belong to nothing; empty where all is well."""
        found = []
        with self.reading():
            orphans = {
                "chunks without an article": "chunks WHERE article NOT IN (SELECT number FROM articles)",
                "chunks without keywords": "chunks WHERE id NOT IN (SELECT id FROM words)",
            }
            for what, where in orphans.items():
                count = self._base.run(f"SELECT count(*) FROM {where}")[0][0]
                if count:
                    found.append(f"there are {count} {what}")
            (chunks,), (words,) = self._totals()
            if (chunks, words) != (self.count(), int(self.meta("words") or 0)):
                found.append(f"it counts {self.count()} chunks of {chunks}, or another number of words")
        return tuple(found)

    def _totals(self) -> list[Any]:
        return self._base.run(
            "SELECT count(*) FROM chunks UNION ALL SELECT coalesce(sum(terms), 0) FROM words"
        )

    def _add(self, counts: Mapping[str, int]) -> None:
        """So many more chunks hold each of these terms."""
        for terms in _pages(sorted(counts)):
            self._base.run(
                "INSERT INTO terms SELECT * FROM unnest(CAST(:keys AS bytea[]), CAST(:terms AS text[]), "
                "CAST(:counts AS bigint[])) ON CONFLICT (key) DO UPDATE SET chunks = terms.chunks + excluded.chunks",
                keys=array(term_key(term) for term in terms),
                terms=array(escape(term) for term in terms),
                counts=array(counts[term] for term in terms),
            )

    def _grow(self, bodies: Sequence[str], sign: int) -> None:
        self._raise("chunks", sign * len(bodies))
        self._raise("words", sign * sum(body.count(" ") + 1 for body in bodies))

    def _raise(self, key: str, by: int) -> None:
        self._base.run(
            "INSERT INTO meta VALUES (:key, CAST(CAST(:by AS bigint) AS text)) ON CONFLICT (key) DO UPDATE "
            "SET value = CAST(CAST(meta.value AS bigint) + CAST(:by AS bigint) AS text)",
            key=key,
            by=by,
        )

    def _among(self, sql: str, ids: Iterable[int]) -> list[Any]:
        return self._base.run(f"{sql} = ANY(CAST(:ids AS bigint[]))", ids=array(ids))


def _pages(terms: Sequence[str]) -> Iterator[Sequence[str]]:
    return (terms[first : first + _PAGE] for first in range(0, len(terms), _PAGE))


def _first(row: tuple[Any, ...]) -> str:
    return str(row[0])


def _article(row: tuple[Any, ...]) -> Article:
    id, title, url, publisher, credit, text = (unescape(value) for value in (*row[:4], *row[5:]))
    return Article(id=id, title=title, url=url, publisher=publisher, date=row[4], credit=credit, text=text)


def _row(article: Article) -> dict[str, object]:
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
