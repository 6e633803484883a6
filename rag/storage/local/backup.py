"""A whole index as one file, and back: backups, which need no other file and no model.

A backup is the store alone. Vector snapshots are made anew from it, embedding nothing.
"""

import shlex
from contextlib import suppress
from pathlib import Path

from rag.errors import IndexBroken, IndexFault, remedy
from rag.storage.local.backend import FILE, LocalBackend
from rag.storage.local.lock import snapshot_lock, write_lock
from rag.storage.local.renewal import POSTINGS, VECTORS, renew_postings, renew_vectors
from rag.storage.local.snapshots import SnapshotBroken, sweep
from rag.storage.local.sqlite_store import BACKUP, SqliteStore, unpacked
from rag.system.files import Durability, replace_file, temporary_beside
from rag.system.sqlite_file import marked

_UNPACKED = "restored.part"


_LOGS = ("-wal", "-shm", "-journal")


def backup(folder: Path, *, file: Path) -> int:
    """Write the index in ``folder`` into ``file``, as it is at one moment, and say how many articles it holds.

    Reading and writing go on meanwhile. ``file`` is written whole or not at all; an earlier backup of that name
    is replaced, anything else refused. Raises ``IndexFault``.
    """
    if not LocalBackend.exists(folder):
        raise IndexFault(f"no index in {str(folder)!r}: give its folder with --index")
    _refuse_overwriting(file, folder)
    unfinished = temporary_beside(file)
    store = SqliteStore(folder / FILE)
    try:
        store.save(unfinished)
        copy = SqliteStore(unfinished)
        try:
            count = len(copy.digests())
        finally:
            copy.close()
        replace_file(file, by=unfinished, durable=Durability.RENAME)
    except OSError as error:
        raise IndexFault(
            f"the backup {str(file)!r} cannot be written ({error.strerror}): "
            f"{remedy(error, otherwise='give another file')}"
        ) from error
    finally:
        store.close()
        _clear(unfinished)
    return count


def restore(folder: Path, *, file: Path, replace: bool = False, wait_s: float = 10.0) -> int:
    """Put what the backup ``file`` holds in place of the index in ``folder``; how many articles there are now.

    Those who have the index open see the old or the new; so does everyone after a kill. It is not embedded again.
    ``replace`` lets an index go that has articles, or that is damaged: the damaged file is kept beside it.
    Raises ``IndexBroken`` where the backup is damaged, none or a newer Pincite's, ``IndexBusy`` where another
    process is writing for longer than ``wait_s`` seconds, ``IndexFault`` where ``replace`` is needed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IndexFault(
            f"the index folder {str(folder)!r} cannot be made ({error.strerror}): "
            f"{remedy(error, otherwise='give another with --index')}"
        ) from error
    place = folder / _UNPACKED
    with snapshot_lock(folder, wait_s=wait_s), write_lock(folder, wait_s=wait_s):
        _clear(place)  # a killed process may have left one
        try:
            return _restore(folder, file=file, place=place, replace=replace)
        finally:
            _clear(place)


def _restore(folder: Path, *, file: Path, place: Path, replace: bool) -> int:
    old = _standing(folder, replace=replace)
    try:
        fresh = unpacked(file, to=place)
        try:
            with fresh.writing():
                fresh.follow(generation=old.generation if old else 0, last=old.last if old else 0)
            # The names of the snapshots are in the store, so they come with the same transaction.
            try:
                renew_vectors(fresh, folder=folder, keep=old.snapshot if old else "")
                renew_postings(fresh, folder=folder, keep=old.postings if old else "")
            except SnapshotBroken:  # there may be no room for them: who opens the index next makes them
                with fresh.writing():
                    fresh.set_snapshot("")
                    fresh.set_postings("")
            count = len(fresh.digests())
        finally:
            fresh.close()
        if old is None:
            old = _emptied(folder)
        before = (old.snapshot, old.postings)
        old.take(place)
        sweep(folder / VECTORS, keep={old.snapshot, before[0]})
        sweep(folder / POSTINGS, keep={old.postings, before[1]})
    finally:
        if old is not None:
            old.close()
    return count


def _standing(folder: Path, *, replace: bool) -> SqliteStore | None:
    """The index that is there and may go; ``None`` where there is none, or it cannot be read."""
    if not LocalBackend.exists(folder):
        return None
    again = "give --replace to put the backup in its place"
    try:
        store = SqliteStore(folder / FILE)
    except IndexBroken as error:
        if replace:
            return None
        raise IndexFault(f"{error}; or {again}") from error
    count = len(store.digests())
    if count and not replace:
        store.close()
        where = shlex.quote(str(folder))
        raise IndexFault(f"the index {where} holds {count} articles: {again}, or another folder with --index")
    return store


def _emptied(folder: Path) -> SqliteStore:
    """A new, empty index in ``folder``; a damaged one is moved aside with its log, which belongs to no other."""
    file = folder / FILE
    for end in _LOGS[::-1]:
        log = file.with_name(file.name + end)
        if log.exists():
            log.replace(file.with_name(f"{file.name}.damaged{end}"))
    if file.exists():
        file.replace(file.with_name(f"{file.name}.damaged"))
    return SqliteStore(file)


def _refuse_overwriting(file: Path, folder: Path) -> None:
    try:
        if not file.parent.is_dir():
            raise IndexFault(f"no folder {str(file.parent)!r} for the backup {file.name!r}: make it")
        if not file.exists():
            return
        if file.samefile(folder / FILE) or not file.is_file() or not marked(file, form=BACKUP):
            raise IndexFault(f"{str(file)!r} is there and no backup: give a name that is not taken")
    except OSError as error:
        raise IndexFault(
            f"the backup {str(file)!r} cannot be written ({error.strerror}): "
            f"{remedy(error, otherwise='give another file')}"
        ) from error


def _clear(file: Path) -> None:
    for end in ("", *_LOGS):
        with suppress(OSError):
            file.with_name(file.name + end).unlink(missing_ok=True)
