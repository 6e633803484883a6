"""The tables in PostgreSQL: made once, and refused where they are of another program, format or encoding."""

import threading

import pytest

from rag.errors import IndexBroken, IndexFault
from rag.storage.server.postgres import Postgres
from rag.storage.server.postgres_store import SharedStore
from tests.support.servers import SERVER_MARKS, PostgresServer

pytestmark = SERVER_MARKS


def test_two_that_make_the_same_index_at_once_make_one(postgres: PostgresServer, schema: str) -> None:
    made: list[SharedStore] = []

    def make() -> None:
        made.append(SharedStore(Postgres(postgres.url, schema=schema)))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len({store.meta.get("collections") for store in made}) == 1
    for store in made:
        store.close()


def test_a_newer_format_asks_for_an_upgrade(
    store: SharedStore, postgres: PostgresServer, schema: str
) -> None:
    postgres.run(f"SET search_path TO {schema}", "UPDATE meta SET value = '99' WHERE key = 'format'")
    with pytest.raises(IndexBroken, match=r"format 99 .* up to 2: upgrade Pincite"):
        SharedStore(Postgres(postgres.url, schema=schema))
    with pytest.raises(IndexBroken, match="upgrade Pincite"), store.writing():
        store.remove("colossus")
    assert store.count() == 3


def test_a_schema_of_another_program_is_refused(postgres: PostgresServer, schema: str) -> None:
    postgres.run(f"CREATE SCHEMA {schema}", f"CREATE TABLE {schema}.meta (id integer)")
    with pytest.raises(IndexBroken, match="not an index of Pincite"):
        SharedStore(Postgres(postgres.url, schema=schema))


def test_a_database_that_cannot_hold_all_characters_is_refused(postgres: PostgresServer, schema: str) -> None:
    postgres.tool("createdb", "-E", "LATIN1", "-T", "template0", "--locale", "C", "narrow")
    url = postgres.url.removesuffix("postgres") + "narrow"
    with pytest.raises(IndexFault, match="'LATIN1': make it anew with `createdb -E UTF8"):
        SharedStore(Postgres(url, schema=schema))
