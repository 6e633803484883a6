"""An index that an older Pincite made opens, answers and can be written; none is left half way to a newer format."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import rag.storage.local.sqlite_store
from rag.errors import IndexBroken, IndexBusy, IndexFault
from rag.index.index import Index
from rag.settings import Settings
from rag.storage.local.backend import FILE
from rag.storage.local.backup import backup, restore
from rag.storage.local.lock import write_lock
from rag.system.sqlite_file import FileFormat, Run, SqliteFile
from tests.support.embedder import embedder, made

FIRST = Path(__file__).parents[2] / "files" / "index-v1"
ARTICLES = (made(1), made(2, sentences=3))  # what it holds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of an index in format 1."""
    return Path(shutil.copytree(FIRST, tmp_path / "index"))


def opened(folder: Path, *, wait_s: float = 10.0) -> Index:
    return Index.open(folder, embedder=embedder(), settings=Settings(), wait_s=wait_s)


def version(folder: Path) -> int:
    with closing(sqlite3.connect(folder / FILE)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def next_format(*steps: Callable[[Run], None]) -> FileFormat:
    """Today's format of an index with made-up ones after it."""
    now = rag.storage.local.sqlite_store._FORMAT
    more = dict(enumerate(steps, now.version))
    return replace(now, version=now.version + len(steps), migrations={**now.migrations, **more})


def shouted(run: Run) -> None:
    run("CREATE TABLE loud (id TEXT PRIMARY KEY, title TEXT NOT NULL)")
    for article_id, title in run("SELECT id, title FROM articles"):
        run("INSERT INTO loud VALUES (?, ?)", article_id, title.upper())


def counted(run: Run) -> None:
    run("ALTER TABLE loud ADD COLUMN length INTEGER")
    run("UPDATE loud SET length = length(title)")


def failing(run: Run) -> None:
    shouted(run)
    run("INSERT INTO nowhere VALUES (1)")


@pytest.mark.parametrize("steps", [(), (shouted,), (shouted, counted)], ids=["today", "one", "two"])
def test_an_index_in_format_1_opens_answers_and_can_be_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, steps: tuple[Callable[[Run], None], ...]
) -> None:
    form = next_format(*steps)
    monkeypatch.setattr(rag.storage.local.sqlite_store, "_FORMAT", form)
    with opened(folder) as index:
        assert version(folder) == form.version
        assert tuple(index.article(item.id) for item in index.listing()) == ARTICLES
        assert index.source == "/articles"
        assert index.search("Where was w1x7v0 found?", limit=1)[0].chunk.article_id == "a0001"
        assert index.check() == ()
        index.add([made(2, version=1), made(3)])
        index.remove(["a0001"])
        assert index.search("Where was w2x3v1 found?", limit=1)[0].chunk.article_id == "a0002"
        assert index.check() == ()
    with opened(folder) as index:
        assert [item.id for item in index.listing()] == ["a0002", "a0003"]


def test_each_migration_runs_once_in_order(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.storage.local.sqlite_store, "_FORMAT", next_format(shouted, counted))
    opened(folder).close()
    opened(folder).close()
    with closing(sqlite3.connect(folder / FILE)) as connection:
        rows = connection.execute("SELECT id, title, length FROM loud ORDER BY id").fetchall()
    assert rows == [("a0001", "FINDINGS OF TEAM 1", 18), ("a0002", "FINDINGS OF TEAM 2", 18)]


def test_a_migration_that_fails_leaves_the_index_in_the_format_before_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(rag.storage.local.sqlite_store, "_FORMAT", next_format(shouted, failing))
        with pytest.raises(IndexFault, match="loud already exists"):
            opened(folder)
    monkeypatch.setattr(rag.storage.local.sqlite_store, "_FORMAT", next_format(shouted))
    with opened(folder) as index:
        assert tuple(index.article(item.id) for item in index.listing()) == ARTICLES


def test_who_has_the_older_format_open_sees_it_whole_or_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer = rag.storage.local.sqlite_store._FORMAT, next_format(shouted)
    reader = SqliteFile(folder / FILE, form=older)
    with reader.reading():
        before = reader.run("SELECT count(*) FROM articles")
        monkeypatch.setattr(rag.storage.local.sqlite_store, "_FORMAT", newer)
        with opened(folder) as index:
            index.remove(["a0001"])
        assert reader.run("SELECT count(*) FROM articles") == before
    for change in (reader.reading, reader.writing):
        with (
            pytest.raises(IndexFault, match=r"in format \d+ instead of \d+ while it was open: open it again"),
            change(),
        ):
            pass
    reader.close()
    assert version(folder) == newer.version


def test_a_migration_waits_for_the_writer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.storage.local.sqlite_store, "_FORMAT", next_format(shouted))
    with write_lock(folder, wait_s=0), pytest.raises(IndexBusy, match=f"process {os.getpid()}"):
        opened(folder, wait_s=0)
    assert version(folder) == 1
    opened(folder).close()
    assert version(folder) == rag.storage.local.sqlite_store._FORMAT.version


@pytest.mark.parametrize("migrations", [{}, {1: shouted}], ids=["none", "one of two"])
def test_a_format_that_nothing_leads_on_from_says_how_to_begin_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, migrations: Mapping[int, Callable[[Run], None]]
) -> None:
    monkeypatch.setattr(
        rag.storage.local.sqlite_store,
        "_FORMAT",
        replace(rag.storage.local.sqlite_store._FORMAT, version=3, migrations=migrations),
    )
    with pytest.raises(
        IndexBroken, match=r"is in format 1, which this Pincite no longer reads: delete the folder '.*index'"
    ):
        opened(folder)
    assert version(folder) == 1


def test_a_backup_in_an_older_format_is_restored_in_the_newest(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(folder, file=tmp_path / "saved")
    newer = next_format(shouted)
    monkeypatch.setattr(rag.storage.local.sqlite_store, "_FORMAT", newer)
    monkeypatch.setattr(
        rag.storage.local.sqlite_store,
        "BACKUP",
        replace(rag.storage.local.sqlite_store.BACKUP, version=newer.version, migrations=newer.migrations),
    )
    assert restore(tmp_path / "other", file=tmp_path / "saved") == 2
    assert version(tmp_path / "other") == newer.version
    with opened(tmp_path / "other") as index:
        assert tuple(index.article(item.id) for item in index.listing()) == ARTICLES
        assert index.check() == ()
