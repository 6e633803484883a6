"""Watching a folder: told once it is quiet, and now and then in any case."""

import threading
import time
from pathlib import Path

import pytest

from rag.errors import ArticleError
from rag.watching import moments


def test_what_changes_is_told_once_for_many_files(tmp_path: Path) -> None:
    told = moments(tmp_path, ticks=60)
    next(told)  # what may have changed before the watch began
    begun = time.monotonic()

    def write() -> None:
        for number in range(10):
            (tmp_path / f"{number}.txt").write_text("words")
            time.sleep(0.02)

    writer = threading.Thread(target=write)
    writer.start()
    next(told)
    writer.join()
    assert len(list(tmp_path.iterdir())) == 10
    assert 0.5 <= time.monotonic() - begun < 5
    told.close()


def test_where_nothing_is_told_it_looks_now_and_then(tmp_path: Path) -> None:
    told = moments(tmp_path, ticks=1)
    next(told)
    next(told)
    told.close()


def test_a_folder_that_is_not_there_cannot_be_watched(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="cannot be watched"):
        next(moments(tmp_path / "nowhere"))
