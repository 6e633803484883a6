"""The rows of an evaluation under way, kept in a file as they come, so that one that was stopped can go on."""

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
    """A file of JSON lines: first what is asked of what, then a row for each question that was answered.

    Close it, or use it in a ``with`` statement; the file stays.
    """

    def __init__(self, path: Path, file: BinaryIO, rows: tuple[QuestionResult, ...]) -> None:
        self.path = path
        self._file = file
        self._rows = list(rows)

    @property
    def rows(self) -> tuple[QuestionResult, ...]:
        """Those kept so far, those of an earlier run first."""
        return tuple(self._rows)

    @classmethod
    def open(cls, path: Path, *, model: str, setup: RunSetup) -> Self:
        """Take up the file's rows where it was begun with the same ``model`` and ``setup``; else begin it anew.

        A row that was not written to its end, as the process was killed, is dropped with all after it. Raises
        ``ReportError`` where the file cannot be written.
        """
        header: Json = {"format": FORMAT, "model": model, "setup": to_json(setup)}
        try:
            # A line is counted by bytes, and ends with "\n" alone.
            lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
            known = bool(lines) and _loaded(lines[0]) == header
            rows = _rows(lines[1:]) if known else ()
            file = path.open("r+b" if known else "w+b")
        except OSError as error:
            raise _unwritable(path, error) from error
        journal = cls(path, file, rows)
        if known:
            file.seek(sum(len(line) + 1 for line in lines[: 1 + len(rows)]))
            file.truncate()
        else:
            journal._write(header)
        return journal

    def add(self, row: QuestionResult) -> None:
        """Keep one more row: it outlives the process from here on. Raises ``ReportError``."""
        self._write(to_json(row))
        self._rows.append(row)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, value: Json) -> None:
        # ASCII alone, so that no text of an article can break a line or fail to be encoded.
        line = json.dumps(value, allow_nan=False).encode("ascii") + b"\n"
        try:
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _unwritable(self.path, error) from error


def _rows(lines: list[bytes]) -> tuple[QuestionResult, ...]:
    rows: list[QuestionResult] = []
    for line in lines:
        try:
            rows.append(row_from_json(_loaded(line)))
        except ReportError:
            break
    return tuple(rows)


def _loaded(line: bytes) -> object:
    try:
        value: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value


def _unwritable(path: Path, error: OSError) -> ReportError:
    return ReportError(f"cannot write {str(path)!r} ({error.strerror}): give another path")
