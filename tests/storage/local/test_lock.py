"""One writes at a time: what a lock that was left behind means, and two who follow one folder."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import IndexBusy, IndexFault
from rag.index.index import Index
from rag.settings import Settings
from rag.storage.backend import exists
from rag.storage.local.lock import write_lock
from tests.support.embedder import embedder, made
from tests.support.local_index import copy_format_1


def ended() -> int:
    """The id of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


@pytest.mark.parametrize(
    "content",
    [str(ended()), "1", str(os.getppid()), "", "soon", "99999999999999999999", "\x00\x00"],
    ids=["ended", "another program", "our parent", "empty", "no number", "no process", "damaged"],
)
def test_what_a_killed_writer_left_keeps_nobody_out(tmp_path: Path, content: str) -> None:
    (tmp_path / "write.lock").touch()
    (tmp_path / "write.pid").write_text(content, encoding="ascii")
    with Index.open(tmp_path, embedder=embedder(), settings=Settings(), wait_s=0) as index:
        assert index.add([made(1)]).added == ("a0001",)
    assert not (tmp_path / "write.pid").exists()


@pytest.mark.parametrize("content", [None, "", "soon", "\x00"], ids=["gone", "empty", "no number", "damaged"])
def test_a_lock_that_is_held_holds_whatever_is_written_beside_it(tmp_path: Path, content: str | None) -> None:
    opened = Index.open(tmp_path, embedder=embedder(), settings=Settings(), wait_s=0)
    with opened as index, write_lock(tmp_path, wait_s=0):
        if content is None:
            (tmp_path / "write.pid").unlink()
        else:
            (tmp_path / "write.pid").write_text(content, encoding="ascii")
        with pytest.raises(
            IndexBusy, match="is being written by another process, which did not end within 0 s"
        ):
            index.add([made(1)])
    assert not (tmp_path / "write.pid").exists()


def test_a_lock_whose_holder_cannot_be_written_down_is_a_lock(tmp_path: Path) -> None:
    (tmp_path / "write.pid").mkdir()
    with (
        write_lock(tmp_path, wait_s=0),
        pytest.raises(IndexBusy, match="another process"),
        write_lock(tmp_path, wait_s=0),
    ):
        pass
    with write_lock(tmp_path, wait_s=0):
        pass


@pytest.mark.slow
def test_writers_and_migrations_get_an_error_in_a_folder_that_may_only_be_read() -> None:
    place = Path(tempfile.mkdtemp())
    try:
        folder = copy_format_1(place / "index")
        (folder / "index.sqlite3").chmod(0o444)
        folder.chmod(0o555)
        place.chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.read_only_index", "write", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        locked, migrated = done.stdout.splitlines()
        assert "cannot be written (Permission denied): give a folder you may write with --index" in locked
        assert "cannot be brought to" in migrated
        assert migrated.endswith("open it once where it can be written")
    finally:
        for path in (place, place / "index"):
            path.chmod(0o755)
        shutil.rmtree(place)


def waited(until: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 90
    while not until():
        assert time.monotonic() < end, what
        time.sleep(0.1)


@pytest.mark.slow
def test_two_who_follow_one_folder_keep_it_in_step_together(tmp_path: Path) -> None:
    source, folder = tmp_path / "articles", tmp_path / "index"
    source.mkdir()
    for name, number in (("first", 100), ("second", 101)):
        (source / f"{name}.txt").write_text(made(number).text, encoding="utf-8")
    command = [sys.executable, "-m", "tests.support.watching_sync", str(source), str(folder)]
    outputs = [tmp_path / "output1", tmp_path / "output2"]
    started = []
    for output in outputs:
        with output.open("w", encoding="utf-8") as stream:
            process = subprocess.Popen(
                command,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        started.append(process)
    try:
        waited(
            lambda: all("watching" in output.read_text("utf-8") for output in outputs), "both do not watch"
        )
        waited(lambda: listed(folder) == {"first", "second"}, "the first are not there")
        for number in range(1, 13):
            (source / f"more{number}.txt").write_text(made(number).text, encoding="utf-8")
            time.sleep(0.15)
        (source / "first.txt").unlink()
        wanted = {"second", *(f"more{number}" for number in range(1, 13))}
        waited(lambda: listed(folder) == wanted, "the index is not in step")
    finally:
        for process in started:
            process.send_signal(signal.SIGINT)
        statuses = [process.wait(timeout=60) for process in started]
    texts = [output.read_text("utf-8") for output in outputs]
    assert statuses == [0, 0], texts
    assert not any("Traceback" in text for text in texts)
    with Index.open(folder, embedder=embedder(), settings=Settings()) as index:
        assert index.check() == ()


def listed(folder: Path) -> set[str]:
    if not exists(folder):
        return set()
    try:
        with Index.open(folder, embedder=embedder(), settings=Settings()) as index:
            return {item.id for item in index.listing()}
    except IndexFault:
        return set()
