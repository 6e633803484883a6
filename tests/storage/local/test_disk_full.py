"""A full disk is told in one line, loses nothing, and work goes on once there is room."""

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag.errors import IndexFault, SettingsError
from rag.index.index import Index
from rag.index.sync import SyncOptions, sync
from rag.schema import Answer
from rag.settings import Settings
from rag.storage.local.backup import backup, restore
from tests.support.embedder import embedder, made
from ui.web.access.users import Users
from ui.web.access.visitors import browser
from ui.web.conversation.saved import Chats, ChatsError

SEED = int(os.environ.get("PINCITE_TEST_SEED", "20240607"))
BEFORE = [made(number, sentences=3) for number in range(100, 130)]
AFTER = [made(number, sentences=3) for number in range(60)]
PAGE = 4096


class Disk:
    """A small disk of its own, on which ``leave`` takes all room but so many bytes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._ballast = root / "ballast"

    def leave(self, room: int) -> None:
        status = os.statvfs(self.root)
        with self._ballast.open("wb") as file:
            file.write(b"\0" * max(0, status.f_bavail * status.f_bsize - room))

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def clear(self) -> None:
        for path in self.root.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    root = tmp_path / "disk"
    root.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(root)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no program `mount` here")
    if done.returncode:
        pytest.skip(f"a disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield Disk(root)
    finally:
        subprocess.run(["umount", "--lazy", str(root)], check=True)


def opened(folder: Path) -> Index:
    return Index.open(folder, embedder=embedder(), settings=Settings())


def add(folder: Path, _: Path) -> None:
    with opened(folder) as index:
        index.add(AFTER)


def remove(folder: Path, _: Path) -> None:
    with opened(folder) as index:
        index.remove([one.id for one in BEFORE[:20]])


def rebuild(folder: Path, _: Path) -> None:
    with opened(folder) as index:
        index.rebuild()


def search(folder: Path, _: Path) -> None:
    with opened(folder) as index:
        assert index.search("Where was w101x1v0 found?", limit=1)[0].chunk.article_id == BEFORE[1].id


def follow(folder: Path, shelf: Path) -> None:
    source = shelf / "articles"
    source.mkdir(exist_ok=True)
    for one in AFTER:
        (source / f"{one.id}.txt").write_text(one.text, encoding="utf-8")
    sync(
        source,
        where=folder,
        embedder=lambda read: embedder(),
        settings=Settings(),
        options=SyncOptions(take_over=True),
    )


def save(folder: Path, shelf: Path) -> None:
    backup(folder, file=folder.parent / "saved")
    assert restore(shelf / "tried", file=folder.parent / "saved", replace=True) == len(BEFORE)


def bring_back(folder: Path, shelf: Path) -> None:
    restore(folder, file=shelf / "saved", replace=True)


@pytest.mark.slow
@pytest.mark.parametrize("work", [add, remove, rebuild, search, follow, save, bring_back])
def test_with_any_room_left_work_is_done_or_refused_in_one_line_and_nothing_is_lost(
    disk: Disk, tmp_path: Path, work: Callable[[Path, Path], None]
) -> None:
    chance = random.Random(f"{SEED} {work.__name__}")
    folder, shelf, whole = disk.root / "index", tmp_path / "shelf", tmp_path / "whole"
    shelf.mkdir()
    with opened(whole) as index:
        index.add(BEFORE)
    with opened(tmp_path / "other") as index:
        index.add(AFTER)
    backup(tmp_path / "other", file=shelf / "saved")
    said: list[str] = []
    for room in [0, *(PAGE * chance.randrange(1, 200) for _ in range(8))]:
        disk.clear()
        shutil.copytree(whole, folder)
        if work is search:
            shutil.rmtree(folder / "vectors")  # opening makes them again, where it can
        disk.leave(room)
        try:
            work(folder, shelf)
        except IndexFault as fault:
            said.append(str(fault))
        disk.free()
        assert not [*disk.root.rglob("*.part")], (SEED, room)
        with opened(folder) as index:
            known = {one.id: one for one in (*BEFORE, *AFTER)}
            ids = {item.id for item in index.listing()}
            if work in (add, rebuild, search, save):
                assert ids >= {one.id for one in BEFORE}
            if work is bring_back:
                assert ids in ({one.id for one in BEFORE}, {one.id for one in AFTER})
            if work is not follow:
                assert all(index.article(one) == known[one] for one in ids)
            assert index.check() == ()
            index.add([made(500)])
            assert index.search("Where was w500x2v0 found?", limit=1)[0].chunk.article_id == "a0500"
    assert said
    assert all("make room" in line and "\n" not in line for line in said), said


def test_a_conversation_on_a_full_disk_keeps_what_it_had_and_goes_on(disk: Disk) -> None:
    anna, chats = browser("anna"), Chats(disk.root / "chats.sqlite3")
    chat = chats.begin(anna, title="Orrin")

    def keep(question: str) -> None:
        text = "The lighthouse was built in 1871. " * 200
        answer = Answer(question=question, standalone_question=question, text=text, model="quotes")
        chats.keep(anna, chat, question=question, answer=answer, stopped=False, instead=None)

    disk.leave(20 * PAGE)
    kept: list[str] = []
    said = ""
    while not said and len(kept) < 200:
        try:
            keep(str(len(kept)))
            kept.append(str(len(kept)))
        except ChatsError as fault:
            said = str(fault)
    assert re.fullmatch(
        r"the file of conversations '.*' could not be used \([^\n]*\): make room and try again", said
    )
    assert [turn.question for turn in chats.read(anna, chat)] == kept
    disk.free()
    keep("afterwards")
    chats.close()
    chats = Chats(disk.root / "chats.sqlite3")
    assert [turn.question for turn in chats.read(anna, chat)] == [*kept, "afterwards"]
    chats.close()


def test_users_on_a_full_disk_stay_as_they_were(disk: Disk) -> None:
    users = Users(disk.root / "users")
    users.add("anna", "correct horse")
    disk.leave(0)
    with pytest.raises(SettingsError, match=r"No space left on device.*make room"):
        users.add("bert", "battery staple")
    assert users.names() == ("anna",)
    assert not [*disk.root.glob("users.*")]
    disk.free()
    users.add("bert", "battery staple")
    assert users.names() == ("anna", "bert")


@pytest.mark.slow
def test_where_files_may_not_grow_work_is_refused_and_goes_on_when_they_may(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.limited_files", str(tmp_path / "index")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [line.rpartition(": ")[2].startswith("make room") for line in done.stdout.splitlines()] == [
        True,
        True,
    ]
    assert not (tmp_path / "saved").exists()
    with opened(tmp_path / "index") as index:
        assert index.check() == ()
