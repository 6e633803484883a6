"""An index on servers: in step over processes, never stale, and plain about servers that are away."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import chromadb
import httpx
import numpy as np
import pytest
from chromadb.errors import ChromaAuthError, InternalError, NotFoundError, QuotaError, RateLimitError
from tenacity import stop_after_delay

import rag.storage.server.chroma
import rag.storage.server.postgres
import rag.storage.server.vector_search
from rag import doctor
from rag.errors import IndexAway, IndexBusy, IndexFault
from rag.filters import Filter
from rag.index.changes import Changes
from rag.index.federated import FederatedIndex
from rag.index.index import Index
from rag.models.embedders import open_embedder
from rag.settings import Settings
from rag.storage.location import ServerAddress, address
from rag.storage.server.backend import ServerBackend
from tests.support.embedder import embedder, made, several
from tests.support.servers import (
    PASSWORD,
    ChromaServer,
    PostgresServer,
    Proxy,
    certificate,
    free_port,
    waited,
)
from ui.cli import main

pytestmark = [
    pytest.mark.slow,
    # pg8000 and chromadb leave a socket that broke to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    ),
]


def opened(where: ServerAddress, **options: object) -> Index:
    return Index.open(where, **{"embedder": embedder(), "settings": Settings(), **options})  # type: ignore[arg-type]


def word(number: int) -> str:
    return f"w{number}x1v0"


def found(index: Index, question: str, *, limit: int = 5) -> list[str]:
    return [hit.chunk.article_id for hit in index.search(question, limit=limit)]


def by_vector(index: Index, number: int) -> str:
    """The article whose chunk is nearest to one of article ``number``, which the vectors alone decide."""
    hits = index.search(made(number).text[:300], limit=50)
    return next(hit.chunk.article_id for hit in hits if hit.ranks.vector == 1)


def server_of(index: Index) -> rag.storage.server.chroma.Server:
    place = index._backend
    assert isinstance(place, ServerBackend)
    return place._server


def collection(index: Index) -> str:
    place = index._backend
    assert isinstance(place, ServerBackend)
    return place.store.meta("collection") or ""


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers are given up within about a second, and asked again at once."""
    for module in (rag.storage.server.chroma, rag.storage.server.postgres):
        monkeypatch.setattr(module, "_AGAIN", module._AGAIN.copy(stop=stop_after_delay(1.0)))
    monkeypatch.setattr(rag.storage.server.chroma, "_TIMEOUT", httpx.Timeout(0.7))
    monkeypatch.setattr(rag.storage.server.postgres, "_CONNECT_S", 0.7)
    monkeypatch.setattr(rag.storage.server.postgres, "_READ_S", 1.0)
    monkeypatch.setattr(rag.storage.server.vector_search, "_REST_S", 0.0)


@pytest.fixture
def proxies() -> Iterator[Callable[[int], Proxy]]:
    with ExitStack() as stack:

        def make(port: int) -> Proxy:
            proxy = Proxy(port)
            stack.callback(proxy.close)
            return proxy

        yield make


# Who may ask


def test_the_token_goes_along_over_tls_and_who_has_none_is_told(
    served: ServerAddress, postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made[0]))
    monkeypatch.setenv("PINCITE_CHROMA_TOKEN", "a-secret")
    with closing(Proxy(served.port, tls=made)) as proxy:
        where = address(f"chromas://127.0.0.1:{proxy.port}/{served.name}")
        with opened(where) as index:
            index.add(several(range(3)))
            assert by_vector(index, 2) == "a0002"
            assert index.check() == ()
            assert b"authorization: bearer a-secret" in proxy.seen.lower()
            assert b"x-chroma-token: a-secret" in proxy.seen.lower()
            proxy.become("strict")
            with pytest.raises(
                IndexFault, match="lets nobody in: put its token in PINCITE_CHROMA_TOKEN"
            ) as caught:
                index.search(word(1), limit=2)
            assert "a-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("fault", "kind", "told"),
    [
        (RateLimitError("slow down"), IndexAway, "cannot be reached"),
        (QuotaError("300 at most"), IndexFault, "no more room .300 at most."),
        (ChromaAuthError(), IndexFault, "lets nobody in"),
        (
            InternalError("compactor failed"),
            rag.storage.server.chroma.CollectionBroken,
            "run `pincite doctor --index chroma://",
        ),
        (
            NotFoundError("no such collection"),
            rag.storage.server.chroma.CollectionBroken,
            "no such collection",
        ),
    ],
)
def test_what_chroma_says_is_told_as_what_it_is(fault: Exception, kind: type[IndexFault], told: str) -> None:
    where = ServerAddress(host="h", port=1, tls=False, name="news", database="postgresql://u@h/d")
    error = rag.storage.server.chroma.Server(where, tag="")._translated(fault)
    assert type(error) is kind
    assert re.search(told, str(error))


