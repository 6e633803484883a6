"""A folder that is scanned again: what may have changed is read, and what cannot be read loses nothing."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from rag.index.folder_scan import KnownFile, load, save
from tests.support.synced_folder import (
    MEMORY_FILE,
    CountingEmbeddings,
    make_synced_folder,
    stored_ids,
    sync_folder,
    trust_memory,
    write_article,
)


@pytest.fixture
def index_folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def folder(tmp_path: Path, index_folder: Path) -> Path:
    """A folder of four articles that the index is in step with."""
    make_synced_folder(tmp_path / "archive", index_folder)
    return tmp_path / "archive"


@pytest.mark.parametrize("back", [True, False])
def test_a_change_that_keeps_size_and_time_is_seen(folder: Path, index_folder: Path, back: bool) -> None:
    file = folder / "a0001.md"
    before = file.stat()
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("w1x1v0", "w1x1v9"), encoding="utf-8")
    if back:  # as `touch -r` does
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert sync_folder(folder, index_folder).changes.updated == ("a0001",)


def test_a_file_younger_than_two_seconds_is_read_again_by_its_words(folder: Path, index_folder: Path) -> None:
    """Its times may not tell a change that comes right after, as the same instant is all they can say."""
    file = write_article(folder, 1, version=1)
    assert sync_folder(folder, index_folder).changes.updated == ("a0001",)
    memory = load(index_folder / MEMORY_FILE)
    assert not memory.files["a0001.md"].trusted
    assert memory.files["a0002.md"].trusted
    write_article(folder, 1, version=2)
    status = file.stat()
    # Have the memory hold the times of the second version: as if both had come within one step of the clock.
    stamped = replace(memory.files["a0001.md"], modified=status.st_mtime_ns, changed=status.st_ctime_ns)
    save(replace(memory, files={**memory.files, "a0001.md": stamped}), file=index_folder / MEMORY_FILE)
    assert sync_folder(folder, index_folder).changes.updated == ("a0001",)


def test_where_the_clock_was_moved_back_no_time_is_trusted(folder: Path, index_folder: Path) -> None:
    file = write_article(folder, 1, version=1)
    status = file.stat()
    memory = load(index_folder / MEMORY_FILE)
    wrong = replace(memory.files["a0001.md"], modified=status.st_mtime_ns, changed=status.st_ctime_ns)
    files = {**memory.files, "a0001.md": replace(wrong, size=status.st_size)}
    save(replace(memory, files=files, time_ns=time.time_ns() + 10**12), file=index_folder / MEMORY_FILE)
    assert sync_folder(folder, index_folder).changes.updated == ("a0001",)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"reading": 2, "files": 3}', b"\xff\xfe"])
def test_a_lost_or_damaged_memory_costs_reading_alone(
    folder: Path, index_folder: Path, damage: bytes
) -> None:
    (index_folder / MEMORY_FILE).write_bytes(damage)
    synced = sync_folder(folder, index_folder, model := CountingEmbeddings())
    assert (synced.read, bool(synced.changes), model.texts) == (4, False, [])


def test_a_file_that_cannot_be_read_keeps_its_articles(folder: Path, index_folder: Path) -> None:
    (folder / "a0001.md").write_bytes(b"")
    synced = sync_folder(folder, index_folder)
    assert synced.changes.removed == ()
    assert [line.count("a0001.md") for line in synced.problems] == [1]
    assert sync_folder(folder, index_folder).problems == synced.problems  # said each time
    assert len(stored_ids(index_folder)) == 4
    write_article(folder, 1)
    assert sync_folder(folder, index_folder).problems == ()


def test_a_link_to_a_folder_that_is_away_holds_removals_back(
    folder: Path, index_folder: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    write_article(disk, 5)
    (folder / "linked").symlink_to(disk)
    assert sync_folder(folder, index_folder).changes.added == ("linked/a0005",)
    (folder / "a0003.md").unlink()
    disk.rename(tmp_path / "away")
    synced = sync_folder(folder, index_folder)
    assert synced.changes.removed == ()
    assert any("mount its disk" in line for line in synced.problems)
    (tmp_path / "away").rename(disk)
    assert sync_folder(folder, index_folder).changes.removed == ("a0003",)


def test_a_link_that_leads_back_up_is_said_and_holds_nothing_back(folder: Path, index_folder: Path) -> None:
    write_article(folder.parent, 9)
    (folder / "up").symlink_to(folder.parent)
    (folder / "a0003.md").unlink()
    synced = sync_folder(folder, index_folder)
    assert (synced.changes.added, synced.changes.removed) == ((), ("a0003",))
    assert synced.problems == (
        f"{str(folder / 'up')!r} is passed over: it leads back up to {str(folder.parent)!r}",
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_cannot_be_read_holds_removals_back(folder: Path, index_folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    write_article(inner, 5)
    sync_folder(folder, index_folder)
    (folder / "a0003.md").unlink()
    inner.chmod(0)
    synced = sync_folder(folder, index_folder)
    inner.chmod(0o700)
    assert synced.changes.removed == ()
    assert "nothing was removed: not all could be read" in synced.problems
    assert sync_folder(folder, index_folder).changes.removed == ("a0003",)


def test_the_first_of_two_files_with_one_id_has_it_and_the_other_takes_over_when_it_goes(
    folder: Path, index_folder: Path
) -> None:
    for name, words in (("x.txt", "Nothing but pears."), ("x.md", "Nothing but apples.")):
        (folder / name).write_text(words, encoding="utf-8")
    assert any("taken" in line for line in sync_folder(folder, index_folder).problems)
    trust_memory(index_folder)
    assert any("taken" in line for line in sync_folder(folder, index_folder).problems)
    (folder / "x.md").unlink()
    assert sync_folder(folder, index_folder).changes.updated == ("x",)
    assert stored_ids(index_folder).count("x") == 1


def test_a_memory_comes_back_as_it_was_written(tmp_path: Path, folder: Path, index_folder: Path) -> None:
    memory = load(index_folder / MEMORY_FILE)
    assert len(memory.files) == 4
    assert all(isinstance(known_file, KnownFile) for known_file in memory.files.values())
    save(memory, file=tmp_path / "again")
    assert load(tmp_path / "again") == memory
