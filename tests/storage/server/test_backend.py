"""An index on servers as several processes share it: each finds what another added, and one writes at a time."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from rag.errors import IndexBusy
from rag.index.changes import Changes
from rag.index.federated import FederatedIndex
from rag.index.index import Index
from rag.settings import Settings
from rag.storage.location import ServerAddress
from rag.storage.server.backend import open_server_store
from tests.support.embedder import embedder, made, several
from tests.support.served_index import article_ids, nearest_article, open_index, word_of
from tests.support.servers import SERVER_MARKS

pytestmark = SERVER_MARKS


def test_what_one_adds_another_finds_and_what_it_removes_is_gone(served: ServerAddress) -> None:
    with open_index(served) as index, open_index(served) as other:
        index.add(several(range(6)))
        assert nearest_article(other, 3) == "a0003"
        other.add([made(7)])
        assert nearest_article(index, 7) == "a0007"
        assert index.remove(["a0003"]) == Changes(removed=("a0003",))
        assert "a0003" not in article_ids(other, word_of(3), limit=50)
        assert index.check() == other.check() == ()


def test_a_killed_writer_leaves_the_index_whole_and_the_lock_free(served: ServerAddress) -> None:
    chance = random.Random(20261124)
    for turn in range(6):
        writer = subprocess.Popen(
            [sys.executable, "-m", "tests.support.served_writer", str(served)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        last = [int(writer.stdout.readline()) for _ in range(chance.randrange(1, 9))][-1]
        time.sleep(chance.uniform(0, 0.4))  # killed at any moment of its work
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        with open_index(served) as index:
            if last % 3:  # every third is removed again, maybe before the kill
                (best,) = index.search(index.article(f"a{last:04d}").text[:300], limit=1)
                assert best.chunk.article_id == f"a{last:04d}"
            index.add([made(5000 + turn)])
            assert index.check() == ()
            index.remove([article.id for article in index.listing()])


def test_while_one_writes_another_is_told_who_and_reads_on(served: ServerAddress) -> None:
    with (
        open_index(served) as index,
        open_index(served, wait_s=0.1) as other,
        closing(open_server_store(served)) as store,
    ):
        index.add([made(1)])
        with store.lock(wait_s=0):
            with pytest.raises(
                IndexBusy, match=rf"process {os.getpid()} on '.+' since .*, which did not end within"
            ):
                other.add([made(2)])
            assert article_ids(index, word_of(1), limit=1) == ["a0001"]
            assert article_ids(other, word_of(1), limit=1) == ["a0001"]
        assert other.add([made(2)]) == Changes(added=("a0002",))


def test_an_index_on_servers_and_one_in_a_folder_are_asked_as_one(
    served: ServerAddress, tmp_path: Path
) -> None:
    settings = Settings()
    shared = open_index(served)
    private = Index.open(tmp_path / "own", embedder=embedder(), settings=settings)
    shared.add(several(range(4)))
    private.add([made(7)])
    with closing(FederatedIndex(shared, private, settings=settings)) as both:
        assert article_ids(both, word_of(2), limit=1) == ["a0002"]
        assert article_ids(both, word_of(7), limit=1) == ["a0007"]
        assert len(both.listing()) == 5