# In step


def test_what_one_adds_another_finds_and_what_it_removes_is_gone(served: ServerAddress) -> None:
    with opened(served) as one, opened(served) as other:
        one.add(several(range(6)))
        assert by_vector(other, 3) == "a0003"
        other.add([made(7)])
        assert by_vector(one, 7) == "a0007"
        assert one.remove(["a0003"]) == Changes(removed=("a0003",))
        assert "a0003" not in found(other, word(3), limit=50)
        assert one.check() == other.check() == ()


def test_vectors_go_to_the_server_once_and_removed_ones_leave_it(
    served: ServerAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(served) as index:
        index.add(several(range(4)))
        name = collection(index)
        server = server_of(index)
        chunks = sum(item.chunks for item in index.listing())
        assert server.count(name) == chunks
        index.remove(["a0001"])
        assert server.count(name) == chunks  # for those whose search began before
        monkeypatch.setattr(rag.storage.server.vector_search, "_LINGER_S", 0.0)
        index.add([made(9)])
        assert server.count(name) == sum(item.chunks for item in index.listing())
        assert collection(index) == name
        assert index.check() == ()


def test_two_databases_on_one_chroma_server_keep_apart(
    served: ServerAddress, postgres: PostgresServer
) -> None:
    from sqlalchemy import create_engine, text

    name = f"other_{served.name}"
    engine = create_engine(
        postgres.url.replace("postgresql:", "postgresql+pg8000:"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    there = replace(served, database=postgres.url.removesuffix("postgres") + name)
    with opened(served) as one, opened(there) as other:
        one.add([made(1)])
        other.add([made(2)])
        for index in (one, other):
            index.rebuild()
            index.rebuild()
            assert index.check() == ()
        assert server_of(one).count(collection(one)) > 0
        assert server_of(other).count(collection(other)) > 0


# Chroma is away, or has lost something


@pytest.mark.parametrize("how", ["cut", "stall", "broken"])
@pytest.mark.usefixtures("hasty")
def test_without_chroma_few_chunks_are_compared_and_the_answers_are_the_same(
    served: ServerAddress, proxies: Callable[[int], Proxy], how: str
) -> None:
    proxy = proxies(served.port)
    with opened(replace(served, port=proxy.port)) as index:
        index.add(several(range(6)))
        before = index.search(f"What of {word(2)}?", limit=9)
        proxy.become(how)
        assert index.search(f"What of {word(2)}?", limit=9) == before
        index.add([made(8)])  # it is stored, and the vectors follow later
        assert by_vector(index, 8) == "a0008"
        without = index.search(f"What of {word(2)}?", limit=9)
        proxy.become("pass")
        assert index.search(f"What of {word(2)}?", limit=9) == without
        index.add([made(9)])
        assert index.check() == ()
        assert server_of(index).count(collection(index)) == sum(item.chunks for item in index.listing())


@pytest.mark.parametrize("how", ["cut", "stall", "broken"])
@pytest.mark.usefixtures("hasty")
def test_without_chroma_many_chunks_give_an_error_and_no_worse_answer(
    served: ServerAddress, proxies: Callable[[int], Proxy], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(rag.storage.server.vector_search, "_MOST", 3)
    proxy = proxies(served.port)
    with opened(replace(served, port=proxy.port)) as index:
        index.add(several(range(6)))
        proxy.become(how)
        began = time.monotonic()
        with pytest.raises(IndexAway, match=r"the Chroma server chroma://127\.0\.0\.1:\d+/t\d+ .*: start it"):
            index.search(word(2), limit=5)
        assert time.monotonic() - began < 20
        assert index.article("a0002") == made(2)  # the texts are elsewhere
        proxy.become("pass")
        assert by_vector(index, 2) == "a0002"  # the same index, not opened again


def test_a_chroma_server_that_is_killed_and_comes_back_is_asked_again(
    served: ServerAddress, chroma: ChromaServer
) -> None:
    with opened(served) as index:
        index.add(several(range(6)))
        chroma.stop(signal.SIGKILL)
        try:
            assert by_vector(index, 2) == "a0002"
            with pytest.raises(IndexAway, match="start it"):  # which is no fault that a repair would mend
                index.check()
            index.add([made(7)])
        finally:
            chroma.start()
        assert by_vector(index, 7) == "a0007"
        index.add([made(8)])
        assert index.check() == ()


def test_an_index_opens_while_chroma_is_away(served: ServerAddress, chroma: ChromaServer) -> None:
    with opened(served) as index:
        index.add(several(range(4)))
    chroma.stop()
    try:
        with opened(served) as index:
            assert len(index.listing()) == 4
            assert by_vector(index, 2) == "a0002"
    finally:
        chroma.start()


def test_a_collection_that_is_gone_is_made_anew_embedding_nothing(served: ServerAddress) -> None:
    with opened(served) as index:
        index.add(several(range(6)))
        name = collection(index)
        before = index.search(word(2), limit=9)
        client = chromadb.HttpClient(served.host, served.port)
        client.delete_collection(name)
        assert index.search(word(2), limit=9) == before
        assert collection(index) != name  # the search that noticed had it mended
        assert index.search(word(2), limit=9) == before
        assert index.check() == ()


def test_a_collection_that_lost_vectors_is_noticed_at_the_next_opening(served: ServerAddress) -> None:
    with opened(served) as index:
        index.add(several(range(6)))
        name = collection(index)
        held = chromadb.HttpClient(served.host, served.port).get_collection(name, embedding_function=None)
        held.delete(ids=["1", "2"])
        (fault,) = index.check()
        assert "lack 2 chunks, the first 1" in fault
    with opened(served) as index:
        assert collection(index) != name
        assert index.check() == ()
        assert by_vector(index, 0) == "a0000"


def test_other_vectors_in_the_collection_are_told_of(served: ServerAddress) -> None:
    with opened(served) as index:
        index.add(several(range(3)))
        held = chromadb.HttpClient(served.host, served.port).get_collection(
            collection(index), embedding_function=None
        )
        held.update(ids=["1"], embeddings=np.eye(1, 256, dtype=np.float32))
        (fault,) = index.check()
        assert "are others for 1 chunks, the first 1" in fault


def test_a_database_of_chroma_that_is_not_there_is_told_of_and_answers_are_right(
    served: ServerAddress,
) -> None:
    with opened(replace(served, chroma_database="nowhere")) as index:
        index.add(several(range(3)))
        assert by_vector(index, 2) == "a0002"
        (fault,) = index.check()
        assert "nowhere" in fault


def test_collections_that_are_no_longer_used_go(served: ServerAddress) -> None:
    with opened(served) as index:
        index.add(several(range(3)))
        for _ in range(4):
            index.rebuild()
        names = [one.name for one in chromadb.HttpClient(served.host, served.port).list_collections()]
        assert sum(name.startswith(f"{served.name}-") for name in names) <= 2
        assert index.check() == ()


# A dump of the database


def test_a_dump_put_into_an_empty_database_is_the_same_index(
    served: ServerAddress, postgres: PostgresServer, tmp_path: Path
) -> None:
    with opened(served) as index:
        index.add(several(range(6)))
        before = index.search(word(2), limit=9)
    copy, dump = f"copy_{served.name}", str(tmp_path / "dump")
    postgres.tool("pg_dump", "-Fc", "-n", served.name, "-f", dump, "postgres")
    postgres.tool("createdb", "-E", "UTF8", "-T", "template0", copy)
    postgres.tool("pg_restore", "-d", copy, dump)
    there = replace(served, database=postgres.url.removesuffix("postgres") + copy)
    with opened(there) as index:
        assert index.search(word(2), limit=9) == before
        assert index.check() == ()
        index.add([made(7)])
        assert by_vector(index, 7) == "a0007"


def test_a_dump_put_back_after_more_changes_is_not_answered_from_the_newer_vectors(
    served: ServerAddress, postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rag.storage.server.vector_search, "_LINGER_S", 0.0)
    dump = str(tmp_path / "dump")
    with opened(served) as index:
        index.add(several(range(6)))
        name = collection(index)
        postgres.tool("pg_dump", "-Fc", "-n", served.name, "-f", dump, "postgres")
        index.remove(["a0002"])
        index.add(several(range(10, 16)))
    postgres.tool("psql", "-q", "-c", f"DROP SCHEMA {served.name} CASCADE", "postgres")
    postgres.tool("pg_restore", "-d", "postgres", dump)
    with opened(served) as index:
        assert collection(index) != name  # made anew: it held enough vectors, but of others
        assert by_vector(index, 2) == "a0002"
        assert index.check() == ()


# PostgreSQL is away


@pytest.mark.parametrize("how", ["cut", "stall"])
@pytest.mark.usefixtures("hasty")
def test_without_postgresql_there_is_one_clear_error_and_then_answers_again(
    served: ServerAddress, postgres: PostgresServer, proxies: Callable[[int], Proxy], how: str
) -> None:
    proxy = proxies(postgres.port)
    with opened(replace(served, database=postgres.through(proxy.port))) as index:
        index.add(several(range(3)))
        proxy.become(how)
        with pytest.raises(
            IndexAway, match=r"in PostgreSQL postgres at 127\.0\.0\.1:\d+.* cannot be reached"
        ) as caught:
            index.search(word(1), limit=5)
        assert PASSWORD not in str(caught.value)
        with pytest.raises(IndexFault, match="cannot be reached"):
            index.add([made(7)])
        proxy.become("pass")
        assert found(index, word(1), limit=1) == ["a0001"]
        assert index.add([made(7)]) == Changes(added=("a0007",))
        assert index.check() == ()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_postgresql_may_be_restarted_under_an_open_index(
    served: ServerAddress, postgres: PostgresServer, how: signal.Signals
) -> None:
    with opened(served) as index:
        index.add(several(range(3)))
        postgres.stop(how)
        postgres.start()
        assert found(index, word(1), limit=1) == ["a0001"]
        assert index.add([made(7)]) == Changes(added=("a0007",))
        assert index.check() == ()


@pytest.mark.usefixtures("hasty")
def test_a_writer_that_loses_its_connection_loses_the_lock_and_can_write_no_more(
    served: ServerAddress, postgres: PostgresServer, proxies: Callable[[int], Proxy]
) -> None:
    proxy = proxies(postgres.port)
    through = ServerBackend(replace(served, database=postgres.through(proxy.port)))
    direct = ServerBackend(served)

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


# Other processes

WRITER = """
import sys
from rag.storage.location import index_location
from rag.index.index import Index
from rag.settings import Settings
from tests.support.embedder import embedder, made
with Index.open(index_location(sys.argv[1]), embedder=embedder(), settings=Settings(), wait_s=60) as index:
    for number in range(1000):
        index.add([made(number, sentences=60)])
        print(number, flush=True)
        if number % 3 == 2:
            index.remove([made(number - 2).id])
            index.add([made(number - 1, version=1)])
        if number % 7 == 6:
            index.rebuild()
"""


def test_a_killed_writer_leaves_the_index_whole_and_the_lock_free(served: ServerAddress) -> None:
    chance = random.Random(20261124)
    for turn in range(6):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(served)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        last = [int(child.stdout.readline()) for _ in range(chance.randrange(1, 9))][-1]
        time.sleep(chance.uniform(0, 0.4))
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        with opened(served, wait_s=10) as index:
            if last % 3:  # every third is removed again, maybe before the kill
                (best,) = index.search(index.article(f"a{last:04d}").text[:300], limit=1)
                assert best.chunk.article_id == f"a{last:04d}"
            index.add([made(5000 + turn)])
            assert index.check() == ()
            index.remove([item.id for item in index.listing()])


def test_while_one_writes_another_is_told_who_and_reads_on(served: ServerAddress) -> None:
    with opened(served) as one, opened(served, wait_s=0.1) as other:
        one.add([made(1)])
        with one._backend.lock(0):
            with pytest.raises(
                IndexBusy, match=rf"process {os.getpid()} on '.+' since .*, which did not end within"
            ):
                other.add([made(2)])
            assert found(other, word(1), limit=1) == ["a0001"]
        assert other.add([made(2)]) == Changes(added=("a0002",))


# The commands


def test_the_commands_work_with_an_index_on_servers(
    served: ServerAddress, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, line in (("one", "Colossus took 122 days to build."), ("two", "Zebras live in herds.")):
        (folder / f"{name}.md").write_text(f"# {name}\n\n{line}\n")
    index = ("--index", str(served))

    def said(*command: str, status: int = 0) -> str:
        assert main([*command, *index]) == status
        shown = capsys.readouterr()
        assert PASSWORD not in shown.out + shown.err
        return shown.out if status == 0 else shown.err

    assert "make one with `pincite add --index chroma://" in said("list", status=1)
    assert said("sync", str(folder), "--dry-run").count("add ") == 2
    assert said("sync", str(folder)).startswith("added 2")
    (folder / "one.md").unlink()
    assert said("sync", str(folder)).startswith("added 0, updated 0, renamed 0, removed 1, unchanged 1")
    assert said("add", str(folder / "two.md")).startswith("added 0, updated 0, unchanged 1")
    assert "two" in said("list")
    assert "herds" in said("ask", "Where do zebras live?", "--model", "quotes")
    assert "copy it with pg_dump" in said("backup", str(tmp_path / "x.backup"), status=1)
    assert "copy it with pg_dump" in said("restore", str(tmp_path / "x.backup"), status=1)
    assert said("remove", "two") == "removed 1\n"


def test_the_doctor_reads_an_index_on_servers_and_says_what_is_amiss(
    served: ServerAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    def about() -> doctor.Finding:
        return doctor.check_index(str(served))

    assert about().fix == f"`pincite add --index {served} PATH`"
    with Index.open(served, embedder=open_embedder(), settings=Settings()) as index:
        index.add(several(range(2)))
    assert about() == doctor.Finding("index", True, f"2 articles in '{served}', minilm-l6-v2-int8")
    monkeypatch.setenv("PINCITE_DATABASE", os.environ["PINCITE_DATABASE"].replace(PASSWORD, "wrong"))
    assert "lets nobody in" in about().detail
    assert PASSWORD not in about().detail


def test_an_index_on_servers_and_one_in_a_folder_are_asked_as_one(
    served: ServerAddress, tmp_path: Path
) -> None:
    settings = Settings()
    shared, own = opened(served), Index.open(tmp_path / "own", embedder=embedder(), settings=settings)
    shared.add(several(range(4)))
    own.add([made(7)])
    with closing(FederatedIndex(shared, own, settings=settings)) as both:
        assert [hit.chunk.article_id for hit in both.search(word(2), limit=1)] == ["a0002"]
        assert [hit.chunk.article_id for hit in both.search(word(7), limit=1)] == ["a0007"]
        assert len(both.listing()) == 5


def test_a_filter_over_many_chunks_limits_the_candidates(
    served: ServerAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rag.storage.server.vector_search, "FEW", 3)
    with opened(served) as index:
        index.add(several(range(12)))
        within = Filter(articles=tuple(f"a{number:04d}" for number in range(6, 12)))
        for number in range(12):
            hits = index.search(made(number).text[:300], limit=12, within=within)
            assert {hit.chunk.article_id for hit in hits} <= set(within.articles)
            assert number < 6 or hits[0].chunk.article_id == f"a{number:04d}"


# Two servers


@contextmanager
def serving(where: ServerAddress, home: Path) -> Iterator[Callable[[str], str]]:
    """`pincite serve` in a process and a home of its own; what it answers to a question, as text."""
    port = free_port()
    home.mkdir()
    with (home / "serve.log").open("wb") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", "serve", f"--index={where}", f"--port={port}", "--model=quotes"],
            env={**os.environ, "PINCITE_HOME": str(home)},
            stdout=log,
            stderr=log,
        )

    def up() -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{port}/api/me").status_code == 200
        return False

    def ask(question: str) -> str:
        call = f"http://127.0.0.1:{port}/gradio_api/call/ask"
        event = httpx.post(call, json={"data": [question, [], [], "", "", []]}).json()["event_id"]
        return httpx.get(f"{call}/{event}", timeout=60).text

    try:
        waited(up, process=running, within_s=120)
        yield ask
    finally:
        running.terminate()
        running.wait(30)
        assert PASSWORD not in (home / "serve.log").read_text()


def test_two_servers_answer_from_one_corpus_what_either_was_given(
    served: ServerAddress, tmp_path: Path
) -> None:
    def told(number: int, words: str) -> None:
        (tmp_path / f"{number}.md").write_text(f"# Report {number}\n\n{words}\n")
        assert main(["add", str(tmp_path / f"{number}.md"), "--index", str(served)]) == 0

    told(1, "The lighthouse at Orrin was built in 1871 by Maria Keller.")
    with serving(served, tmp_path / "one") as one, serving(served, tmp_path / "two") as two:
        for ask in (one, two):
            assert "1871" in ask("When was the lighthouse at Orrin built?")
        told(2, "The bridge at Varga was opened in 1932 by Ilse Brandt.")
        for ask in (one, two):
            assert "1932" in ask("When was the bridge at Varga opened?")
        assert main(["remove", "1", "--index", str(served)]) == 0
        for ask in (one, two):
            assert "1871" not in ask("When was the lighthouse at Orrin built?")
