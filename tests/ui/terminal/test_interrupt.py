"""Ctrl-C while articles go into an index: what is in stays and is told, and the same command goes on from there."""

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import rag.index.embedder_choice
from rag.errors import Stopped
from rag.index.changes import Changes
from rag.index.contents import open_contents
from rag.index.index import Index
from rag.models.embedders import Embedder
from rag.settings import Settings
from rag.storage.location import ServerAddress
from tests.support.embedder import BagOfWords, embedder, made, several
from ui.cli import main
from ui.terminal.interrupt import stoppable

COUNT = 8
SAID = re.compile(
    r"stopped: (\d+) of 30 articles are in \(added \1, updated 0, (?:renamed 0, removed 0, )?unchanged 0\); "
    r"the same command goes on from there\n"
)


class Pressed(BagOfWords):
    """Ctrl-C is pressed when it is to embed for the ``at``-th time, counted from 0, an article each."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at
        self.texts: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if self.at == 0:
            raise KeyboardInterrupt
        self.at -= 1
        self.texts += texts
        return super().embed_documents(texts)


def pressing(at: int) -> Embedder:
    return Embedder(name="bag-of-words", model=Pressed(at))


def opened(where: Path | ServerAddress, by: Embedder | None = None) -> Index:
    return Index.open(where, embedder=by or embedder(), settings=Settings())


def ids(numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(made(number).id for number in numbers)


def at_work() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith(("cut", "write"))]


@pytest.mark.parametrize("at", [0, 1, 5, COUNT - 1])
def test_what_was_added_before_ctrl_c_is_in_and_counted(where: Path | ServerAddress, at: int) -> None:
    counts = rf"^{at} of {COUNT} articles are in \(added {at}, updated 0, unchanged 0\)$"
    with opened(where, pressing(at)) as index:
        with pytest.raises(Stopped, match=counts):
            index.add(several(range(COUNT)))
        assert at_work() == []
        assert tuple(item.id for item in index.listing()) == ids(range(at))
    again = Pressed(-1)
    with opened(where, Embedder(name="bag-of-words", model=again)) as index:
        changes = index.add(several(range(COUNT)))
        assert changes == Changes(added=ids(range(at, COUNT)), unchanged=ids(range(at)))
        assert not any(f"Report {number} " in text for text in again.texts for number in range(at))
        assert index.check() == ()


def test_a_sync_that_is_stopped_counts_all_that_it_did(where: Path | ServerAddress) -> None:
    with opened(where) as index:
        index.add(several(range(5)))
    wanted = (made(1, version=1), made(2, version=1), made(3), made(9), replace(made(0), id="moved"))
    with opened(where, pressing(2)) as index, pytest.raises(Stopped) as stop:
        index.sync(wanted)
    assert str(stop.value) == "4 of 5 articles are in (added 1, updated 1, renamed 1, removed 0, unchanged 1)"
    with opened(where) as index:
        assert index.sync(wanted).removed == ids([4])
        assert sorted(item.id for item in index.listing()) == ["a0001", "a0002", "a0003", "a0009", "moved"]
        assert index.check() == ()


def test_ctrl_c_while_searches_are_made_fast_loses_no_article(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(self: object) -> None:
        raise KeyboardInterrupt

    with opened(folder) as index:
        monkeypatch.setattr("rag.storage.local.backend.LocalBackend.refresh", pressed)
        with pytest.raises(Stopped, match=f"^{COUNT} of {COUNT} articles are in"):
            index.add(several(range(COUNT)))
    monkeypatch.undo()
    with opened(folder) as index:
        assert not index.add(several(range(COUNT)))
        assert index.check() == ()


@pytest.fixture
def corpus(tmp_path: Path, private_home: Path) -> Path:
    """Thirty articles, outside the index; ``private_home`` keeps the default index apart."""
    assert not (private_home / "indexes").exists()
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(30):
        (folder / f"{made(number).id}.txt").write_text(made(number).text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("command", "between"), [("add", ""), ("sync", "renamed 0, removed 0, ")], ids=["add", "sync"]
)
def test_the_command_ends_with_130_and_one_line_and_goes_on_from_there(
    command: str,
    between: str,
    corpus: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(rag.index.embedder_choice, "open_embedder", lambda *_: pressing(12))
    assert main([command, str(corpus)]) == 130
    out, err = capsys.readouterr()
    counts = f"added 12, updated 0, {between}unchanged 0"
    assert err == f"stopped: 12 of 30 articles are in ({counts}); the same command goes on from there\n"
    assert out == ""
    monkeypatch.setattr(rag.index.embedder_choice, "open_embedder", lambda *_: embedder())
    assert main([command, str(corpus)]) == 0
    assert capsys.readouterr() == (f"added 18, updated 0, {between}unchanged 12\n", "")


# Ctrl-C as a terminal sends it, in a process of its own

PROGRAM = """
import sys, time
import rag.index.embedder_choice, rag.index.writing
from rag.models.embedders import Embedder
from tests.support.embedder import BagOfWords
class Slow(BagOfWords):
    def embed_documents(self, texts):
        time.sleep(0.15)
        return super().embed_documents(texts)
