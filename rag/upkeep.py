"""When the vector snapshot is made anew, and making it: from the store's vectors, embedding nothing."""

from collections.abc import Callable
from pathlib import Path

from rag.store import Store
from rag.vectors import SnapshotBroken, build, read_manifest, sweep

# Of the chunks in a snapshot, the share that may be missing from it or gone from the store. Making it anew at
# a fixed share keeps the work for n chunks added one by one in proportion to n.
_BEHIND = 0.25


def lagging(store: Store, *, folder: Path, broken: Callable[[str], bool]) -> bool:
    """Whether the snapshot in use is too far behind the store, incomplete, or by its name ``broken``."""
    with store.reading():
        name, count = store.snapshot, store.count()
        if not name or broken(name):
            return count > 0
        try:
            manifest = read_manifest(folder, name)
        except SnapshotBroken:
            return True
        living = store.count(up_to=manifest.last)
        return (count - living) + (manifest.count - living) > manifest.count * _BEHIND


def renew(store: Store, *, folder: Path, keep: str = "") -> None:
    """Make a snapshot of all vectors and name it in the store; only for the holder of the write lock.

    The one before stays until the next time, for readers about to open it, and so does the one named ``keep``.
    Raises ``SnapshotBroken``.
    """
    before = store.snapshot
    ids, vectors = store.vectors_after(0)
    name = build(folder, ids=ids, vectors=vectors) if ids else ""
    with store.writing():
        store.set_snapshot(name)
    sweep(folder, keep={name, before, keep})
