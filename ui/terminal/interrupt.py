"""Ctrl-C: the first ends a command in order, which may take a moment, and another one ends it at once."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rag.errors import Stopped
from ui.terminal.screen import say


@contextmanager
def stoppable() -> Iterator[None]:
    """Let the first Ctrl-C raise ``KeyboardInterrupt``, as ever, and leave any after it to the system.

    Python would raise the next one amid what the first has set going: the write lock would be free while a thread yet
    writes, and a traceback may come of it. The system ends the process instead, whatever it is at, and what was
    acknowledged is in the index. It stays so after a first one, as the process is about to end. Where Ctrl-C does
    something else already, as in a shell's background, it is let be.
    """
    usual = signal.default_int_handler
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not usual
    ):
        yield
        return

    def first(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        usual(number, frame)

    signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is first:
            signal.signal(signal.SIGINT, usual)


def say_how_far(stop: KeyboardInterrupt) -> None:
    """Say on standard error how far the work came, where there is anything to go on from."""
    if isinstance(stop, Stopped):
        say(f"stopped: {stop}; the same command goes on from there")
