"""`pincite doctor`."""

import json
from pathlib import Path

import pytest

from tests.support.command_line import Output

pytestmark = pytest.mark.usefixtures("private_home")


def test_the_doctor_makes_an_index_anew_with_the_embedder_that_is_named(
    capsys: pytest.CaptureFixture[str],
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from rag import doctor
    from rag.index.embedder_choice import recorded_embedder

    monkeypatch.setattr(doctor, "PACKAGES", {})  # each is tried elsewhere, which takes seconds
    index = tmp_path / "index"
    Output(capsys, "add", corpus, "--index", index, "--embedder", "fast")
    said = Output(capsys, "doctor", "--index", index, "--embedder", "minilm")
    assert said.status == 1
    assert f"pincite doctor --repair --index {index} --embedder minilm" in " ".join(said.out.split())
    assert Output(capsys, "doctor", "--index", index, "--repair", "--embedder", "minilm").status == 0
    assert recorded_embedder(index) == "minilm-l6-v2-int8"
    assert Output(capsys, "doctor", "--index", index).status == 0


def test_the_doctor_is_content_and_notes_the_missing_model(
    capsys: pytest.CaptureFixture[str], corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.models import default_model

    monkeypatch.setattr(default_model, "available_memory", lambda: None)
    Output(capsys, "add", corpus)
    said = Output(capsys, "doctor")
    assert (said.status, said.err) == (0, "")
    assert "✓ index: 1 article in " in said.out
    assert "! language model: none: answers are quotes alone; qwen2.5-coder-1.5b is " in said.out
    assert "  → `pincite models pull`\n" in said.out
    assert "✗" not in said.out


def test_the_doctor_mends_a_damaged_index_when_told_to(
    capsys: pytest.CaptureFixture[str], corpus: Path, home: Path
) -> None:
    import sqlite3

    Output(capsys, "add", corpus)
    database = sqlite3.connect(home / "indexes" / "default" / "index.sqlite3")
    with database:
        database.execute("UPDATE chunks SET start = start + 1")
    database.close()
    said = Output(capsys, "doctor", "--json")
    assert said.status == 1
    data = json.loads(said.out)
    assert data["ok"] is False
    (fault,) = (finding for finding in data["findings"] if not finding["ok"])
    assert (fault["name"], fault["fix"]) == ("index", "`pincite doctor --repair`")
    assert Output(capsys, "doctor", "--repair").status == 0
