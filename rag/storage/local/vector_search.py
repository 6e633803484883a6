"""The chunks nearest to a vector, exactly as the store has them at this moment.

A vector snapshot is always a little behind: chunks have been added since, others removed. The store says
which. The added ones are compared one by one, the removed ones are passed over, so that an answer is never
stale, whoever is writing meanwhile; without a usable snapshot every chunk is compared, which is slower and
no worse.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from rag.storage.exact_search import FEW, Rows, VectorHit, compared, measured
from rag.storage.local.snapshots import SnapshotBroken
from rag.storage.local.sqlite_store import SqliteStore
from rag.storage.local.vector_snapshot import VectorSnapshot
from rag.storage.store import Vectors


class VectorSearch:
    """Answers from the snapshot the store names and the chunks since; call inside ``store.reading()``."""

    def __init__(self, store: SqliteStore, folder: Path) -> None:
        self.fault: SnapshotBroken | None = None  # why the snapshot in use was passed over
        self._store = store
        self._folder = folder
        self._name = ""
        self._snapshot: VectorSnapshot | None = None
        self._recent: tuple[int, ...] = ()
        self._vectors: Vectors = np.zeros((0, 0), np.float32)

    def top(
        self, vector: Vectors, *, limit: int, among: frozenset[int] | None = None
    ) -> tuple[VectorHit, ...]:
        """The ``limit`` chunks nearest to ``vector`` (dimensions,), L2-normalised; ties by article, place.

        ``among`` are the ids of the chunks that count; ``None`` stands for all.
        """
        if among is not None and len(among) <= max(FEW, limit):
            return measured(compared(self._store, among, vector, limit=limit), vector)
        found = self._from_snapshot(vector, limit, among)
        recent: list[int] = []
        if self._recent:
            recent = [
                self._recent[i]
                for i in np.argsort(-np.einsum("ij,j->i", self._vectors, vector), kind="stable")
                if among is None or self._recent[i] in among
            ]
        found |= self._living(lambda wanted: recent[:wanted], size=len(recent), limit=limit)
        return measured(found, vector)[:limit]

    def broken(self, name: str) -> bool:
        """Whether this snapshot was tried and found broken."""
        return self.fault is not None and name == self._name

    def close(self) -> None:
        """Let go of the snapshot and of what was read since; the next question reads them again."""
        if self._snapshot is not None:
            self._snapshot.close()
        self._snapshot, self._name = None, ""
        self._recent, self._vectors = (), np.zeros((0, 0), np.float32)

    def _from_snapshot(self, vector: Vectors, limit: int, among: frozenset[int] | None) -> Rows:
        self._follow()
        found: Rows = {}
        snapshot = self._snapshot
        if snapshot is not None:
            try:
                size = snapshot.manifest.count
                found = self._living(
                    lambda wanted: _kept(snapshot.nearest(vector, limit=wanted), among),
                    size=size if among is None else min(size, len(among)),
                    limit=limit,
                )
                if among is not None and len(found) < limit:
                    # What is asked lies far from all that counts: asking for ever more would cost more than this.
                    found = compared(self._store, among, vector, limit=limit)
                self.fault = snapshot.fault
            except SnapshotBroken as fault:
                self._give_up(fault)
        self._catch_up()
        return found

    def _living(self, ask: Callable[[int], Sequence[int]], *, size: int, limit: int) -> Rows:
        """``limit`` or more rows that the store still has, of a source that is asked for up to ``size`` ids.

        Fewer where the source has not so many.
        """
        wanted = limit
        while True:
            found = self._store.vectors(ask(wanted))
            if len(found) >= limit or wanted >= size:
                return found
            wanted *= 4

    def _follow(self) -> None:
        """Open the snapshot that the store names now, if it is another one."""
        name = self._store.snapshot
        if name == self._name:
            return
        self.close()
        self._name, self.fault = name, None
        if name:
            try:
                self._snapshot = VectorSnapshot(self._folder, name)
            except SnapshotBroken as fault:
                self.fault = fault

    def _give_up(self, fault: SnapshotBroken) -> None:
        name = self._name
        self.close()
        self._name, self.fault = name, fault

    def _catch_up(self) -> None:
        """Read the vectors of the chunks that are newer than the snapshot and not read yet."""
        reflected = self._snapshot.manifest.last if self._snapshot else 0
        ids, vectors = self._store.vectors_after(self._recent[-1] if self._recent else reflected)
        if ids:
            self._vectors = np.concatenate([self._vectors, vectors]) if self._recent else vectors
            self._recent += ids


def _kept(ids: Sequence[int], among: frozenset[int] | None) -> Sequence[int]:
    return ids if among is None else [chunk_id for chunk_id in ids if chunk_id in among]
