"""The command line as scripts use it: what goes to which stream, with which exit status."""

import ast
import io
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from rag.chatbot import Chatbot
from rag.errors import ModelError
from rag.evaluation.questions import read_questions
from rag.evaluation.report_file import read_report, record
from rag.filters import Filter
from rag.question.input import History
from rag.schema import Answer
from rag.serialization import answer_from_json
from rag.system.paths import shipped_corpus
from tests import regenerate_help
from tests.support.language_model import ScriptedChat
from ui.cli import main
from ui.terminal.conversation import converse
from ui.terminal.screen import Screen

ORRIN = """---
title: The lighthouse at Orrin
url: https://example.org/orrin
publisher: Coast News
date: 2026-05-01
credit: "Credit: Coast News"
---
The lighthouse at Orrin was built in 1871 by Maria Keller. It stands 42 metres tall.
"""
HEAVY = (
    "chromadb",
    "langchain",
    "langchain_core",
    "numpy",
    "onnxruntime",
    "tokenizers",
    "xllamacpp",
    "tiktoken",
    "matplotlib",
    "scipy",
)
DRIVES = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
QUESTION = "When was the lighthouse at Orrin built?"


@pytest.fixture(autouse=True)
def home(private_home: Path) -> Path:
    return private_home


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "orrin.md").write_text(ORRIN, encoding="utf-8")
    return folder


