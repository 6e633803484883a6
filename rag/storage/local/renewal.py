"""When the snapshots of an index are made anew, and making them: from the store, embedding nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

from rag.storage.exact_search import FEW
from rag.storage.local import keyword_snapshot as postings
from rag.storage.local import vector_snapshot as vectors
from rag.storage.local.snapshots import Manifest, SnapshotBroken, read_manifest, sweep
from rag.storage.local.sqlite_store import SqliteStore

VECTORS, POSTINGS = "vectors", "postings"  # folders beside the store


# Of the chunks in a snapshot, the share that may be missing from it or gone from the store. Making it anew at
# a fixed share keeps the work for n chunks added one by one in proportion to n. Keywords are quickly gathered and
# slowly looked for one by one, vectors the other way round.
_BEHIND = 0.25


_BEHIND_POSTINGS = 0.1


_BLOCK = 4096  # chunks in memory at a time


def vectors_lag(store: SqliteStore, *, folder: Path, broken: Callable[[str], bool]) -> bool:
    """Whether the vector snapshot in use is too far behind the store, incomplete, or by its name ``broken``."""
    with store.reading():
        name = store.snapshot
        if not name or broken(name):
            return store.count() > 0
        manifest = _manifest(folder / VECTORS, name)
        return manifest is None or _missed(store, manifest) > manifest.count * _BEHIND


def postings_lag(store: SqliteStore, *, folder: Path, broken: Callable[[str], bool]) -> bool:
    """As ``vectors_lag``, of the keyword snapshot; of a few chunks there need be none."""
    with store.reading():
        name = store.postings
        if not name or broken(name):
            return store.count() > FEW or bool(name)
        manifest = _manifest(folder / POSTINGS, name)
        return manifest is None or _missed(store, manifest) > max(FEW, manifest.count * _BEHIND_POSTINGS)


def renew_vectors(store: SqliteStore, *, folder: Path, keep: str = "") -> None:
    """Make a snapshot of all vectors and name it in the store; only for the holder of the renewing lock.

    The one before stays until the next time, for readers about to open it, and so does the one named ``keep``.
    Raises ``SnapshotBroken``.
    """

    def build(place: Path) -> str:
        return vectors.build(place, blocks=_vectors(store)) if store.count() else ""

    _renew(store, folder / VECTORS, build, named=lambda: store.snapshot, name=store.set_snapshot, keep=keep)


def renew_postings(store: SqliteStore, *, folder: Path, keep: str = "") -> None:
    """Likewise of all keywords; none where there are few."""

    def build(place: Path) -> str:
        return postings.build(place, blocks=_bodies(store)) if store.count() > FEW else ""

    _renew(store, folder / POSTINGS, build, named=lambda: store.postings, name=store.set_postings, keep=keep)


def _renew(
    store: SqliteStore,
    place: Path,
    build: Callable[[Path], str],
    *,
    named: Callable[[], str],
    name: Callable[[str], None],
    keep: str,
) -> None:
    """Put what ``build`` makes in ``place`` in place of the snapshot that is ``named`` in the store.

    Others may write meanwhile: chunk ids rise, none is used twice and no vector changes, so that what is read a block
    at a time only lags a little. One that was begun before all chunks were made anew, as with another embedder, is not
    named.
    """
    before, made = named(), store.recipe
    try:
        fresh = build(place)
    except SnapshotBroken:
        if store.count() and store.recipe == made:
            raise
        return  # it was taken away while it was read
    with store.writing():
        if (named(), store.recipe) == (before, made):
            name(fresh)
    sweep(place, keep={named(), before, keep})


def _manifest(folder: Path, name: str) -> Manifest | None:
    try:
        return read_manifest(folder, name)
    except SnapshotBroken:
        return None


def _missed(store: SqliteStore, manifest: Manifest) -> int:
    """How many chunks the snapshot lacks, and how many of its own are gone."""
    living = store.count(up_to=manifest.last)
    return (store.count() - living) + (manifest.count - living)


def _vectors(store: SqliteStore) -> Iterator[tuple[tuple[int, ...], vectors.Vectors]]:
    last = 0
    while (block := store.vectors_after(last, limit=_BLOCK))[0]:
        yield block
        last = block[0][-1]


def _bodies(store: SqliteStore) -> Iterator[tuple[tuple[int, str], ...]]:
    last = 0
    while block := store.bodies_after(last, limit=_BLOCK):
        yield block
        last = block[-1][0]
