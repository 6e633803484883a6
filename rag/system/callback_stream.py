"""Work in a thread of its own, as an iterator of the pieces that it hands over, which can be stopped at any moment."""

import atexit
import queue
import threading
import weakref
from collections.abc import Callable, Iterator
from contextvars import ContextVar, copy_context
from typing import Generic, TypeVar

Piece = TypeVar("Piece")


# Called with each piece; returns whether to stop.
Receive = Callable[[Piece], bool]
Work = Callable[[Receive[Piece]], object]
_EXIT_WAIT_S = 5.0  # how long the end of the process waits for cancelled work


class Cancelled(Exception):
    """Work was given up, as nobody waits for it any more."""


class CallbackStream(Generic[Piece]):
    """The pieces that ``work``, run in a thread of its own, passes to its callback; the callback's ``True`` means stop.

    Iterating yields the pieces in order and raises what the work raised. Closing the iterator, leaving the loop or
    setting ``cancelled`` tells the work to stop, and does not wait for it. Streams that the work itself opens stop with
    it. ``native`` says that the work is native code, for whose end the end of the process waits.
    """

    def __init__(self, work: Work[Piece], *, native: bool = False) -> None:
        self.cancelled = threading.Event()
        self._outer: CallbackStream[object] | None = _CURRENT.get()
        self._pieces: queue.SimpleQueue[Piece | _End] = queue.SimpleQueue()
        # A daemon thread cannot keep the process from ending; _cancel_running sees to it that it stops in time.
        self.thread = threading.Thread(
            target=copy_context().run, args=(self._run, work), name="pincite-stream", daemon=True
        )
        if native:
            _NATIVE.add(self)  # type: ignore[arg-type]
        self.thread.start()

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits for the pieces still."""
        return not self.cancelled.is_set() and (self._outer is None or self._outer.is_wanted)

    def __iter__(self) -> Iterator[Piece]:
        try:
            while not isinstance(piece := self._pieces.get(), _End):
                yield piece
            self._end(piece)
        finally:
            self.cancelled.set()

    def beats(self, every_s: float) -> Iterator[Piece | None]:
        """The pieces, and ``None`` whenever none has come for ``every_s`` seconds, so that the caller can stop then."""
        try:
            while True:
                try:
                    piece = self._pieces.get(timeout=every_s)
                except queue.Empty:
                    yield None
                    continue
                if isinstance(piece, _End):
                    break
                yield piece
            self._end(piece)
        finally:
            self.cancelled.set()

    def _end(self, end: "_End") -> None:
        if end.error is not None:
            raise end.error
        if self._outer is not None and not self._outer.is_wanted:
            raise Cancelled

    def _run(self, work: Work[Piece]) -> None:
        _CURRENT.set(self)  # type: ignore[arg-type]
        error: BaseException | None = None
        try:
            work(self._receive)
        except BaseException as raised:  # noqa: BLE001  # passed to the thread that iterates, and raised there
            error = raised
        self._pieces.put(_End(error))

    def _receive(self, piece: Piece) -> bool:
        """Queue a piece; return whether to stop. Must not raise: the caller may swallow the error."""
        self._pieces.put(piece)
        return not self.is_wanted


class _End:
    """The last thing in a stream's queue: the work has ended, by ``error`` or without one."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


# The stream in whose work the code runs.
_CURRENT: "ContextVar[CallbackStream[object] | None]" = ContextVar("_CURRENT", default=None)
_NATIVE: "weakref.WeakSet[CallbackStream[object]]" = weakref.WeakSet()


def raise_if_cancelled() -> None:
    """Raise ``Cancelled`` in work of a stream that nobody waits for any more."""
    current = _CURRENT.get()
    if current is not None and not current.is_wanted:
        raise Cancelled


def running_streams() -> "tuple[CallbackStream[object], ...]":
    """Return the streams of native work of this process that has not ended."""
    return tuple(stream for stream in _NATIVE if stream.thread.is_alive())


@atexit.register
def _cancel_running() -> None:
    """Stop native work: if it still computes while the process is torn down, it crashes it."""
    streams = running_streams()
    for stream in streams:
        stream.cancelled.set()
    for stream in streams:
        stream.thread.join(_EXIT_WAIT_S)
