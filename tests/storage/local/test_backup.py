"""Backups: whole while others write, refused where damaged, and restored to all or nothing."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from rag.errors import IndexBroken, IndexBusy, IndexFault
from rag.index.index import Index
from rag.settings import Settings
from rag.storage.local.backup import backup, restore
from rag.storage.local.lock import write_lock
from tests.support.embedder import embedder, made, several


def opened(folder: Path) -> Index:
    return Index.open(folder, embedder=embedder(), settings=Settings())


def ids(index: Index) -> list[str]:
    return [item.id for item in index.listing()]


def found(index: Index, number: int, version: int = 0) -> str:
    return index.search(f"Where was w{number}x1v{version} found?", limit=1)[0].chunk.article_id


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "index"
    with opened(place) as index:
        index.add(several(range(5)))
    return place


@pytest.fixture
def saved(folder: Path, tmp_path: Path) -> Path:
    file = tmp_path / "saved.pincite"
    assert backup(folder, file=file) == 5
    return file


def test_a_backup_is_one_file_and_becomes_the_same_index_without_embedding(
    folder: Path, saved: Path, tmp_path: Path
) -> None:
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index", saved.name]
    with opened(folder) as index:
        before = [index.article(one) for one in ids(index)]
        best = index.search("What of w3x1v0?", limit=3)
    assert restore(tmp_path / "other", file=saved) == 5
    with opened(tmp_path / "other") as index:
        assert [index.article(one) for one in ids(index)] == before
        assert index.search("What of w3x1v0?", limit=3) == best
        assert index.check() == ()
        assert len(list((tmp_path / "other" / "vectors").iterdir())) == 1


def test_a_backup_taken_while_another_thread_writes_is_one_moment(folder: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with opened(folder) as index:
            for number in range(5, 1000):
                if stop.is_set():
                    return
                index.add([made(number)])

    writer = threading.Thread(target=write)
    writer.start()
    counts = []
    try:
        for turn in range(6):
            counts.append(backup(folder, file=tmp_path / f"{turn}.pincite"))
            time.sleep(0.05)
    finally:
        stop.set()
        writer.join()
    assert counts == sorted(counts)
    for turn, count in enumerate(counts):
        place = tmp_path / f"restored{turn}"
        assert restore(place, file=tmp_path / f"{turn}.pincite") == count
        with opened(place) as index:
            assert index.check() == ()
            assert ids(index) == [made(number).id for number in range(count)]


def test_a_backup_replaces_an_earlier_one_and_nothing_else(folder: Path, saved: Path, tmp_path: Path) -> None:
    with opened(folder) as index:
        index.add([made(5)])
    assert backup(folder, file=saved) == 6
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("years of work")
    for file in (thesis, tmp_path, folder / "index.sqlite3"):
        with pytest.raises(IndexFault, match="not taken"):
            backup(folder, file=file)
    assert thesis.read_text() == "years of work"
    with pytest.raises(IndexFault, match="no folder"):
        backup(folder, file=tmp_path / "nowhere" / "file")
    with pytest.raises(IndexFault, match="no index"):
        backup(tmp_path / "nowhere", file=tmp_path / "file")


def test_an_index_with_articles_goes_only_where_it_is_said(folder: Path, saved: Path) -> None:
    with opened(folder) as index:
        index.add([made(7), made(1, version=1)])
    with pytest.raises(IndexFault, match="--replace"):
        restore(folder, file=saved)
    assert restore(folder, file=saved, replace=True) == 5
    with opened(folder) as index:
        assert index.article("a0001") == made(1)
        assert index.check() == ()


def test_those_who_have_the_index_open_go_on_in_the_restored_one(folder: Path, saved: Path) -> None:
    with opened(folder) as index, opened(folder) as writer:
        writer.add(several(range(5, 9)))
        writer.remove(["a0003"])
        assert found(index, 6) == "a0006"
        generation, words = index.generation, index.vocabulary()
        restore(folder, file=saved, replace=True)
        assert index.generation > generation
        assert index.vocabulary() != words
        assert found(index, 3) == "a0003"
        assert ids(index) == ids(writer) == [made(number).id for number in range(5)]
        writer.add(several(range(20, 24)))
        assert [found(index, number) for number in (1, 20, 23)] == ["a0001", "a0020", "a0023"]
        assert index.check() == ()
        with sqlite3.connect(folder / "index.sqlite3") as base:
            assert base.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        base.close()


def test_an_empty_index_can_be_saved_and_restored(tmp_path: Path) -> None:
    opened(tmp_path / "empty").close()
    assert backup(tmp_path / "empty", file=tmp_path / "file") == 0
    assert restore(tmp_path / "empty", file=tmp_path / "file") == 0
    with opened(tmp_path / "empty") as index:
        index.add([made(1)])
        restore(tmp_path / "empty", file=tmp_path / "file", replace=True)
        index.add([made(2)])
        assert found(index, 2) == "a0002"
        assert index.check() == ()


@pytest.mark.parametrize("kept", [0, 50, 5_000, -4096, -1])
def test_a_backup_that_lost_its_end_is_refused_and_nothing_changes(
    folder: Path, saved: Path, kept: int
) -> None:
    saved.write_bytes(saved.read_bytes()[:kept])
    with opened(folder) as index:
        generation = index.generation
        with pytest.raises(IndexBroken, match=r"saved\.pincite"):
            restore(folder, file=saved, replace=True)
        assert index.generation == generation
    assert not list(folder.glob("restored*"))


def test_a_backup_with_a_damaged_page_is_refused(folder: Path, saved: Path) -> None:
    data = bytearray(saved.read_bytes())
    data[4096 * 3 : 4096 * 4] = os.urandom(4096)
    saved.write_bytes(data)
    with pytest.raises(IndexBroken, match=r"saved\.pincite.*give another backup"):
        restore(folder, file=saved, replace=True)


def test_what_is_no_backup_or_of_a_newer_format_is_refused(folder: Path, saved: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    for file, statement in ((other, "CREATE TABLE t (x)"), (saved, "PRAGMA user_version = 9")):
        base = sqlite3.connect(file)
        base.execute(statement)
        base.close()
    with pytest.raises(IndexBroken, match="not a backup of Pincite"):
        restore(folder, file=other, replace=True)
    with pytest.raises(IndexBroken, match=r"in format 9 .* upgrade Pincite"):
        restore(folder, file=saved, replace=True)
    with pytest.raises(IndexFault, match="No such file"):
        restore(folder, file=tmp_path / "nowhere", replace=True)
    with opened(folder) as index:
        index.add([made(9)])
        with pytest.raises(IndexFault, match="in use"):
            restore(tmp_path / "third", file=folder / "index.sqlite3")


def test_a_damaged_index_can_be_replaced_and_is_kept_beside(folder: Path, saved: Path) -> None:
    (folder / "index.sqlite3").write_bytes(b"not a database at all" * 500)
    with pytest.raises(IndexFault, match="--replace"):
        restore(folder, file=saved)
    assert restore(folder, file=saved, replace=True) == 5
    assert (folder / "index.sqlite3.damaged").read_bytes().startswith(b"not a database")
    with opened(folder) as index:
        assert index.check() == ()


def test_a_restore_waits_for_the_writer_and_no_longer_than_told(folder: Path, saved: Path) -> None:
    with write_lock(folder, wait_s=1), pytest.raises(IndexBusy):
        restore(folder, file=saved, replace=True, wait_s=0.1)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_restore_killed_at_any_moment_leaves_the_old_or_the_new(folder: Path, tmp_path: Path) -> None:
    chance = random.Random(20261124)
    few, many = tmp_path / "few", tmp_path / "many"
    backup(folder, file=few)
    with opened(folder) as index:
        index.add(several(range(5, 60)))
    backup(folder, file=many)
    sizes = set()
    for _ in range(6):
        command = [sys.executable, "-m", "tests.support.restoring", str(folder), str(few), str(many)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(chance.uniform(0.01, 1.0))
            os.kill(child.pid, signal.SIGKILL)
        with opened(folder) as index:
            assert index.check() == ()
            sizes.add(len(ids(index)))
            assert len(ids(index)) in (5, 60)
            assert found(index, 3) == "a0003"
    assert restore(folder, file=many, replace=True) == 60
    assert not list(folder.glob("restored*"))
