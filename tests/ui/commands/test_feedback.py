"""`pincite feedback export`: what visitors said of answers, as a question set that `pincite eval` runs as it is."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rag.chatbot import Chatbot
from rag.evaluation.report_file import read_report
from rag.system.paths import chats_file
from tests.support.command_line import ORRIN, QUESTION, Output
from ui.web.access.visitors import Visitor, browser, user
from ui.web.conversation.saved import Chats

pytestmark = pytest.mark.usefixtures("private_home")
ADA, BOB = user("ada"), browser("bob")
FOREIGN = "Who won the chess championship in Brazil?"


@pytest.fixture
def bot(corpus: Path, tmp_path: Path) -> Any:  # noqa: ANN401
    with Chatbot.open(corpus=corpus, index=tmp_path / "index", model="quotes") as opened:
        yield opened


def asked(
    bot: Chatbot, visitor: Visitor, *rated: tuple[str, bool | None, str], chats_path: Path | None = None
) -> None:
    """One conversation: each question asked of the articles after those before it, and rated."""
    with closing(Chats(chats_path or chats_file())) as chats:
        chat = chats.begin(visitor, title=rated[0][0])
        for question, liked, note in rated:
            answer = bot.ask(question, history=chats.before(visitor, chat))
            kept = chats.keep(visitor, chat, question=question, answer=answer, stopped=False)
            chats.rate(visitor, kept.id, liked=liked, note=note)


def test_real_feedback_is_exported_and_measured_as_it_is(
    capsys: pytest.CaptureFixture[str], bot: Chatbot, corpus: Path, tmp_path: Path
) -> None:
    asked(
        bot,
        ADA,
        (QUESTION, True, "right"),
        ("How tall is it?", True, ""),
        ("Who paid for it?", False, "no\n!"),
    )
    asked(bot, BOB, (FOREIGN, True, "fair"), ("hello", None, ""))
    questions = tmp_path / "questions.jsonl"
    said = Output(capsys, "feedback", "export", questions, "--corpus", corpus)
    assert (said.status, said.out) == (0, "")
    assert said.err == "3 of 4 questions are labelled; each of the others says why not\n"
    lines = {line["question"]: line for line in map(json.loads, questions.read_text("utf-8").splitlines())}
    assert list(lines) == [QUESTION, "How tall is it?", "Who paid for it?", FOREIGN]
    assert {question: line["kind"] for question, line in lines.items()} == {
        QUESTION: "answerable",
        "How tall is it?": "answerable",
        "Who paid for it?": "unlabelled",
        FOREIGN: "out_of_corpus",
    }
    assert [line["note"] for line in lines.values()] == ["right", "", "no\n!", "fair"]
    assert [line["liked"] for line in lines.values()] == [True, True, False, True]
    assert "ada" not in questions.read_text("utf-8")  # a question set is handed on

    report = tmp_path / "report.json"
    page = tmp_path / "report.html"
    said = Output(
        capsys, "eval", questions, "--corpus", corpus, "--model", "quotes", "--json", report, "--report", page
    )
    assert (said.status, said.err) == (0, "")
    measured = read_report(report)
    assert {row.question.question: row.contains_gold for row in measured.rows if row.answerable} == {
        QUESTION: True,
        "How tall is it?": True,  # found by the conversation that came along
    }
    assert all(row.relevant_chunks and row.chunk_ranks == (1,) for row in measured.rows if row.answerable)
    assert (len(measured.rows), measured.unlabelled) == (3, 1)
    sentence = "Unlabelled questions of the set, not asked and in no figure: 1."
    assert sentence in said.out
    assert sentence in page.read_text("utf-8")


def test_without_a_file_the_set_goes_to_standard_output_and_drives_no_terminal(
    capsys: pytest.CaptureFixture[str], bot: Chatbot, corpus: Path
) -> None:
    asked(bot, ADA, (QUESTION, True, "\x1b[2J\u202e\x7f"))
    said = Output(capsys, "feedback", "export", "--corpus", corpus)
    assert said.status == 0
    assert not {"\x1b", "\u202e", "\x7f"} & set(said.out)
    assert json.loads(said.out)["note"] == "\x1b[2J\u202e\x7f"


def test_good_answers_from_other_articles_are_named_and_not_taken_for_gold(
    capsys: pytest.CaptureFixture[str], bot: Chatbot, tmp_path: Path
) -> None:
    asked(bot, ADA, (QUESTION, True, ""))
    other = tmp_path / "other.md"
    other.write_text(ORRIN.replace("1871", "1872"), encoding="utf-8")
    said = Output(capsys, "feedback", "export", "--corpus", other)
    assert json.loads(said.out)["kind"] == "unlabelled"
    assert "1 good answer has no quote here: name the --corpus or the --index that was asked" in said.err


def test_no_file_is_written_where_the_corpus_was_forgotten(
    capsys: pytest.CaptureFixture[str], bot: Chatbot, corpus: Path, tmp_path: Path
) -> None:
    asked(bot, ADA, (QUESTION, True, ""), (FOREIGN, True, ""))
    questions = tmp_path / "set.jsonl"
    said = Output(capsys, "feedback", "export", questions)
    assert (said.status, said.out) == (1, "")
    assert "so nothing is written: name the --corpus or the --index that was asked" in said.err
    assert not questions.exists()
    assert Output(capsys, "feedback", "export", questions, "--corpus", corpus).status == 0
    assert len(questions.read_text("utf-8").splitlines()) == 2


def test_a_file_that_is_there_is_never_written_over_as_it_may_hold_labels(
    capsys: pytest.CaptureFixture[str], bot: Chatbot, corpus: Path, tmp_path: Path
) -> None:
    asked(bot, ADA, (QUESTION, True, ""))
    file = tmp_path / "labelled.jsonl"
    file.write_text("mine", encoding="utf-8")
    said = Output(capsys, "feedback", "export", file, "--corpus", corpus)
    assert (said.status, file.read_text("utf-8")) == (1, "mine")
    assert said.err.endswith("is there already and may hold labels: give another path\n")
    said = Output(capsys, "feedback", "export", tmp_path / "none" / "x.jsonl", "--corpus", corpus)
    assert said.status == 1
    assert "cannot write" in said.err


def test_the_conversations_of_another_file_are_exported_by_its_name(
    capsys: pytest.CaptureFixture[str], bot: Chatbot, corpus: Path, tmp_path: Path
) -> None:
    asked(bot, ADA, (QUESTION, True, ""), chats_path=tmp_path / "chats.db")
    for options in (
        ("feedback", "export", "--file", tmp_path / "chats.db"),
        ("feedback", "--file", tmp_path / "chats.db", "export"),
    ):
        said = Output(capsys, *options, "--corpus", corpus)
        assert json.loads(said.out)["question"] == QUESTION


def test_without_feedback_nothing_is_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said = Output(capsys, "feedback", "export", tmp_path / "questions.jsonl")
    assert (said.status, said.out, said.err) == (0, "", "no feedback yet: nothing is written\n")
    assert not (tmp_path / "questions.jsonl").exists()


@pytest.mark.parametrize(
    "options", [("export", "--corpus", "x", "--index", "y"), ("--json", "export")], ids=" ".join
)
def test_options_that_say_two_things_are_a_usage_error(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    assert Output(capsys, "feedback", *options).status == 2
