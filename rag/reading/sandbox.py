"""Reads a file in a process of its own, where one that was made to do harm takes nothing with it.

What comes back is data: a line of JSON with errors, warnings and the number of articles, then each article in a line.
It is no cage: the process may do what this one may. What it takes is bounded, and ends with whoever wanted it.
"""

import json
import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Condition, Event
from time import monotonic

from rag.errors import ArticleError
from rag.reading.articles import ReadResult, read_articles
from rag.reading.cleaning import one_line
from rag.schema import Article
from rag.system.child_process import ProcessResult, confine, peak_bytes, run
from rag.system.json_fields import JsonFields, day, text, tuple_of, whole

SECONDS = 60  # for one file, and for its turn: what stands before a server seldom waits longer for a reply


MEMORY_BYTES = 1_000_000_000  # of addresses; a page of 18 MB took 0.5, a PDF of 1,000 pages 0.15


SAID_BYTES = 100_000_000  # of what comes back: there is room for 20 million characters, of 4 bytes at most


AT_ONCE = 2  # files read at the same time, each by one core


WAITING = 8  # more that may wait: each holds one of the threads that all visitors share


OWN = 4  # of these that are one visitor's: the first is read, the others wait


_CODE = "from rag.reading.sandbox import main; main()"


_NO_MEMORY = 3  # the process's status


_LOOK_S = 0.2  # how often one who waits looks whether it is still wanted


_SHOWN = 2000  # characters of a process's complaints in the log


_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Turn:
    whose: str
    stop: Event


