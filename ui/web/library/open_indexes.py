"""Which visitors' indexes are open, and for how many days of use they are kept."""

import re
import shutil
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from rag.errors import IndexFault, IndexStale, remedy
from rag.index.index import Index
from rag.storage.backend import exists
from rag.system.files import Durability, write_whole
from ui.web.access.visitors import Visitor
from ui.web.refusal import Refusal


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
                line = f"{number} {date}\n".encode("ascii")
                write_whole(self._file, line, durable=Durability.NONE)  # a day lost keeps an index longer
            return number

    def _read(self) -> tuple[int, str]:
        number, date = 0, ""
        if self._file.is_file():
            first, _, date = self._file.read_text("ascii", "replace").strip().partition(" ")
            number = int(first) if first.isdecimal() and len(first) < 10 else 0
        return number, date


_NAME = re.compile(r"[0-9A-Fa-f]{32,128}")
_USED = "used"  # a file of the day's number on which the index was last asked for
_DAYS = "days"


@dataclass(slots=True, eq=False)
class Lease:
    """An index and how many use it now; hold ``writing`` from looking what is there until it is changed."""

    index: Index | None = None
    users: int = 0
    changed: bool = False
    opening: Lock = field(default_factory=Lock)
    writing: Lock = field(default_factory=Lock)


class Leases:
    """One index for each visitor who has one, in ``folder/<visitor.id>/``; at most ``limit`` stay open unused.

    ``opened`` opens one in a folder, ``in_step`` is called with one each time it is used, ``now`` gives the time in
    seconds. Safe in many threads.
    """

    def __init__(
        self,
        folder: Path,
        *,
        opened: Callable[[Path, bool], Index],
        in_step: Callable[[Index], None],
        limit: int,
        now: Callable[[], float],
    ) -> None:
        self._folder = folder
        self._opened = opened
        self._in_step = in_step
        self._limit = limit
        self._days = Days(folder / _DAYS, now=now)
        self._lock = Lock()
        self._held: OrderedDict[str, Lease] = OrderedDict()  # the longest unused first
        self._closed = False

    def close(self) -> None:
        """Close every index, those in use when they are given back. A second call does nothing."""
        with self._lock:
            self._closed = True
            self._trim(0)

    @contextmanager
    def reading(self, visitor: Visitor) -> Iterator[Index | None]:
        """The visitor's index while it is in use; ``None`` where there is none."""
        lease = self._taken(visitor, make=False)
        if lease is None:
            yield None
            return
        try:
            yield self._open(visitor, lease)
        finally:
            self._give_back(visitor, lease)

    @contextmanager
    def writing(self, visitor: Visitor, *, make: bool) -> Iterator[Index | None]:
        """The visitor's index, with nobody else changing it; with ``make`` there is always one.

        One that is left empty goes, with its folder, as soon as nobody uses it.
        """
        lease = self._taken(visitor, make=make)
        if lease is None:
            yield None
            return
        try:
            with lease.writing:
                lease.changed = True
                yield self._open(visitor, lease)
        finally:
            self._give_back(visitor, lease)

    def sweep(self, unused: int) -> int:
        """Remove the indexes that nobody asked for on more than ``unused`` days; how many there were.

        Days on which no visitor's index was asked for do not count. Where the day cannot be written down, on a full
        disk, the rest stay.
        """
        removed = 0
        with self._lock, suppress(OSError):
            if not self._folder.is_dir():
                return 0
            today = self._days.today()
            for place in sorted(self._folder.iterdir()):
                ours = _NAME.fullmatch(place.name) and place.is_dir() and not place.is_symlink()
                if not ours or place.name in self._held:
                    continue
                used = _used(place)
                if used is None or used > today:
                    _stamp(place, today)  # it is not known how long: it counts from now
                elif today - used > unused:
                    shutil.rmtree(place, ignore_errors=True)
                    removed += 1
        return removed

    def open(self) -> int:
        """How many are open now."""
        with self._lock:
            return sum(lease.index is not None for lease in self._held.values())

    def _place(self, visitor: Visitor) -> Path:
        if not _NAME.fullmatch(visitor.id):
            raise Refusal(f"{visitor.id!r:.80} is no visitor: reload the page", status=400)
        return self._folder / visitor.id

    def _taken(self, visitor: Visitor, *, make: bool) -> Lease | None:
        place = self._place(visitor)
        with self._lock:
            if self._closed:
                raise Refusal("the server is stopping: try again when it is back", status=503)
            lease = self._held.get(visitor.id)
            if lease is None:
                if not make and not exists(place):
                    return None
                lease = self._held[visitor.id] = Lease()
            lease.users += 1
            self._held.move_to_end(visitor.id)
            return lease

    def _open(self, visitor: Visitor, lease: Lease) -> Index:
        place = self._place(visitor)
        with lease.opening:
            with _kept():
                if lease.index is None:
                    lease.index = self._stepped(place)
                self._in_step(lease.index)
                _stamp(place, self._days.today())
            return lease.index

    def _stepped(self, place: Path) -> Index:
        """The index in ``place``, made anew from its articles where another embedder made it."""
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return self._opened(place, False)
        except IndexStale:
            index = self._opened(place, True)
            try:
                index.rebuild()
            except BaseException:
                index.close()
                raise
            return index

    def _give_back(self, visitor: Visitor, lease: Lease) -> None:
        with self._lock:
            lease.users -= 1
            if lease.users == 0 and lease.index is None:
                del self._held[visitor.id]  # it could not be opened: the next to ask tries again
            elif lease.users == 0 and lease.changed and lease.index is not None:
                lease.changed = False
                if not lease.index.listing():
                    del self._held[visitor.id]
                    lease.index.close()
                    shutil.rmtree(self._place(visitor), ignore_errors=True)
            self._trim(0 if self._closed else self._limit)

    def _trim(self, limit: int) -> None:
        """Close the longest unused until at most ``limit`` are left; those in use stay."""
        for name in [name for name, lease in self._held.items() if lease.users == 0]:
            if len(self._held) <= limit:
                break
            lease = self._held.pop(name)
            if lease.index is not None:
                lease.index.close()


def _used(place: Path) -> int | None:
    """The number of the day on which the index was last asked for; ``None`` where it is not known."""
    stamp = place / _USED
    text = stamp.read_text("ascii", "replace").strip() if stamp.is_file() else ""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _stamp(place: Path, today: int) -> None:
    if _used(place) != today:
        (place / _USED).write_text(str(today), encoding="ascii")


@contextmanager
def _kept() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = f"your articles cannot be kept ({error.strerror})"
        fix = remedy(error, otherwise="the server's owner must make its folder writable")
        raise IndexFault(f"{why}: {fix}") from error
