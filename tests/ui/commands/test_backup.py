"""`pincite backup` and `restore`."""

import re
from pathlib import Path

import pytest

from tests.support.command_line import Output

pytestmark = pytest.mark.usefixtures("private_home")


def test_an_index_goes_into_a_file_and_comes_back(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "my.pincite"
    assert Output(capsys, "backup", saved).err.startswith("pincite: no index in")
    Output(capsys, "add", corpus)
    said = Output(capsys, "backup", saved)
    assert (said.status, said.err) == (0, "")
    assert re.fullmatch(r"saved 1 in .*my\.pincite \(0\.\d MB\)\n", said.out)
    refused = Output(capsys, "restore", saved)
    assert (refused.status, refused.out) == (1, "")
    assert "--replace" in refused.err
    Output(capsys, "remove", "orrin")
    assert Output(capsys, "restore", saved).out == "restored 1\n"
    assert Output(capsys, "restore", saved, "--replace", "--index", tmp_path / "other").out == "restored 1\n"
    assert "Maria Keller" in Output(capsys, "show", "orrin", "--index", tmp_path / "other").out
