"""Keep open the snapshot that a store names now, and remember why it could not be used."""

from collections.abc import Callable
from typing import Generic, TypeVar

from rag.errors import IndexFault

_Snapshot = TypeVar("_Snapshot")


class SnapshotFollower(Generic[_Snapshot]):
    """At most one open snapshot: that of the name which ``named()`` returned last, empty for none.

    ``open_snapshot(name)`` opens one or raises ``IndexFault``; ``close_snapshot`` lets go of it. Call all methods
    inside ``store.reading()``, which lets one thread in at a time.
    """

    def __init__(
        self,
        named: Callable[[], str],
        open_snapshot: Callable[[str], _Snapshot],
        close_snapshot: Callable[[_Snapshot], None] = lambda _: None,
    ) -> None:
        self.name = ""
        self.fault: IndexFault | None = None  # why the snapshot in use was passed over
        self._named = named
        self._open_snapshot = open_snapshot
        self._close_snapshot = close_snapshot
        self.snapshot: _Snapshot | None = None  # the open one, which the store may name no more

    def current(self) -> _Snapshot | None:
        """The snapshot that the store names now, opened if it is another one; ``None`` for none or a broken one."""
        name = self._named()
        if name != self.name:
            self.close()
            self.name, self.fault = name, None
            if name:
                try:
                    self.snapshot = self._open_snapshot(name)
                except IndexFault as fault:
                    self.fault = fault
        return self.snapshot

    def give_up(self, fault: IndexFault) -> None:
        """Close the snapshot and use it no more, because of ``fault``."""
        name = self.name
        self.close()
        self.name, self.fault = name, fault

    def is_broken(self, name: str) -> bool:
        """Whether the snapshot of this name was tried and found broken."""
        return self.fault is not None and name == self.name

    def close(self) -> None:
        """Close the snapshot; the next ``current`` opens it again. A second call does nothing."""
        if self.snapshot is not None:
            self._close_snapshot(self.snapshot)
        self.snapshot, self.name = None, ""
