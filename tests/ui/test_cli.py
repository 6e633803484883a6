"""Usage errors, exit statuses, help, and what is imported."""

import ast
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import regenerate_help
from tests.support.command_line import HEAVY, QUESTION, Output
from ui.cli import main

pytestmark = pytest.mark.usefixtures("private_home")


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
        said = Output(capsys, *argv)
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
    said = Output(capsys, *argv)
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
    said = Output(capsys, "ask", "-")
    assert (said.status, said.out, said.err) == (130, "", "")


def test_a_bug_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.StringIO):
        def read(self, size: int | None = -1, /) -> str:
            raise ZeroDivisionError

    monkeypatch.setattr(sys, "stdin", Broken())
    with pytest.raises(ZeroDivisionError):
        main(["ask", "-"])


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

    assert Output(capsys, "--version").out == f"pincite {rag.__version__}\n"


def test_the_page_of_help_is_what_the_program_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(regenerate_help.COLUMNS))
    page = regenerate_help.PAGE.read_text(encoding="utf-8")
    assert page == regenerate_help.regenerated(page), "run `python -m tests.regenerate_help`"
    assert sorted(regenerate_help.shown(page)) == sorted(regenerate_help.helps())