class Said:
    """What one command printed and how it ended."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *argv: str | Path) -> None:
        self.status = main([str(word) for word in argv])
        self.out, self.err = capsys.readouterr()


def asked(capsys: pytest.CaptureFixture[str], question: str, corpus: Path, *more: str | Path) -> Said:
    return Said(capsys, "ask", question, "--corpus", corpus, "--model", "quotes", *more)


# --- asking ------------------------------------------------------------------------------------------------


def test_an_answer_goes_out_with_its_source_and_credit_and_ends_with_0(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    said = asked(capsys, QUESTION, corpus)
    assert said.status == 0
    assert said.err == ""
    assert said.out == (
        "“The lighthouse at Orrin was built in 1871 by Maria Keller.” [1]\n"
        "\n"
        "Sources\n"
        "[1] “The lighthouse at Orrin was built in 1871 by Maria Keller.”\n"
        "    — The lighthouse at Orrin, Coast News, 2026-05-01\n"
        "    https://example.org/orrin\n"
        "    ✓ verified\n"
        "\n"
        "Credit: Coast News\n"
    )


def test_what_the_articles_do_not_say_ends_with_3_and_shows_the_nearest(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    said = asked(capsys, "Who won the chess championship in Brazil?", corpus)
    assert said.status == 3
    assert said.out.startswith("The articles do not say.")
    assert "Nearest passages\n[1] “" in said.out
    assert "Credit: Coast News" in said.out


def test_json_is_one_object_with_the_fields_of_answer(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    said = asked(capsys, QUESTION, corpus, "--json")
    assert (said.status, said.err) == (0, "")
    data = json.loads(said.out)
    assert list(data) == [field.name for field in fields(Answer)]
    answer = answer_from_json(data)
    start, end = data["citations"][0]["span"]
    text = ORRIN.rpartition("---\n")[2]
    assert (
        text[start:end]
        == answer.citations[0].quote
        == "The lighthouse at Orrin was built in 1871 by Maria Keller."
    )
    assert data["citations"][0]["verified"] is True


def test_json_of_an_abstention_ends_with_3_too(capsys: pytest.CaptureFixture[str], corpus: Path) -> None:
    said = asked(capsys, "Who won the chess championship in Brazil?", corpus, "--json")
    assert said.status == 3
    assert json.loads(said.out)["abstained"] is True


def test_history_lends_the_question_its_subject(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    history = tmp_path / "history.json"
    history.write_text('[{"role": "user", "content": "Where is the Orrin lighthouse?"}]', encoding="utf-8")
    said = asked(capsys, "When was it built?", corpus, "--history", history)
    assert said.status == 0
    assert re.match(r"Searched for: .*Orrin.*\n\n“The lighthouse at Orrin was built", said.out)


def test_only_the_articles_chosen_are_asked(capsys: pytest.CaptureFixture[str], corpus: Path) -> None:
    (corpus / "later.md").write_text(
        ORRIN.replace("Coast News", "Bay Post").replace("2026-05-01", "2026-06-02").replace("1871", "1872"),
        encoding="utf-8",
    )
    for more, year in (
        (["--publisher", "bay post"], "1872"),
        (["--after", "2026-05-02"], "1872"),
        (["--after", "2026-05-01", "--before", "2026-05-01"], "1871"),
        (["--article", "orrin"], "1871"),
        (["--publisher", "Coast News", "--publisher", "Bay Post", "--article", "later"], "1872"),
    ):
        said = asked(capsys, QUESTION, corpus, *more)
        assert said.status == 0
        assert set(re.findall("187[12]", said.out)) == {year}


def test_where_no_article_is_chosen_it_ends_with_3_and_says_so(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    said = asked(capsys, QUESTION, corpus, "--before", "1999-12-31")
    assert (said.status, said.err) == (3, "")
    assert said.out == ("The articles do not say. No article matches: none is dated 1999-12-31 or earlier.\n")


@pytest.mark.parametrize("command", ["ask", "chat"])
@pytest.mark.parametrize("day", ["yesterday", "1.5.2026", "2026-02-30", ""])
def test_a_bad_date_is_a_usage_error_that_shows_the_form(
    capsys: pytest.CaptureFixture[str], command: str, day: str
) -> None:
    said = Said(capsys, command, *([QUESTION] if command == "ask" else []), "--after", day)
    assert (said.status, said.out) == (2, "")
    assert "usage: pincite" in said.err
    assert "as 2026-05-01" in said.err


def test_a_publisher_that_no_article_has_is_one_line_with_the_nearest(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    for argv in (["ask", QUESTION], ["chat"]):
        said = Said(capsys, *argv, "--corpus", corpus, "--model", "quotes", "--publisher", "Cost News")
        assert (said.status, said.out) == (1, "")
        assert said.err == "pincite: no article is by the publisher 'Cost News': did you mean 'Coast News'?\n"


def test_a_dash_reads_the_question_from_standard_input(
    capsys: pytest.CaptureFixture[str], corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{QUESTION}\n"))
    assert "1871" in asked(capsys, "-", corpus).out


def test_a_corpus_given_twice_is_asked_as_one(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    other = tmp_path / "harbour.txt"
    other.write_text("The harbour of Vell was dug in 1902.", encoding="utf-8")
    assert "1902" in asked(capsys, "When was the harbour of Vell dug?", corpus, "--corpus", other).out


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_asked(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    (corpus / "empty.txt").write_bytes(b"")
    said = asked(capsys, QUESTION, corpus, "--json")
    assert said.status == 0
    assert json.loads(said.out)["abstained"] is False
    assert re.fullmatch(r"left out '.*empty\.txt': .*\n", said.err)


def test_nothing_an_article_holds_can_drive_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    hostile = "\x1b[2J\x9b31m\x07\u202e\u2066\r"
    record = {"id": "x", "title": f"A{hostile}B", "url": f"https://e.org/{hostile}", "text": ""}
    record["text"] = f"The lighthouse at Orrin was built in 1871 by {hostile} Maria Keller."
    path = tmp_path / "articles.jsonl"
    path.write_text(json.dumps(record), encoding="utf-8")
    for more in ((), ("--json",)):
        said = asked(capsys, f"{QUESTION}{hostile}", path, *more)
        assert said.status == 0
        assert "Maria Keller" in said.out
        assert not DRIVES.search(said.out)
        assert not DRIVES.search(said.err)
    assert hostile in json.loads(said.out)["citations"][0]["quote"]  # and yet nothing of it is lost
    Said(capsys, "add", path)
    shown = Said(capsys, "show", "x")
    assert not DRIVES.search(shown.out)
    assert not DRIVES.search(Said(capsys, "list").out)


# --- errors ------------------------------------------------------------------------------------------------


def test_every_error_is_one_line_with_the_way_out(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{", encoding="utf-8")
    listed = tmp_path / "listed.json"
    listed.write_text('["hello"]', encoding="utf-8")
    cases: list[tuple[list[str | Path], str]] = [
        (["ask", ""], "holds no words"),
        (["ask", "x" * 3000], "the limit is 2000"),
        (["ask", QUESTION, "--model", "no-such"], "no model is called 'no-such'"),
        (["ask", QUESTION, "--corpus", tmp_path / "nowhere", "--model", "quotes"], "no such file"),
        (["ask", QUESTION, "--index", tmp_path / "nowhere", "--model", "quotes"], "pincite add"),
        (["ask", QUESTION, "--history", tmp_path / "nowhere"], "check the path"),
        (["ask", QUESTION, "--history", bad], "is not JSON"),
        (["ask", QUESTION, "--after", "2026-05-02", "--before", "2026-05-01"], "is later than before"),
        (["ask", QUESTION, "--history", listed], "role"),
        (["eval", tmp_path / "nowhere.jsonl"], "cannot read"),
        (["eval", corpus / "orrin.md"], "not JSON"),
        (["list", "--index", tmp_path / "nowhere"], "pincite add"),
        (["show", "no such article"], "pincite list"),
        (["models", "pull", "no-such"], "no model is called 'no-such'"),
        (["doctor", "--repair", "--index", tmp_path / "nowhere"], "pincite add"),
    ]
    for argv, words in cases:
        said = Said(capsys, *argv)
        assert said.status == 1, argv
        assert said.out == "", argv
        assert re.fullmatch(r"pincite: [^\n]+\n", said.err), argv
        assert words in said.err, argv


@pytest.mark.parametrize(
    "argv", [[], ["frob"], ["ask"], ["ask", "x", "--corp", "y"], ["add"], ["list", "--frob"]]
)
def test_a_command_that_is_not_understood_ends_with_2(
    capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    said = Said(capsys, *argv)
    assert said.status == 2
    assert said.out == ""
    assert "usage: pincite" in said.err


def test_ctrl_c_ends_a_command_quietly(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(io.StringIO):
        def read(self, size: int | None = -1, /) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", Interrupted())
    said = Said(capsys, "ask", "-")
    assert (said.status, said.out, said.err) == (130, "", "")


def test_a_bug_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.StringIO):
        def read(self, size: int | None = -1, /) -> str:
            raise ZeroDivisionError

    monkeypatch.setattr(sys, "stdin", Broken())
    with pytest.raises(ZeroDivisionError):
        main(["ask", "-"])


# --- embedders ---------------------------------------------------------------------------------------------


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
    said = Said(capsys, command, *words[command], "--index", index)
    assert said.status == 0
    lines = [line for line in said.err.splitlines() if "embedder" in line]
    assert len(lines) == 1
    assert "the fast embedder was taken" in lines[0]
    assert "--embedder minilm" in lines[0]
    again = Said(capsys, "ask", QUESTION, "--index", index, "--model", "quotes")
    assert (again.status, again.err) == (0, "")
    assert "1871" in again.out


@pytest.mark.parametrize("command", ["ask", "add", "sync"])
def test_an_embedder_that_is_named_is_taken_and_an_index_of_another_is_refused(
    command: str, capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    assert Said(capsys, "add", corpus, "--index", index, "--embedder", "fast").status == 0
    (corpus / "vell.md").write_text("# Vell\n\nThe mill at Vell burnt down in 1904.\n", encoding="utf-8")
    words: dict[str, tuple[str | Path, ...]] = {
        "ask": (QUESTION, "--model", "quotes", "--corpus", corpus),
        "add": (corpus,),
        "sync": (corpus, "--take-over"),
    }
    refused = Said(capsys, command, *words[command], "--index", index, "--embedder", "minilm")
    assert refused.status == 1
    assert len(refused.err.splitlines()) == 1
    assert f"`pincite doctor --repair --index {index} --embedder minilm`" in refused.err
    assert Said(capsys, command, *words[command], "--index", index, "--embedder", "fast").status == 0
    if command != "sync":  # which asks for none where nothing changed
        unknown = Said(capsys, command, *words[command], "--index", index, "--embedder", "quick")
        assert "no embedder is called 'quick': use 'minilm', 'fast' or 'provider:name'" in unknown.err


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
    Said(capsys, "add", corpus, "--index", index, "--embedder", "fast")
    said = Said(capsys, "doctor", "--index", index, "--embedder", "minilm")
    assert said.status == 1
    assert f"pincite doctor --repair --index {index} --embedder minilm" in " ".join(said.out.split())
    assert Said(capsys, "doctor", "--index", index, "--repair", "--embedder", "minilm").status == 0
    assert recorded_embedder(index) == "minilm-l6-v2-int8"
    assert Said(capsys, "doctor", "--index", index).status == 0


def test_an_evaluation_says_which_embedder_it_was_of(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    asked = {"id": "1", "question": QUESTION, "kind": "answerable", "answers": ["1871"], "articles": []}
    (tmp_path / "q.jsonl").write_text(json.dumps(asked))
    words = ("eval", tmp_path / "q.jsonl", "--corpus", corpus, "--model", "quotes", "--embedder", "fast")
    assert Said(capsys, *words, "--json", tmp_path / "a.json").status == 0
    assert read_report(tmp_path / "a.json").setup.embedder == "wordllama-l2-supercat-256"
    assert Said(capsys, "eval", "--compare", "a.json", "b.json", "--embedder", "fast").status == 2


# --- keeping -----------------------------------------------------------------------------------------------


def test_articles_are_added_once_updated_when_changed_and_removed(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    assert Said(capsys, "add", corpus).out == "added 1, updated 0, unchanged 0\n"
    assert Said(capsys, "add", corpus).out == "added 0, updated 0, unchanged 1\n"
    (corpus / "orrin.md").write_text(ORRIN.replace("1871", "1872"), encoding="utf-8")
    assert Said(capsys, "add", corpus).out == "added 0, updated 1, unchanged 0\n"
    assert "1872" in Said(capsys, "show", "orrin").out
    assert Said(capsys, "remove", "orrin").out == "removed 1\n"
    assert json.loads(Said(capsys, "list", "--json").out) == {"articles": []}


def test_what_could_not_be_added_is_named_and_the_rest_goes_in(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    (corpus / "empty.txt").write_bytes(b"")
    inside = Said(capsys, "add", corpus)
    assert (inside.status, inside.out) == (0, "added 1, updated 0, unchanged 0\n")
    assert re.fullmatch(r"left out '.*empty\.txt': .*\n", inside.err)
    named = Said(capsys, "add", corpus / "orrin.md", corpus / "empty.txt", tmp_path / "nowhere")
    assert (named.status, named.out) == (1, "added 0, updated 0, unchanged 1\n")
    assert named.err.count("left out") == 2


def test_where_nothing_could_be_added_there_is_no_index_and_the_status_is_1(
    capsys: pytest.CaptureFixture[str], corpus: Path, home: Path
) -> None:
    (corpus / "orrin.md").write_bytes(b"")
    said = Said(capsys, "add", corpus)
    assert (said.status, said.out) == (1, "")
    assert said.err.splitlines()[-1].startswith("pincite: nothing was added")
    assert not home.exists()


def test_two_articles_of_one_id_are_told_apart_before_anything_is_lost(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    other = tmp_path / "orrin.txt"
    other.write_text("Orrin is a village.", encoding="utf-8")
    said = Said(capsys, "add", corpus, other)
    assert (said.status, said.out) == (1, "added 1, updated 0, unchanged 0\n")
    assert re.fullmatch(r"left out '.*orrin\.txt': its id 'orrin' is taken.*\n", said.err)
    assert "Maria Keller" in Said(capsys, "show", "orrin").out


def test_two_files_of_one_id_in_a_folder_end_with_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "twice"
    folder.mkdir()
    for name in ("lamp.txt", "lamp.md"):
        (folder / name).write_text(f"The lamp of {name} burns.", encoding="utf-8")
    said = Said(capsys, "add", folder, "--index", tmp_path / "index")
    assert (said.status, said.out) == (1, "added 1, updated 0, unchanged 0\n")
    assert "its id 'lamp' is taken by" in said.err


@pytest.mark.parametrize("option", ["--publisher", "--article"])
def test_an_empty_name_is_no_filter(capsys: pytest.CaptureFixture[str], corpus: Path, option: str) -> None:
    said = Said(capsys, "ask", QUESTION, "--corpus", corpus, "--model", "quotes", option, " ")
    assert said.status == 1
    assert f"{option} '' names none" in said.err


def test_an_address_is_no_folder(capsys: pytest.CaptureFixture[str], corpus: Path) -> None:
    said = Said(capsys, "add", corpus, "--index", "chrom://h/news")
    assert (said.status, len(said.err.splitlines())) == (1, 1)
    assert "'chrom://h/news': give a folder, or chroma://HOST:PORT/NAME" in said.err
    assert not Path("chrom:").exists()
    followed = Said(capsys, "sync", "https://example.org/lamp")
    assert followed.status == 1
    assert "`pincite add` fetches pages" in followed.err


def test_nothing_is_removed_unless_every_id_is_known(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    Said(capsys, "add", corpus)
    said = Said(capsys, "remove", "orrin", "no-such")
    assert said.status == 1
    assert "'no-such'" in said.err
    assert "pincite list" in said.err
    assert Said(capsys, "show", "orrin").status == 0


def test_an_index_is_kept_in_step_with_a_folder(capsys: pytest.CaptureFixture[str], corpus: Path) -> None:
    assert Said(capsys, "sync", corpus, "--dry-run").out == "add       orrin\nunchanged 0\n"
    assert Said(capsys, "list", "--index", corpus / "none").status == 1
    said = Said(capsys, "sync", corpus)
    assert said.out == "added 1, updated 0, renamed 0, removed 0, unchanged 0\n"
    (corpus / "orrin.md").rename(corpus / "light.md")
    (corpus / "copy.md").write_text(ORRIN, encoding="utf-8")
    dry = Said(capsys, "sync", corpus, "--dry-run")
    assert dry.out == "add       light\nrename    orrin -> copy\nunchanged 0\n"
    assert dry.err == "near copy: 'light' has the same words as 'copy'\n"
    said = Said(capsys, "sync", corpus)
    assert said.out == "added 1, updated 0, renamed 1, removed 0, unchanged 0\n"
    for file in corpus.iterdir():
        file.unlink()
    refused = Said(capsys, "sync", corpus)
    assert refused.status == 1
    assert "--allow-empty" in refused.err
    dry = Said(capsys, "sync", corpus, "--dry-run")
    assert (dry.status, dry.out) == (1, "remove    copy\nremove    light\nunchanged 0\n")
    assert "nothing of this would be done" in dry.err
    assert "--allow-empty" in dry.err
    assert Said(capsys, "sync", corpus, "--dry-run", "--allow-empty").status == 0
    assert Said(capsys, "sync", corpus, "--watch", "--dry-run").status == 2


def test_what_is_added_to_an_index_that_follows_a_folder_is_said_to_stay_no_longer_than_its_next_sync(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    assert Said(capsys, "add", corpus).err == ""
    Said(capsys, "sync", corpus)
    assert Said(capsys, "add", corpus).err == ""
    (tmp_path / "more.txt").write_text("A ferry crosses the sound.", encoding="utf-8")
    said = Said(capsys, "add", tmp_path / "more.txt")
    assert (said.status, len(said.err.splitlines())) == (0, 1)
    assert f"the index follows {str(corpus)!r}" in said.err
    assert "removed 1" in Said(capsys, "sync", corpus).out


def test_of_many_broken_files_a_sync_names_ten_and_a_dry_run_all(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    for number in range(30):
        (corpus / f"broken{number:02}.md").touch()
    for _ in range(2):  # they are as broken the next time
        said = Said(capsys, "sync", corpus)
        named = [line for line in said.err.splitlines() if line.startswith("left out")]
        assert [re.findall(r"broken\d\d", line)[0] for line in named] == [f"broken{n:02}" for n in range(10)]
        assert "and 20 more lines like these: `pincite sync --dry-run` names them all\n" in said.err
        assert (said.status, said.out.split(",")[0][:6]) == (0, "added ")
    dry = Said(capsys, "sync", corpus, "--dry-run")
    assert (dry.status, dry.out) == (0, "unchanged 1\n")
    assert len(dry.err.splitlines()) == dry.err.count("left out") == 30
    for number in range(10, 30):
        (corpus / f"broken{number:02}.md").unlink()
    said = Said(capsys, "sync", corpus)
    assert len(said.err.splitlines()) == said.err.count("left out") == 10


@pytest.mark.slow
def test_a_watched_folder_is_followed_until_ctrl_c_which_ends_with_0(corpus: Path) -> None:
    command = [sys.executable, "-m", "ui.cli", "sync", str(corpus), "--watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline().startswith("added 1,")
        (corpus / "later.txt").write_text("A ferry crosses the sound.", encoding="utf-8")
        assert child.stdout.readline() == "added 1, updated 0, renamed 0, removed 0, unchanged 1\n"
        (corpus / "later.txt").unlink()
        assert child.stdout.readline() == "added 0, updated 0, renamed 0, removed 1, unchanged 1\n"
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=20)
    assert (child.returncode, out) == (0, "")
    assert "Traceback" not in err


def test_an_index_goes_into_a_file_and_comes_back(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "my.pincite"
    assert Said(capsys, "backup", saved).err.startswith("pincite: no index in")
    Said(capsys, "add", corpus)
    said = Said(capsys, "backup", saved)
    assert (said.status, said.err) == (0, "")
    assert re.fullmatch(r"saved 1 in .*my\.pincite \(0\.\d MB\)\n", said.out)
    refused = Said(capsys, "restore", saved)
    assert (refused.status, refused.out) == (1, "")
    assert "--replace" in refused.err
    Said(capsys, "remove", "orrin")
    assert Said(capsys, "restore", saved).out == "restored 1\n"
    assert Said(capsys, "restore", saved, "--replace", "--index", tmp_path / "other").out == "restored 1\n"
    assert "Maria Keller" in Said(capsys, "show", "orrin", "--index", tmp_path / "other").out


def test_the_list_is_a_table(capsys: pytest.CaptureFixture[str], corpus: Path) -> None:
    Said(capsys, "add", corpus)
    head, row = Said(capsys, "list").out.splitlines()
    assert head.split() == ["id", "title", "publisher", "date", "characters", "chunks"]
    assert re.fullmatch(r"orrin  The lighthouse at Orrin  Coast News  2026-05-01 +84 +1", row)


def test_a_list_is_json_on_demand(capsys: pytest.CaptureFixture[str], corpus: Path) -> None:
    Said(capsys, "add", corpus)
    (article,) = json.loads(Said(capsys, "list", "--json").out)["articles"]
    assert (article["id"], article["date"], article["characters"]) == ("orrin", "2026-05-01", 84)


def test_an_article_is_shown_with_its_title_and_credit(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    Said(capsys, "add", corpus)
    assert Said(capsys, "show", "orrin").out == (
        "The lighthouse at Orrin\nCoast News, 2026-05-01, https://example.org/orrin\nCredit: Coast News\n\n"
        "The lighthouse at Orrin was built in 1871 by Maria Keller. It stands 42 metres tall.\n"
    )
    data = json.loads(Said(capsys, "show", "orrin", "--json").out)
    assert data["text"].startswith("The lighthouse")
    assert data["date"] == "2026-05-01"


def test_an_index_may_lie_anywhere(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path, home: Path
) -> None:
    assert Said(capsys, "add", corpus, "--index", tmp_path / "mine").status == 0
    said = Said(capsys, "ask", QUESTION, "--index", tmp_path / "mine", "--model", "quotes")
    assert (said.status, "1871" in said.out) == (0, True)
    assert not home.exists()


# --- measuring, models, health -----------------------------------------------------------------------------


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
    said = Said(capsys, "eval", questions, "--corpus", corpus, "--model", "quotes", *files)
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
    said = Said(capsys, "eval", questions, "--corpus", corpus, "--model", "quotes")
    heads = [line.split()[0] for line in said.out.splitlines() if line.endswith("value  count")]
    assert heads == ["retrieval", "evidence", "answers", "citations", "abstaining", "cost", "verifier"]
    assert "near misses declined" not in said.out  # none was asked
    assert re.search(r"seconds, total, median +over questions timed +\d+\.\d\d s +1\n", said.out)


def question_set(folder: Path, *ids: int) -> Path:
    path = folder / "questions.jsonl"
    rows = [{"id": str(at), "question": QUESTION, "kind": "answerable", "answers": ["1871"]} for at in ids]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_a_sample_is_asked_and_noted(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    questions, file = question_set(tmp_path, *range(5)), tmp_path / "r.json"
    asked = ("eval", questions, "--corpus", corpus, "--model", "quotes", "--json", file)
    assert Said(capsys, *asked, "--sample", "2", "--seed", "3").status == 0
    report = read_report(file)
    assert (len(report.rows), report.setup.sample, report.setup.seed) == (2, 2, 3)
    assert Said(capsys, *asked, "--sample", "99").status == 0
    assert len(read_report(file).rows) == 5
    for size in ("0", "-1"):
        said = Said(capsys, *asked, "--sample", size)
        assert (said.status, said.out) == (1, "")
        assert said.err == f"pincite: a sample of {size} questions asks nothing: give 1 or more\n"
    assert Said(capsys, *asked, "--sample", "few").status == 2


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
    said = Said(capsys, *asked)
    assert said.status == (130 if isinstance(stop, KeyboardInterrupt) else 1)
    assert said.err.startswith(
        f"stopped: 2 of 3 questions are answered and kept in {part}; the same command goes on from there\n"
    )
    assert file.read_text(encoding="utf-8") == "an earlier report"
    with part.open("ab") as torn:
        torn.write(b'{"question": {"id": "3"')
    said = Said(capsys, *asked)
    assert said.status == 0
    assert said.err == f"2 of 3 questions were answered before: going on from {part}\n"
    assert len(calls) == 4
    assert [row.question.id for row in read_report(file).rows] == ["1", "2", "3"]
    assert not part.exists()


def test_a_report_goes_where_no_file_is(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    said = Said(
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
    said = Said(capsys, "eval", questions, "--corpus", shipped_corpus(), "--model", "quotes", "--json", file)
    assert (said.status, said.err) == (0, "")
    report = read_report(file)
    assert tuple(row.question for row in report.rows) == read_questions(questions)
    assert json.loads(json.dumps(record(report))) == json.loads(file.read_text(encoding="utf-8"))
    assert re.search(r"quote is the slice +of citations with a quote +100\.0%", said.out)
    assert re.search(r"statement supported +of statements in answers +100\.0%", said.out)


def measured(capsys: pytest.CaptureFixture[str], corpus: Path, to: Path, *asked: tuple[str, str]) -> Path:
    """The report of a run over questions of these ids and gold strings."""
    rows = [{"id": id, "question": QUESTION, "kind": "answerable", "answers": [gold]} for id, gold in asked]
    questions = to.with_suffix(".jsonl")
    questions.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert Said(capsys, "eval", questions, "--corpus", corpus, "--model", "quotes", "--json", to).status == 0
    return to


def test_two_reports_are_compared_question_by_question(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    a = measured(capsys, corpus, tmp_path / "a.json", ("1", "1871"), ("2", "1999"), ("3", "1871"))
    b = measured(capsys, corpus, tmp_path / "b.json", ("1", "1871"), ("2", "1871"), ("4", "1871"))
    said = Said(capsys, "eval", "--compare", a, b, "--json", tmp_path / "c.json")
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
        found = Said(capsys, "eval", "--compare", a, bad)
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
    said = Said(capsys, "eval", *argv)
    assert (said.status, said.out) == (2, "")
    assert "--compare" in said.err


def test_a_report_that_cannot_be_written_is_known_before_a_question_is_asked(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path, home: Path
) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"question": "Who?", "kind": "answerable"}', encoding="utf-8")
    said = Said(capsys, "eval", questions, "--corpus", corpus, "--report", tmp_path / "nowhere" / "r.html")
    assert said.status == 1
    assert "give another path" in said.err
    assert not home.exists()


def test_the_models_are_listed_with_what_they_weigh(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    (home / "models").mkdir(parents=True)
    (home / "models" / "mine.gguf").write_bytes(b"GGUF")
    said = Said(capsys, "models")
    assert said.status == 0
    lines = said.out.splitlines()
    assert lines[0].split() == ["name", "model", "parameters", "size", "licence", "sha256", "where"]
    assert re.fullmatch(
        r"smollm2-135m  SmolLM2 135M Instruct, Q4_1 +135M +98 MB  Apache-2.0  b179c9523d0e  not installed",
        lines[1],
    )
    assert any(line.startswith("mine ") and line.endswith("mine.gguf") for line in lines)
    data = json.loads(Said(capsys, "models", "--json").out)
    assert data["default"] == "smollm2-135m"
    assert data["models"][0]["bytes"] == 98_362_432
    assert data["models"][0]["installed"] is False
    assert data["models"][-1]["name"] == "mine"


def test_a_pull_that_fails_says_so_on_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "cut.gguf").write_bytes(b"GGUF")
    said = Said(capsys, "models", "pull", tmp_path / "cut.gguf")
    assert (said.status, said.out) == (1, "")
    assert re.fullmatch(r"pincite: [^\n]+\n", said.err)


def test_the_doctor_is_content_and_notes_the_missing_model(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    Said(capsys, "add", corpus)
    said = Said(capsys, "doctor")
    assert (said.status, said.err) == (0, "")
    assert "✓ index: 1 article in " in said.out
    assert (
        "! language model: none: answers are verified quotes alone\n  → `pincite models pull`\n" in said.out
    )
    assert "✗" not in said.out


def test_the_doctor_mends_a_damaged_index_when_told_to(
    capsys: pytest.CaptureFixture[str], corpus: Path, home: Path
) -> None:
    import sqlite3

    Said(capsys, "add", corpus)
    database = sqlite3.connect(home / "indexes" / "default" / "index.sqlite3")
    with database:
        database.execute("UPDATE chunks SET start = start + 1")
    database.close()
    said = Said(capsys, "doctor", "--json")
    assert said.status == 1
    data = json.loads(said.out)
    assert data["ok"] is False
    (fault,) = (finding for finding in data["findings"] if not finding["ok"])
    assert (fault["name"], fault["fix"]) == ("index", "`pincite doctor --repair`")
    assert Said(capsys, "doctor", "--repair").status == 0


# --- a conversation ----------------------------------------------------------------------------------------


def lines(*given: str | type[BaseException]) -> "Reader":
    return Reader(iter(given))


class Reader:
    """Reads given lines; a class of exception among them is raised, and so is the end of input."""

    def __init__(self, given: Iterator[str | type[BaseException]]) -> None:
        self._given = given
        self.prompts: list[str] = []

    def __call__(self, prompt: str) -> str:
        self.prompts.append(prompt)
        line = next(self._given, EOFError)
        if isinstance(line, str):
            return line
        raise line


def conversed(bot: Chatbot, *given: str | type[BaseException], interactive: bool = False) -> str:
    out = io.StringIO()
    converse(bot, history=(), on=Screen(out, interactive=interactive), read=lines(*given))
    return out.getvalue()


@pytest.fixture
def bot(corpus: Path) -> Iterator[Chatbot]:
    with Chatbot.open(corpus=corpus, model="quotes") as opened:
        yield opened


def test_a_conversation_keeps_to_the_articles_chosen(bot: Chatbot) -> None:
    out = io.StringIO()
    on = Screen(out, interactive=True)
    within = Filter(after=date(2026, 5, 2))
    converse(bot, history=(), on=on, read=lines(QUESTION, "/quit"), within=within)
    assert out.getvalue().startswith("0 of 1 article. /help")
    assert "No article matches: none is dated 2026-05-02 or later." in out.getvalue()


def test_a_conversation_remembers_what_it_was_about(bot: Chatbot) -> None:
    said = conversed(bot, "Who built the lighthouse at Orrin?", "How tall is it?", "/quit", "never asked")
    assert re.search(r"Searched for: .*Orrin", said)
    assert "42 metres" in said.partition("Searched for")[2]


def test_sources_shows_every_passage_considered(bot: Chatbot) -> None:
    assert conversed(bot, "/sources").startswith("There are no passages yet")
    said = conversed(bot, "Who built the lighthouse at Orrin?", "/sources")
    assert "Passages considered\n[1] “" in said
    assert "[2] “It stands 42 metres tall.”" in said


def test_help_lists_the_commands_and_an_unknown_one_says_so(bot: Chatbot) -> None:
    said = conversed(bot, "/help", "/frob\x1b[2J", "", "  ")
    assert "/sources  every passage" in said
    assert "There is no /frob·[2J: /help" in said


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt])
def test_a_conversation_ends_politely(bot: Chatbot, end: type[BaseException]) -> None:
    said = conversed(bot, end, "never asked", interactive=True)
    assert said == "1 article. /help lists the commands, /quit ends.\n\n"


def test_a_question_that_cannot_be_asked_does_not_end_the_conversation(
    bot: Chatbot, capsys: pytest.CaptureFixture[str]
) -> None:
    said = conversed(bot, "?!", QUESTION)
    assert "1871" in said
    assert capsys.readouterr().err.startswith("pincite: the question '?!' holds no words")


def test_a_model_that_fails_costs_one_line_and_one_answer(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = ScriptedChat(
        replies=[ModelError("the model is gone: pull it again"), "It was built in 1871 [1]."]
    )
    with Chatbot.open(corpus=corpus, model=model) as opened:
        said = conversed(opened, QUESTION, QUESTION)
    assert capsys.readouterr().err == "pincite: the model is gone: pull it again\n"
    assert "It was built in 1871 [1]." in said
    assert "✓ verified" in said


def test_a_pipe_is_a_conversation_too(
    capsys: pytest.CaptureFixture[str], corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{QUESTION}\n\nHow tall is it?\n"))
    said = Said(capsys, "chat", "--corpus", corpus, "--model", "quotes")
    assert (said.status, said.err) == (0, "")
    assert "> " not in said.out
    assert said.out.count("✓ verified") >= 2


# --- what is imported, and the page of help ----------------------------------------------------------------


@pytest.mark.parametrize("argv", [["--help"], ["--version"], ["ask", "--help"], ["ask"], ["frob"]])
def test_help_and_usage_load_nothing_heavy(argv: list[str]) -> None:
    program = (
        "import sys; from ui.cli import main; status = main(sys.argv[1:]); "
        "sys.stderr.write(f'\\n{[status, *sys.modules]!r}')"
    )
    done = subprocess.run([sys.executable, "-c", program, *argv], capture_output=True, text=True, check=True)
    status, *modules = ast.literal_eval(done.stderr.splitlines()[-1])
    assert status == (2 if argv in (["ask"], ["frob"]) else 0)
    assert set(HEAVY) & set(modules) == set()


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    import rag

    assert Said(capsys, "--version").out == f"pincite {rag.__version__}\n"


def test_the_page_of_help_is_what_the_program_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(regenerate_help.COLUMNS))
    page = regenerate_help.PAGE.read_text(encoding="utf-8")
    assert page == regenerate_help.regenerated(page), "run `python -m tests.regenerate_help`"
    assert sorted(regenerate_help.shown(page)) == sorted(regenerate_help.helps())


# --- the real thing, in a process of its own ---------------------------------------------------------------


def command(*argv: str | Path) -> list[str]:
    return [sys.executable, "-m", "ui.cli", *map(str, argv)]


@pytest.mark.slow
def test_json_is_utf8_even_in_the_c_locale(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Der Leuchtturm „Größe“ wurde 1871 in Łódź gebaut — 東京.", encoding="utf-8"
    )
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LANG": "C"}
    done = subprocess.run(
        command(
            "ask",
            "Wann wurde der Leuchtturm in Łódź gebaut?",
            "--corpus",
            tmp_path,
            "--model",
            "quotes",
            "--json",
        ),
        capture_output=True,
        env=environment,
        check=False,
    )
    data = json.loads(done.stdout.decode("utf-8"))
    assert data["evidence"][0]["text"].endswith("Łódź gebaut — 東京.")
    assert "東京" in done.stdout.decode("utf-8")  # not as an escape
    assert done.stderr == b""


@pytest.mark.slow
def test_a_reader_that_leaves_is_not_complained_about(corpus: Path) -> None:
    with subprocess.Popen(
        command("ask", QUESTION, "--corpus", corpus, "--model", "quotes"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 141


def on_a_terminal(
    argv: list[str], *, keys: Sequence[tuple[str, bytes]], environment: dict[str, str]
) -> tuple[str, int]:
    """Run on a real pseudo-terminal, sending each of ``keys`` once its text has been seen after the one before.

    The last is pressed again after a second of silence, as a person would: line editing can miss a Ctrl-C in
    the moment between writing its prompt and waiting for a key.
    """
    leader, follower = pty.openpty()
    running = subprocess.Popen(
        argv,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm", **environment},
        start_new_session=True,
        preexec_fn=_take_terminal,
    )
    os.close(follower)
    seen, past, waiting, last = b"", 0, list(keys), b""
    end = time.monotonic() + 120
    try:
        while time.monotonic() < end:
            if not select.select([leader], [], [], 1.0)[0]:
                if last and not waiting:
                    os.write(leader, last)
                continue
            try:
                seen += os.read(leader, 65536)
            except OSError:  # the other side has closed
                break
            while waiting and (at := seen.find(waiting[0][0].encode(), past)) >= 0:
                text, last = waiting.pop(0)
                past = at + len(text.encode())
                os.write(leader, last)
    finally:
        if running.poll() is None and time.monotonic() >= end:
            running.send_signal(signal.SIGKILL)
        os.close(leader)
    return seen.decode().replace("\r\n", "\n"), running.wait()


def _take_terminal() -> None:
    """Makes standard input the terminal that Ctrl-C on it reaches this process through."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.mark.slow
