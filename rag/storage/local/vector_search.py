"""The nearest chunks to a vector, exactly as the store has them at this moment.

A vector snapshot is always a little behind: chunks have been added since, others removed. The store says which. The
added ones are compared one by one, the removed ones are passed over, so that an answer is never stale, whoever is
writing meanwhile; without a usable snapshot every chunk is compared, which is slower and no worse.
"""

from pathlib import Path

import numpy as np

from rag.errors import IndexFault
from rag.storage.exact_search import Rows, VectorHit, nearest_rows, rank_rows
from rag.storage.local.limits import DEFAULT_LIMITS, Limits
from rag.storage.local.snapshots import SnapshotBroken
from rag.storage.local.sqlite_store import SqliteStore
from rag.storage.local.vector_snapshot import VectorSnapshot
from rag.storage.oversampling import until_enough
from rag.storage.snapshot_follower import SnapshotFollower
from rag.storage.store import Vectors


class VectorSearch:
    """Search over the snapshot that the store names and the chunks added since; inside ``store.reading()``."""

    def __init__(self, store: SqliteStore, folder: Path, *, limits: Limits = DEFAULT_LIMITS) -> None:
        self._store = store
        self._few = limits.scanned_chunks
        self._follower = SnapshotFollower(
            lambda: store.vector_snapshot, lambda name: VectorSnapshot(folder, name), VectorSnapshot.close
        )
        self._recent = _RecentVectors(store)

    @property
    def fault(self) -> IndexFault | None:
        """Why the snapshot in use was passed over, wholly or its graph; ``None`` where it was not."""
        return self._follower.fault

    @property
    def snapshot(self) -> VectorSnapshot | None:
        """The open snapshot, of the last search; ``None`` where it used none."""
        return self._follower.snapshot

    def best(
        self, vector: Vectors, *, limit: int, among: frozenset[int] | None = None
    ) -> tuple[VectorHit, ...]:
        """The ``limit`` chunks nearest to ``vector`` (dimensions,), L2-normalised; ties by article and start.

        ``among`` are the ids of the chunks that count; ``None`` stands for all.
        """
        if among is not None and len(among) <= max(self._few, limit):
            return rank_rows(nearest_rows(self._store, among, vector, limit=limit), vector)
        rows = self._search_snapshot(vector, limit, among)
        snapshot = self._follower.current()
        self._recent.catch_up(
            (self._follower.name, snapshot is not None), after=snapshot.manifest.last if snapshot else 0
        )
        recent = self._recent.nearest(vector, among)
        newer = until_enough(
            lambda size: recent[:size], self._store.vectors, limit=limit, source_size=len(recent)
        )
        return rank_rows(rows | (newer or {}), vector)[:limit]

    def is_broken(self, name: str) -> bool:
        """Whether the snapshot of this name was tried and found broken."""
        return self._follower.is_broken(name)

    def close(self) -> None:
        """Let go of the snapshot and of the vectors read since; the next search reads them again."""
        self._follower.close()
        self._recent = _RecentVectors(self._store)

    def _search_snapshot(self, vector: Vectors, limit: int, among: frozenset[int] | None) -> Rows:
        snapshot = self._follower.current()
        if snapshot is None:
            return {}
        try:
            rows = until_enough(
                lambda size: snapshot.nearest(vector, limit=size),
                lambda ids: self._store.vectors(i for i in ids if among is None or i in among),
                limit=limit,
                source_size=snapshot.manifest.count,
                most=len(among) if among is not None else None,
            )
        except SnapshotBroken as fault:
            self._follower.give_up(fault)
            return {}
        self._follower.fault = snapshot.fault
        if among is not None and (rows is None or len(rows) < limit):
            # The question lies far from all chunks that count: asking for ever more would cost more than this.
            return nearest_rows(self._store, among, vector, limit=limit)
        return rows or {}


class _RecentVectors:
    """The vectors of the chunks that are newer than a snapshot, read once each."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._key: object = None
        self._ids: tuple[int, ...] = ()
        self._vectors: Vectors = np.zeros((0, 0), np.float32)  # (len(ids), dimensions)

    def catch_up(self, key: object, *, after: int) -> None:
        """Read the chunks with an id above ``after`` that are not read yet; all of them where ``key`` is another."""
        if key != self._key:
            self._key, self._ids, self._vectors = key, (), np.zeros((0, 0), np.float32)
        ids, vectors = self._store.vectors_after(self._ids[-1] if self._ids else after)
        if ids:
            self._vectors = np.concatenate([self._vectors, vectors]) if self._ids else vectors
            self._ids += ids

    def nearest(self, vector: Vectors, among: frozenset[int] | None) -> list[int]:
        """The ids that count, nearest to ``vector`` first."""
        if not self._ids:
            return []
        order = np.argsort(-np.einsum("ij,j->i", self._vectors, vector), kind="stable")
        ids = [self._ids[row] for row in order]
        return ids if among is None else [chunk_id for chunk_id in ids if chunk_id in among]
