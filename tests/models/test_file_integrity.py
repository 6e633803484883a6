"""Checksums of model files and the record of files found good."""

from pathlib import Path

import pytest

from rag.models.file_integrity import is_recorded, read_checked, record_good
from rag.system.paths import home
from tests.support.gguf_file import gguf_file


def test_a_file_with_the_right_checksum_is_returned_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"abc")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert read_checked(tmp_path / "model", sha256=digest, fix="") == b"abc"


@pytest.mark.usefixtures("private_home")
def test_a_damaged_record_only_costs_another_check(tmp_path: Path) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(gguf_file())
    record_good(file)
    assert is_recorded(file)
    (record,) = (home() / "checked").iterdir()
    for content in ("", "[]", "null", '{"bytes": 1}'):
        record.write_text(content)
        assert not is_recorded(file)
