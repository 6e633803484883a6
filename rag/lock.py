"""One writer at a time, over all processes: a lock file beside the index.

The system lets go of the lock when its process ends, however it ends. The only file that imports filelock.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import IndexBusy, IndexFault, remedy

_LOCK = "write.lock"
_HOLDER = "write.pid"


@contextmanager
def write_lock(folder: Path, *, wait_s: float) -> Iterator[None]:
    """Hold the right to write in ``folder``; it is not reentrant.

    Raises ``IndexBusy``, naming the process that holds it, where it is not free within ``wait_s`` seconds,
    and ``IndexFault`` where the folder cannot be written.
    """
    lock = FileLock(folder / _LOCK, timeout=wait_s)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexBusy(
            f"the index {str(folder)!r} is being written by {_holder(folder)}, which did not end within "
            f"{wait_s:g} s: try again when it has (the lock is {str(folder / _LOCK)!r})"
        ) from error
    except OSError as error:
        lock.release()
        fix = remedy(error, otherwise="give a folder you may write with --index")
        raise IndexFault(
            f"the index folder {str(folder)!r} cannot be written ({error.strerror}): {fix}"
        ) from error
    try:
        with suppress(OSError):  # it is for messages alone: with a full disk articles can yet be removed
            (folder / _HOLDER).write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        with suppress(OSError):
            (folder / _HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(folder: Path) -> str:
    """The process that holds the lock, in words; it may just have begun or ended."""
    try:
        return f"process {int((folder / _HOLDER).read_text(encoding='ascii'))}"
    except (OSError, ValueError):
        return "another process"
