"""Both kinds of store, for tests that any store must pass."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from rag.storage.store import Store
from tests.support.servers import SERVER_MARKS, PostgresServer
from tests.support.stores import ARTICLE, SPANS, VECTORS, PostgresStores, SqliteStores, Stores, put

_NUMBERS = count()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=SERVER_MARKS)])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """Makes stores in files, and again in PostgreSQL."""
    made: Stores
    if request.param == "sqlite":
        made = SqliteStores(tmp_path)
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        made = PostgresStores(server.url, prefix=f"store{next(_NUMBERS)}")
    yield made
    made.close()


@pytest.fixture
def store(stores: Stores) -> Store:
    """A store with one article of three chunks."""
    store = stores.open()
    with store.writing():
        put(store, ARTICLE, spans=SPANS, vectors=VECTORS)
    return store
