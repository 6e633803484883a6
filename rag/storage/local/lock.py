"""Lock files of an index: over all processes one writes it at a time, and one builds its snapshots.

The operating system releases a lock when its process ends, however it ends.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import IndexBusy, IndexFault, remedy


def write_lock(folder: Path, *, wait_s: float) -> AbstractContextManager[None]:
    """Hold the write lock of the index in ``folder``; it is not reentrant.

    Raises ``IndexBusy``, naming the process that holds it, where it is not free within ``wait_s`` seconds,
    and ``IndexFault`` where the folder cannot be written.
    """
    return _acquire(folder, "write", "written", wait_s=wait_s)


def snapshot_lock(folder: Path, *, wait_s: float) -> AbstractContextManager[None]:
    """Hold the lock for building snapshots in ``folder``, likewise; take this one first where you need both."""
    return _acquire(folder, "renew", "made fast to search", wait_s=wait_s)


@contextmanager
def _acquire(folder: Path, name: str, activity: str, *, wait_s: float) -> Iterator[None]:
    file, holder = folder / f"{name}.lock", folder / f"{name}.pid"
    lock = FileLock(file, timeout=wait_s)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexBusy(
            f"the index {str(folder)!r} is being {activity} by {_read_holder(holder)}, which did not end within "
            f"{wait_s:g} s: try again when it has (the lock is {str(file)!r})"
        ) from error
    except OSError as error:
        lock.release()
        fix = remedy(error, otherwise="give a folder you may write with --index")
        raise IndexFault(
            f"the index folder {str(folder)!r} cannot be written ({error.strerror}): {fix}"
        ) from error
    try:
        with suppress(OSError):  # it is for messages only: on a full disk articles can still be removed
            holder.write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _read_holder(holder: Path) -> str:
    """The process that holds the lock, in words; unknown where it has just started or ended."""
    try:
        return f"process {int(holder.read_text(encoding='ascii'))}"
    except (OSError, ValueError):
        return "another process"
