"""rag.storage.local.integrity."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rag.storage.bm25 import Bm25
from rag.storage.integrity import _SHOWN
from rag.storage.local.keyword_snapshot import LONGEST, KeywordSnapshot
from rag.storage.local.renewal import POSTINGS, VECTORS
from rag.storage.local.snapshots import SnapshotBroken
from rag.storage.local.sqlite_store import SqliteStore
from rag.storage.local.vector_snapshot import VectorSnapshot

# How many of a snapshot's vectors are looked for, evenly spread; each must find itself.
_PROBES = 200


# HNSW is approximate: among texts that are nearly alike some hide behind others. A damaged graph hides far more.
_HIDDEN, _SOME = 0.03, 3  # of the probes; and so many of a few


_BLOCK = 4096  # chunks whose vectors are in memory at a time


def snapshot_faults(store: SqliteStore, *, folder: Path) -> Iterator[str]:
    """A sentence for each fault of the snapshots in ``folder`` of a store that is sound; inside ``store.reading()``.

    Without a snapshot every chunk is compared, so that is no fault.
    """
    if store.snapshot:
        yield from _vector_faults(store, folder / VECTORS, store.snapshot)
    if store.postings:
        yield from _posting_faults(store, folder / POSTINGS, store.postings)


def _posting_faults(store: SqliteStore, folder: Path, name: str) -> Iterator[str]:
    try:
        postings = KeywordSnapshot(folder, name)
        found = sorted(store.vocabulary().items())
        rare = [term for term, count in found if count == 1 and len(term.encode()) <= LONGEST]
        probes = rare[:: max(1, len(rare) // _PROBES)]
        mean = store.mean_length
        for term in probes:
            (own,) = store.keyword_search(
                Bm25.of((term,), seen=store.frequencies((term,)), mean=mean), limit=1
            )
            if own <= postings.manifest.last and own not in postings.best(Bm25({term: 1.0}, mean), limit=3):
                yield f"the keyword snapshot does not find chunk {own} by {term[:_SHOWN]!r}"
    except SnapshotBroken as fault:
        yield str(fault)


def _vector_faults(store: SqliteStore, folder: Path, name: str) -> Iterator[str]:
    if not os.access(folder / name, os.W_OK):
        return  # Chroma writes into what it opens; who may not write searches without it, as well and no slower
    try:
        snapshot = VectorSnapshot(folder, name)
    except SnapshotBroken as fault:
        yield str(fault)
        return
    try:
        yield from _differences(store, snapshot)
    except SnapshotBroken as fault:
        yield str(fault)
    finally:
        snapshot.close()


def _differences(store: SqliteStore, snapshot: VectorSnapshot) -> Iterator[str]:
    """Where the snapshot and the store disagree on the chunks that both have or ought to have."""
    missing: list[int] = []
    other: list[int] = []
    both: list[int] = []
    last = 0
    while (block := store.vectors_after(last, limit=_BLOCK))[0]:
        last = block[0][-1]
        wanted = {one: row for one, row in zip(*block, strict=True) if one <= snapshot.manifest.last}
        kept = snapshot.vectors(wanted)
        missing += (one for one in wanted if one not in kept)
        other += (one for one in kept if not np.allclose(kept[one], wanted[one], atol=1e-5))
        both += kept
    if missing:
        yield f"the vector snapshot lacks {len(missing)} chunks, the first {missing[0]}"
    if other:
        yield f"the vector snapshot has other vectors for {len(other)} chunks, the first {other[0]}"
    probes = both[:: max(1, len(both) // _PROBES)]
    lost = [chunk_id for chunk_id in probes if not _finds_itself(chunk_id, snapshot)]
    if len(lost) > _SOME + len(probes) * _HIDDEN:
        yield f"the vector snapshot does not find {len(lost)} of its chunks, the first {lost[0]}"


def _finds_itself(chunk_id: int, snapshot: VectorSnapshot) -> bool:
    """Whether the nearest to a chunk's vector is that chunk, or another with the same vector."""
    own = snapshot.vectors((chunk_id,))[chunk_id]
    nearest = snapshot.nearest(own, limit=1)
    return bool(nearest) and float(snapshot.vectors(nearest)[nearest[0]] @ own) >= float(own @ own) - 1e-5
