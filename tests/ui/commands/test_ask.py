"""`pincite ask` and `chat` as scripts and terminals use them: what goes to which stream, with which exit status."""

import io
import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from rag.schema import Answer
from rag.serialization import answer_from_json
from tests.support.command_line import DRIVES, ORRIN, QUESTION, Output, asked, command, on_a_terminal

pytestmark = pytest.mark.usefixtures("private_home")


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
        "    quoted\n"
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


@pytest.mark.parametrize(
    ("question", "outcome", "status"),
    [
        (QUESTION, "answered", 0),
        ("Who won the chess championship in Brazil?", "not_in_articles", 3),
        ("hello", "conversation", 0),
    ],
)
def test_the_status_says_whether_the_articles_answer(
    capsys: pytest.CaptureFixture[str], corpus: Path, question: str, outcome: str, status: int
) -> None:
    said = asked(capsys, question, corpus, "--json")
    assert (json.loads(said.out)["outcome"], said.status) == (outcome, status)


def test_what_the_articles_are_about_and_do_not_say_ends_with_3_and_shows_how_close_they_come(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    said = Output(capsys, "ask", "Who is the CEO of Nvidia?", "--model", "quotes")
    assert said.status == 3
    assert said.out.startswith(
        "The articles do not say who the CEO of Nvidia is. "
        "The nearest words do not mention “CEO”. The closest they come:\n\nNearest passages\n[1] “"
    )
    assert not set("✓✗") & set(said.out)


def test_a_greeting_is_answered_with_a_sentence_and_no_sources(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    said = asked(capsys, "hello", corpus)
    assert (said.status, said.err) == (0, "")
    assert len(said.out.splitlines()) == 1


def test_json_is_one_object_with_the_fields_of_answer(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    said = asked(capsys, QUESTION, corpus, "--json")
    assert (said.status, said.err) == (0, "")
    data = json.loads(said.out)
    assert list(data) == [*(field.name for field in fields(Answer)), "abstained"]
    answer = answer_from_json(data)
    start, end = data["citations"][0]["span"]
    text = ORRIN.rpartition("---\n")[2]
    assert (
        text[start:end]
        == answer.citations[0].quote
        == "The lighthouse at Orrin was built in 1871 by Maria Keller."
    )
    assert (data["outcome"], data["quotes"], data["abstained"]) == ("answered", [1], False)
    # Words cut from the article were not checked for whether they answer.
    assert (data["citations"][0]["support"], data["citations"][0]["verified"]) == ("quoted", False)


def test_json_of_an_abstention_ends_with_3_too(capsys: pytest.CaptureFixture[str], corpus: Path) -> None:
    said = asked(capsys, "Who won the chess championship in Brazil?", corpus, "--json")
    assert said.status == 3
    assert json.loads(said.out)["abstained"] is True


@pytest.mark.parametrize(
    ("form", "begins"),
    [("bibtex", "@misc{orrin,\n"), ("csl", "[\n"), ("markdown", "- [The "), ("ris", "TY  - ELEC\r\n")],
)
def test_the_cited_articles_alone_go_out_in_the_form_asked_for(
    capsys: pytest.CaptureFixture[str], corpus: Path, form: str, begins: str
) -> None:
    said = asked(capsys, QUESTION, corpus, "--cite", form)
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith(begins)
    assert said.out.count("“The lighthouse at Orrin was built in 1871 by Maria Keller.”") == 1
    assert "https://example.org/orrin#:~:text=The%20lighthouse%20at%20Orrin%20was%20built" in said.out


def test_where_nothing_is_cited_a_program_gets_an_empty_list_and_a_person_a_line(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    said = asked(capsys, "Who won the chess championship in Brazil?", corpus, "--cite", "csl")
    assert (said.status, json.loads(said.out)) == (3, [])
    assert said.err == "nothing is cited: no statement rests on words of the articles\n"


@pytest.mark.parametrize("command", [("ask", QUESTION), ("check", "-")])
@pytest.mark.parametrize(
    ("options", "reason"),
    [(("--cite", "endnote"), "invalid choice: 'endnote'"), (("--cite", "ris", "--json"), "not allowed with")],
)
def test_an_unknown_form_or_two_at_once_are_a_usage_error(
    capsys: pytest.CaptureFixture[str], command: tuple[str, str], options: tuple[str, ...], reason: str
) -> None:
    said = Output(capsys, *command, *options)
    assert (said.status, said.out) == (2, "")
    assert reason in said.err


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
    said = Output(capsys, command, *([QUESTION] if command == "ask" else []), "--after", day)
    assert (said.status, said.out) == (2, "")
    assert "usage: pincite" in said.err
    assert "as 2026-05-01" in said.err


def test_a_publisher_that_no_article_has_is_one_line_with_the_nearest(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    for argv in (["ask", QUESTION], ["chat"]):
        said = Output(capsys, *argv, "--corpus", corpus, "--model", "quotes", "--publisher", "Cost News")
        assert (said.status, said.out) == (1, "")
        assert said.err == "pincite: no article is by the publisher 'Cost News': did you mean 'Coast News'?\n"


@pytest.mark.parametrize("option", ["--publisher", "--article"])
def test_an_empty_name_is_no_filter(capsys: pytest.CaptureFixture[str], corpus: Path, option: str) -> None:
    said = Output(capsys, "ask", QUESTION, "--corpus", corpus, "--model", "quotes", option, " ")
    assert said.status == 1
    assert f"{option} '' names none" in said.err


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
    Output(capsys, "add", path)
    shown = Output(capsys, "show", "x")
    assert not DRIVES.search(shown.out)
    assert not DRIVES.search(Output(capsys, "list").out)


def test_a_pipe_is_a_conversation_too(
    capsys: pytest.CaptureFixture[str], corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{QUESTION}\n\nHow tall is it?\n"))
    said = Output(capsys, "chat", "--corpus", corpus, "--model", "quotes")
    assert (said.status, said.err) == (0, "")
    assert "> " not in said.out
    assert said.out.count("    quoted\n") >= 2
    assert "✓" not in said.out


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


@pytest.mark.slow
def test_a_terminal_gets_colours_a_bar_and_lines_that_fit(corpus: Path) -> None:
    argv = command("ask", QUESTION, "--corpus", corpus, "--model", "quotes")
    seen, status = on_a_terminal(argv, keys=(), environment={"COLUMNS": "40", "NO_COLOR": ""})
    assert status == 0
    assert "indexing" in seen
    assert "\x1b[2mquoted\x1b[0m" in seen
    assert "\x1b[1mThe lighthouse at Orrin was built in 1871 by Maria Keller.\x1b[0m" in seen
    sources = re.sub(r"\x1b\[[0-9;]*m", "", seen.partition("Sources")[2])
    assert max(map(len, sources.splitlines())) <= 40
    plain, _ = on_a_terminal(argv, keys=(), environment={"COLUMNS": "40", "NO_COLOR": "1"})
    assert "    quoted" in plain
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
    assert "quoted" in re.sub(r"\x1b\[[0-9;]*m", "", seen)
    assert "Traceback" not in seen
