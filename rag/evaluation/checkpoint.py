"""Writes the rows of a run to a file as they come, so that a stopped run can be continued."""

import json
import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from rag.errors import ReportError
from rag.evaluation.report_file import FORMAT, row_from_json
from rag.evaluation.results import QuestionResult
from rag.evaluation.setup import RunSetup
from rag.serialization import Json, to_json


class Checkpoint:
    """A file of JSON lines: first the setup of the run, then a row for each question asked so far.

    Close it, or use it in a ``with`` statement; the file stays.
    """

    def __init__(self, path: Path, file: BinaryIO, rows: tuple[QuestionResult, ...]) -> None:
        self.path = path
        self._file = file
        self._rows = list(rows)

    @property
    def rows(self) -> tuple[QuestionResult, ...]:
        """The rows so far, those of the stopped run first."""
        return tuple(self._rows)

    @classmethod
    def open(cls, path: Path, *, model: str, setup: RunSetup) -> Self:
        """Continue the file if it was begun with the same ``model`` and ``setup``; otherwise begin it anew.

        An incomplete row, as of a process that was killed, is dropped with all rows after it. Raises ``ReportError``
        if the file cannot be written.
        """
        header: Json = {"format": FORMAT, "model": model, "setup": to_json(setup)}
        try:
            # Split as bytes and at "\n" alone, so that the lengths below are offsets in the file.
            lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
            same_run = bool(lines) and _parse(lines[0]) == header
            rows = _read_rows(lines[1:]) if same_run else ()
            file = path.open("r+b" if same_run else "w+b")
        except OSError as error:
            raise _write_error(path, error) from error
        checkpoint = cls(path, file, rows)
        if same_run:
            file.seek(sum(len(line) + 1 for line in lines[: 1 + len(rows)]))
            file.truncate()
        else:
            checkpoint._write(header)
        return checkpoint

    def add(self, row: QuestionResult) -> None:
        """Write one row through to the disk. Raises ``ReportError``."""
        self._write(to_json(row))
        self._rows.append(row)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, value: Json) -> None:
        # ASCII alone, so that no text of an article contains a line break or cannot be encoded.
        line = json.dumps(value, allow_nan=False).encode("ascii") + b"\n"
        try:
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _write_error(self.path, error) from error


def _read_rows(lines: list[bytes]) -> tuple[QuestionResult, ...]:
    """Return the rows up to the first line that is not a whole row."""
    rows: list[QuestionResult] = []
    for line in lines:
        try:
            rows.append(row_from_json(_parse(line)))
        except ReportError:
            break
    return tuple(rows)


def _parse(line: bytes) -> object:
    """Return the JSON value of a line; ``None`` if it has none."""
    try:
        value: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value


def _write_error(path: Path, error: OSError) -> ReportError:
    return ReportError(f"cannot write {str(path)!r} ({error.strerror}): give another path")
