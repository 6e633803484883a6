"""Keywords of chunks in PostgreSQL: how often a term occurs, and the chunks that BM25 scores best.

The tables are described in ``rag.storage.server.postgres_schema``. The score is that of ``rag.storage.bm25``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rag.storage.bm25 import K1, B, Bm25
from rag.storage.server.limits import Limits
from rag.storage.server.postgres import Postgres
from rag.storage.server.postgres_values import (
    array_literal,
    escape,
    pad_terms,
    term_key,
    term_number,
    unescape,
    unpad_terms,
)
from rag.storage.store import body_terms, document_frequencies

_PAGE = 4096  # terms that are written, and chunks that are read, at a time
_FIRST_ROUND = 8  # the first round of a search scores so many times as many chunks as are wanted


class PostgresKeywords:
    """The tables ``words``, the keywords of each chunk, and ``terms``, in how many chunks each term occurs."""

    def __init__(self, postgres: Postgres, *, limits: Limits) -> None:
        self._postgres = postgres
        self._separate_terms = limits.separate_terms

    # Reading

    def counts(self, wanted: Iterable[str]) -> dict[str, int]:
        """In how many chunks each of the wanted terms occurs."""
        keys = {term: term_key(term) for term in wanted}
        counts = dict(
            self._postgres.run(
                "SELECT key, chunks FROM terms WHERE key = ANY(CAST(:keys AS bytea[]))",
                keys=array_literal(keys.values()),
            )
        )
        return {term: counts.get(key, 0) for term, key in keys.items()}

    def vocabulary(self) -> dict[str, int]:
        """Every term and in how many chunks it occurs."""
        return {unescape(term): count for term, count in self._postgres.run("SELECT term, chunks FROM terms")}

    def recounted(self) -> Counter[str]:
        """Every term and in how many chunks it occurs, counted from the keywords of all chunks."""
        counts: Counter[str] = Counter()
        last = 0
        with self._postgres.reading():
            while rows := self._postgres.run(
                "SELECT id, body FROM words WHERE id > :last ORDER BY id LIMIT :size", last=last, size=_PAGE
            ):
                last = rows[-1][0]
                counts.update(document_frequencies(unpad_terms(body) for _, body in rows))
        return counts

    def search(
        self, wanted: Bm25, *, limit: int, after: int, among: frozenset[int] | None
    ) -> tuple[int, ...]:
        """The ids of the ``limit`` chunks with an id above ``after`` that ``wanted`` scores best, best first.

        Equal scores in order of article and place. ``among`` are the ids of those that count, ``None`` for all.
        The chunks with the rarest terms are scored first; those with common terms alone are scored only where one of
        them could still be among the best.
        """
        with self._postgres.reading():
            counts = self.counts(wanted.weights)
            rarest = sorted((term for term in wanted.weights if counts[term]), key=lambda term: counts[term])
            scores: dict[int, float] = {}
            done, most_chunks = 0, limit * _FIRST_ROUND
            while done < len(rarest):
                first, done = done, _end_of_round(rarest, counts, start=done, most_chunks=most_chunks)
                most_chunks *= 4
                scores |= dict(self._score(wanted, rarest, slice(first, done), limit, after, among))
                worst = sorted(scores.values(), reverse=True)[limit - 1 : limit]
                # A term adds at most its weight times K1 + 1 to a score, however often the chunk has it.
                rest = sum(wanted.weights[term] for term in rarest[done:]) * (K1 + 1)
                if worst and worst[0] > rest:
                    break
            return self._best(scores, limit)

    def _score(
        self,
        wanted: Bm25,
        rarest: Sequence[str],
        part: slice,
        limit: int,
        after: int,
        among: frozenset[int] | None,
    ) -> list[Any]:
        """Ids and scores of the ``limit`` best chunks with a term of this part of ``rarest`` and none before it.

        There are more where several tie for the last.
        """
        condition = "id > :after" + ("" if among is None else " AND id = ANY(CAST(:among AS bigint[]))")
        sql, values = _scoring_statement(
            wanted,
            terms=[term for term in wanted.weights if term in rarest],
            with_any=rarest[part],
            without=rarest[: part.start],
            condition=condition,
            separate_terms=self._separate_terms,
        )
        if among is not None:
            values["among"] = array_literal(among)
        return self._postgres.run(sql, after=after, limit=limit, **values)

    def _best(self, scores: Mapping[int, float], limit: int) -> tuple[int, ...]:
        if not scores:
            return ()
        worst = sorted(scores.values(), reverse=True)[:limit][-1]
        rows = self._postgres.run(
            "SELECT c.id, a.id, start FROM chunks c JOIN articles a ON article = number "
            "WHERE c.id = ANY(CAST(:ids AS bigint[]))",
            ids=array_literal(chunk_id for chunk_id, score in scores.items() if score >= worst),
        )
        ordered = sorted(rows, key=lambda row: (-scores[row[0]], unescape(row[1]), row[2]))
        return tuple(row[0] for row in ordered)[:limit]

    # Changes

    def insert(self, ids: Sequence[int], bodies: Sequence[str]) -> None:
        """Store the keywords of new chunks; ``add_counts`` counts them."""
        terms = [body_terms(body) for body in bodies]
        # Arrays of arrays must all have one length: the numbers of a chunk's terms are sent as a text.
        self._postgres.run(
            "INSERT INTO words SELECT id, terms, body, CAST(keys AS integer[]) FROM unnest(CAST(:ids AS bigint[]), "
            "CAST(:terms AS integer[]), CAST(:bodies AS text[]), CAST(:keys AS text[])) "
            "AS given (id, terms, body, keys)",
            ids=array_literal(ids),
            terms=array_literal(len(chunk_terms) for chunk_terms in terms),
            bodies=array_literal(pad_terms(body) for body in bodies),
            keys=array_literal(
                array_literal(term_number(term) for term in set(chunk_terms)) for chunk_terms in terms
            ),
        )

    def add_counts(self, counts: Mapping[str, int]) -> None:
        """Count so many more chunks for each of these terms."""
        for terms in _pages(sorted(counts)):
            self._postgres.run(
                "INSERT INTO terms SELECT * FROM unnest(CAST(:keys AS bytea[]), CAST(:terms AS text[]), "
                "CAST(:counts AS bigint[])) ON CONFLICT (key) DO UPDATE SET chunks = terms.chunks + excluded.chunks",
                keys=array_literal(term_key(term) for term in terms),
                terms=array_literal(escape(term) for term in terms),
                counts=array_literal(counts[term] for term in terms),
            )

    def subtract_counts(self, counts: Mapping[str, int]) -> None:
        """Count so many chunks fewer for each of these terms; a term of no chunk is deleted."""
        for terms in _pages(sorted(counts)):
            keys = array_literal(term_key(term) for term in terms)
            self._postgres.run(
                "UPDATE terms SET chunks = terms.chunks - given.chunks FROM unnest(CAST(:keys AS bytea[]), "
                "CAST(:counts AS bigint[])) AS given (key, chunks) WHERE terms.key = given.key",
                keys=keys,
                counts=array_literal(counts[term] for term in terms),
            )
            self._postgres.run(
                "DELETE FROM terms WHERE key = ANY(CAST(:keys AS bytea[])) AND chunks <= 0", keys=keys
            )

    def replace_counts(self) -> None:
        """Count every term from the keywords of all chunks; keywords without a chunk are deleted first."""
        self._postgres.run("DELETE FROM words WHERE id NOT IN (SELECT id FROM chunks)")
        counts = self.recounted()
        self._postgres.run("DELETE FROM terms")
        self.add_counts(counts)


def _pages(terms: Sequence[str]) -> Iterator[Sequence[str]]:
    return (terms[first : first + _PAGE] for first in range(0, len(terms), _PAGE))


def _end_of_round(rarest: Sequence[str], counts: Mapping[str, int], *, start: int, most_chunks: int) -> int:
    """The end of the terms from ``start`` on that occur in ``most_chunks`` chunks together; at least one term."""
    end, chunks = start, 0
    while end < len(rarest) and (end == start or chunks + counts[rarest[end]] <= most_chunks):
        chunks += counts[rarest[end]]
        end += 1
    return end


def _scoring_statement(
    wanted: Bm25,
    *,
    terms: Sequence[str],
    with_any: Sequence[str],
    without: Sequence[str],
    condition: str,
    separate_terms: int,
) -> tuple[str, dict[str, object]]:
    """A statement, and its values, for the best of the chunks that have one of ``with_any`` and none of ``without``.

    It gives ids and scores by all of ``terms``, which are in the order of ``wanted``; more than ``:limit`` where
    several tie for the last. ``condition`` is a further condition on a chunk. Up to ``separate_terms`` terms are
    counted one by one.
    """
    values: dict[str, object] = {
        "mean": wanted.mean,
        "keys": array_literal(term_number(term) for term in with_any),
        "without": array_literal(term_number(term) for term in without),
    }
    candidates = f"""candidates AS MATERIALIZED (
            SELECT id, body, octet_length(body) AS bytes,
                {K1!r}::float8 * ({1 - B!r}::float8 + {B!r}::float8 * terms / CAST(:mean AS float8)) AS length
            FROM words
            WHERE keys && CAST(:keys AS integer[]) AND NOT keys && CAST(:without AS integer[]) AND {condition})"""
    count = _count_separately if len(terms) <= separate_terms else _count_together
    counting, scoring = count(wanted, terms, values)
    # MATERIALIZED keeps PostgreSQL from merging the steps: it would count each term once for each use of its number.
    sql = f"""WITH {candidates}, counted AS MATERIALIZED ({counting})
        SELECT id, score FROM ({scoring}) scores WHERE score > 0
        ORDER BY score DESC FETCH FIRST :limit ROWS WITH TIES"""
    return sql, values


def _count_separately(wanted: Bm25, terms: Sequence[str], values: dict[str, object]) -> tuple[str, str]:
    """Count each term by how many bytes its removal saves; returns the statements that count and that score."""
    counts, scores = [], []
    for number, term in enumerate(terms):
        values[f"t{number}"] = (padded := f" {escape(term)} ")
        values[f"w{number}"] = wanted.weights[term]
        counts.append(
            f"(bytes - octet_length(replace(body, :t{number}, ''))) / {len(padded.encode())} AS n{number}"
        )
        scores.append(f"CAST(:w{number} AS float8) * n{number} * {K1 + 1!r}::float8 / (n{number} + length)")
    return (
        f"SELECT id, length, {', '.join(counts)} FROM candidates",
        f"SELECT id, {' + '.join(scores)} AS score FROM counted",
    )


def _count_together(wanted: Bm25, terms: Sequence[str], values: dict[str, object]) -> tuple[str, str]:
    """Count all terms by comparing each word of a chunk with them; likewise."""
    values["terms"] = array_literal(escape(term) for term in terms)
    values["weights"] = array_literal(repr(wanted.weights[term]) for term in terms)
    counting = """SELECT id, length, weight, place, count(*) AS n
        FROM candidates CROSS JOIN unnest(string_to_array(body, ' ')) AS occurring (term)
        JOIN unnest(CAST(:terms AS text[]), CAST(:weights AS float8[])) WITH ORDINALITY AS wanted (term, weight, place)
            USING (term)
        GROUP BY id, length, weight, place"""
    score = f"weight * n * {K1 + 1!r}::float8 / (n + length)"
    return counting, f"SELECT id, sum({score} ORDER BY place) AS score FROM counted GROUP BY id"
