"""Reads a file in a child process, so that one made to do harm cannot take this process down or hold it up.

The child returns data: a line of JSON with errors, warnings and the number of articles, then each article on a line.
It is no security sandbox: the child may do what this process may. Its time, memory and output are bounded, and it is
killed as soon as nobody waits for it.
"""

import json
import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Event
from time import monotonic

from rag.errors import ArticleError
from rag.reading.articles import ReadResult, read_articles
from rag.reading.cleaning import one_line
from rag.serialization import Json, article_from_json, to_json
from rag.system.child_process import ProcessResult, confine, peak_bytes, run
from rag.system.json_fields import JsonFields, text, tuple_of, whole

READER = "from rag.reading.sandbox import main; main()"  # the code that a child process runs
_STATUS_NO_MEMORY = 3  # of the child process
_POLL_S = 0.2  # how often a waiting call looks whether it was cancelled
_LOGGED_CHARS = 2000  # of what a child process writes to its standard error
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxLimits:
    """What reading one file may take, and how many files are read at the same time."""

    seconds: int = 60  # for one file, and for its turn: proxies before a server seldom wait longer
    memory_bytes: int = 1_000_000_000  # of addresses; a page of 18 MB took 0.5 GB, a PDF of 1,000 pages 0.15
    output_bytes: int = 100_000_000  # of JSON: there is room for 20 million characters, of 4 bytes at most
    at_once: int = 2  # files read at the same time, each by one core
    waiting: int = 8  # more that may wait: each blocks one of the threads that all visitors share
    per_visitor: int = 4  # of all these, files of one visitor: the first is read, the others wait


SANDBOX_LIMITS = SandboxLimits()


@dataclass(frozen=True, slots=True, eq=False)
class _Turn:
    visitor: str
    cancelled: Event


class SandboxedReader:
    """Reads files in child processes, several at a time but only one of each visitor; safe to use in many threads."""

    def __init__(self, limits: SandboxLimits = SANDBOX_LIMITS, *, reader: str = READER) -> None:
        """``reader`` is the Python code of the child process; another one is for tests."""
        self._limits = limits
        self._reader = reader
        self._changed = Condition()
        self._queue: list[_Turn] = []  # files that are read or wait, in the order they came
        self._closed = False

    @property
    def pending(self) -> int:
        """The number of files that are being read or wait for that."""
        with self._changed:
            return len(self._queue)

    def read(self, path: Path, *, visitor: str, cancelled: Event | None = None) -> ReadResult:
        """The result of ``read_articles`` for a file; one error where that takes too much or crashes. Never raises.

        An ``IdTaken`` is a plain ``ArticleError`` here. The file is given up as soon as ``cancelled`` is set; it is
        always set when this returns. ``visitor`` identifies whose file it is.
        """
        turn = _Turn(visitor, cancelled or Event())
        try:
            self._wait(str(path), turn)
            return _read_in_child(path, turn.cancelled, self._reader, self._limits)
        except ArticleError as error:
            return ReadResult(errors=(error,))
        finally:
            turn.cancelled.set()
            self._leave(turn)

    def close(self) -> None:
        """Cancel all reads, and refuse all later ones. Closing again does nothing."""
        with self._changed:
            self._closed = True
            for turn in self._queue:
                turn.cancelled.set()
            self._changed.notify_all()

    def _wait(self, source: str, turn: _Turn) -> None:
        """Wait for the turn. Raises ``ArticleError`` where the queue is full, or the turn does not come in time."""
        deadline = monotonic() + self._limits.seconds
        with self._changed:
            self._refuse_if_full(source, turn.visitor)
            self._queue.append(turn)
            while turn not in self._current_turns() and not turn.cancelled.is_set():
                if monotonic() > deadline:
                    why = f"not begun within {self._limits.seconds} s, as others are being read"
                    raise ArticleError(source, f"{why}: try again in a minute")
                self._changed.wait(_POLL_S)

    def _refuse_if_full(self, source: str, visitor: str) -> None:
        """Raises ``ArticleError`` where one more may not even wait."""
        if self._closed:
            raise ArticleError(source, _CANCELLED)
        most = self._limits.per_visitor
        if sum(turn.visitor == visitor for turn in self._queue) >= most:
            why = f"{most} files of yours are read or wait: try again when one is done"
            raise ArticleError(source, why)
        if len(self._queue) >= self._limits.at_once + self._limits.waiting:
            why = f"{len(self._queue)} files are read or wait"
            raise ArticleError(source, f"{why}: try again in a minute")

    def _current_turns(self) -> tuple[_Turn, ...]:
        """The first turn of each visitor, at most ``at_once``. A turn among them stays until it is over."""
        first = {turn.visitor: turn for turn in reversed(self._queue)}
        turns = tuple(turn for turn in self._queue if first[turn.visitor] is turn)
        return turns[: self._limits.at_once]

    def _leave(self, turn: _Turn) -> None:
        with self._changed:
            if turn in self._queue:
                self._queue.remove(turn)
                self._changed.notify_all()


