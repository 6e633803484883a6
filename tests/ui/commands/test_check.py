"""`pincite check` and `verify`: what is printed, and the exit status 4 where something is not carried, or changed."""

import io
import json
from pathlib import Path

import pytest

from tests.support.command_line import DRIVES, ORRIN, QUESTION, Output, asked

pytestmark = pytest.mark.usefixtures("private_home")

TRUE = "The lighthouse at Orrin was built in 1871."
FALSE = "The lighthouse at Orrin was built in 1872."


@pytest.fixture
def receipt(capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path) -> Path:
    file = tmp_path / "receipt.json"
    assert asked(capsys, QUESTION, corpus, "--receipt", file).status == 0
    return file


def checked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, corpus: Path, text: str, *more: str
) -> Output:
    file = tmp_path / "draft.md"
    file.write_text(text, encoding="utf-8")
    return Output(capsys, "check", file, "--corpus", corpus, *more)


def test_a_text_that_the_articles_carry_ends_with_0(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, corpus: Path
) -> None:
    said = checked(capsys, tmp_path, corpus, f"{TRUE} [7]")
    assert (said.status, said.err) == (0, "")
    assert said.out == (
        f"✓ {TRUE}\n"
        "    [1] “The lighthouse at Orrin was built in 1871 by Maria Keller.”\n"
        "\n"
        "1 of 1 statements supported\n"
        "\n"
        "Sources\n"
        "[1] “The lighthouse at Orrin was built in 1871 by Maria Keller.”\n"
        "    — The lighthouse at Orrin, Coast News, 2026-05-01\n"
        "    https://example.org/orrin\n"
        "\n"
        "Credit: Coast News\n"
    )


def test_one_false_statement_ends_with_4_and_says_why(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, corpus: Path
) -> None:
    said = checked(capsys, tmp_path, corpus, f"{TRUE} {FALSE} Who knew?")
    assert said.status == 4
    assert f"✗ {FALSE}\n    unsupported: ‘1872’" in said.out
    assert "    ‘1872’ ↔ ‘1871’\n" in said.out
    assert "    nearest: [1] “" in said.out
    assert "? Who knew?\n    unchecked: a question states nothing\n" in said.out
    assert "\n1 of 2 statements supported, 1 unchecked\n" in said.out


def test_a_text_with_nothing_to_check_ends_with_4(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, corpus: Path
) -> None:
    said = checked(capsys, tmp_path, corpus, "Who knew?")
    assert said.status == 4
    assert "nothing in it can be checked" in said.out


def test_standard_input_is_checked_and_json_is_one_object(
    capsys: pytest.CaptureFixture[str], corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{TRUE} {FALSE}"))
    said = Output(capsys, "check", "-", "--corpus", corpus, "--json")
    data = json.loads(said.out)
    assert (said.status, said.err, data["all_supported"]) == (4, "", False)
    assert [item["verdict"] for item in data["statements"]] == ["supported", "unsupported"]
    start, end = data["statements"][1]["span"]
    assert data["text"][start:end] == FALSE


def test_only_the_articles_chosen_count(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, corpus: Path
) -> None:
    assert checked(capsys, tmp_path, corpus, TRUE, "--after", "2030-01-01").status == 4
    assert checked(capsys, tmp_path, corpus, TRUE, "--publisher", "Coast News").status == 0


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("none.txt", None, "none.txt"),
        ("empty.txt", "", "empty.txt"),
        ("draft.xyz", "words", "cannot read '.xyz' files"),
        (
            "two.jsonl",
            '{"id": "a", "title": "a", "text": "A."}\n{"id": "b", "title": "b", "text": "B."}',
            "holds 2 texts",
        ),
        ("long.txt", "word " * 30_000, "the limit is 100,000"),
    ],
)
def test_what_cannot_be_checked_is_one_line(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    corpus: Path,
    name: str,
    content: str | None,
    line: str,
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    said = Output(capsys, "check", tmp_path / name, "--corpus", corpus)
    assert (said.status, said.out) == (1, "")
    assert line in said.err
    assert said.err.count("\n") == 1


def test_nothing_on_standard_input_is_one_line(
    capsys: pytest.CaptureFixture[str], corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(" \n"))
    said = Output(capsys, "check", "-", "--corpus", corpus)
    assert (said.status, said.out) == (1, "")
    assert "standard input is empty" in said.err


def test_nothing_in_a_text_drives_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, corpus: Path
) -> None:
    said = checked(capsys, tmp_path, corpus, f"{TRUE} The \x1b[31mlighthouse\u202e is red.")
    assert not DRIVES.search(said.out)


