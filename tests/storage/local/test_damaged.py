"""Damage to any file of an index gives right answers or one clear line, never a traceback and never a crash."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.doctor import rebuild_and_check
from rag.errors import IndexBroken
from rag.index.index import Index
from tests.support.damaged_index import NUMBERS, SENTENCES, opened
from tests.support.embedder import made

SEED = int(os.environ.get("PINCITE_TEST_SEED", "20240607"))
TRIALS = 120
# Where a file of SQLite says of itself what it is; flipped here, more comes of it than in the middle of a text.
HEADER = 100


def damaged(path: Path, chance: random.Random) -> str:
    """Do one thing to a file that a disk, a copy cut short or another program might; what it was."""
    content = bytearray(path.read_bytes())
    kind = chance.choice(["cut", "zeroes", "bits", "bits", "head", "noise", "gone", "swapped"])
    if kind == "gone" or not content:
        path.unlink()
        return f"{path.name} gone"
    at = chance.randrange(len(content))
    if kind == "cut":
        del content[at:]
    elif kind == "zeroes":
        page = at // 4096 * 4096
        content[page : page + 4096] = bytes(len(content[page : page + 4096]))
    elif kind == "bits":
        for _ in range(chance.choice([1, 8, 200])):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    elif kind == "head":
        content[chance.randrange(min(HEADER, len(content)))] ^= 1 << chance.randrange(8)
    elif kind == "noise":
        content[at : at + 300] = chance.randbytes(len(content[at : at + 300]))
    else:
        pages = [bytes(content[start : start + 4096]) for start in range(0, len(content), 4096)]
        chance.shuffle(pages)
        content = bytearray(b"".join(pages))
    path.write_bytes(content)
    return f"{path.name} {kind} at {at}"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An index at rest, and one as a killed writer leaves it, with a log."""
    rest = tmp_path_factory.mktemp("whole") / "rest"
    with opened(rest) as index:
        index.add([made(number, sentences=SENTENCES) for number in NUMBERS[:20]])
        index.set_source("/articles")
    logged = rest.with_name("logged")
    with opened(rest) as index:
        index.add([made(number, sentences=SENTENCES) for number in NUMBERS[20:]])
        shutil.copytree(rest, logged)
    for folder in (rest, logged):
        (folder / "files.json").write_text('{"reading": 1, "root": "/articles", "at": 1, "files": {}}')
        (folder / "write.pid").write_text("1")
    return rest, logged


class Patient:
    """Uses indexes in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def uses(self, folder: Path) -> dict[str, dict[str, Any]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{folder}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"native code crashed: exit status {self._process.wait()}"
        found: dict[str, dict[str, Any]] = json.loads(line)
        return found


@pytest.fixture(scope="module")
def patient() -> Iterator[Patient]:
    command = [sys.executable, "-m", "tests.support.damaged_index"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Patient(process)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(2))  # of the trials, so that two processes can share them
def test_a_damaged_file_gives_right_answers_or_one_clear_line(
    whole: tuple[Path, Path], patient: Patient, tmp_path: Path, part: int
) -> None:
    came: Counter[str] = Counter()
    for trial in range(part, TRIALS, 2):
        chance = random.Random(f"{SEED} {trial}")
        folder = tmp_path / f"index{trial}"
        shutil.copytree(chance.choice(whole), folder)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        # The database holds what cannot be made again, so it is damaged more often.
        path = chance.choice([*files, *[file for file in files if file.name.startswith("index.")] * 4])
        done = damaged(path, chance)
        found = patient.uses(folder)
        note = f"trial {trial} with PINCITE_TEST_SEED={SEED}: {done}: {found}"
        for step in found.values():
            assert "raised" not in step, note
            assert "\n" not in step.get("refused", ""), note
        if not path.name.startswith("index.sqlite3") or path.name.endswith("-shm"):
            assert all(step == {"found": ""} for step in found.values()), note
        elif done.endswith("gone") or path.name.endswith("-wal"):
            # A log that is lost or damaged leaves the index as it was at an earlier moment.
            assert found["checked"].get("found", "") == "", note
        else:
            assert found["asked"].get("found", "") == "", note
        if "found" in found["repaired"]:
            assert found["checked again"] == {"found": ""}, note
        came["right" if found["asked"] == {"found": ""} else "told"] += 1
        shutil.rmtree(folder)
    assert min(came["right"], came["told"]) >= TRIALS // 20, came


def test_a_damaged_text_is_named_and_can_be_removed_and_added_again(
    whole: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(whole[0], tmp_path / "index"))
    file = folder / "index.sqlite3"
    content = file.read_bytes()
    at = content.index(b"w3x4v0 was found")
    file.write_bytes(content[:at] + b"w3x9" + content[at + 4 :])
    with opened(folder) as index:
        said = "the text of article 'a0003' .* is damaged: run `pincite remove --index .* a0003` and add it again"
        with pytest.raises(IndexBroken, match=said):
            index.article("a0003")
        with pytest.raises(IndexBroken, match=said):
            rebuild_and_check(index)
        assert index.article("a0004") == made(4, sentences=SENTENCES)
        index.remove(["a0003"])
        index.add([made(3, sentences=SENTENCES)])
        rebuild_and_check(index)
        assert index.article("a0003") == made(3, sentences=SENTENCES)


def test_what_cannot_be_mended_says_so(whole: tuple[Path, Path], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(whole[0], tmp_path / "index"))
    with opened(folder) as index, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Index, "check", lambda _: ("On tree page 36 cell 5: Rowid 83 out of order",))
        with pytest.raises(
            IndexBroken, match=r"cannot be mended \(On tree page 36 .*\): put a backup in its place"
        ):
            rebuild_and_check(index)
