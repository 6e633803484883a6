"""The chunks nearest to a vector, of vectors that a Chroma server holds, exactly as the store has them now.

The store says up to which chunk the collection is complete. Chunks after that are compared one by one, and those that
are no more are passed over, so that an answer is never stale, whatever the collection's state. Where the server is
away or the collection is at fault, up to some thousands of chunks are all compared, which gives the same answers;
of more than that a search says so and gives none, as keywords alone would give worse ones without a word.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic

import numpy as np

from rag.errors import IndexAway, IndexFault
from rag.storage.exact_search import FEW, Rows, VectorHit, compared, measured
from rag.storage.server.chroma import CollectionBroken, Server
from rag.storage.server.postgres_store import SharedStore
from rag.storage.store import Vectors

_COLLECTION, _COMPLETE, _STATE = "collection", "complete", "state"  # in the store's meta


_MOST = 20_000  # chunks that are compared where the server is away; 30 MB of vectors of 384 numbers


_DEEP = 1000  # neighbours that are asked for at most, before all that count are compared


_REST_S, _LONG_S = 5.0, 60.0  # how long a server that did not answer is left alone: at first, and at most


_LINGER_S = 60.0  # how long a removed chunk stays in the collection, for searches that began before


_PAGE = 4096  # chunks that are read, and sent, at a time


@dataclass(frozen=True, slots=True)
class _Recent:
    """The vectors ``(len(ids), dimensions)`` of the chunks with an id above ``after``, as far as they are read."""

    after: int
    ids: np.ndarray[tuple[int], np.dtype[np.int64]]
    vectors: Vectors

    @property
    def last(self) -> int:
        """The greatest id that was read."""
        return int(self.ids[-1]) if len(self.ids) else self.after

    def nearest(self, vector: Vectors) -> list[int]:
        """All ids, nearest to ``vector`` first."""
        if not len(self.ids):
            return []
        order = np.argsort(-np.einsum("ij,j->i", self.vectors, vector), kind="stable")
        return [int(one) for one in self.ids[order]]


class ServerVectorSearch:
    """Answers from the collection the store names and the chunks since; ``top`` inside ``store.reading()``."""

    def __init__(self, store: SharedStore, server: Server) -> None:
        self.fault: IndexFault | None = None  # why the collection was passed over; ``refresh`` would mend it
        self._store = store
        self._server = server
        self._failed: IndexFault | None = None  # why the collection could not be brought in step
        self._broken = ""  # the collection that was found at fault
        self._sound = ""  # the collection that was found to hold what it should
        self._resting = 0.0  # until then the server is not asked
        self._missed = 0  # how often it has not answered since it last did
        self._recent = _Recent(0, np.zeros(0, np.int64), np.zeros((0, 0), np.float32))
        self._lock = Lock()

    def top(
        self, vector: Vectors, *, limit: int, among: frozenset[int] | None = None
    ) -> tuple[VectorHit, ...]:
        """The ``limit`` chunks nearest to ``vector`` (dimensions,), L2-normalised; ties by article, place.

        ``among`` are the ids of the chunks that count; ``None`` stands for all. Raises ``IndexAway`` or
        ``CollectionBroken`` where the collection is needed and cannot be asked.
        """
        if among is not None and len(among) <= max(FEW, limit):
            return measured(compared(self._store, among, vector, limit=limit), vector)
        name, complete = self._named()
        found: Rows = {}
        try:
            if name:
                found = self._of_collection(name, complete, vector, limit, among)
        except IndexAway:
            self._missed += 1
            if self._store.count() > _MOST:
                raise
            self._resting = monotonic() + min(_LONG_S, _REST_S * 2 ** (self._missed - 1))
            complete, found = 0, {}
        except CollectionBroken as fault:
            if self._store.count() > _MOST:
                raise
            self.fault, self._broken = fault, name
            complete, found = 0, {}
        recent = self._since(complete)
        ids = [one for one in recent.nearest(vector) if among is None or one in among]
        found |= self._living(lambda wanted: ids[:wanted], limit=limit)
        return measured(found, vector)[:limit]

    def needs_refresh(self) -> bool:
        """Whether the collection lacks chunks, holds some that are long gone, or is at fault."""
        with self._store.reading():
            name, complete = self._named()
            if not name or not self._store.count():
                return bool(name) or self._store.count() > 0
            if name == self._broken or self._store.count(up_to=complete) < self._store.count():
                return True
            if self._store.gone(older_s=_LINGER_S):
                return True
            if name == self._sound:
                return False
            try:
                self._inspect(name, complete, patient=False)
            except CollectionBroken as fault:
                self.fault, self._broken = fault, name
                return True
            except IndexAway:
                return False  # nor could it be mended
            return False

    def refresh(self) -> None:
        """Bring the collection in step with the store; only for the holder of the lock.

        A server that is away is let be while the chunks that it lacks are few enough to be compared: the next time
        it gets them. Raises ``IndexAway`` where they are more.
        """
        try:
            self._settle()
            self._failed = None
        except IndexFault as fault:
            self._failed = fault
            if not isinstance(fault, IndexAway):
                raise
            _, complete = self._named()
            if self._store.count() - self._store.count(up_to=complete) > _MOST:
                raise

    def invalidate(self) -> None:
        """Let another collection be made by the next ``refresh``. Inside ``store.writing()``."""
        self._store.set_meta(_COLLECTION, "")
        self._store.set_meta(_COMPLETE, "0")

    def problems(self) -> Iterator[str]:
        """A sentence for each thing in which the collection differs from the store.

        Raises ``IndexAway`` where the server cannot be asked.
        """
        with self._store.reading():
            name, complete = self._named()
            try:
                if name:
                    yield from self._differences(name, complete)
                elif self._store.count():
                    self._server.reach()
                    reason = f" ({self._failed})" if self._failed else ""
                    yield f"there are no vectors on {self._server.name} yet, and all are compared one by one{reason}"
            except CollectionBroken as fault:
                yield str(fault)

    # Asking

    def _named(self) -> tuple[str, int]:
        """The collection in use, empty for none, and the chunk up to which it is complete."""
        with self._store.reading():
            return self._store.meta(_COLLECTION) or "", int(self._store.meta(_COMPLETE) or 0)

    def _of_collection(
        self, name: str, complete: int, vector: Vectors, limit: int, among: frozenset[int] | None
    ) -> Rows:
        if name == self._broken and self.fault is not None:
            raise self.fault
        if monotonic() < self._resting:
            raise IndexAway(
                f"the Chroma server {self._server.name} did not answer: start it, or give another --index"
            )
        patient = not self._missed  # one that was away is tried, not waited for
        if name != self._sound:
            self._inspect(name, complete, patient=patient)

        def ask(wanted: int) -> tuple[int, ...]:
            return self._server.nearest(name, vector, limit=wanted, patient=patient)

        if among is None:
            found = self._living(ask, limit=limit)
            self._missed = 0
            return found
        wanted = limit
        while wanted <= min(_DEEP, len(among)):
            near = ask(wanted)
            self._missed = 0
            found = self._store.vectors(one for one in near if one in among)
            if len(found) >= limit or len(near) < wanted:
                return found
            wanted *= 4
        # What is asked lies far from all that counts: asking for ever more would cost more than this.
        return compared(self._store, among, vector, limit=limit)

    def _inspect(self, name: str, complete: int, *, patient: bool = True) -> None:
        """Raise ``CollectionBroken`` where the collection holds less than it should, or follows another database."""
        held = self._server.count(name, patient=patient)
        if held < (living := self._store.count(up_to=complete)):
            where = self._server.name
            raise CollectionBroken(
                f"the vectors on {where} are {held} of {living}: run `pincite doctor --index {where}`"
            )
        states = self._server.states(name, patient=patient)
        now, state = self._store.meta_now(
            _COLLECTION, _STATE
        )  # others may have changed both since this began
        if now == name and state not in states:
            where = self._server.name
            raise CollectionBroken(
                f"the vectors on {where} are those of another state of the database, which may be a copy that was "
                f"restored: run `pincite doctor --index {where}`"
            )
        self._sound = name

    def _living(self, ask: Callable[[int], Sequence[int]], *, limit: int) -> Rows:
        """``limit`` or more rows that the store still has, of a source that gives as many ids as it is asked for.

        Fewer where the source has not so many.
        """
        wanted = limit
        while True:
            given = ask(wanted)
            found = self._store.vectors(given)
            if len(found) >= limit or len(given) < wanted:
                return found
            wanted *= 4

    def _since(self, after: int) -> _Recent:
        """The chunks with an id above ``after``, read as far as they were not yet.

        It may hold some that this search's view of the store lacks, which are passed over like removed ones.
        """
        with self._lock:
            known = self._recent
            if known.after > after or (known.after < after and known.last <= after):
                known = _Recent(after, np.zeros(0, np.int64), np.zeros((0, 0), np.float32))
            elif known.after < after:
                first = int(np.searchsorted(known.ids, after, side="right"))
                known = _Recent(after, known.ids[first:], known.vectors[first:])
            ids, vectors = self._store.vectors_after(known.last)
            if ids:
                if len(known.ids) and vectors.shape[1] != known.vectors.shape[1]:
                    # Made anew with another embedder: all chunks are new ones.
                    known = _Recent(after, np.zeros(0, np.int64), np.zeros((0, 0), np.float32))
                more = np.array(ids, np.int64)
                known = _Recent(
                    after,
                    np.concatenate([known.ids, more]),
                    np.concatenate([known.vectors, vectors]) if len(known.ids) else vectors,
                )
            self._recent = known
            return known

    # Keeping in step

    def _settle(self) -> None:
        name, complete = self._named()
        try:
            if not name or name == self._broken or not self._store.count():
                raise CollectionBroken("another is needed")
            self._inspect(name, complete)
            gone = self._store.gone(older_s=_LINGER_S)
            self._server.remove(name, ids=gone)
            last = self._send(name, complete)
        except CollectionBroken:
            self._renew(name)
            return
        if last != complete or gone:
            self._note(name, last, gone)
        self.fault, self._broken, self._sound = None, "", name

    def _renew(self, before: str) -> None:
        """Put another collection, of all chunks, in place of the one named; none where there are no chunks.

        The one before stays until the next time, for searches that are at it.
        """
        name = self._server.create() if self._store.count() else ""
        last = self._send(name, 0) if name else 0
        gone = self._store.gone(older_s=0)  # the new one never had them
        self._note(name, last, gone)
        self.fault, self._broken, self._sound = None, "", name
        self._server.sweep(keep={name, before})

    def _note(self, name: str, last: int, gone: Sequence[int]) -> None:
        """Say in both places that the collection is complete up to ``last``, first where it is not yet believed."""
        state, before = secrets.token_hex(8), self._store.meta(_STATE) or ""
        if name:
            self._server.mark(name, state=state, before=before)
        with self._store.noting():
            self._store.set_meta(_COLLECTION, name)
            self._store.set_meta(_COMPLETE, str(last))
            self._store.set_meta(_STATE, state)
            self._store.forget(gone)

    def _send(self, name: str, complete: int) -> int:
        """Give the collection all chunks after ``complete``; the greatest id that it has then."""
        while True:
            ids, vectors = self._store.vectors_after(complete, limit=_PAGE)
            if not ids:
                return complete
            self._server.add(name, ids=ids, vectors=vectors)
            complete = ids[-1]

    def _differences(self, name: str, complete: int) -> Iterator[str]:
        """Where the collection and the store disagree on the chunks that both have or ought to have."""
        left = set(self._ids(complete))
        other: list[int] = []
        for ids, vectors in self._server.vectors(name):
            rows = self._store.vectors(ids)
            left.difference_update(ids)
            for chunk_id, vector in zip(ids, vectors, strict=True):
                if chunk_id in rows and not _same(rows[chunk_id][2], vector):
                    other.append(chunk_id)
        if left:
            yield f"the vectors on {self._server.name} lack {len(left)} chunks, the first {min(left)}"
        if other:
            yield f"the vectors on {self._server.name} are others for {len(other)} chunks, the first {min(other)}"

    def _ids(self, complete: int) -> Iterator[int]:
        after = 0
        while ids := self._store.vectors_after(after, limit=_PAGE)[0]:
            after = ids[-1]
            yield from (one for one in ids if one <= complete)


def _same(one: Vectors, other: Vectors) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, atol=1e-5))
