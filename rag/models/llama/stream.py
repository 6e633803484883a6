"""Turns work that calls back into an iterator that can be stopped."""

import atexit
import queue
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

_LEAVING_S = 5.0  # how long the end of the process waits for work that was told to stop


Piece = dict[str, Any]


Work = Callable[[Callable[[Piece], bool]], object]


class Running:
    """``work`` in a thread of its own. It is given a function to call with each piece; ``True`` means stop.

    Iterating yields the pieces in order and raises what the work raised. Closing the iterator, or leaving the
    loop, tells the work to stop and does not wait for it. ``heard`` counts the pieces.
    """

    def __init__(self, work: Work) -> None:
        self.unwanted = threading.Event()
        self.heard = 0
        self._pieces: queue.SimpleQueue[Piece | Exception | None] = queue.SimpleQueue()
        # As a daemon it cannot keep the process from leaving; _leave sees to it that it stops in time.
        self.thread = threading.Thread(target=self._run, args=(work,), name="pincite-writer", daemon=True)
        _ALIVE.add(self)
        self.thread.start()

    def __iter__(self) -> Iterator[Piece]:
        try:
            while (piece := self._pieces.get()) is not None:
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        finally:
            self.unwanted.set()

    def _run(self, work: Work) -> None:
        try:
            work(self._hear)
        except Exception as fault:  # noqa: BLE001  # carried over to the thread that reads, and raised there
            self._pieces.put(fault)
        finally:
            self._pieces.put(None)

    def _hear(self, piece: Piece) -> bool:
        """Must not raise: whoever calls back may swallow it."""
        self.heard += 1
        self._pieces.put(piece)
        return self.unwanted.is_set()


_ALIVE: "weakref.WeakSet[Running]" = weakref.WeakSet()


def at_work() -> tuple[Running, ...]:
    """What runs now."""
    return tuple(running for running in _ALIVE if running.thread.is_alive())


@atexit.register
def _leave() -> None:
    """Native code that still computes while the process is torn down would crash it."""
    alive = at_work()
    for running in alive:
        running.unwanted.set()
    for running in alive:
        running.thread.join(_LEAVING_S)