class SandboxedReader:
    """Reads files apart from this process, ``AT_ONCE`` at a time and one of each visitor; safe in many threads."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._line: list[_Turn] = []  # at work and waiting, in the order they came
        self._closed = False

    def read(self, path: Path, *, whose: str, unwanted: Event | None = None) -> ReadResult:
        """What ``read_articles`` gives of a file; one error where that takes too much or crashes. Never raises.

        An ``IdTaken`` is a plain ``ArticleError`` here. The file is given up as soon as ``unwanted`` is set, which it
        is in any case when this returns. ``whose`` tells visitors apart.
        """
        turn = _Turn(whose, unwanted or Event())
        try:
            self._wait(str(path), turn)
            return _read(path, turn.stop)
        except ArticleError as error:
            return ReadResult(errors=(error,))
        finally:
            turn.stop.set()
            self._leave(turn)

    def close(self) -> None:
        """End what is being read, and refuse all that comes after; the second time does nothing."""
        with self._changed:
            self._closed = True
            for one in self._line:
                one.stop.set()
            self._changed.notify_all()

    def _wait(self, source: str, turn: _Turn) -> None:
        end = monotonic() + SECONDS
        with self._changed:
            self._refuse(source, turn.whose)
            self._line.append(turn)
            while turn not in self._at_work() and not turn.stop.is_set():
                if monotonic() > end:
                    why = f"not begun within {SECONDS} s, as others are being read"
                    raise ArticleError(source, f"{why}: try again in a minute")
                self._changed.wait(_LOOK_S)

    def _refuse(self, source: str, whose: str) -> None:
        """Raises ``ArticleError`` where one more may not even wait."""
        if self._closed:
            raise ArticleError(source, _STOPPED)
        if sum(turn.whose == whose for turn in self._line) >= OWN:
            raise ArticleError(source, f"{OWN} files of yours are read or wait: try again when one is done")
        if len(self._line) >= AT_ONCE + WAITING:
            why = f"{len(self._line)} files are read or wait"
            raise ArticleError(source, f"{why}: try again in a minute")

    def _at_work(self) -> tuple[_Turn, ...]:
        """The first of each visitor, as many as are read at once. Who is among them stays until the turn is over."""
        first = {turn.whose: turn for turn in reversed(self._line)}
        return tuple(turn for turn in self._line if first[turn.whose] is turn)[:AT_ONCE]

    def _leave(self, turn: _Turn) -> None:
        with self._changed:
            if turn in self._line:
                self._line.remove(turn)
                self._changed.notify_all()


_STOPPED = "was not read to its end, as nobody waited for it: send it again"


def _read(path: Path, stop: Event) -> ReadResult:
    source = str(path)
    if stop.is_set():
        raise ArticleError(source, _STOPPED)
    try:
        ended = run(
            _CODE,
            source,
            str(os.getpid()),
            str(SECONDS),
            str(MEMORY_BYTES),
            seconds=SECONDS,
            said_bytes=SAID_BYTES,
            unwanted=stop,
        )
    except OSError as fault:
        why = f"cannot be read now ({fault.strerror})"
        raise ArticleError(source, f"{why}: try again, or tell the server's owner") from fault
    if ended.complaints.strip():
        # A file decides what stands there: no line breaks, nothing that a terminal obeys.
        _log.warning("reading a file: %s", one_line(ended.complaints)[-_SHOWN:])
    try:
        return _reading(ended.said, source)
    except (ValueError, RecursionError) as fault:  # cut off, or of another making
        raise ArticleError(source, _why(ended)) from fault


def _why(ended: ProcessResult) -> str:
    if ended.unwanted:
        return _STOPPED
    if ended.late:
        return f"not read within {SECONDS} s: split it, or save its text as .txt"
    if ended.long:
        return f"holds over {SAID_BYTES / 1e6:.0f} MB of text: split it"
    if ended.status == _NO_MEMORY:
        most = f"{MEMORY_BYTES / 1e6:,.0f} MB"
        return f"takes over {most} of memory to read: split it, or save its text as .txt"
    how = f"crashed ({ended.signal})" if ended.signal else f"failed (status {ended.status})"
    return f"its reader {how}: save it anew, or its text as .txt"


# --- in the process of its own -----------------------------------------------------------------------------


def main() -> None:
    """Read the file that the first argument names for the process of the next, within seconds and bytes of memory."""
    source, parent, seconds, memory = sys.argv[1:]
    # What libraries print must not come between.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # A library that is refused memory may go on without and lose words. So the bound is twice what a file may take,
    # and what was read counts only where it stayed below that.
    confine(parent=int(parent), seconds=int(seconds), memory_bytes=2 * int(memory))
    try:
        reading = read_articles(Path(source))
        if peak_bytes() > int(memory):
            os._exit(_NO_MEMORY)
        for line in _lines(reading):
            out.write(line)
        out.flush()
    except MemoryError:
        os._exit(_NO_MEMORY)
    os._exit(0)  # there is nothing to tidy up


def _lines(reading: ReadResult) -> Iterator[bytes]:
    yield _line(
        {
            "errors": [{"source": error.source, "reason": error.reason} for error in reading.errors],
            "warnings": reading.warnings,
            "articles": len(reading.articles),
        }
    )
    for article in reading.articles:
        published = article.date.isoformat() if article.date else None
        yield _line({**asdict(article), "date": published})


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


# --- what came back ----------------------------------------------------------------------------------------


def _reading(said: bytes, source: str) -> ReadResult:
    """What a process wrote; ``ValueError`` where that is not whole."""
    head, *lines = said.split(b"\n")
    found = JsonFields(json.loads(head), "reading")
    count = found.get("articles", whole)
    if len(lines) != count + 1 or lines[-1]:
        raise ValueError(f"{len(lines) - 1} articles of {count} in {source!r}: read it again")
    return ReadResult(
        # One by one, so that others have their turn meanwhile.
        articles=tuple(_article(json.loads(line), f"articles[{at}]") for at, line in enumerate(lines[:-1])),
        errors=found.get("errors", tuple_of(_error)),
        warnings=found.get("warnings", tuple_of(text)),
    )


def _error(data: object, place: str) -> ArticleError:
    found = JsonFields(data, place)
    return ArticleError(found.get("source", text), found.get("reason", text))


def _article(data: object, place: str) -> Article:
    found = JsonFields(data, place)
    return Article(
        id=found.get("id", text),
        title=found.get("title", text),
        text=found.get("text", text),
        url=found.get("url", text),
        publisher=found.get("publisher", text),
        date=found.get("date", day),
        credit=found.get("credit", text),
    )
