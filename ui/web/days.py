"""Days counted as they come, whatever the clock says: a clock that jumps by years counts as one day."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock


class Days:
    """Counts the days on which it is asked, in a file of the number and the date it was last raised at.

    Not the difference of two times: a computer that starts with its clock years ahead, or at 1970, would find
    everything old. ``now`` gives the time in seconds since 1970. Safe in many threads.
    """

    def __init__(self, file: Path, *, now: Callable[[], float]) -> None:
        self._file = file
        self._now = now
        self._lock = Lock()

    def today(self) -> int:
        """The number of this day, from 1. Raises ``OSError`` where it cannot be written down."""
        date = datetime.fromtimestamp(self._now(), UTC).date().isoformat()
        with self._lock:
            number, last = self._read()
            if last != date:
                number += 1
                unfinished = self._file.with_name(f"{self._file.name}.part")
                unfinished.write_text(f"{number} {date}\n", encoding="ascii")
                unfinished.replace(self._file)
            return number

    def _read(self) -> tuple[int, str]:
        number, date = 0, ""
        if self._file.is_file():
            first, _, date = self._file.read_text("ascii", "replace").strip().partition(" ")
            number = int(first) if first.isdecimal() and len(first) < 10 else 0
        return number, date
