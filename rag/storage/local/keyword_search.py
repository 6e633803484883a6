"""The chunks that say most of what is asked, by BM25, exactly as the store has them at this moment.

A keyword snapshot is always a little behind. The chunks added since are scored by the store itself, the removed ones
are passed over; without a usable snapshot the store scores them all, which is slower and no worse.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from rag.storage.bm25 import Bm25
from rag.storage.exact_search import FEW
from rag.storage.local.keyword_snapshot import KeywordSnapshot
from rag.storage.local.snapshots import SnapshotBroken
from rag.storage.local.sqlite_store import SqliteStore

# So many times as many as are wanted the snapshot is asked for, as it ranks by rounded scores.
_SPARE = 2


class KeywordSearch:
    """Answers from the snapshot the store names and the chunks since; call inside ``store.reading()``."""

    def __init__(self, store: SqliteStore, folder: Path) -> None:
        self.fault: SnapshotBroken | None = None  # why the snapshot in use was passed over
        self._store = store
        self._folder = folder
        self._name = ""
        self._snapshot: KeywordSnapshot | None = None

    def top(self, wanted: Bm25, *, limit: int, among: frozenset[int] | None = None) -> dict[int, float]:
        """The ``limit`` chunks that ``wanted`` scores best and their scores, above 0, best first.

        Ties by article and place. ``among`` are the ids of the chunks that count; ``None`` stands for all.
        """
        if not wanted.weights:
            return {}
        if among is not None and len(among) <= FEW:
            return self._store.compared(among, wanted, limit=limit)
        self._follow()
        snapshot, last = self._snapshot, 0
        found: set[int] = set()
        if snapshot is not None:
            try:
                found = self._living(lambda size: snapshot.best(wanted, limit=size), limit * _SPARE, among)
                last = snapshot.manifest.last
            except SnapshotBroken as fault:
                self.fault, self._snapshot = fault, None
        found |= self._living(
            lambda size: self._store.keyword_search(wanted, limit=size, after=last), limit, among
        )
        return self._store.compared(found, wanted, limit=limit)

    def broken(self, name: str) -> bool:
        """Whether this snapshot was tried and found broken."""
        return self.fault is not None and name == self._name

    def close(self) -> None:
        """Let go of the snapshot; the next question opens it again."""
        self._snapshot, self._name = None, ""

    def _living(
        self, ask: Callable[[int], Sequence[int]], limit: int, among: frozenset[int] | None
    ) -> set[int]:
        """``limit`` or more ids that the store still has, of a source that gives as many as it is asked for.

        Fewer where the source has not so many.
        """
        size = limit
        while True:
            asked = ask(size)
            kept = [one for one in asked if among is None or one in among]
            found = set(self._store.existing(kept))
            if len(found) >= limit or len(asked) < size:
                return found
            if among is not None and size >= len(among):
                return set(among)  # what is asked stands in much that does not count
            size *= 4

    def _follow(self) -> None:
        """Open the snapshot that the store names now, if it is another one."""
        name = self._store.postings
        if name == self._name:
            return
        self._snapshot, self._name, self.fault = None, name, None
        if name:
            try:
                self._snapshot = KeywordSnapshot(self._folder, name)
            except SnapshotBroken as fault:
                self.fault = fault
