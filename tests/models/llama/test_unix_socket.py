"""The private socket: its folder is private, its path short enough, and both are removed with it."""

import stat
from pathlib import Path

import pytest

from rag.models.llama.unix_socket import PrivateSocket


def test_a_long_temporary_folder_still_gives_a_socket_that_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("deep" * 30)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    private = PrivateSocket()
    assert len(str(private.path)) < 104
    assert stat.S_IMODE(private.folder.stat().st_mode) == 0o700
    folder = private.folder
    del private
    assert not folder.exists()
