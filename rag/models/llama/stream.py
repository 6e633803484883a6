"""Turns work that reports its results by a callback into an iterator that can be cancelled."""

import atexit
import queue
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

_EXIT_WAIT_S = 5.0  # how long the end of the process waits for cancelled work

Piece = dict[str, Any]

# Called with each piece; returns whether to stop.
Receive = Callable[[Piece], bool]

Work = Callable[[Receive], object]


class CallbackStream:
    """The pieces that ``work``, run in a thread of its own, passes to its callback; the callback's ``True`` means stop.

    Iterating yields the pieces in order and raises what the work raised. Closing the iterator, leaving the loop or
    setting ``cancelled`` tells the work to stop, and does not wait for it.
    """

    def __init__(self, work: Work) -> None:
        self.cancelled = threading.Event()
        self._pieces: queue.SimpleQueue[Piece | Exception | None] = queue.SimpleQueue()
        # A daemon thread cannot keep the process from ending; _cancel_running sees to it that it stops in time.
        self.thread = threading.Thread(target=self._run, args=(work,), name="pincite-writer", daemon=True)
        _STREAMS.add(self)
        self.thread.start()

    def __iter__(self) -> Iterator[Piece]:
        try:
            while (piece := self._pieces.get()) is not None:
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        finally:
            self.cancelled.set()

    def _run(self, work: Work) -> None:
        try:
            work(self._receive)
        except Exception as error:  # noqa: BLE001  # passed to the thread that iterates, and raised there
            self._pieces.put(error)
        finally:
            self._pieces.put(None)

    def _receive(self, piece: Piece) -> bool:
        """Queue a piece; return whether to stop. Must not raise: the caller may swallow the error."""
        self._pieces.put(piece)
        return self.cancelled.is_set()


_STREAMS: "weakref.WeakSet[CallbackStream]" = weakref.WeakSet()


def running_streams() -> tuple[CallbackStream, ...]:
    """Return the streams of this process whose work has not ended."""
    return tuple(stream for stream in _STREAMS if stream.thread.is_alive())


@atexit.register
def _cancel_running() -> None:
    """Stop all work: native code that still computes while the process is torn down would crash it."""
    streams = running_streams()
    for stream in streams:
        stream.cancelled.set()
    for stream in streams:
        stream.thread.join(_EXIT_WAIT_S)
