"""`pincite eval`."""

import json
import re
from pathlib import Path

import pytest

from rag.chatbot import Chatbot
from rag.errors import ModelError
from rag.evaluation.questions import read_questions
from rag.evaluation.report_file import read_report, report_to_json
from rag.question.input import History
from rag.schema import Answer
from rag.system.paths import shipped_corpus
from tests.support.command_line import QUESTION, Output, question_set

pytestmark = pytest.mark.usefixtures("private_home")


def test_a_question_set_is_counted_and_written(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    questions = tmp_path / "questions.jsonl"
    rows = [
        {"id": "1", "question": QUESTION, "kind": "answerable", "answers": ["1871"]},
        {"id": "2", "question": "Who won the chess championship in Brazil?", "kind": "out_of_corpus"},
    ]
    questions.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    files = ("--json", tmp_path / "report.json", "--report", tmp_path / "report.html")
    said = Output(capsys, "eval", questions, "--corpus", corpus, "--model", "quotes", *files)
    assert (said.status, said.err) == (0, "")
    assert re.search(r"answer holds gold +of answerable questions +100\.0% +1/1\n", said.out)
    assert re.search(r"out of corpus declined .* +100\.0% +1/1\n", said.out)
    report = read_report(tmp_path / "report.json")
    assert (report.model, report.setup.articles, report.setup.sample) == ("quotes", 1, None)
    assert [row.question.id for row in report.rows] == ["1", "2"]
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("report")) == [
        "report.html",
        "report.json",
    ]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert QUESTION in page


def test_the_table_is_in_groups_of_what_was_counted(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    questions = question_set(tmp_path, 1)
    said = Output(capsys, "eval", questions, "--corpus", corpus, "--model", "quotes")
    heads = [line.split()[0] for line in said.out.splitlines() if line.endswith("value  count")]
    assert heads == ["retrieval", "evidence", "answers", "citations", "abstaining", "cost", "verifier"]
    assert "near misses declined" not in said.out  # none was asked
    assert re.search(r"seconds, total, median +over questions timed +\d+\.\d\d s +1\n", said.out)


def test_a_sample_is_asked_and_noted(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    questions, file = question_set(tmp_path, *range(5)), tmp_path / "r.json"
    asked = ("eval", questions, "--corpus", corpus, "--model", "quotes", "--json", file)
    assert Output(capsys, *asked, "--sample", "2", "--seed", "3").status == 0
    report = read_report(file)
    assert (len(report.rows), report.setup.sample, report.setup.seed) == (2, 2, 3)
    assert Output(capsys, *asked, "--sample", "99").status == 0
    assert len(read_report(file).rows) == 5
    for size in ("0", "-1"):
        said = Output(capsys, *asked, "--sample", size)
        assert (said.status, said.out) == (1, "")
        assert said.err == f"pincite: a sample of {size} questions asks nothing: give 1 or more\n"
    assert Output(capsys, *asked, "--sample", "few").status == 2


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), ModelError("the model is gone: pull it again")])
def test_an_evaluation_that_was_stopped_goes_on_from_there(
    capsys: pytest.CaptureFixture[str],
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stop: BaseException,
) -> None:
    questions, file = question_set(tmp_path, 1, 2, 3), tmp_path / "r.json"
    file.write_text("an earlier report", encoding="utf-8")
    part = tmp_path / "r.json.part"
    asked = ("eval", questions, "--corpus", corpus, "--model", "quotes", "--json", file)
    calls: list[str] = []
    ask = Chatbot.ask

    def asking(self: Chatbot, question: str, *, history: History = ()) -> Answer:
        calls.append(question)
        if len(calls) == 3:
            raise stop
        return ask(self, question, history=history)

    monkeypatch.setattr(Chatbot, "ask", asking)
    said = Output(capsys, *asked)
    assert said.status == (130 if isinstance(stop, KeyboardInterrupt) else 1)
    assert said.err.startswith(
        f"stopped: 2 of 3 questions are answered and kept in {part}; the same command goes on from there\n"
    )
    assert file.read_text(encoding="utf-8") == "an earlier report"
    with part.open("ab") as torn:
        torn.write(b'{"question": {"id": "3"')
    said = Output(capsys, *asked)
    assert said.status == 0
    assert said.err == f"2 of 3 questions were answered before: going on from {part}\n"
    assert len(calls) == 4
    assert [row.question.id for row in read_report(file).rows] == ["1", "2", "3"]
    assert not part.exists()


def test_a_report_goes_where_no_file_is(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    said = Output(
        capsys,
        "eval",
        question_set(tmp_path, 1),
        "--corpus",
        corpus,
        "--model",
        "quotes",
        "--json",
        "/dev/null",
    )
    assert (said.status, said.err) == (0, "")
    assert not Path("/dev/null").is_file()


@pytest.mark.slow
def test_the_shipped_set_is_written_and_reads_back_equal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    questions, file = shipped_corpus() / "questions.jsonl", tmp_path / "r.json"
    said = Output(
        capsys, "eval", questions, "--corpus", shipped_corpus(), "--model", "quotes", "--json", file
    )
    assert (said.status, said.err) == (0, "")
    report = read_report(file)
    assert tuple(row.question for row in report.rows) == read_questions(questions)
    assert json.loads(json.dumps(report_to_json(report))) == json.loads(file.read_text(encoding="utf-8"))
    assert re.search(r"quote is the slice +of citations with a quote +100\.0%", said.out)
    assert re.search(r"citation recall +of statements in answers; cited passages together +100\.0%", said.out)


def test_a_report_that_cannot_be_written_is_known_before_a_question_is_asked(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path, home: Path
) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"question": "Who?", "kind": "answerable"}', encoding="utf-8")
    said = Output(capsys, "eval", questions, "--corpus", corpus, "--report", tmp_path / "nowhere" / "r.html")
    assert said.status == 1
    assert "give another path" in said.err
    assert not home.exists()
