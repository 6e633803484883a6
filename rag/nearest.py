"""The chunks nearest to a vector, exactly as the store has them at this moment.

A vector snapshot is always a little behind: chunks have been added since, others removed. The store says
which. The added ones are compared one by one, the removed ones are passed over, so that an answer is never
stale, whoever is writing meanwhile; without a usable snapshot every chunk is compared, which is slower and
no worse.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.store import Store, Vectors
from rag.vectors import Snapshot, SnapshotBroken


@dataclass(frozen=True, slots=True)
class Near:
    """A chunk, where it stands, and its exact cosine to what was asked, -1 to 1."""

    id: int
    article_id: str
    start: int
    cosine: float


class Nearest:
    """Answers from the snapshot the store names and the chunks since; call inside ``store.reading()``."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.fault: SnapshotBroken | None = None  # why the snapshot in use was passed over
        self._store = store
        self._folder = folder
        self._name = ""
        self._snapshot: Snapshot | None = None
        self._recent: tuple[int, ...] = ()
        self._vectors: Vectors = np.zeros((0, 0), np.float32)

    def top(self, vector: Vectors, *, limit: int) -> tuple[Near, ...]:
        """The ``limit`` chunks nearest to ``vector`` (dimensions,), L2-normalised; ties by article, place."""
        found = self._from_snapshot(vector, limit)
        recent: list[int] = []
        if self._recent:
            recent = [
                self._recent[i]
                for i in np.argsort(-np.einsum("ij,j->i", self._vectors, vector), kind="stable")
            ]
        found |= self._living(lambda wanted: recent[:wanted], size=len(recent), limit=limit)
        return self.measured(found, vector)[:limit]

    def measured(self, rows: dict[int, tuple[str, int, Vectors]], vector: Vectors) -> tuple[Near, ...]:
        """These rows of the store, nearest first."""
        if not rows:
            return ()
        # Row by row: a matrix product rounds a row by where it stands, and equal chunks would not tie. Rounding
        # may also put the cosine of equal vectors just above 1.
        products = np.stack([row[2] for row in rows.values()]).astype(np.float64) * vector
        cosines = np.clip(products.sum(axis=1), -1.0, 1.0)
        near = [
            Near(chunk_id, article_id, start, float(cosine))
            for (chunk_id, (article_id, start, _)), cosine in zip(rows.items(), cosines, strict=True)
        ]
        return tuple(sorted(near, key=lambda n: (-n.cosine, n.article_id, n.start)))

    def broken(self, name: str) -> bool:
        """Whether this snapshot was tried and found broken."""
        return self.fault is not None and name == self._name

    def close(self) -> None:
        """Let go of the snapshot and of what was read since; the next question reads them again."""
        if self._snapshot is not None:
            self._snapshot.close()
        self._snapshot, self._name = None, ""
        self._recent, self._vectors = (), np.zeros((0, 0), np.float32)

    def _from_snapshot(self, vector: Vectors, limit: int) -> dict[int, tuple[str, int, Vectors]]:
        self._follow()
        found: dict[int, tuple[str, int, Vectors]] = {}
        snapshot = self._snapshot
        if snapshot is not None:
            try:
                size = snapshot.manifest.count
                found = self._living(
                    lambda wanted: snapshot.nearest(vector, limit=wanted), size=size, limit=limit
                )
            except SnapshotBroken as fault:
                self._give_up(fault)
        self._catch_up()
        return found

    def _living(
        self, ask: Callable[[int], Sequence[int]], *, size: int, limit: int
    ) -> dict[int, tuple[str, int, Vectors]]:
        """``limit`` or more rows that the store still has, of a source of ``size`` ids, if it has so many."""
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
                self._snapshot = Snapshot(self._folder, name)
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