rag.index.embedder_choice.open_embedder = lambda *_: Embedder(name="bag-of-words", model=Slow())
put, slow_from = rag.index.writing.IndexWriter.put, int(sys.argv[1])
def slow_put(self, prepared):
    if int(prepared.article.id[1:]) >= slow_from:
        print("writing", flush=True)
        time.sleep(60)
    put(self, prepared)
rag.index.writing.IndexWriter.put = slow_put
from ui.cli import main
sys.exit(main(sys.argv[2:]))
"""


def started(
    command: str, corpus: Path, where: Path | ServerAddress, *, slow_from: int = 1000
) -> subprocess.Popen[str]:
    opened(where).close()  # it is there from the start, so that whoever looks need not wait for its maker
    argv = (command, corpus, "--index", where)
    program = [sys.executable, "-c", PROGRAM, str(slow_from)]
    return subprocess.Popen(
        [*program, *map(str, argv)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def held(where: Path | ServerAddress) -> int:
    with open_contents(where) as opened:
        return len(opened.listing())


def waited(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not until():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["add", "sync"])
def test_the_line_counts_what_is_in_the_index_whenever_it_is_stopped(
    command: str, corpus: Path, where: Path | ServerAddress
) -> None:
    running = started(command, corpus, where)
    waited(lambda: held(where) >= 5)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    told = SAID.fullmatch(err)
    assert told is not None, err
    count = int(told[1])
    assert 5 <= count == held(where) < 30
    ended = started(command, corpus, where)
    out, err = ended.communicate(timeout=60)
    assert (ended.returncode, err) == (0, "")
    assert out.startswith(f"added {30 - count}, updated 0, ")
    assert out.endswith(f"unchanged {count}\n")
    with opened(where) as index:
        assert index.check() == ()


@pytest.mark.slow
def test_a_second_ctrl_c_ends_the_command_at_once_with_no_traceback(corpus: Path, folder: Path) -> None:
    running = started("add", corpus, folder, slow_from=3)
    assert running.stdout is not None
    assert running.stdout.readline() == "writing\n"  # the fourth, which takes a minute
    running.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(timeout=1)  # what is written is let finish
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert (running.returncode, out, err) == (-signal.SIGINT, "", "")
    assert held(folder) == 3
    with opened(folder) as index:
        assert index.check() == ()


@pytest.mark.parametrize("before", [signal.SIG_IGN, signal.default_int_handler])
def test_who_lets_ctrl_c_do_something_else_keeps_it_so(
    before: signal.Handlers | Callable[..., object],
) -> None:
    usual = signal.signal(signal.SIGINT, before)
    try:
        with stoppable():
            assert (signal.getsignal(signal.SIGINT) is before) == (before is signal.SIG_IGN)
        assert signal.getsignal(signal.SIGINT) is before
    finally:
        signal.signal(signal.SIGINT, usual)


def test_the_first_ctrl_c_stops_the_work_and_leaves_the_next_to_the_system() -> None:
    usual = signal.getsignal(signal.SIGINT)
    try:
        with pytest.raises(KeyboardInterrupt), stoppable():
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGINT, usual)
