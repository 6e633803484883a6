"""The option --embedder, in every command that has it."""

import json
from pathlib import Path

import pytest

from rag.evaluation.report_file import read_report
from tests.support.command_line import QUESTION, Output

pytestmark = pytest.mark.usefixtures("private_home")


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten characters are many, so that a new index takes the fast embedder."""
    monkeypatch.setattr("rag.index.embedder_choice.SHORT_CHARACTERS", 10)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("command", ["ask", "add", "sync", "eval"])
def test_many_characters_take_the_fast_embedder_and_one_line_says_so(
    command: str, capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    (tmp_path / "q.jsonl").write_text(
        json.dumps(
            {"id": "1", "question": QUESTION, "kind": "answerable", "answers": ["1871"], "articles": []}
        )
    )
    asking = ("--corpus", corpus, "--model", "quotes")
    words: dict[str, tuple[str | Path, ...]] = {
        "ask": (QUESTION, *asking),
        "add": (corpus,),
        "sync": (corpus,),
        "eval": (tmp_path / "q.jsonl", *asking),
    }
    said = Output(capsys, command, *words[command], "--index", index)
    assert said.status == 0
    lines = [line for line in said.err.splitlines() if "embedder" in line]
    assert len(lines) == 1
    assert "the fast embedder was taken" in lines[0]
    assert "--embedder minilm" in lines[0]
    again = Output(capsys, "ask", QUESTION, "--index", index, "--model", "quotes")
    assert (again.status, again.err) == (0, "")
    assert "1871" in again.out


@pytest.mark.parametrize("command", ["ask", "add", "sync"])
def test_an_embedder_that_is_named_is_taken_and_an_index_of_another_is_refused(
    command: str, capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    assert Output(capsys, "add", corpus, "--index", index, "--embedder", "fast").status == 0
    (corpus / "vell.md").write_text("# Vell\n\nThe mill at Vell burnt down in 1904.\n", encoding="utf-8")
    words: dict[str, tuple[str | Path, ...]] = {
        "ask": (QUESTION, "--model", "quotes", "--corpus", corpus),
        "add": (corpus,),
        "sync": (corpus, "--take-over"),
    }
    refused = Output(capsys, command, *words[command], "--index", index, "--embedder", "minilm")
    assert refused.status == 1
    assert len(refused.err.splitlines()) == 1
    assert f"`pincite doctor --repair --index {index} --embedder minilm`" in refused.err
    assert Output(capsys, command, *words[command], "--index", index, "--embedder", "fast").status == 0
    if command != "sync":  # which asks for none where nothing changed
        unknown = Output(capsys, command, *words[command], "--index", index, "--embedder", "quick")
        assert "no embedder is called 'quick': use 'minilm', 'fast' or 'provider:name'" in unknown.err


def test_an_evaluation_says_which_embedder_it_was_of(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    asked = {"id": "1", "question": QUESTION, "kind": "answerable", "answers": ["1871"], "articles": []}
    (tmp_path / "q.jsonl").write_text(json.dumps(asked))
    words = ("eval", tmp_path / "q.jsonl", "--corpus", corpus, "--model", "quotes", "--embedder", "fast")
    assert Output(capsys, *words, "--json", tmp_path / "a.json").status == 0
    assert read_report(tmp_path / "a.json").setup.embedder == "wordllama-l2-supercat-256"
    assert Output(capsys, "eval", "--compare", "a.json", "b.json", "--embedder", "fast").status == 2
