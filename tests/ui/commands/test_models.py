"""`pincite models`."""

import json
import re
from pathlib import Path

import pytest

from rag.models import default_model
from tests.support.command_line import Output

pytestmark = pytest.mark.usefixtures("private_home")


def test_the_models_are_listed_with_what_they_weigh(
    capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(default_model, "available_memory", lambda: 7_400_000_000)
    (home / "models").mkdir(parents=True)
    (home / "models" / "mine.gguf").write_bytes(b"GGUF")
    said = Output(capsys, "models")
    assert said.status == 0
    lines = said.out.splitlines()
    assert lines[0].split() == ["name", "model", "parameters", "size", "licence", "sha256", "notes", "where"]
    assert re.fullmatch(
        r"qwen2.5-coder-1.5b  Qwen2.5 Coder 1.5B Instruct, Q4_K_M +1.5B  1,117 MB  Apache-2.0  cc324af070c2  default +"
        r"not installed",
        lines[1],
    )
    assert any(line.startswith("mine ") and line.endswith("mine.gguf") for line in lines)
    (smallest,) = (line for line in lines if line.startswith("smollm2-135m "))
    assert "for tests: cannot read" in smallest
    assert "not tried" in next(line for line in lines if line.startswith("qwen3-4b "))
    reason = "the best one tried that fits: it wants 3.0 GB of memory, and 7.4 GB are free"
    assert f"The default here is qwen2.5-coder-1.5b: {reason}." in lines
    data = json.loads(Output(capsys, "models", "--json").out)
    assert (data["default"], data["reason"]) == ("qwen2.5-coder-1.5b", reason)
    assert data["models"][0]["bytes"] == 1_117_320_768
    assert (data["models"][0]["answers"], data["models"][0]["tried"]) == (True, True)
    assert data["models"][0]["installed"] is False
    assert data["models"][-1]["name"] == "mine"


def test_a_pull_that_fails_says_so_on_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "cut.gguf").write_bytes(b"GGUF")
    said = Output(capsys, "models", "pull", tmp_path / "cut.gguf")
    assert (said.status, said.out) == (1, "")
    assert re.fullmatch(r"pincite: [^\n]+\n", said.err)


def test_where_no_model_fits_nothing_is_pulled_and_that_is_no_failure(
    capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(default_model, "available_memory", lambda: 1_900_000_000)
    said = Output(capsys, "models", "pull")
    assert (said.status, said.err) == (0, "")
    assert said.out == (
        "No language model is installed: quotes alone, as 1.9 GB of memory are free and the 1.5B model wants 3.0 GB.\n"
    )
    assert not (home / "models").exists()
    listed = Output(capsys, "models")
    assert "The default here is quotes: quotes alone, as 1.9 GB" in listed.out
