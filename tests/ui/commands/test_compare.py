"""`pincite eval --compare`."""

import json
import re
from pathlib import Path

import pytest

from tests.support.command_line import QUESTION, Output

pytestmark = pytest.mark.usefixtures("private_home")


def measured(capsys: pytest.CaptureFixture[str], corpus: Path, to: Path, *asked: tuple[str, str]) -> Path:
    """The report of a run over questions of these ids and gold strings."""
    rows = [{"id": id, "question": QUESTION, "kind": "answerable", "answers": [gold]} for id, gold in asked]
    questions = to.with_suffix(".jsonl")
    questions.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert (
        Output(capsys, "eval", questions, "--corpus", corpus, "--model", "quotes", "--json", to).status == 0
    )
    return to


def test_two_reports_are_compared_question_by_question(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    a = measured(capsys, corpus, tmp_path / "a.json", ("1", "1871"), ("2", "1999"), ("3", "1871"))
    b = measured(capsys, corpus, tmp_path / "b.json", ("1", "1871"), ("2", "1871"), ("4", "1871"))
    said = Output(capsys, "eval", "--compare", a, b, "--json", tmp_path / "c.json")
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith(f"A: {a}, quotes\nB: {b}, quotes\n2 questions in both\n1 in A alone: 3\n")
    assert "1 in B alone: 4\n" in said.out
    assert re.search(
        r"answer holds gold +50\.0 +100\.0 +\+50\.0 +\[0\.0, \+100\.0\] +1\.000 +0 +1\n", said.out
    )
    data = json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))
    assert (data["paired"], data["only_a"], data["only_b"]) == (2, ["3"], ["4"])
    assert data["differences"][0]["mcnemar"] == {"only_a": 0, "only_b": 1, "p": 1.0}


def test_what_is_no_report_cannot_be_compared(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    a = measured(capsys, corpus, tmp_path / "a.json", ("1", "1871"))
    other = measured(capsys, corpus, tmp_path / "b.json", ("2", "1871"))
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    for bad, said in (
        (tmp_path / "nowhere.json", "cannot read the report"),
        (corpus / "orrin.md", "is not JSON"),
        (tmp_path / "list.json", "report is []: give an object"),
        (other, "no question id is in both"),
    ):
        found = Output(capsys, "eval", "--compare", a, bad)
        assert (found.status, found.out) == (1, "")
        assert said in found.err
        assert found.err.count("\n") == 1


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["--compare", "a.json"],
        ["q.jsonl", "--compare", "a.json", "b.json"],
        ["--compare", "a.json", "b.json", "--report", "r.html"],
        ["--compare", "a.json", "b.json", "--model", "quotes"],
        ["--compare", "a.json", "b.json", "--sample", "5"],
        ["--compare", "a.json", "b.json", "--seed", "0"],
    ],
)
def test_questions_are_asked_or_reports_compared_never_both(
    capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    said = Output(capsys, "eval", *argv)
    assert (said.status, said.out) == (2, "")
    assert "--compare" in said.err