_CANCELLED = "was not read to its end, as nobody waited for it: send it again"


def _read_in_child(path: Path, cancelled: Event, reader: str, limits: SandboxLimits) -> ReadResult:
    """Run ``reader`` on a file. Raises ``ArticleError`` where it fails, or goes beyond a limit."""
    source = str(path)
    if cancelled.is_set():
        raise ArticleError(source, _CANCELLED)
    try:
        result = run(
            reader,
            source,
            str(os.getpid()),
            str(limits.seconds),
            str(limits.memory_bytes),
            seconds=limits.seconds,
            said_bytes=limits.output_bytes,
            unwanted=cancelled,
        )
    except OSError as fault:
        why = f"cannot be read now ({fault.strerror})"
        raise ArticleError(source, f"{why}: try again, or tell the server's owner") from fault
    if result.complaints.strip():
        # A file can decide what it says: without line breaks and escape sequences that a terminal obeys.
        _log.warning("reading a file: %s", one_line(result.complaints)[-_LOGGED_CHARS:])
    try:
        return _parse(result.said, source)
    except (ValueError, RecursionError) as fault:  # cut off, or not what `main` writes
        raise ArticleError(source, _failure(result, limits)) from fault


def _failure(result: ProcessResult, limits: SandboxLimits) -> str:
    """Why a child process gave no whole result, and the fix."""
    if result.unwanted:
        return _CANCELLED
    if result.late:
        return f"not read within {limits.seconds} s: split it, or save its text as .txt"
    if result.long:
        return f"holds over {limits.output_bytes / 1e6:.0f} MB of text: split it"
    if result.status == _STATUS_NO_MEMORY:
        most = f"{limits.memory_bytes / 1e6:,.0f} MB"
        return f"takes over {most} of memory to read: split it, or save its text as .txt"
    how = f"crashed ({result.signal})" if result.signal else f"failed (status {result.status})"
    return f"its reader {how}: save it anew, or its text as .txt"


# --- in the child process ----------------------------------------------------------------------------------


def main() -> None:
    """Read the file of the first argument for the parent process of the second, within seconds and bytes of memory."""
    source, parent, seconds, memory = sys.argv[1:]
    # The output gets a descriptor of its own: what libraries print goes to the standard error.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # A library that is refused memory may go on without it and lose words. So the system's limit is twice what a file
    # may take, and a result counts only if the process stayed below half of it.
    confine(parent=int(parent), seconds=int(seconds), memory_bytes=2 * int(memory))
    try:
        result = read_articles(Path(source))
        if peak_bytes() > int(memory):
            os._exit(_STATUS_NO_MEMORY)
        for line in _lines(result):
            output.write(line)
        output.flush()
    except MemoryError:
        os._exit(_STATUS_NO_MEMORY)
    os._exit(0)  # there is nothing to clean up


def _lines(result: ReadResult) -> Iterator[bytes]:
    yield _json_line(
        {
            "errors": [{"source": error.source, "reason": error.reason} for error in result.errors],
            "warnings": list(result.warnings),
            "articles": len(result.articles),
        }
    )
    for article in result.articles:
        yield _json_line(to_json(article))


def _json_line(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


# --- in the parent process ---------------------------------------------------------------------------------


def _parse(output: bytes, source: str) -> ReadResult:
    """The result that a child process wrote. Raises ``ValueError`` where it is not whole."""
    head, *lines = output.split(b"\n")
    fields = JsonFields(json.loads(head), "reading")
    count = fields.get("articles", whole)
    if len(lines) != count + 1 or lines[-1]:
        raise ValueError(f"{len(lines) - 1} articles of {count} in {source!r}: read it again")
    return ReadResult(
        # Each line by itself, so that other threads can run in between.
        articles=tuple(
            article_from_json(json.loads(line), f"articles[{index}]") for index, line in enumerate(lines[:-1])
        ),
        errors=fields.get("errors", tuple_of(_error)),
        warnings=fields.get("warnings", tuple_of(text)),
    )


def _error(data: object, place: str) -> ArticleError:
    fields = JsonFields(data, place)
    return ArticleError(fields.get("source", text), fields.get("reason", text))
