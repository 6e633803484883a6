"""`pincite models`."""

import json
import re
from pathlib import Path

import pytest

from tests.support.command_line import Output

pytestmark = pytest.mark.usefixtures("private_home")


def test_the_models_are_listed_with_what_they_weigh(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    (home / "models").mkdir(parents=True)
    (home / "models" / "mine.gguf").write_bytes(b"GGUF")
    said = Output(capsys, "models")
    assert said.status == 0
    lines = said.out.splitlines()
    assert lines[0].split() == ["name", "model", "parameters", "size", "licence", "sha256", "where"]
    assert re.fullmatch(
        r"smollm2-135m  SmolLM2 135M Instruct, Q4_1 +135M +98 MB  Apache-2.0  b179c9523d0e  not installed",
        lines[1],
    )
    assert any(line.startswith("mine ") and line.endswith("mine.gguf") for line in lines)
    data = json.loads(Output(capsys, "models", "--json").out)
    assert data["default"] == "smollm2-135m"
    assert data["models"][0]["bytes"] == 98_362_432
    assert data["models"][0]["installed"] is False
    assert data["models"][-1]["name"] == "mine"


def test_a_pull_that_fails_says_so_on_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "cut.gguf").write_bytes(b"GGUF")
    said = Output(capsys, "models", "pull", tmp_path / "cut.gguf")
    assert (said.status, said.out) == (1, "")
    assert re.fullmatch(r"pincite: [^\n]+\n", said.err)
