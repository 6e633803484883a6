"""Back up a whole index into one file, and restore it; a backup needs no other file and no model.

A backup is the store alone. The snapshots are rebuilt from it, which embeds nothing.
"""

import shlex
from contextlib import suppress
from pathlib import Path

from rag.errors import IndexBroken, IndexFault, remedy
from rag.storage.local.backend import FILE, LocalBackend
from rag.storage.local.lock import snapshot_lock, write_lock
from rag.storage.local.renewal import KEYWORD_FOLDER, VECTOR_FOLDER, rebuild_keywords, rebuild_vectors
from rag.storage.local.snapshots import SnapshotBroken, delete_old_snapshots
from rag.storage.local.sqlite_schema import FORMAT, backup_format
from rag.storage.local.sqlite_store import SqliteStore
from rag.system.files import Durability, replace_file, temporary_beside
from rag.system.sqlite_file import unpack
from rag.system.sqlite_format import FileFormat
from rag.system.sqlite_open import is_marked

_UNPACKED = "restored.part"  # the store of the backup, in the folder of the index while it is restored
_LOGS = ("-wal", "-shm", "-journal")  # files that SQLite may leave beside a database


def backup(folder: Path, *, file: Path, form: FileFormat = FORMAT) -> int:
    """Write the index in ``folder``, as it is at one moment, into ``file`` and return its number of articles.

    Reading and writing go on meanwhile. ``file`` is written whole or not at all; an earlier backup of that name
    is replaced, anything else refused. Raises ``IndexFault``.
    """
    if not LocalBackend.exists(folder):
        raise IndexFault(f"no index in {str(folder)!r}: give its folder with --index")
    _refuse_overwriting(file, folder, form)
    unfinished = temporary_beside(file)
    store = SqliteStore(folder / FILE, form=form)
    try:
        store.save(unfinished)
        copy = SqliteStore(unfinished, form=form)
        try:
            count = len(copy.digests())
        finally:
            copy.close()
        replace_file(file, by=unfinished, durable=Durability.RENAME)
    except OSError as error:
        raise _unwritable(file, error) from error
    finally:
        store.close()
        _remove_database(unfinished)
    return count


def restore(
    folder: Path, *, file: Path, replace: bool = False, wait_s: float = 10.0, form: FileFormat = FORMAT
) -> int:
    """Replace the index in ``folder`` by the backup ``file`` and return the number of articles.

    Those who have the index open see the old or the new; so does everyone after a kill. It is not embedded again.
    ``replace`` permits to replace an index that has articles, or that is damaged: the damaged file is kept beside it.
    Raises ``IndexBroken`` where the backup is damaged, none or of a newer format, ``IndexBusy`` where another
    process is writing for longer than ``wait_s`` seconds, ``IndexFault`` where ``replace`` is needed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IndexFault(
            f"the index folder {str(folder)!r} cannot be made ({error.strerror}): "
            f"{remedy(error, otherwise='give another with --index')}"
        ) from error
    part = folder / _UNPACKED
    with snapshot_lock(folder, wait_s=wait_s), write_lock(folder, wait_s=wait_s):
        _remove_database(part)  # a killed process may have left one
        try:
            return _restore_unpacked(folder, file=file, part=part, replace=replace, form=form)
        finally:
            _remove_database(part)


def _restore_unpacked(folder: Path, *, file: Path, part: Path, replace: bool, form: FileFormat) -> int:
    """Unpack the backup into ``part``, prepare it there, and take it over in one transaction of the live file."""
    old = _open_replaceable(folder, replace=replace, form=form)
    try:
        count = _prepare(folder, file=file, part=part, old=old, form=form)
        if old is None:
            old = _create_empty(folder, form)
        before = (old.vector_snapshot, old.keyword_snapshot)
        old.replace_with(part)
        delete_old_snapshots(folder / VECTOR_FOLDER, keep={old.vector_snapshot, before[0]})
        delete_old_snapshots(folder / KEYWORD_FOLDER, keep={old.keyword_snapshot, before[1]})
    finally:
        if old is not None:
            old.close()
    return count


def _prepare(folder: Path, *, file: Path, part: Path, old: SqliteStore | None, form: FileFormat) -> int:
    """Unpack the backup into ``part`` so that it can follow ``old``, with snapshots; its number of articles."""
    unpack(file, to=part, form=backup_format(form))
    fresh = SqliteStore(part, form=form)
    try:
        with fresh.writing():
            fresh.continue_from(
                generation=old.generation if old else 0, last_chunk_id=old.last_chunk_id if old else 0
            )
        # The names of the snapshots are in the store, so they come with the same transaction.
        try:
            rebuild_vectors(fresh, folder=folder, keep=old.vector_snapshot if old else "")
            rebuild_keywords(fresh, folder=folder, keep=old.keyword_snapshot if old else "")
        except SnapshotBroken:  # there may be no room for them: whoever opens the index next rebuilds them
            with fresh.writing():
                fresh.set_vector_snapshot("")
                fresh.set_keyword_snapshot("")
        return len(fresh.digests())
    finally:
        fresh.close()


def _open_replaceable(folder: Path, *, replace: bool, form: FileFormat) -> SqliteStore | None:
    """The index that is there and may be replaced; ``None`` where there is none, or it cannot be read."""
    if not LocalBackend.exists(folder):
        return None
    fix = "give --replace to put the backup in its place"
    try:
        store = SqliteStore(folder / FILE, form=form)
    except IndexBroken as error:
        if replace:
            return None
        raise IndexFault(f"{error}; or {fix}") from error
    count = len(store.digests())
    if count and not replace:
        store.close()
        quoted = shlex.quote(str(folder))
        raise IndexFault(f"the index {quoted} holds {count} articles: {fix}, or another folder with --index")
    return store


def _create_empty(folder: Path, form: FileFormat) -> SqliteStore:
    """A new, empty index in ``folder``; a damaged one is moved aside with its log, which belongs to no other."""
    file = folder / FILE
    for suffix in _LOGS[::-1]:
        log = file.with_name(file.name + suffix)
        if log.exists():
            log.replace(file.with_name(f"{file.name}.damaged{suffix}"))
    if file.exists():
        file.replace(file.with_name(f"{file.name}.damaged"))
    return SqliteStore(file, form=form)


def _refuse_overwriting(file: Path, folder: Path, form: FileFormat) -> None:
    try:
        if not file.parent.is_dir():
            raise IndexFault(f"no folder {str(file.parent)!r} for the backup {file.name!r}: make it")
        if not file.exists():
            return
        is_index = file.samefile(folder / FILE)
        if is_index or not file.is_file() or not is_marked(file, form=backup_format(form)):
            raise IndexFault(f"{str(file)!r} is there and no backup: give a name that is not taken")
    except OSError as error:
        raise _unwritable(file, error) from error


def _unwritable(file: Path, error: OSError) -> IndexFault:
    return IndexFault(
        f"the backup {str(file)!r} cannot be written ({error.strerror}): "
        f"{remedy(error, otherwise='give another file')}"
    )


def _remove_database(file: Path) -> None:
    for suffix in ("", *_LOGS):
        with suppress(OSError):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
