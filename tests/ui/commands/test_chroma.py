"""`pincite chroma`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import Output

pytestmark = pytest.mark.usefixtures("private_home")


@pytest.mark.slow
def test_the_program_it_prints_finds_the_chunk(capsys: pytest.CaptureFixture[str], corpus: Path) -> None:
    Output(capsys, "add", corpus)
    said = Output(capsys, "chroma")
    assert (said.status, said.err) == (0, "")
    facts = "# chunks    1\n# texts     yes\n# embedder  minilm-l6-v2-int8, vectors of 384\n\n"
    assert said.out.startswith(facts)
    run = subprocess.run([sys.executable, "-c", said.out], capture_output=True, text=True, check=True)
    assert run.stdout.rstrip().endswith("It stands 42 metres tall.")


@pytest.mark.slow
def test_without_texts_the_program_it_prints_names_the_places(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    Output(capsys, "add", corpus)
    program = Output(capsys, "chroma", "--texts", "no").out
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split()[-3] == "0"


def test_texts_are_left_out_where_that_is_asked_for_and_stay_so(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    Output(capsys, "add", corpus)
    assert "texts     no\n" in Output(capsys, "chroma", "--texts", "no").out
    (tmp_path / "ferry.md").write_text("# A ferry\n\nThe ferry crosses the sound.\n")
    Output(capsys, "add", tmp_path / "ferry.md")
    told = json.loads(Output(capsys, "chroma", "--json").out)
    assert (told["texts"], told["chunks"], told["outdated"]) == (False, 2, 0)
    assert (Path(told["folder"]) / "chroma.sqlite3").is_file()
    assert b"crosses the sound" not in (Path(told["folder"]) / "chroma.sqlite3").read_bytes()
    assert json.loads(Output(capsys, "chroma", "--texts=yes", "--json").out)["texts"] is True


def test_an_index_that_is_missing_or_empty_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    missing = Output(capsys, "chroma", "--index", tmp_path / "none")
    assert missing.status == 1
    assert missing.err.startswith("pincite: no index in ")
    Output(capsys, "add", corpus)
    Output(capsys, "remove", "orrin")
    empty = Output(capsys, "chroma")
    assert (empty.status, empty.out, empty.err.count("\n")) == (1, "", 1)
    assert "has no articles: run `pincite add --index" in empty.err
    assert Output(capsys, "chroma", "--texts", "maybe").status == 2
