"""Checkpoints: a stopped run is continued from its whole rows, and another run begins anew."""

from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import ReportError
from rag.evaluation.checkpoint import Checkpoint
from rag.evaluation.results import QuestionResult
from rag.evaluation.setup import RunSetup
from tests.support.full_result import ROW, SETUP


def numbered(number: int) -> QuestionResult:
    return replace(ROW, question=replace(ROW.question, id=str(number)))


def test_rows_outlive_the_run_that_wrote_them(tmp_path: Path) -> None:
    path = tmp_path / "report.json.part"
    with Checkpoint.open(path, model="quotes", setup=SETUP) as checkpoint:
        assert checkpoint.rows == ()
        checkpoint.add(numbered(1))
        checkpoint.add(numbered(2))
    with Checkpoint.open(path, model="quotes", setup=SETUP) as checkpoint:
        assert checkpoint.rows == (numbered(1), numbered(2))
        checkpoint.add(numbered(3))
        assert len(path.read_bytes().splitlines()) == 4  # on disk before it is closed
    with Checkpoint.open(path, model="quotes", setup=SETUP) as checkpoint:
        assert checkpoint.rows == (numbered(1), numbered(2), numbered(3))


@pytest.mark.parametrize(
    ("model", "setup"),
    [
        ("llama", SETUP),
        ("quotes", replace(SETUP, corpus="e" * 64)),
        ("quotes", replace(SETUP, questions="e" * 64)),
        ("quotes", replace(SETUP, seed=8)),
        ("quotes", replace(SETUP, settings={"top": 2})),
        ("quotes", replace(SETUP, pincite="0.0.1")),
    ],
)
def test_another_run_begins_anew(tmp_path: Path, model: str, setup: RunSetup) -> None:
    path = tmp_path / "report.json.part"
    with Checkpoint.open(path, model="quotes", setup=SETUP) as checkpoint:
        checkpoint.add(numbered(1))
    with Checkpoint.open(path, model=model, setup=setup) as checkpoint:
        assert checkpoint.rows == ()
    with Checkpoint.open(path, model=model, setup=setup) as checkpoint:
        assert checkpoint.rows == ()
        assert path.read_bytes().count(b"\n") == 1


def test_wherever_the_file_was_cut_off_its_whole_rows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "report.json.part"
    with Checkpoint.open(path, model="quotes", setup=SETUP) as checkpoint:
        checkpoint.add(numbered(1))
        checkpoint.add(numbered(2))
    whole = path.read_bytes()
    ends = [offset + 1 for offset, byte in enumerate(whole) if byte == ord("\n")]
    for cut in {0, 1, *(end + by for end in ends for by in (-1, 0, 1, 7)), len(whole) - 40}:
        path.write_bytes(whole[:cut])
        whole_rows = max(sum(end <= cut for end in ends) - 1, 0)
        with Checkpoint.open(path, model="quotes", setup=SETUP) as checkpoint:
            assert checkpoint.rows == tuple(numbered(number) for number in range(1, whole_rows + 1))
            checkpoint.add(numbered(9))
        with Checkpoint.open(path, model="quotes", setup=SETUP) as checkpoint:
            assert checkpoint.rows[whole_rows:] == (numbered(9),)


def test_what_follows_a_row_that_cannot_be_read_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "report.json.part"
    with Checkpoint.open(path, model="quotes", setup=SETUP) as checkpoint:
        for number in (1, 2, 3):
            checkpoint.add(numbered(number))
    lines = path.read_bytes().split(b"\n")
    lines[2] = b'{"question": 7}'
    path.write_bytes(b"\n".join(lines))
    with Checkpoint.open(path, model="quotes", setup=SETUP) as checkpoint:
        assert checkpoint.rows == (numbered(1),)


def test_a_checkpoint_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="give another path"):
        Checkpoint.open(tmp_path / "nowhere" / "r.part", model="quotes", setup=SETUP)
