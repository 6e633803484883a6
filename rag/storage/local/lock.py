"""One at a time, over all processes, writes an index, and one makes its snapshots: lock files beside it.

The system lets go of the lock when its process ends, however it ends. The only file that imports filelock.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import IndexBusy, IndexFault, remedy


def write_lock(folder: Path, *, wait_s: float) -> AbstractContextManager[None]:
    """Hold the right to change the index in ``folder``; it is not reentrant.

    Raises ``IndexBusy``, naming the process that holds it, where it is not free within ``wait_s`` seconds,
    and ``IndexFault`` where the folder cannot be written.
    """
    return _held(folder, "write", "written", wait_s=wait_s)


def snapshot_lock(folder: Path, *, wait_s: float) -> AbstractContextManager[None]:
    """Hold the right to make snapshots in ``folder``, likewise; who wants both takes this one first."""
    return _held(folder, "renew", "made fast to search", wait_s=wait_s)


@contextmanager
def _held(folder: Path, name: str, what: str, *, wait_s: float) -> Iterator[None]:
    file, holder = folder / f"{name}.lock", folder / f"{name}.pid"
    lock = FileLock(file, timeout=wait_s)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexBusy(
            f"the index {str(folder)!r} is being {what} by {_who(holder)}, which did not end within "
            f"{wait_s:g} s: try again when it has (the lock is {str(file)!r})"
        ) from error
    except OSError as error:
        lock.release()
        fix = remedy(error, otherwise="give a folder you may write with --index")
        raise IndexFault(
            f"the index folder {str(folder)!r} cannot be written ({error.strerror}): {fix}"
        ) from error
    try:
        with suppress(OSError):  # it is for messages alone: with a full disk articles can yet be removed
            holder.write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _who(holder: Path) -> str:
    """The process that holds the lock, in words; it may just have begun or ended."""
    try:
        return f"process {int(holder.read_text(encoding='ascii'))}"
    except (OSError, ValueError):
        return "another process"
