"""What tests of an index on servers share."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count

import pytest

from rag.storage.server.postgres import Postgres
from rag.storage.server.postgres_store import SharedStore
from tests.support.servers import PostgresServer, Proxy
from tests.support.stores import ARTICLE, SPANS, VECTORS, put

_NUMBERS = count()


@pytest.fixture
def proxies() -> Iterator[Callable[[int], Proxy]]:
    """Makes proxies before a port, which are closed after the test."""
    with ExitStack() as stack:

        def make(port: int) -> Proxy:
            proxy = Proxy(port)
            stack.callback(proxy.close)
            return proxy

        yield make


@pytest.fixture
def schema() -> str:
    """A name for a schema, which is not there yet."""
    return f"s{next(_NUMBERS)}"


@pytest.fixture
def store(postgres: PostgresServer, schema: str) -> Iterator[SharedStore]:
    """A store with one article of three chunks."""
    store = SharedStore(Postgres(postgres.url, schema=schema))
    with store.writing():
        put(store, ARTICLE, spans=SPANS, vectors=VECTORS)
    yield store
    store.close()
