"""Whenever a writer is killed, the index opens, is consistent, and has all that was acknowledged."""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest

from rag.index.index import Index
from rag.index.sync import sync
from rag.settings import Settings
from rag.storage.local.backup import backup, restore
from tests.support.embedder import embedder, made
from tests.support.indexes import open_index
from tests.support.killed_writer import KINDS, SENTENCES, State, Work, log_entry

SEED = int(os.environ.get("PINCITE_TEST_SEED", "20240607"))
KILLS = 200
AT_FIRST = 1200  # articles
FULLY = 7  # every so many kills the whole index is read and compared; its size makes that a second's work
# How long each kind of work takes at most, in seconds: it is killed within that time of its beginning.
LASTS = {"add": 0.15, "change": 0.2, "amend": 0.1, "remove": 0.05, "sync": 0.4, "rebuild": 2.0}
LASTS |= {"backup": 0.06, "restore": 0.6}


@dataclass(slots=True)
class Expected:
    """What must be in the index and in the backup, by what the logs say was acknowledged."""

    now: State
    saved: State
    doubt: dict[str, Any] | None = None  # what was begun and not acknowledged
    interrupted: Counter[str] = field(default_factory=Counter)

    def read(self, log: Path) -> None:
        """Take over what a worker did; a line cut short was never acted on."""
        lines = log.read_text().splitlines(keepends=True) if log.exists() else []
        self.doubt = None
        for event in (json.loads(line) for line in lines if line.endswith("\n")):
            if event["kind"] != "done":
                self.doubt = event
            elif self.doubt is not None:
                self._apply(self.doubt)
                self.doubt = None
        if self.doubt is not None:
            self.interrupted[self.doubt["kind"]] += 1

    def _apply(self, event: dict[str, Any]) -> None:
        if event["kind"] == "backup":
            self.saved = dict(self.now)
        elif event["kind"] == "restore":
            self.now = dict(self.saved)
        after = event["after"]
        merged = {**self.now, **after}
        self.now = {article_id: entry for article_id, entry in merged.items() if entry is not None}

    def settle(self, stored: dict[str, list[str]], *, saved: Callable[[], dict[str, list[str]]]) -> None:
        """Check ``stored``, title, URL and fingerprint by id, and note how the work in doubt has ended."""
        kind, after = "", {}
        if self.doubt is not None:
            kind, after = self.doubt["kind"], self.doubt["after"]
        if kind == "restore":
            assert stored in (without_words(self.now), without_words(self.saved)), (
                "a restore is whole or not at all"
            )
            self.now = dict(self.now if stored == without_words(self.now) else self.saved)
            return
        if kind == "backup":
            in_backup = saved()
            assert in_backup in (without_words(self.now), without_words(self.saved)), (
                "a backup is the one before or the new one"
            )
            self.saved = dict(self.saved if in_backup == without_words(self.saved) else self.now)
        settled = dict(self.now)
        for article_id, entry in after.items():
            if stored.get(article_id) == (entry and entry[:3]):
                settled.pop(article_id, None)
                settled |= {article_id: entry} if entry else {}
        assert stored == without_words(settled), (
            "each article is as it was or as it was to be, and the others as they were"
        )
        for old, new in self.doubt["renamed"] if self.doubt else ():
            assert (old in stored) != (new in stored), "a renamed article is never gone, nor there twice"
        self.now = settled


def without_words(state: State) -> dict[str, list[str]]:
    return {article_id: entry[:3] for article_id, entry in state.items()}


def stored_articles(folder: Path) -> dict[str, list[str]]:
    with open_index(folder) as index:
        return list_articles(index)


def list_articles(index: Index) -> dict[str, list[str]]:
    return {item.id: [item.title, item.url, item.fingerprint] for item in index.listing()}


class Zygote:
    """Workers, each killed when it is let go."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    @contextmanager
    def at_work(self, task: Work) -> Iterator[None]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(task)) + "\n")
        self._process.stdin.flush()
        child = int(self._process.stdout.readline())
        try:
            yield
        finally:
            # On a fast machine it may have ended by itself, and been waited for.
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            assert self._process.stdout.readline() == "gone\n"


@pytest.fixture
def zygote() -> Iterator[Zygote]:
    command = [sys.executable, "-m", "tests.support.killed_writer"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Zygote(process)


@contextmanager
def note_turn(turn: int) -> Iterator[None]:
    """Say of a failure how to see it again."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"kill {turn} with PINCITE_TEST_SEED={SEED}")
        raise


