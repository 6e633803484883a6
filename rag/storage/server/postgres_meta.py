"""Values of a whole index in PostgreSQL, each under a name: the table ``meta``."""

from rag.storage.server.postgres import Postgres


class PostgresMeta:
    """The table ``meta``: totals, the recipe, and the collection of vectors in use."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def get(self, key: str) -> str:
        """The value of this name; empty for none."""
        rows = self._postgres.run("SELECT value FROM meta WHERE key = :key", key=key)
        return str(rows[0][0]) if rows else ""

    def latest(self, *keys: str) -> tuple[str, ...]:
        """The values of these names now, even where the transaction of this thread is older; empty for none."""
        with self._postgres.suspended(), self._postgres.reading():
            return tuple(self.get(key) for key in keys)

    def set(self, key: str, value: str) -> None:
        """Store a value by this name."""
        self._postgres.run(
            "INSERT INTO meta VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            key=key,
            value=value,
        )

    def increase(self, key: str, amount: int) -> None:
        """Add to the number of this name, which is 0 where there is none."""
        self._postgres.run(
            "INSERT INTO meta VALUES (:key, CAST(CAST(:amount AS bigint) AS text)) ON CONFLICT (key) DO UPDATE "
            "SET value = CAST(CAST(meta.value AS bigint) + CAST(:amount AS bigint) AS text)",
            key=key,
            amount=amount,
        )
