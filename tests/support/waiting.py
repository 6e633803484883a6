"""Waits for an event with a deadline."""

import time
from collections.abc import Callable


def wait_until(happened: Callable[[], bool], *, within_s: float = 60.0) -> None:
    deadline = time.monotonic() + within_s
    while not happened():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)
