"""`pincite sync`."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import ORRIN, Output

pytestmark = pytest.mark.usefixtures("private_home")


def test_an_address_is_no_folder(capsys: pytest.CaptureFixture[str], corpus: Path) -> None:
    said = Output(capsys, "add", corpus, "--index", "chrom://h/news")
    assert (said.status, len(said.err.splitlines())) == (1, 1)
    assert "'chrom://h/news': give a folder, or chroma://HOST:PORT/NAME" in said.err
    assert not Path("chrom:").exists()
    followed = Output(capsys, "sync", "https://127.0.0.1/feed.xml")
    assert followed.status == 1
    assert "not on the open internet" in followed.err


def test_an_index_is_kept_in_step_with_a_folder(capsys: pytest.CaptureFixture[str], corpus: Path) -> None:
    assert Output(capsys, "sync", corpus, "--dry-run").out == "add       orrin\nunchanged 0\n"
    assert Output(capsys, "list", "--index", corpus / "none").status == 1
    said = Output(capsys, "sync", corpus)
    assert said.out == "added 1, updated 0, renamed 0, removed 0, unchanged 0\n"
    (corpus / "orrin.md").rename(corpus / "light.md")
    (corpus / "copy.md").write_text(ORRIN, encoding="utf-8")
    dry = Output(capsys, "sync", corpus, "--dry-run")
    assert dry.out == "add       light\nrename    orrin -> copy\nunchanged 0\n"
    assert dry.err == "near copy: 'light' has the same words as 'copy'\n"
    said = Output(capsys, "sync", corpus)
    assert said.out == "added 1, updated 0, renamed 1, removed 0, unchanged 0\n"
    for file in corpus.iterdir():
        file.unlink()
    refused = Output(capsys, "sync", corpus)
    assert refused.status == 1
    assert "--allow-empty" in refused.err
    dry = Output(capsys, "sync", corpus, "--dry-run")
    assert (dry.status, dry.out) == (1, "remove    copy\nremove    light\nunchanged 0\n")
    assert "nothing of this would be done" in dry.err
    assert "--allow-empty" in dry.err
    assert Output(capsys, "sync", corpus, "--dry-run", "--allow-empty").status == 0
    assert Output(capsys, "sync", corpus, "--watch", "--dry-run").status == 2


def test_what_is_added_to_an_index_that_follows_a_folder_is_said_to_stay_no_longer_than_its_next_sync(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    assert Output(capsys, "add", corpus).err == ""
    Output(capsys, "sync", corpus)
    assert Output(capsys, "add", corpus).err == ""
    (tmp_path / "more.txt").write_text("A ferry crosses the sound.", encoding="utf-8")
    said = Output(capsys, "add", tmp_path / "more.txt")
    assert (said.status, len(said.err.splitlines())) == (0, 1)
    assert f"the index follows {str(corpus)!r}" in said.err
    assert "removed 1" in Output(capsys, "sync", corpus).out


def test_of_many_broken_files_a_sync_names_ten_and_a_dry_run_all(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    for number in range(30):
        (corpus / f"broken{number:02}.md").touch()
    for _ in range(2):  # they are as broken the next time
        said = Output(capsys, "sync", corpus)
        named = [line for line in said.err.splitlines() if line.startswith("left out")]
        assert [re.findall(r"broken\d\d", line)[0] for line in named] == [f"broken{n:02}" for n in range(10)]
        assert "and 20 more lines like these: `pincite sync --dry-run` names them all\n" in said.err
        assert (said.status, said.out.split(",")[0][:6]) == (0, "added ")
    dry = Output(capsys, "sync", corpus, "--dry-run")
    assert (dry.status, dry.out) == (0, "unchanged 1\n")
    assert len(dry.err.splitlines()) == dry.err.count("left out") == 30
    for number in range(10, 30):
        (corpus / f"broken{number:02}.md").unlink()
    said = Output(capsys, "sync", corpus)
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
