"""When the snapshots of an index lag too far behind its store, and rebuilding them, which embeds nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

from rag.storage.chunk_entries import chunk_entries
from rag.storage.local import keyword_snapshot, vector_snapshot
from rag.storage.local.limits import DEFAULT_LIMITS, Limits
from rag.storage.local.snapshots import Manifest, SnapshotBroken, delete_old_snapshots, read_manifest
from rag.storage.local.sqlite_store import SqliteStore
from rag.storage.local.vector_snapshot import Block

VECTOR_FOLDER, KEYWORD_FOLDER = "vectors", "postings"  # beside the store
_BLOCK = 4096  # chunks in memory at a time


def vectors_lag(
    store: SqliteStore, *, folder: Path, is_broken: Callable[[str], bool], limits: Limits = DEFAULT_LIMITS
) -> bool:
    """Whether the vector snapshot in use is too far behind the store, incomplete, or by its name broken."""
    with store.reading():
        name = store.vector_snapshot
        if not name or is_broken(name):
            return store.count() > 0
        manifest = _read_manifest(folder / VECTOR_FOLDER, name)
        return manifest is None or _difference(store, manifest) > manifest.count * limits.vector_lag


def collection_lags(store: SqliteStore, *, folder: Path, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Whether the collection of the vector snapshot in use says too little of its chunks, or too much that is old.

    That costs searches nothing. One that an older Pincite made, or that was to have texts or not, says too little.
    """
    with store.reading():
        manifest = manifest_in_use(store, folder=folder)
        if manifest is None:
            return store.count() > 0
        if manifest.texts != store.collection_texts:
            return True
        return count_outdated(store, manifest) > manifest.count * limits.vector_lag


def keywords_lag(
    store: SqliteStore, *, folder: Path, is_broken: Callable[[str], bool], limits: Limits = DEFAULT_LIMITS
) -> bool:
    """Whether the keyword snapshot does, likewise; up to ``limits.scanned_chunks`` chunks need none."""
    with store.reading():
        name = store.keyword_snapshot
        if not name or is_broken(name):
            return store.count() > limits.scanned_chunks or bool(name)
        manifest = _read_manifest(folder / KEYWORD_FOLDER, name)
        if manifest is None:
            return True
        return _difference(store, manifest) > max(limits.scanned_chunks, manifest.count * limits.keyword_lag)


def rebuild_vectors(store: SqliteStore, *, folder: Path, keep: str = "") -> None:
    """Build a snapshot of all vectors and name it in the store; only for the holder of the snapshot lock.

    The previous one stays until the next rebuild, for readers about to open it, and so does the one named ``keep``.
    Raises ``SnapshotBroken``.
    """

    def build(folder: Path) -> str:
        with store.reading():
            recipe, texts, redescribed = store.recipe, store.collection_texts, store.redescribed
            if not store.count():
                return ""
        return vector_snapshot.build_vector_snapshot(
            folder,
            blocks=_vector_blocks(store),
            texts=texts,
            redescribed=redescribed,
            about={"embedder": recipe.embedder if recipe else "", "texts": texts},
        )

    _rebuild(
        store,
        folder / VECTOR_FOLDER,
        build,
        current=lambda: store.vector_snapshot,
        publish=store.set_vector_snapshot,
        keep=keep,
    )


def rebuild_keywords(
    store: SqliteStore, *, folder: Path, keep: str = "", limits: Limits = DEFAULT_LIMITS
) -> None:
    """Likewise a snapshot of all keywords; none of up to ``limits.scanned_chunks`` chunks."""

    def build(folder: Path) -> str:
        if store.count() <= limits.scanned_chunks:
            return ""
        return keyword_snapshot.build_keyword_snapshot(folder, blocks=_body_blocks(store))

    _rebuild(
        store,
        folder / KEYWORD_FOLDER,
        build,
        current=lambda: store.keyword_snapshot,
        publish=store.set_keyword_snapshot,
        keep=keep,
    )


def _rebuild(
    store: SqliteStore,
    folder: Path,
    build: Callable[[Path], str],
    *,
    current: Callable[[], str],
    publish: Callable[[str], None],
    keep: str,
) -> None:
    """Build a snapshot in ``folder`` and publish its name in the store, in place of the ``current`` one.

    Others may write meanwhile: chunk ids rise, none is used twice and no vector changes, so that what is read a block
    at a time only lags a little. A snapshot that was begun before all chunks were made anew, as with another embedder,
    is not published.
    """
    before, recipe = current(), store.recipe
    try:
        name = build(folder)
    except SnapshotBroken:
        if store.count() and store.recipe == recipe:
            raise
        return  # the chunks were taken away while they were read
    with store.writing():
        if (current(), store.recipe) == (before, recipe):
            publish(name)
    delete_old_snapshots(folder, keep={current(), before, keep})


def manifest_in_use(store: SqliteStore, *, folder: Path) -> Manifest | None:
    """The manifest of the vector snapshot in use; ``None`` where there is none, or it is not complete."""
    name = store.vector_snapshot
    return _read_manifest(folder / VECTOR_FOLDER, name) if name else None


def count_outdated(store: SqliteStore, manifest: Manifest) -> int:
    """How many chunks the snapshot lacks, has although they are gone, or describes as they were before.

    One whose article changed twice counts twice; all count where it describes none.
    """
    if manifest.texts is None:
        return store.count()
    return _difference(store, manifest) + store.redescribed - manifest.redescribed


def _read_manifest(folder: Path, name: str) -> Manifest | None:
    try:
        return read_manifest(folder, name)
    except SnapshotBroken:
        return None


def _difference(store: SqliteStore, manifest: Manifest) -> int:
    """How many chunks the snapshot lacks, and how many of its chunks are gone from the store."""
    live = store.count(up_to=manifest.last)
    return (store.count() - live) + (manifest.count - live)


def _vector_blocks(store: SqliteStore) -> Iterator[Block]:
    last = 0
    while True:
        with store.reading():
            ids, vectors = store.vectors_after(last, limit=_BLOCK)
            entries = chunk_entries(store, ids)
        if not ids:
            return
        yield Block(ids, vectors, [entries[chunk_id] for chunk_id in ids])
        last = ids[-1]


def _body_blocks(store: SqliteStore) -> Iterator[tuple[tuple[int, str], ...]]:
    last = 0
    while block := store.words.bodies_after(last, limit=_BLOCK):
        yield block
        last = block[-1][0]
