"""Watching a folder: told once it is quiet, and now and then in any case."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import ArticleError
from rag.reading.watch import changes_in, watched_folders


def test_what_changes_is_told_once_for_many_files(tmp_path: Path) -> None:
    changes = changes_in(tmp_path, ticks=60)
    next(changes)  # what may have changed before the watch began
    begun = time.monotonic()

    def write() -> None:
        for number in range(10):
            (tmp_path / f"{number}.txt").write_text("words")
            time.sleep(0.02)  # a program that takes its time

    writer = threading.Thread(target=write)
    writer.start()
    next(changes)
    writer.join()
    assert len(list(tmp_path.iterdir())) == 10
    assert 0.5 <= time.monotonic() - begun < 5
    changes.close()


def later(change: Callable[[], object]) -> None:
    threading.Timer(0.2, change).start()


def test_what_is_read_through_a_link_is_told_and_what_is_above_the_folder_is_not(tmp_path: Path) -> None:
    folder, away = tmp_path / "home" / "notes", tmp_path / "away" / "deep"
    folder.mkdir(parents=True)
    away.mkdir(parents=True)
    (folder / "up").symlink_to(folder.parent)
    (folder / "archive").symlink_to(tmp_path / "away")
    watched = [path.relative_to(folder).as_posix() for path in watched_folders(folder).values()]
    assert watched == [".", "archive", "archive/deep"]
    changes = changes_in(folder, ticks=1000)
    next(changes)
    later(lambda: (away / "one.txt").write_text("words"))
    next(changes)
    changes.close()


@pytest.mark.slow
@pytest.mark.parametrize("before", [True, False])
def test_what_changes_in_a_new_folder_is_told(tmp_path: Path, before: bool) -> None:
    new = tmp_path / "new"
    if before:
        new.mkdir()
    changes = changes_in(tmp_path, ticks=1000)
    next(changes)

    def make() -> None:
        if before:
            new.rmdir()
        new.mkdir()

    later(make)
    next(changes)
    next(changes)  # what came into it before it was watched
    later(lambda: (new / "one.txt").write_text("words"))
    next(changes)
    changes.close()


@pytest.mark.slow
def test_a_folder_that_is_away_for_a_while_is_watched_again(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    (folder / "in").mkdir(parents=True)
    changes = changes_in(folder, ticks=1000)
    next(changes)
    later(lambda: folder.rename(tmp_path / "away"))
    next(changes)
    later(lambda: (tmp_path / "away").rename(folder))
    next(changes)
    later(lambda: (folder / "in" / "one.txt").write_text("words"))
    next(changes)
    changes.close()


def test_where_nothing_is_told_it_looks_now_and_then(tmp_path: Path) -> None:
    changes = changes_in(tmp_path, ticks=1)
    next(changes)
    next(changes)
    changes.close()


def test_a_folder_that_is_not_there_cannot_be_watched(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="cannot be watched"):
        next(changes_in(tmp_path / "nowhere"))
