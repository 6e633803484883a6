"""The full-text index of a store in SQLite: keywords of chunks, document frequencies, and BM25 scoring by FTS5.

Tables: ``words`` (FTS5), a row for each chunk by its id, and ``terms``, in how many chunks each term occurs.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rag.storage.bm25 import Bm25, weight
from rag.storage.records import DocumentFrequencies
from rag.storage.store import document_frequencies
from rag.system.sqlite_file import SqliteFile

_BLOCK = 4096  # chunks whose keywords are in memory at a time
_ROUNDING = 1e-9  # by what part of itself a score of FTS5 may differ from ours, and far more than it does


class FullTextIndex:
    """Keywords in one file; ``count`` says how many chunks there are.

    Up to ``few`` chunks are scored here, without FTS5. Those that write are called inside ``writing()``.
    """

    def __init__(self, file: SqliteFile, *, count: Callable[[], int], few: int) -> None:
        self._file = file
        self._count = count
        self._few = few

    def frequencies(self, terms: Iterable[str]) -> DocumentFrequencies:
        """In how many chunks each of the terms occurs."""
        bound = {term: bindable(term) for term in sorted(set(terms))}
        with self._file.reading():
            sql = "SELECT term, chunks FROM terms WHERE term IN (SELECT value FROM json_each(?))"
            counts = dict(self._file.run(sql, json.dumps(sorted(bound.values()))))
            return DocumentFrequencies(
                self._count(), {term: counts.get(value, 0) for term, value in bound.items()}
            )

    def vocabulary(self) -> dict[str, int]:
        """Every term of the index and in how many chunks it occurs."""
        return dict(self._file.run("SELECT term, chunks FROM terms"))

    def bodies(self, ids: Iterable[int]) -> dict[int, tuple[str, int, str]]:
        """Article id, start and keywords of these chunks, those that exist, by chunk id."""
        rows = self._file.run(
            "SELECT chunks.id, article_id, start, body FROM chunks JOIN words ON words.rowid = chunks.id "
            "WHERE chunks.id IN (SELECT value FROM json_each(?))",
            json.dumps(sorted(ids)),
        )
        return {row[0]: (row[1], row[2], row[3]) for row in rows}

    def bodies_after(self, chunk_id: int, *, limit: int) -> tuple[tuple[int, str], ...]:
        """Ids, rising, and keywords of the next ``limit`` chunks with a greater id."""
        sql = "SELECT rowid, body FROM words WHERE rowid > ? ORDER BY rowid LIMIT ?"
        return tuple((row[0], row[1]) for row in self._file.run(sql, chunk_id, limit))

    def search(self, query: Bm25, *, limit: int, after: int = 0) -> tuple[int, ...]:
        """The ids of the ``limit`` chunks with an id above ``after`` that ``query`` scores best, best first.

        Ties in order of article id and start.
        """
        if after and len(matches := self._matching_ids(query, after, limit=self._few + 1)) <= self._few:
            return tuple(self.score_chunks(matches, query, limit=limit))
        scores = self.fts_scores(query, after)
        if not scores:
            return ()
        # FTS5 multiplies in another order, so that scores which nearly tie may be ranked the other way round.
        least = sorted(scores.values(), reverse=True)[:limit][-1] * (1 - _ROUNDING)
        candidates = [chunk_id for chunk_id, score in scores.items() if score >= least]
        return tuple(self.score_chunks(candidates, query, limit=limit))

    def score_chunks(self, ids: Iterable[int], query: Bm25, *, limit: int) -> dict[int, float]:
        """The ``limit`` best of these chunks and their exact BM25 scores, above 0, best first.

        Ties in order of article id and start. Keywords are read a block at a time, so that any number fits in memory.
        """
        best: list[tuple[float, str, int, int]] = []
        ordered = sorted(ids)
        for first in range(0, len(ordered), _BLOCK):
            rows = self.bodies(ordered[first : first + _BLOCK])
            scores = (
                (-query.score(body), article_id, start, chunk_id)
                for chunk_id, (article_id, start, body) in rows.items()
            )
            best = sorted([*best, *(score for score in scores if score[0] < 0)])[:limit]
        return {chunk_id: -score for score, _, _, chunk_id in best}

    def fts_scores(self, query: Bm25, after: int = 0) -> dict[int, float]:
        """The scores by FTS5 of all chunks with an id above ``after`` that have any of the terms."""
        frequencies = self.frequencies(query.weights)
        # FTS5 weighs terms by this index's frequencies; a query over several indexes has weights of its own.
        factors = {
            term: term_weight / weight(term, frequencies) for term, term_weight in query.weights.items()
        }
        if all(factor == 1 for factor in factors.values()):
            return dict(self._match(tuple(factors), after))
        totals: dict[int, float] = {}
        for term, factor in factors.items():
            for chunk_id, score in self._match((term,), after):
                totals[chunk_id] = totals.get(chunk_id, 0.0) + score * factor
        return totals

    def add(self, bodies: Sequence[str], *, first: int) -> None:
        """Add the keywords of chunks with the ids ``first``, ``first`` + 1, …"""
        self._file.run_all("INSERT INTO words (rowid, body) VALUES (?, ?)", list(enumerate(bodies, first)))
        self._file.run_all(
            "INSERT INTO terms VALUES (?, ?) ON CONFLICT (term) DO UPDATE SET chunks = chunks + excluded.chunks",
            list(document_frequencies(bodies).items()),
        )

    def remove(self, ids: Sequence[int], bodies: Sequence[str]) -> None:
        """Remove the keywords ``bodies`` of the chunks ``ids``."""
        self._file.run(
            "DELETE FROM words WHERE rowid IN (SELECT value FROM json_each(?))", json.dumps(sorted(ids))
        )
        counts = document_frequencies(bodies)
        self._file.run_all(
            "UPDATE terms SET chunks = chunks - ? WHERE term = ?", [(n, term) for term, n in counts.items()]
        )
        self._file.run_all("DELETE FROM terms WHERE term = ? AND chunks <= 0", [(term,) for term in counts])

    def _matching_ids(self, query: Bm25, after: int, *, limit: int) -> tuple[int, ...]:
        """The next ``limit`` chunks that have any of the terms, or fewer."""
        expression = _match_expression(query.weights)
        sql = "SELECT rowid FROM words WHERE words MATCH ? AND rowid > ? LIMIT ?"
        return tuple(row[0] for row in self._file.run(sql, expression, after, limit)) if expression else ()

    def _match(self, terms: Iterable[str], after: int) -> list[Any]:
        """Chunk ids and FTS5's scores."""
        expression = _match_expression(terms)
        sql = "SELECT rowid, -bm25(words) FROM words WHERE words MATCH ? AND rowid > ?"
        return self._file.run(sql, expression, after) if expression else []


def bindable(value: str) -> str:
    """``value`` with lone surrogates, which SQLite does not take, replaced by "?", which no id or term has."""
    return value.encode("utf-8", "replace").decode()


def _match_expression(terms: Iterable[str]) -> str:
    # Quoted, a term is a string to FTS5, whatever is in it.
    return " OR ".join('"' + bindable(term).replace('"', '""') + '"' for term in terms if term)
