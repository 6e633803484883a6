"""Measure the seconds of each stage of a task with a monotonic clock."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class Clock:
    """A stopwatch that starts when it is made; ``lap`` attributes the time since the last lap to a stage."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """Add the time since the last lap to ``stage``."""
        now = time.perf_counter()
        self._laps[stage] = self._laps.get(stage, 0.0) + now - self._last
        self._last = now

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Book the time since the last lap, up to the end of the block, under ``name``.

        Where the block raises, nothing is booked: its time falls to the next lap.
        """
        yield
        self.lap(name)

    def laps(self) -> Mapping[str, float]:
        """Seconds per stage so far, and ``total``, each rounded to 0.1 ms."""
        total = time.perf_counter() - self._start
        return {stage: round(seconds, 4) for stage, seconds in {**self._laps, "total": total}.items()}
