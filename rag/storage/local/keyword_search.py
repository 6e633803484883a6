"""The best chunks by BM25, exactly as the store has them at this moment.

A keyword snapshot is always a little behind. The chunks added since are scored by the store itself, the removed ones
are passed over; without a usable snapshot the store scores them all, which is slower and no worse.
"""

from collections.abc import Sequence
from pathlib import Path

from rag.errors import IndexFault
from rag.storage.bm25 import Bm25
from rag.storage.local.keyword_snapshot import KeywordSnapshot
from rag.storage.local.limits import DEFAULT_LIMITS, Limits
from rag.storage.local.snapshots import SnapshotBroken
from rag.storage.local.sqlite_store import SqliteStore
from rag.storage.oversampling import until_enough
from rag.storage.snapshot_follower import SnapshotFollower

# So many times as many as are wanted the snapshot is asked for, as it ranks by rounded scores.
_SPARE = 2


class KeywordSearch:
    """BM25 search over the snapshot that the store names and the chunks added since; inside ``store.reading()``."""

    def __init__(self, store: SqliteStore, folder: Path, *, limits: Limits = DEFAULT_LIMITS) -> None:
        self._store = store
        self._few = limits.scanned_chunks
        self._follower = SnapshotFollower(
            lambda: store.keyword_snapshot, lambda name: KeywordSnapshot(folder, name)
        )

    @property
    def fault(self) -> IndexFault | None:
        """Why the snapshot in use was passed over; ``None`` where it was not."""
        return self._follower.fault

    @property
    def snapshot(self) -> KeywordSnapshot | None:
        """The open snapshot, of the last search; ``None`` where it used none."""
        return self._follower.snapshot

    def best(self, query: Bm25, *, limit: int, among: frozenset[int] | None = None) -> dict[int, float]:
        """The ``limit`` best chunks by ``query`` and their scores, above 0, best first; ties by article and start.

        ``among`` are the ids of the chunks that count; ``None`` stands for all.
        """
        if not query.weights:
            return {}
        if among is not None and len(among) <= self._few:
            return self._store.words.score_chunks(among, query, limit=limit)
        candidates, last = self._search_snapshot(query, limit * _SPARE, among)
        newer = until_enough(
            lambda size: self._store.words.search(query, limit=size, after=last),
            lambda ids: self._live(ids, among),
            limit=limit,
            most=len(among) if among is not None else None,
        )
        candidates |= _or_all(newer, among)
        return self._store.words.score_chunks(candidates, query, limit=limit)

    def is_broken(self, name: str) -> bool:
        """Whether the snapshot of this name was tried and found broken."""
        return self._follower.is_broken(name)

    def close(self) -> None:
        """Let go of the snapshot; the next search opens it again."""
        self._follower.close()

    def _search_snapshot(self, query: Bm25, limit: int, among: frozenset[int] | None) -> tuple[set[int], int]:
        """Candidates from the snapshot, and the last chunk id that it covers: 0 where there is no usable one."""
        snapshot = self._follower.current()
        if snapshot is None:
            return set(), 0
        try:
            live = until_enough(
                lambda size: snapshot.best(query, limit=size),
                lambda ids: self._live(ids, among),
                limit=limit,
                most=len(among) if among is not None else None,
            )
        except SnapshotBroken as fault:
            self._follower.give_up(fault)
            return set(), 0
        return _or_all(live, among), snapshot.manifest.last

    def _live(self, ids: Sequence[int], among: frozenset[int] | None) -> set[int]:
        counting = ids if among is None else [chunk_id for chunk_id in ids if chunk_id in among]
        return set(self._store.existing(counting))


def _or_all(live: set[int] | None, among: frozenset[int] | None) -> set[int]:
    """``live``, or all that count where the search gave up: the terms occur in many chunks that do not count."""
    return set(among or ()) if live is None else live
