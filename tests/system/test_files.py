import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest

from rag.system.files import Durability, file_sha256, flush, replace_file, temporary_beside, write_whole


@pytest.mark.parametrize("durable", Durability)
def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path, durable: Durability) -> None:
    path = tmp_path / "counter"
    write_whole(path, b"old", durable=durable)
    write_whole(path, b"new\r\n\0", durable=durable)
    assert path.read_bytes() == b"new\r\n\0"
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize(
    ("durable", "flushes"), [(Durability.NONE, 0), (Durability.CONTENT, 1), (Durability.RENAME, 2)]
)
def test_each_level_of_durability_flushes_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, durable: Durability, flushes: int
) -> None:
    flushed: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append(stat.S_ISDIR(os.fstat(handle).st_mode)))
    write_whole(tmp_path / "counter", b"1", durable=durable)
    assert flushed == [False, True][:flushes]


def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "counter"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new", durable=Durability.CONTENT)
    assert path.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [path]


def test_a_folder_that_is_missing_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "nowhere" / "counter", b"1", durable=Durability.NONE)
    assert not [*tmp_path.iterdir()]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_private_file_is_its_owners_alone_and_any_other_follows_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        write_whole(tmp_path / "private", b"1", durable=Durability.NONE, private=True)
        write_whole(tmp_path / "open", b"1", durable=Durability.NONE)
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "open").stat().st_mode) == 0o644


def test_two_writers_of_one_file_have_names_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "counter"
    first, second = temporary_beside(path), temporary_beside(path)
    assert first != second
    assert {first.parent, second.parent} == {tmp_path}
    first.write_bytes(b"1")
    replace_file(path, by=first, durable=Durability.RENAME)
    assert path.read_bytes() == b"1"
    assert not first.exists()


def test_files_and_folders_can_be_flushed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"1")
    flush(tmp_path / "file")
    flush(tmp_path)


def test_the_checksum_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000
    (tmp_path / "file").write_bytes(data)
    assert file_sha256(tmp_path / "file") == hashlib.sha256(data).hexdigest()