def test_a_terminal_gets_colours_a_bar_and_lines_that_fit(corpus: Path) -> None:
    argv = command("ask", QUESTION, "--corpus", corpus, "--model", "quotes")
    seen, status = on_a_terminal(argv, keys=(), environment={"COLUMNS": "40", "NO_COLOR": ""})
    assert status == 0
    assert "indexing" in seen
    assert "\x1b[32m✓ verified\x1b[0m" in seen
    assert "\x1b[1mThe lighthouse at Orrin was built in 1871 by Maria Keller.\x1b[0m" in seen
    sources = re.sub(r"\x1b\[[0-9;]*m", "", seen.partition("Sources")[2])
    assert max(map(len, sources.splitlines())) <= 40
    plain, _ = on_a_terminal(argv, keys=(), environment={"COLUMNS": "40", "NO_COLOR": "1"})
    assert "✓ verified" in plain
    assert "\x1b[" not in plain.partition("“")[2]


@pytest.mark.slow
def test_a_conversation_on_a_terminal_ends_with_ctrl_c(corpus: Path) -> None:
    seen, status = on_a_terminal(
        command("chat", "--corpus", corpus, "--model", "quotes"),
        keys=(("> ", f"{QUESTION}\n".encode()), ("Credit: Coast News", b""), ("> ", b"\x03")),
        environment={"COLUMNS": "80"},
    )
    assert status == 0
    assert "1 article. /help lists the commands" in seen
    assert "✓ verified" in seen
    assert "Traceback" not in seen
