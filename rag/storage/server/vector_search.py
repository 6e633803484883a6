"""The chunks nearest to a vector: those of a collection on a Chroma server, and those that the store got since.

The store says up to which chunk the collection is complete. Chunks after that are compared one by one and removed ones
are skipped, so an answer is never stale, however far the collection lags behind. Where the server is away or the
collection is at fault, all chunks are compared, which gives the same answers, but only up to some thousands of them.
With more, a search raises an error: keywords alone would give worse answers without saying so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from rag.errors import IndexAway
from rag.storage.exact_search import Rows, VectorHit, nearest_rows, rank_rows
from rag.storage.oversampling import until_enough
from rag.storage.server.chroma import CollectionBroken, Server
from rag.storage.server.limits import Limits
from rag.storage.server.postgres_store import SharedStore
from rag.storage.server.vector_sync import VectorSync
from rag.storage.store import Vectors


@dataclass(frozen=True, slots=True)
class _RecentChunks:
    """The vectors ``(len(ids), dimensions)`` of the chunks with an id above ``after``, as far as they are read."""

    after: int
    ids: NDArray[np.int64]
    vectors: Vectors

    @classmethod
    def none(cls, after: int) -> "_RecentChunks":
        return cls(after, np.zeros(0, np.int64), np.zeros((0, 0), np.float32))

    @property
    def last(self) -> int:
        """The greatest id that was read."""
        return int(self.ids[-1]) if len(self.ids) else self.after

    def since(self, after: int) -> "_RecentChunks":
        """Those of them with an id above ``after``; none where that is not known from what was read."""
        if self.after > after or (self.after < after and self.last <= after):
            return _RecentChunks.none(after)
        first = int(np.searchsorted(self.ids, after, side="right"))
        return _RecentChunks(after, self.ids[first:], self.vectors[first:])

    def extended(self, ids: Sequence[int], vectors: Vectors) -> "_RecentChunks":
        """These and those that were read now."""
        if not ids:
            return self
        new_ids = np.array(ids, np.int64)
        # With other dimensions the index was made anew with another embedder: all its chunks are new ones.
        if not len(self.ids) or vectors.shape[1] != self.vectors.shape[1]:
            return _RecentChunks(self.after, new_ids, vectors)
        return _RecentChunks(
            self.after, np.concatenate([self.ids, new_ids]), np.concatenate([self.vectors, vectors])
        )

    def nearest(self, vector: Vectors) -> list[int]:
        """All ids, nearest to ``vector`` first."""
        if not len(self.ids):
            return []
        order = np.argsort(-np.einsum("ij,j->i", self.vectors, vector), kind="stable")
        return [int(chunk_id) for chunk_id in self.ids[order]]


class ServerVectorSearch:
    """Searches the collection that ``sync`` names, and the chunks since; call ``top`` inside ``store.reading()``."""

    def __init__(self, store: SharedStore, server: Server, sync: VectorSync, *, limits: Limits) -> None:
        self._store = store
        self._server = server
        self._sync = sync
        self._limits = limits
        self._paused_until = 0.0  # on the monotonic clock: until then the server is not asked
        self._failures = 0  # how often the server has not answered since it last did
        self._recent = _RecentChunks.none(0)
        self._lock = Lock()

    def best(
        self, vector: Vectors, *, limit: int, among: frozenset[int] | None = None
    ) -> tuple[VectorHit, ...]:
        """The ``limit`` chunks nearest to ``vector`` (dimensions,), L2-normalised; ties by article, place.

        ``among`` are the ids of the chunks that count; ``None`` stands for all. Raises ``IndexAway`` or
        ``CollectionBroken`` where the collection is needed and cannot be used.
        """
        if among is not None and len(among) <= max(self._limits.scanned_chunks, limit):
            return rank_rows(nearest_rows(self._store, among, vector, limit=limit), vector)
        rows, complete = self._search_collection(vector, limit, among)
        recent = self._recent_chunks(complete)
        ids = [chunk_id for chunk_id in recent.nearest(vector) if among is None or chunk_id in among]
        rows |= until_enough(lambda size: ids[:size], self._store.vectors, limit=limit) or {}
        return rank_rows(rows, vector)[:limit]

    def _search_collection(
        self, vector: Vectors, limit: int, among: frozenset[int] | None
    ) -> tuple[Rows, int]:
        """The nearest chunks of the collection, and the id up to which it is complete.

        None and 0 where it cannot be used and the chunks are few enough to be compared one by one.
        """
        name, complete = self._sync.collection()
        if not name:
            return {}, complete
        try:
            return self._ask_collection(name, complete, vector, limit, among), complete
        except IndexAway:
            self._failures += 1
            if self._store.count() > self._limits.fallback_chunks:
                raise
            pause_s = self._limits.pause_s * 2 ** (self._failures - 1)
            self._paused_until = monotonic() + min(self._limits.longest_pause_s, pause_s)
        except CollectionBroken as fault:
            if self._store.count() > self._limits.fallback_chunks:
                raise
            self._sync.mark_broken(name, fault)
        return {}, 0

    def _ask_collection(
        self, name: str, complete: int, vector: Vectors, limit: int, among: frozenset[int] | None
    ) -> Rows:
        patient = not self._failures  # no retries for a server that was away
        if monotonic() < self._paused_until:
            raise IndexAway(
                f"the Chroma server {self._server.name} did not answer: start it, or give another --index"
            )
        self._sync.check(name, complete, patient=patient)

        def ask(size: int) -> tuple[int, ...]:
            ids = self._server.nearest(name, vector, limit=size, patient=patient)
            self._failures = 0
            return ids

        if among is None:
            return until_enough(ask, self._store.vectors, limit=limit) or {}
        rows = until_enough(
            ask,
            lambda ids: self._store.vectors(chunk_id for chunk_id in ids if chunk_id in among),
            limit=limit,
            most=min(self._limits.neighbours, len(among)),
        )
        if rows is not None:
            return rows
        # The vector is far from all that count: asking for ever more neighbours would cost more than this.
        return nearest_rows(self._store, among, vector, limit=limit)

    def _recent_chunks(self, after: int) -> _RecentChunks:
        """The chunks with an id above ``after``; only those that were not read before are read.

        Some may be missing from this search's view of the store: they are skipped as removed ones are.
        """
        with self._lock:
            recent = self._recent.since(after)
            self._recent = recent.extended(*self._store.vectors_after(recent.last))
            return self._recent
