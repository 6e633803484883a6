"""The collection of vectors on the Chroma server, brought in step with the store and checked against it.

In its metadata the store names the collection in use, the greatest chunk id up to which it is complete, and its
*state*: a random word that changes with the collection, which has the last two as well. A collection with other states
follows another database, as where a dump of the database was restored.

The collection also has the text and the metadata of each chunk, for other programs. One that has not, or has texts and
should not, is replaced by the next writer; searches lack nothing until then.
"""

import secrets
from collections.abc import Iterator, Sequence

import numpy as np

from rag.errors import IndexAway, IndexFault
from rag.storage.chunk_entries import chunk_entries
from rag.storage.server.chroma import CollectionBroken, Server
from rag.storage.server.limits import Limits
from rag.storage.server.postgres_store import SharedStore
from rag.storage.store import Vectors

# In the store's metadata. The last names the collection that was described, and tells whether with texts.
_COLLECTION, _COMPLETE, _STATE, _DESCRIBED = "collection", "complete", "state", "described"
_PAGE = 4096  # chunks that are read, and sent, at a time


class VectorSync:
    """The collection in use. ``refresh`` brings it in step; ``check`` tells whether it can be asked."""

    def __init__(self, store: SharedStore, server: Server, *, limits: Limits) -> None:
        self.fault: IndexFault | None = (
            None  # why the collection could not be used; ``refresh`` would mend it
        )
        self._store = store
        self._server = server
        self._limits = limits
        self._refresh_fault: IndexFault | None = None  # why the last ``refresh`` failed
        self._broken = ""  # the collection that was found at fault
        self._checked = ""  # the collection that passed ``check``

    def collection(self) -> tuple[str, int]:
        """The name of the collection in use, empty for none, and the chunk id up to which it is complete."""
        with self._store.reading():
            return self._store.meta.get(_COLLECTION), int(self._store.meta.get(_COMPLETE) or 0)

    def check(self, name: str, complete: int, *, patient: bool = True) -> None:
        """Raise ``CollectionBroken`` where the collection lacks vectors, or follows another database.

        One that passed is not checked again. Unless ``patient``, a request that fails is not retried.
        """
        if name == self._broken and self.fault is not None:
            raise self.fault
        if name != self._checked:
            self._compare_counts_and_states(name, complete, patient=patient)

    def mark_broken(self, name: str, fault: IndexFault) -> None:
        """Do not use this collection until ``refresh`` has replaced it."""
        self.fault, self._broken = fault, name

    def is_behind(self) -> bool:
        """Whether ``refresh`` would tell the collection something of its chunks that no search needs."""
        with self._store.reading():
            name, _ = self.collection()
            return bool(name) and (not self._is_described(name) or bool(self._store.redescribed.ids()))

    def count_outdated(self) -> int:
        """How many chunks the collection lacks, has although they were removed, or describes as they were before."""
        with self._store.reading():
            name, complete = self.collection()
            if not self._is_described(name):
                return self._store.count()
            lacking = self._store.count() - self._store.count(up_to=complete)
            return lacking + len(self._store.removed.older_than(0)) + len(self._store.redescribed.ids())

    def needs_refresh(self) -> bool:
        """Whether the collection lacks chunks, has some that were removed long ago, or is at fault."""
        with self._store.reading():
            name, complete = self.collection()
            if not name or not self._store.count():
                return bool(name) or self._store.count() > 0
            if name == self._broken or self._store.count(up_to=complete) < self._store.count():
                return True
            if self._store.removed.older_than(self._limits.removal_delay_s):
                return True
            try:
                self.check(name, complete, patient=False)
            except CollectionBroken as fault:
                self.mark_broken(name, fault)
                return True
            except IndexAway:
                return False  # nor could it be mended
            return False

    def refresh(self) -> None:
        """Bring the collection in step with the store; only for the holder of the lock.

        Where the server is away and the chunks that the collection lacks are few enough to be compared one by one,
        this does nothing; the next refresh sends them. Raises ``IndexAway`` where they are more.
        """
        try:
            self._bring_in_step()
            self._refresh_fault = None
        except IndexFault as fault:
            self._refresh_fault = fault
            if not isinstance(fault, IndexAway):
                raise
            _, complete = self.collection()
            if self._store.count() - self._store.count(up_to=complete) > self._limits.fallback_chunks:
                raise

    def invalidate(self) -> None:
        """Let the next ``refresh`` make another collection. Inside ``store.writing()``."""
        self._store.meta.set(_COLLECTION, "")
        self._store.meta.set(_COMPLETE, "0")

    def problems(self) -> Iterator[str]:
        """A sentence for each difference between the collection and the store.

        Raises ``IndexAway`` where the server cannot be asked.
        """
        with self._store.reading():
            name, complete = self.collection()
            try:
                if name:
                    yield from self._differences(name, complete)
                elif self._store.count():
                    self._server.reach()
                    reason = f" ({self._refresh_fault})" if self._refresh_fault else ""
                    yield f"there are no vectors on {self._server.name} yet, and all are compared one by one{reason}"
            except CollectionBroken as fault:
                yield str(fault)

    def _compare_counts_and_states(self, name: str, complete: int, *, patient: bool) -> None:
        where = self._server.name
        count = self._server.count(name, patient=patient)
        if count < (expected := self._store.count(up_to=complete)):
            raise CollectionBroken(
                f"the vectors on {where} are {count} of {expected}: run `pincite doctor --index {where}`"
            )
        states = self._server.states(name, patient=patient)
        # Another process may have changed both since this transaction began.
        latest, state = self._store.meta.latest(_COLLECTION, _STATE)
        if latest == name and state not in states:
            raise CollectionBroken(
                f"the vectors on {where} are those of another state of the database, which may be a copy that was "
                f"restored: run `pincite doctor --index {where}`"
            )
        self._checked = name

    def _bring_in_step(self) -> None:
        name, complete = self.collection()
        is_usable = name and name != self._broken and self._is_described(name)
        if not is_usable or not self._store.count():
            self._replace(name)
            return
        try:
            self._compare_counts_and_states(name, complete, patient=True)
            removed = self._store.removed.older_than(self._limits.removal_delay_s)
            self._server.remove(name, ids=removed)
            redescribed = self._store.redescribed.ids()
            self._describe_again(name, redescribed)
            last = self._send_chunks(name, complete)
        except CollectionBroken:
            self._replace(name)
            return
        if last != complete or removed or redescribed:
            self._record(name, last, removed, redescribed)
        self._mark_sound(name)

    def _replace(self, before: str) -> None:
        """Replace the collection ``before`` by a new one of all chunks; by none where there are no chunks.

        The one before is deleted the next time only, for searches that use it now.
        """
        name = self._server.create() if self._store.count() else ""
        last = self._send_chunks(name, 0) if name else 0
        removed = self._store.removed.older_than(0)  # the new one never had them
        self._record(name, last, removed, self._store.redescribed.ids())
        self._mark_sound(name)
        self._server.sweep(keep={name, before})

    def _mark_sound(self, name: str) -> None:
        self.fault, self._broken, self._checked = None, "", name

    def _record(self, name: str, last: int, removed: Sequence[int], redescribed: Sequence[int]) -> None:
        """Record a new state, in which the collection is complete up to ``last`` and lacks the ``removed`` chunks.

        It describes the ``redescribed`` ones as they are. The state is recorded first in the collection, whose state
        before stays valid until the store names the new one.
        """
        state, before = secrets.token_hex(8), self._store.meta.get(_STATE)
        recipe, texts = self._store.recipe, self._store.collection_texts
        embedder = recipe.embedder if recipe else ""
        if name:
            self._server.mark(name, state=state, before=before, embedder=embedder, texts=texts)
        with self._store.writing_meta():
            self._store.meta.set(_COLLECTION, name)
            self._store.meta.set(_COMPLETE, str(last))
            self._store.meta.set(_STATE, state)
            self._store.meta.set(_DESCRIBED, self._description(name))
            self._store.removed.forget(removed)
            self._store.redescribed.forget(redescribed)

    def _is_described(self, name: str) -> bool:
        """Whether the collection of this name has the metadata of its chunks, and their texts if it is to have them."""
        return self._store.meta.get(_DESCRIBED) == self._description(name)

    def _description(self, name: str) -> str:
        return f"{name} {'with' if self._store.collection_texts else 'without'} texts"

    def _describe_again(self, name: str, ids: Sequence[int]) -> None:
        for first in range(0, len(ids), _PAGE):
            with self._store.reading():
                entries = chunk_entries(self._store, ids[first : first + _PAGE])
            self._server.describe(name, entries)

    def _send_chunks(self, name: str, after: int) -> int:
        """Send all chunks with an id above ``after``; returns the greatest id, or ``after``."""
        texts = self._store.collection_texts
        while True:
            with self._store.reading():
                ids, vectors = self._store.vectors_after(after, limit=_PAGE)
                entries = chunk_entries(self._store, ids)
            if not ids:
                return after
            ordered = [entries[chunk_id] for chunk_id in ids]
            self._server.add(name, ids=ids, vectors=vectors, entries=ordered, texts=texts)
            after = ids[-1]

    def _differences(self, name: str, complete: int) -> Iterator[str]:
        """How the collection differs from the store on chunks that both have or ought to have."""
        missing = set(self._chunk_ids(complete))
        different: list[int] = []
        for ids, vectors in self._server.vectors(name):
            rows = self._store.vectors(ids)
            missing.difference_update(ids)
            for chunk_id, vector in zip(ids, vectors, strict=True):
                if chunk_id in rows and not _is_same(rows[chunk_id][2], vector):
                    different.append(chunk_id)
        where = self._server.name
        if missing:
            yield f"the vectors on {where} lack {len(missing)} chunks, the first {min(missing)}"
        if different:
            yield f"the vectors on {where} are others for {len(different)} chunks, the first {min(different)}"

    def _chunk_ids(self, complete: int) -> Iterator[int]:
        """The ids of all chunks up to ``complete``."""
        last = 0
        while ids := self._store.vectors_after(last, limit=_PAGE)[0]:
            last = ids[-1]
            yield from (chunk_id for chunk_id in ids if chunk_id <= complete)


def _is_same(vector: Vectors, other: Vectors) -> bool:
    return vector.shape == other.shape and bool(np.allclose(vector, other, atol=1e-5))
