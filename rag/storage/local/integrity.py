"""Compare the snapshots of an index with its store and say where they disagree."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rag.storage.bm25 import Bm25
from rag.storage.local.keyword_snapshot import MAX_TERM_BYTES, KeywordSnapshot
from rag.storage.local.renewal import KEYWORD_FOLDER, VECTOR_FOLDER
from rag.storage.local.snapshots import SnapshotBroken
from rag.storage.local.sqlite_store import SqliteStore
from rag.storage.local.vector_snapshot import VectorSnapshot

# How many of a snapshot's chunks are searched for, evenly spread; each must find itself.
_PROBES = 200


# HNSW is approximate: among texts that are nearly alike some hide behind others. A damaged graph hides far more.
_HIDDEN_SHARE, _HIDDEN_FEW = 0.03, 3  # of the probes; and so many of a few
_BLOCK = 4096  # chunks whose vectors are in memory at a time
_SHOWN = 80  # characters of a term in a message


def find_snapshot_problems(store: SqliteStore, *, folder: Path) -> Iterator[str]:
    """A sentence for each fault of the snapshots in ``folder`` of a store that is sound; inside ``store.reading()``.

    A missing snapshot is no fault: every chunk is compared then.
    """
    if store.vector_snapshot:
        yield from _vector_faults(store, folder / VECTOR_FOLDER, store.vector_snapshot)
    if store.keyword_snapshot:
        yield from _keyword_faults(store, folder / KEYWORD_FOLDER, store.keyword_snapshot)


def _keyword_faults(store: SqliteStore, folder: Path, name: str) -> Iterator[str]:
    """Terms that occur in one chunk, which the snapshot does not find by them."""
    try:
        snapshot = KeywordSnapshot(folder, name)
        vocabulary = sorted(store.vocabulary().items())
        rare = [term for term, count in vocabulary if count == 1 and len(term.encode()) <= MAX_TERM_BYTES]
        mean = store.mean_length
        for term in rare[:: max(1, len(rare) // _PROBES)]:
            query = Bm25.of((term,), seen=store.frequencies((term,)), mean=mean)
            (chunk_id,) = store.keyword_search(query, limit=1)
            if chunk_id > snapshot.manifest.last:
                continue
            if chunk_id not in snapshot.best(Bm25({term: 1.0}, mean), limit=3):
                yield f"the keyword snapshot does not find chunk {chunk_id} by {term[:_SHOWN]!r}"
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
        yield from _vector_differences(store, snapshot)
    except SnapshotBroken as fault:
        yield str(fault)
    finally:
        snapshot.close()


def _vector_differences(store: SqliteStore, snapshot: VectorSnapshot) -> Iterator[str]:
    """Where the snapshot and the store disagree on the chunks that both have or ought to have."""
    missing: list[int] = []
    different: list[int] = []
    shared: list[int] = []
    last = 0
    while (block := store.vectors_after(last, limit=_BLOCK))[0]:
        last = block[0][-1]
        expected = {
            chunk_id: vector
            for chunk_id, vector in zip(*block, strict=True)
            if chunk_id <= snapshot.manifest.last
        }
        vectors = snapshot.vectors(expected)
        missing += (chunk_id for chunk_id in expected if chunk_id not in vectors)
        different += (
            chunk_id
            for chunk_id, vector in vectors.items()
            if not np.allclose(vector, expected[chunk_id], atol=1e-5)
        )
        shared += vectors
    if missing:
        yield f"the vector snapshot lacks {len(missing)} chunks, the first {missing[0]}"
    if different:
        yield f"the vector snapshot has other vectors for {len(different)} chunks, the first {different[0]}"
    probes = shared[:: max(1, len(shared) // _PROBES)]
    hidden = [chunk_id for chunk_id in probes if not _finds_itself(chunk_id, snapshot)]
    if len(hidden) > _HIDDEN_FEW + len(probes) * _HIDDEN_SHARE:
        yield f"the vector snapshot does not find {len(hidden)} of its chunks, the first {hidden[0]}"


def _finds_itself(chunk_id: int, snapshot: VectorSnapshot) -> bool:
    """Whether the nearest chunk to a chunk's vector is that chunk, or another with the same vector."""
    vector = snapshot.vectors((chunk_id,))[chunk_id]
    nearest = snapshot.nearest(vector, limit=1)
    return (
        bool(nearest)
        and float(snapshot.vectors(nearest)[nearest[0]] @ vector) >= float(vector @ vector) - 1e-5
    )
