"""Places for the answers that are written at the same time, whoever asks: the page, /v1, or another program."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from threading import Lock

from ui.web.refusal import Refusal

_RETRY_S = 5  # seconds after which who was sent away may try again


class Slots:
    """``at_once`` places; at most ``waiting`` wait for one, in the order in which they came. Safe in many threads."""

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self._lock = Lock()
        self._free = at_once
        self._waiting = waiting
        self._queue: deque[Future[None]] = deque()

    @contextmanager
    def place(self, *, bounded: bool = True) -> Iterator["Future[None]"]:
        """A place, which is the caller's once the future is done; left early, it is given up.

        A thread waits by ``result()``, a task by ``asyncio.wrap_future``. Raises ``Refusal`` 503 where too many wait
        already, unless ``bounded`` is false, for who has waited elsewhere.
        """
        taken = self._join(bounded=bounded)
        try:
            yield taken
        finally:
            self._leave(taken)

    def _join(self, *, bounded: bool) -> "Future[None]":
        with self._lock:
            place: Future[None] = Future()
            if self._free:
                self._free -= 1
                place.set_result(None)
            elif bounded and len(self._queue) >= self._waiting:
                raise Refusal(
                    f"{len(self._queue)} questions wait already, which is the limit: try again in {_RETRY_S} s",
                    status=503,
                    retry_s=_RETRY_S,
                    code="overloaded",
                )
            else:
                self._queue.append(place)
            return place

    def _leave(self, place: "Future[None]") -> None:
        if place.cancel():  # it was waiting still
            with self._lock, suppress(ValueError):
                self._queue.remove(place)
            return
        with self._lock:
            while self._queue:
                following = self._queue.popleft()
                if following.set_running_or_notify_cancel():
                    following.set_result(None)
                    return
            self._free += 1
