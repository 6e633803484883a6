"""An index that an older Pincite made opens, answers and can be written; none is left half way to a newer format."""

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import IndexBroken, IndexBusy, IndexFault
from rag.storage.local.backend import FILE
from rag.storage.local.backup import backup, restore
from rag.storage.local.lock import write_lock
from rag.storage.local.sqlite_schema import FORMAT
from rag.system.sqlite_file import SqliteFile
from rag.system.sqlite_format import Run
from tests.support.embedder import made
from tests.support.local_index import FORMAT_1_ARTICLES, copy_format_1, newer_format, open_local


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of an index in format 1."""
    return copy_format_1(tmp_path / "index")


def version(folder: Path) -> int:
    with closing(sqlite3.connect(folder / FILE)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def add_loud_titles(run: Run) -> None:
    run("CREATE TABLE loud (id TEXT PRIMARY KEY, title TEXT NOT NULL)")
    for article_id, title in run("SELECT id, title FROM articles"):
        run("INSERT INTO loud VALUES (?, ?)", article_id, title.upper())


def add_lengths(run: Run) -> None:
    run("ALTER TABLE loud ADD COLUMN length INTEGER")
    run("UPDATE loud SET length = length(title)")


def add_loud_titles_and_fail(run: Run) -> None:
    add_loud_titles(run)
    run("INSERT INTO nowhere VALUES (1)")


@pytest.mark.parametrize(
    "steps", [(), (add_loud_titles,), (add_loud_titles, add_lengths)], ids=["today", "one", "two"]
)
def test_an_index_in_format_1_opens_answers_and_can_be_written(
    folder: Path, steps: tuple[Callable[[Run], None], ...]
) -> None:
    form = newer_format(*steps)
    with open_local(folder, form=form) as index:
        assert version(folder) == form.version
        assert tuple(index.article(item.id) for item in index.listing()) == FORMAT_1_ARTICLES
        assert index.source == "/articles"
        assert index.search("Where was w1x7v0 found?", limit=1)[0].chunk.article_id == "a0001"
        assert index.check() == ()
        index.add([made(2, version=1), made(3)])
        index.remove(["a0001"])
        assert index.search("Where was w2x3v1 found?", limit=1)[0].chunk.article_id == "a0002"
        assert index.check() == ()
    with open_local(folder, form=form) as index:
        assert [item.id for item in index.listing()] == ["a0002", "a0003"]


def test_each_migration_runs_once_in_order(folder: Path) -> None:
    form = newer_format(add_loud_titles, add_lengths)
    open_local(folder, form=form).close()
    open_local(folder, form=form).close()
    with closing(sqlite3.connect(folder / FILE)) as connection:
        rows = connection.execute("SELECT id, title, length FROM loud ORDER BY id").fetchall()
    assert rows == [("a0001", "FINDINGS OF TEAM 1", 18), ("a0002", "FINDINGS OF TEAM 2", 18)]


def test_a_migration_that_fails_leaves_the_index_in_the_format_before_it(
    folder: Path,
) -> None:
    with pytest.raises(IndexFault, match="loud already exists"):
        open_local(folder, form=newer_format(add_loud_titles, add_loud_titles_and_fail))
    with open_local(folder, form=newer_format(add_loud_titles)) as index:
        assert tuple(index.article(item.id) for item in index.listing()) == FORMAT_1_ARTICLES


def test_who_has_the_older_format_open_sees_it_whole_or_gets_an_error(folder: Path) -> None:
    newer = newer_format(add_loud_titles)
    reader = SqliteFile(folder / FILE, form=FORMAT)
    with reader.reading():
        before = reader.run("SELECT count(*) FROM articles")
        with open_local(folder, form=newer) as index:
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


def test_a_migration_waits_for_the_writer(folder: Path) -> None:
    form = newer_format(add_loud_titles)
    with write_lock(folder, wait_s=0), pytest.raises(IndexBusy, match=f"process {os.getpid()}"):
        open_local(folder, form=form, wait_s=0)
    assert version(folder) == 1
    open_local(folder, form=form).close()
    assert version(folder) == form.version


@pytest.mark.parametrize("migrations", [{}, {1: add_loud_titles}], ids=["none", "one of two"])
def test_a_format_that_nothing_leads_on_from_says_how_to_begin_again(
    folder: Path, migrations: Mapping[int, Callable[[Run], None]]
) -> None:
    with pytest.raises(
        IndexBroken, match=r"is in format 1, which this Pincite no longer reads: delete the folder '.*index'"
    ):
        open_local(folder, form=replace(FORMAT, version=3, migrations=migrations))
    assert version(folder) == 1


def test_a_backup_in_an_older_format_is_restored_in_the_newest(folder: Path, tmp_path: Path) -> None:
    backup(folder, file=tmp_path / "saved")
    newer = newer_format(add_loud_titles)
    assert restore(tmp_path / "other", file=tmp_path / "saved", form=newer) == 2
    assert version(tmp_path / "other") == newer.version
    with open_local(tmp_path / "other", form=newer) as index:
        assert tuple(index.article(item.id) for item in index.listing()) == FORMAT_1_ARTICLES
        assert index.check() == ()
