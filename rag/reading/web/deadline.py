"""A deadline that all steps of a download share, however little each of them takes."""

import queue
import threading
import time
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


class DeadlinePassed(Exception):
    """The time for the whole download is over."""


class Deadline:
    """A point in time, ``seconds`` after it is made."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self, at_most: float | None = None) -> float:
        """The seconds that remain, more than 0, and ``at_most`` so many. Raises ``DeadlinePassed``."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise DeadlinePassed
        return seconds if at_most is None else min(seconds, at_most)

    def wait_for(self, work: Callable[[], _T]) -> _T:
        """The result of ``work``, or the exception it raises, if it ends in time. Raises ``DeadlinePassed`` if not.

        It runs in a thread of its own that is then left behind: looking up a name cannot be stopped.
        """
        results: queue.SimpleQueue[tuple[_T] | Exception] = queue.SimpleQueue()

        def run() -> None:
            try:
                results.put((work(),))
            except Exception as fault:  # noqa: BLE001  # raised in the thread that waits
                results.put(fault)

        threading.Thread(target=run, daemon=True).start()
        try:
            result = results.get(timeout=self.remaining())
        except queue.Empty:
            raise DeadlinePassed from None
        if isinstance(result, Exception):
            raise result
        return result[0]