def wait_for_begin(log: Path) -> None:
    """Wait until something was begun; a worker that cannot open the index never does."""
    deadline = time.monotonic() + 30
    while not (log.exists() and log.stat().st_size):
        assert time.monotonic() < deadline, "the worker did not begin within 30 s"
        time.sleep(0.001)  # finer than ``wait_until``: work of some kinds lasts 50 ms


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(2))  # of the kills, so that two processes can share them
def test_killed_at_any_moment_the_index_keeps_all_that_was_acknowledged(
    tmp_path: Path, zygote: Zygote, part: int
) -> None:
    chance = random.Random(f"{SEED} {part}")
    turns = range(part * KILLS // 2, (part + 1) * KILLS // 2)
    folder, saved = tmp_path / "index", tmp_path / "saved"
    articles = [made(number, sentences=SENTENCES) for number in range(AT_FIRST)]
    with open_index(folder) as index:
        index.add(articles)
    backup(folder, file=saved)
    state = {article.id: log_entry(article) for article in articles}
    expected = Expected(now=state, saved=dict(state))
    unfinished: set[str] = set()  # snapshots that a kill left half written

    def restored() -> dict[str, list[str]]:
        restore(tmp_path / "other", file=saved, replace=True)
        return stored_articles(tmp_path / "other")

    for turn in turns:
        log = tmp_path / f"log{turn}"
        # Every other time the kind that was interrupted least so far: how long each takes differs between machines.
        rarest = min(KINDS, key=lambda kind: (expected.interrupted[kind], chance.random()))
        first = rarest if turn % 2 else chance.choice(["add", "change", "remove"])
        if turn % 10 == 0:
            shutil.rmtree(folder / "vectors")  # opening makes them again
        with (
            note_turn(turn),
            zygote.at_work(
                Work(
                    folder=str(folder),
                    log=str(log),
                    saved=str(saved),
                    seed=chance.getrandbits(32),
                    turn=turn,
                    first=first,
                )
            ),
        ):
            if turn % 2:
                wait_for_begin(log)
                time.sleep(chance.uniform(0, LASTS[first]) * chance.choice([0.1, 0.4, 1]))
            else:
                time.sleep(chance.choice([0.002, 0.02, 0.1, 0.3, 0.8]) * chance.uniform(0.5, 1.5))
        unfinished |= {path.name for path in (folder / "vectors").glob("*.part")}
        with note_turn(turn), open_index(folder) as index:
            expected.read(log)
            expected.settle(list_articles(index), saved=restored)
            for article_id in chance.sample(sorted(expected.now), 3):
                word = expected.now[article_id][3]
                best = index.search(f"Where was {word} found?", limit=1)[0].chunk
                assert best.article_id == article_id
                assert word in best.text
                assert best.text == best.span.of(index.article(article_id).text)
            if turn % FULLY == 0 or turn == turns[-1]:
                assert index.check() == ()
    assert all(expected.interrupted[kind] for kind in KINDS), expected.interrupted
    assert len(unfinished) >= 2


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_sync_killed_at_any_moment_leaves_each_article_as_it_was_or_as_its_file_is(
    tmp_path: Path, zygote: Zygote
) -> None:
    chance = random.Random(SEED)
    folder, source = tmp_path / "index", tmp_path / "articles"
    source.mkdir()
    numbers = iter(range(10_000))

    def write(path: Path) -> None:
        path.write_text(made(next(numbers), sentences=chance.choice([3, 12])).text, encoding="utf-8")

    for _ in range(120):
        write(source / f"{next(numbers)}.txt")
    sync_index(source, folder)
    cut_short = 0
    for turn in range(40):
        before = texts(folder)
        files = sorted(source.iterdir())
        for file in chance.sample(files, 30):
            match chance.choice(["change", "rename", "remove", "add"]):
                case "change":
                    write(file)
                case "rename":
                    file.rename(source / f"{next(numbers)}.txt")
                case "remove":
                    file.unlink()
                case _:
                    write(source / f"{next(numbers)}.txt")
        wanted = {file.stem: file_fingerprint(file) for file in source.iterdir()}
        log = tmp_path / f"log{turn}"
        with note_turn(turn), zygote.at_work(Work(folder=str(folder), log=str(log), source=str(source))):
            if turn % 4:
                wait_for_begin(log)
            time.sleep(chance.uniform(0, 0.3))
        with note_turn(turn):
            stored = texts(folder)
            for article_id, text in stored.items():
                assert text in (before.get(article_id), wanted.get(article_id))
            unchanged = {article_id for article_id in before if before[article_id] == wanted.get(article_id)}
            assert unchanged <= stored.keys()
            assert set(stored.values()) >= set(before.values()) & set(wanted.values())
            cut_short += stored not in (before, wanted)
            if turn % 4 == 3:
                sync_index(source, folder)
                assert texts(folder) == wanted
                with open_index(folder) as index:
                    assert index.check() == ()
    assert cut_short >= 3


def sync_index(source: Path, folder: Path) -> None:
    sync(source, where=folder, embedder=lambda read: embedder(), settings=Settings())


def file_fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def texts(folder: Path) -> dict[str, str]:
    with open_index(folder) as index:
        return {item.id: item.fingerprint for item in index.listing()}
