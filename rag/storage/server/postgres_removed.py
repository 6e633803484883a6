"""Chunks that were removed from the store and that a collection of vectors may still have: the table ``gone``."""

from collections.abc import Iterable

from rag.storage.server.postgres import Postgres
from rag.storage.server.postgres_values import array_literal


class RemovedChunks:
    """Ids of removed chunks, each with the time of its removal."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def add_article(self, number: int) -> None:
        """Remember all chunks of an article, which are about to be removed."""
        self._postgres.run(
            "INSERT INTO gone (id) SELECT id FROM chunks WHERE article = :number ON CONFLICT DO NOTHING",
            number=number,
        )

    def older_than(self, seconds: float) -> tuple[int, ...]:
        """The ids, rising, of chunks that were removed more than so many seconds ago."""
        rows = self._postgres.run(
            "SELECT id FROM gone WHERE since <= now() - CAST(:seconds AS float8) * interval '1 second' ORDER BY id",
            seconds=seconds,
        )
        return tuple(row[0] for row in rows)

    def forget(self, ids: Iterable[int]) -> None:
        """Forget these chunks: the collection in use has them no more."""
        self._postgres.run("DELETE FROM gone WHERE id = ANY(CAST(:ids AS bigint[]))", ids=array_literal(ids))