def test_a_receipt_of_unchanged_articles_ends_with_0(
    capsys: pytest.CaptureFixture[str], corpus: Path, receipt: Path
) -> None:
    said = Output(capsys, "verify", receipt, "--corpus", corpus)
    assert (said.status, said.err) == (0, "")
    assert f": {QUESTION}\n" in said.out
    assert "stands where it stood" in said.out
    assert said.out.endswith("\nNothing has changed.\n")


def test_a_receipt_of_a_changed_article_ends_with_4_and_says_what(
    capsys: pytest.CaptureFixture[str], corpus: Path, receipt: Path
) -> None:
    (corpus / "orrin.md").write_text(ORRIN.replace("1871", "1872"), encoding="utf-8")
    said = Output(capsys, "verify", receipt, "--corpus", corpus)
    assert said.status == 4
    assert "has changed\n    now: “The lighthouse at Orrin was built in 1872 by Maria Keller.”\n" in said.out
    assert "✗ was quoted, is now unsupported" in said.out
    assert "? the article has changed: The lighthouse at Orrin\n" in said.out
    assert said.out.endswith("\n3 changes.\n")


def test_an_index_is_verified_against_and_json_is_one_object(
    capsys: pytest.CaptureFixture[str], corpus: Path, receipt: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    assert Output(capsys, "add", corpus, "--index", index).status == 0
    said = Output(capsys, "verify", receipt, "--index", index, "--json")
    assert (said.status, json.loads(said.out)["unchanged"]) == (0, True)
    assert Output(capsys, "remove", "orrin", "--index", index).status == 0
    said = Output(capsys, "verify", receipt, "--index", index, "--json")
    data = json.loads(said.out)
    assert (said.status, data["articles"][0]["state"], data["quotes"][0]["state"]) == (4, "gone", "gone")
    assert "name the --corpus or the --index that was asked" in said.err


def test_the_articles_that_carry_a_text_are_printed_in_a_form_and_the_status_stays(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, corpus: Path
) -> None:
    said = checked(capsys, tmp_path, corpus, f"{TRUE} {FALSE}", "--cite", "csl")
    assert (said.status, said.err) == (4, "")
    assert [item["id"] for item in json.loads(said.out)] == ["orrin"]
    said = checked(capsys, tmp_path, corpus, FALSE, "--cite", "ris")
    assert (said.status, said.out) == (4, "")
    assert said.err.startswith("nothing is cited: ")


def test_what_is_no_receipt_is_one_line(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    file = tmp_path / "other.json"
    file.write_text('{"format": "\x1b[31m"}', encoding="utf-8")
    said = Output(capsys, "verify", file, "--corpus", corpus)
    assert (said.status, said.out) == (1, "")
    assert said.err.count("\n") == 1
    assert not DRIVES.search(said.err)


def test_a_receipt_that_cannot_be_written_is_one_line(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    said = asked(capsys, QUESTION, corpus, "--receipt", tmp_path / "none" / "receipt.json")
    assert said.status == 1
    assert "cannot write" in said.err


def test_a_receipt_is_not_verified_against_two_things(
    capsys: pytest.CaptureFixture[str], corpus: Path, receipt: Path, tmp_path: Path
) -> None:
    said = Output(capsys, "verify", receipt, "--corpus", corpus, "--index", tmp_path / "index")
    assert (said.status, said.out) == (2, "")
    assert "not both" in said.err
