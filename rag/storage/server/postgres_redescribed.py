"""Chunks whose article got another id or other metadata since the collection was told: the table ``redescribed``."""

from collections.abc import Iterable

from rag.storage.server.postgres import Postgres
from rag.storage.server.postgres_values import array_literal


class RedescribedChunks:
    """Ids of chunks that the collection describes as they were before."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def add_article(self, key: bytes) -> None:
        """Remember all chunks of the article of this key."""
        self._postgres.run(
            "INSERT INTO redescribed SELECT c.id FROM articles JOIN chunks c ON article = number WHERE key = :key "
            "ON CONFLICT DO NOTHING",
            key=key,
        )

    def ids(self) -> tuple[int, ...]:
        """All of them, rising."""
        return tuple(row[0] for row in self._postgres.run("SELECT id FROM redescribed ORDER BY id"))

    def forget(self, ids: Iterable[int]) -> None:
        """Forget these chunks: the collection was told, or has them no more."""
        self._postgres.run(
            "DELETE FROM redescribed WHERE id = ANY(CAST(:ids AS bigint[]))", ids=array_literal(ids)
        )
