"""Reads a whole index and says what is wrong with it."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from rag.bm25 import Bm25
from rag.postings import LONGEST, Postings
from rag.schema import Article
from rag.snapshots import SnapshotBroken
from rag.sqlite import SqliteStore
from rag.store import Store, keywords
from rag.stored import Held, Recipe
from rag.upkeep import POSTINGS, VECTORS
from rag.vectors import Snapshot

# How many of a snapshot's vectors are looked for, evenly spread; each must find itself.
_PROBES = 200
# HNSW is approximate: among texts that are nearly alike some hide behind others. A damaged graph hides far more.
_HIDDEN, _SOME = 0.03, 3  # of the probes; and so many of a few
_BLOCK = 4096  # chunks whose vectors are in memory at a time
_SHOWN = 80  # characters of a term


def faults(store: Store) -> tuple[str, ...]:
    """A sentence for each fault of the store; empty where all is well. Call inside ``store.reading()``."""
    recipe = store.recipe
    found = list(store.faults())
    terms = Counter[str]()
    for article_id in store.digests():
        article = store.article(article_id)
        if article is not None:
            found += _article_faults(article, store, recipe)
            for chunk in store.held(article_id):
                terms.update(set((chunk.body or "").split()))
    for known in (store.counted(), store.vocabulary()):
        if known != terms:
            found.append(_miscounted(known, terms))
    return tuple(found)


def _miscounted(known: Mapping[str, int], terms: Mapping[str, int]) -> str:
    wrong = sorted(term for term in {*known, *terms} if known.get(term, 0) != terms.get(term, 0))
    return f"the keyword index miscounts the chunks of {len(wrong)} terms, the first {wrong[0][:_SHOWN]!r}"


def _article_faults(article: Article, store: Store, recipe: Recipe | None) -> Iterator[str]:
    held = store.held(article.id)
    if not held:
        yield f"article {article.id!r} has no chunks"
    if store.fingerprint(article.id) != article.fingerprint:
        yield f"the text of article {article.id!r} is not the one that was stored"
    for chunk in held:
        for fault in _chunk_faults(chunk, article, recipe):
            yield f"chunk {chunk.id} of article {article.id!r} {fault}"


def _chunk_faults(chunk: Held, article: Article, recipe: Recipe | None) -> Iterator[str]:
    if not 0 <= chunk.start < chunk.end <= len(article.text):
        yield f"reaches from {chunk.start} to {chunk.end} in a text of {len(article.text)} characters"
    elif chunk.body != keywords(article.title, article.text[chunk.start : chunk.end]):
        yield "has other keywords than its words"
    wanted = 4 * recipe.dimensions if recipe else 0
    if len(chunk.vector) != wanted:
        yield f"has a vector of {len(chunk.vector)} bytes instead of {wanted}"
    elif not np.isfinite(np.frombuffer(chunk.vector, "<f4")).all():
        yield "has a vector that is not finite"


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
        postings = Postings(folder, name)
        found = sorted(store.vocabulary().items())
        rare = [term for term, count in found if count == 1 and len(term.encode()) <= LONGEST]
        probes = rare[:: max(1, len(rare) // _PROBES)]
        mean = store.mean_length
        for term in probes:
            (own,) = store.said(Bm25.of((term,), seen=store.frequencies((term,)), mean=mean), limit=1)
            if own <= postings.manifest.last and own not in postings.best(Bm25({term: 1.0}, mean), limit=3):
                yield f"the keyword snapshot does not find chunk {own} by {term[:_SHOWN]!r}"
    except SnapshotBroken as fault:
        yield str(fault)


def _vector_faults(store: SqliteStore, folder: Path, name: str) -> Iterator[str]:
    if not os.access(folder / name, os.W_OK):
        return  # Chroma writes into what it opens; who may not write searches without it, as well and no slower
    try:
        snapshot = Snapshot(folder, name)
    except SnapshotBroken as fault:
        yield str(fault)
        return
    try:
        yield from _differences(store, snapshot)
    except SnapshotBroken as fault:
        yield str(fault)
    finally:
        snapshot.close()


def _differences(store: SqliteStore, snapshot: Snapshot) -> Iterator[str]:
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


def _finds_itself(chunk_id: int, snapshot: Snapshot) -> bool:
    """Whether the nearest to a chunk's vector is that chunk, or another with the same vector."""
    own = snapshot.vectors((chunk_id,))[chunk_id]
    nearest = snapshot.nearest(own, limit=1)
    return bool(nearest) and float(snapshot.vectors(nearest)[nearest[0]] @ own) >= float(own @ own) - 1e-5
