"""`pincite add`, `remove`, `list` and `show`."""

import json
import re
from pathlib import Path

import pytest

from tests.support.command_line import ORRIN, QUESTION, Output

pytestmark = pytest.mark.usefixtures("private_home")


def test_articles_are_added_once_updated_when_changed_and_removed(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    assert Output(capsys, "add", corpus).out == "added 1, updated 0, unchanged 0\n"
    assert Output(capsys, "add", corpus).out == "added 0, updated 0, unchanged 1\n"
    (corpus / "orrin.md").write_text(ORRIN.replace("1871", "1872"), encoding="utf-8")
    assert Output(capsys, "add", corpus).out == "added 0, updated 1, unchanged 0\n"
    assert "1872" in Output(capsys, "show", "orrin").out
    assert Output(capsys, "remove", "orrin").out == "removed 1\n"
    assert json.loads(Output(capsys, "list", "--json").out) == {"articles": []}


def test_what_could_not_be_added_is_named_and_the_rest_goes_in(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    (corpus / "empty.txt").write_bytes(b"")
    inside = Output(capsys, "add", corpus)
    assert (inside.status, inside.out) == (0, "added 1, updated 0, unchanged 0\n")
    assert re.fullmatch(r"left out '.*empty\.txt': .*\n", inside.err)
    named = Output(capsys, "add", corpus / "orrin.md", corpus / "empty.txt", tmp_path / "nowhere")
    assert (named.status, named.out) == (1, "added 0, updated 0, unchanged 1\n")
    assert named.err.count("left out") == 2


def test_where_nothing_could_be_added_there_is_no_index_and_the_status_is_1(
    capsys: pytest.CaptureFixture[str], corpus: Path, home: Path
) -> None:
    (corpus / "orrin.md").write_bytes(b"")
    said = Output(capsys, "add", corpus)
    assert (said.status, said.out) == (1, "")
    assert said.err.splitlines()[-1].startswith("pincite: nothing was added")
    assert not home.exists()


def test_two_articles_of_one_id_are_told_apart_before_anything_is_lost(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path
) -> None:
    other = tmp_path / "orrin.txt"
    other.write_text("Orrin is a village.", encoding="utf-8")
    said = Output(capsys, "add", corpus, other)
    assert (said.status, said.out) == (1, "added 1, updated 0, unchanged 0\n")
    assert re.fullmatch(r"left out '.*orrin\.txt': its id 'orrin' is taken.*\n", said.err)
    assert "Maria Keller" in Output(capsys, "show", "orrin").out


def test_two_files_of_one_id_in_a_folder_end_with_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "twice"
    folder.mkdir()
    for name in ("lamp.txt", "lamp.md"):
        (folder / name).write_text(f"The lamp of {name} burns.", encoding="utf-8")
    said = Output(capsys, "add", folder, "--index", tmp_path / "index")
    assert (said.status, said.out) == (1, "added 1, updated 0, unchanged 0\n")
    assert "its id 'lamp' is taken by" in said.err


def test_nothing_is_removed_unless_every_id_is_known(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    Output(capsys, "add", corpus)
    said = Output(capsys, "remove", "orrin", "no-such")
    assert said.status == 1
    assert "'no-such'" in said.err
    assert "pincite list" in said.err
    assert Output(capsys, "show", "orrin").status == 0


def test_the_list_is_a_table(capsys: pytest.CaptureFixture[str], corpus: Path) -> None:
    Output(capsys, "add", corpus)
    head, row = Output(capsys, "list").out.splitlines()
    assert head.split() == ["id", "title", "publisher", "date", "characters", "chunks"]
    assert re.fullmatch(r"orrin  The lighthouse at Orrin  Coast News  2026-05-01 +84 +1", row)


def test_a_list_is_json_on_demand(capsys: pytest.CaptureFixture[str], corpus: Path) -> None:
    Output(capsys, "add", corpus)
    (article,) = json.loads(Output(capsys, "list", "--json").out)["articles"]
    assert (article["id"], article["date"], article["characters"]) == ("orrin", "2026-05-01", 84)


def test_an_article_is_shown_with_its_title_and_credit(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    Output(capsys, "add", corpus)
    assert Output(capsys, "show", "orrin").out == (
        "The lighthouse at Orrin\nCoast News, 2026-05-01, https://example.org/orrin\nCredit: Coast News\n\n"
        "The lighthouse at Orrin was built in 1871 by Maria Keller. It stands 42 metres tall.\n"
    )
    data = json.loads(Output(capsys, "show", "orrin", "--json").out)
    assert data["text"].startswith("The lighthouse")
    assert data["date"] == "2026-05-01"


def test_an_index_may_lie_anywhere(
    capsys: pytest.CaptureFixture[str], corpus: Path, tmp_path: Path, home: Path
) -> None:
    assert Output(capsys, "add", corpus, "--index", tmp_path / "mine").status == 0
    said = Output(capsys, "ask", QUESTION, "--index", tmp_path / "mine", "--model", "quotes")
    assert (said.status, "1871" in said.out) == (0, True)
    assert not home.exists()
