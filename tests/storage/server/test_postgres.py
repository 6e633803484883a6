"""PostgreSQL: a server that is away and comes back, and the lock of the writer."""

import signal
from collections.abc import Callable
from dataclasses import replace

import pytest

from rag.errors import IndexAway, IndexBusy, IndexFault
from rag.index.changes import Changes
from rag.storage.location import ServerAddress
from rag.storage.server.backend import ServerBackend
from rag.storage.server.postgres_store import SharedStore
from tests.support.embedder import made, several
from tests.support.served_index import HASTY, article_ids, open_index, word_of
from tests.support.servers import PASSWORD, SERVER_MARKS, PostgresServer, Proxy

pytestmark = SERVER_MARKS


@pytest.mark.parametrize("how", ["cut", "stall"])
def test_without_postgresql_there_is_one_clear_error_and_then_answers_again(
    served: ServerAddress, postgres: PostgresServer, proxies: Callable[[int], Proxy], how: str
) -> None:
    proxy = proxies(postgres.port)
    with open_index(replace(served, database=postgres.through(proxy.port)), limits=HASTY) as index:
        index.add(several(range(3)))
        proxy.become(how)
        with pytest.raises(
            IndexAway, match=r"in PostgreSQL postgres at 127\.0\.0\.1:\d+.* cannot be reached"
        ) as caught:
            index.search(word_of(1), limit=5)
        assert PASSWORD not in str(caught.value)
        with pytest.raises(IndexFault, match="cannot be reached"):
            index.add([made(7)])
        proxy.become("pass")
        assert article_ids(index, word_of(1), limit=1) == ["a0001"]
        assert index.add([made(7)]) == Changes(added=("a0007",))
        assert index.check() == ()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_postgresql_may_be_restarted_under_an_open_index(
    served: ServerAddress, postgres: PostgresServer, how: signal.Signals
) -> None:
    with open_index(served) as index:
        index.add(several(range(3)))
        postgres.stop(how)
        postgres.start()
        assert article_ids(index, word_of(1), limit=1) == ["a0001"]
        assert index.add([made(7)]) == Changes(added=("a0007",))
        assert index.check() == ()


def test_a_writer_that_loses_its_connection_loses_the_lock_and_can_write_no_more(
    served: ServerAddress, postgres: PostgresServer, proxies: Callable[[int], Proxy]
) -> None:
    proxy = proxies(postgres.port)
    through = ServerBackend(replace(served, database=postgres.through(proxy.port)), limits=HASTY)
    direct = ServerBackend(served, limits=HASTY)

    def write() -> None:
        with through.lock(0):
            proxy.become("cut")
            proxy.become("pass")
            with direct.lock(10), through.store.writing():
                through.store.set_source("/elsewhere")

    with pytest.raises(IndexFault):
        write()
    assert direct.store.source == ""
    with direct.lock(0):
        pass
    through.close()
    direct.close()


def test_the_lock_is_free_again_after_a_fault(store: SharedStore) -> None:
    with pytest.raises(ZeroDivisionError), store.lock(wait_s=0):
        raise ZeroDivisionError
    with (
        store.lock(wait_s=0),
        pytest.raises(IndexBusy, match=r"process \d+ on '.*' since \d+-"),
        store.lock(wait_s=0),
    ):
        pass
    with store.lock(wait_s=0):
        pass
