"""Reads a whole index and says what is wrong with it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rag.schema import Article
from rag.store import Store, Vectors, keywords
from rag.stored import Held, Recipe
from rag.vectors import Snapshot, SnapshotBroken

# How many of a snapshot's vectors are looked for, evenly spread; each must find itself.
_PROBES = 200
# HNSW is approximate: among texts that are nearly alike some hide behind others. A damaged graph hides far more.
_HIDDEN, _SOME = 0.03, 3  # of the probes; and so many of a few


def faults(store: Store, *, folder: Path) -> tuple[str, ...]:
    """A sentence for each fault of the store and of the snapshot in ``folder``; empty where all is well."""
    with store.reading():
        recipe = store.recipe
        found = list(store.faults())
        terms = 0
        for article_id in store.digests():
            article = store.article(article_id)
            if article is not None:
                found += _article_faults(article, store, recipe)
                terms += sum(len(set((chunk.body or "").split())) for chunk in store.held(article_id))
        if (known := store.postings()) != terms:
            found.append(f"the keyword index knows {known} terms of chunks instead of {terms}")
        if not found:
            found += _snapshot_faults(store, folder)
    return tuple(found)


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


def _snapshot_faults(store: Store, folder: Path) -> Iterator[str]:
    name = store.snapshot
    if not name:
        return  # every vector is compared then
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


def _differences(store: Store, snapshot: Snapshot) -> Iterator[str]:
    """Where the snapshot and the store disagree on the chunks that both have or ought to have."""
    ids, vectors = store.vectors_after(0)
    kept = snapshot.vectors()
    reflected = [place for place, chunk_id in enumerate(ids) if chunk_id <= snapshot.manifest.last]
    missing = [ids[place] for place in reflected if ids[place] not in kept]
    if missing:
        yield f"the vector snapshot lacks {len(missing)} chunks, the first {missing[0]}"
    both = [place for place in reflected if ids[place] in kept]
    other = [ids[place] for place in both if not np.allclose(kept[ids[place]], vectors[place], atol=1e-5)]
    if other:
        yield f"the vector snapshot has other vectors for {len(other)} chunks, the first {other[0]}"
    probes = [ids[place] for place in both[:: max(1, len(both) // _PROBES)]]
    lost = [chunk_id for chunk_id in probes if not _finds_itself(chunk_id, kept, snapshot)]
    if len(lost) > _SOME + len(probes) * _HIDDEN:
        yield f"the vector snapshot does not find {len(lost)} of its chunks, the first {lost[0]}"


def _finds_itself(chunk_id: int, kept: dict[int, Vectors], snapshot: Snapshot) -> bool:
    """Whether the nearest to a chunk's vector is that chunk, or another with the same vector."""
    own = kept[chunk_id]
    nearest = snapshot.nearest(own, limit=1)
    return bool(nearest) and float(kept[nearest[0]] @ own) >= float(own @ own) - 1e-5
