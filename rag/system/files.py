"""Write a file atomically, so that readers find the old content or the new, and compute the SHA-256 of a file.

The content goes into a temporary file in the same folder, ``NAME.HEX.part``, which then replaces the target in one
system call. A killed process leaves the temporary file behind and the target as it was.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from enum import Enum
from pathlib import Path


class Durability(Enum):
    """What of a replaced file survives a power cut; each level costs the flushes of the one before and its own."""

    NONE = "nothing is flushed: the file may be found empty"
    CONTENT = "the content is flushed before the replacement: the old file or the new one is found, whole"
    RENAME = "the folder is flushed as well: the new file is found once the call has returned"


def write_whole(path: Path, data: bytes, *, durable: Durability, private: bool = False) -> None:
    """Write ``data`` to ``path`` atomically, in place of any file that is there; the folder must exist.

    ``private``: only its owner may read or write it (mode 0600); otherwise the umask decides. Raises ``OSError``, and
    removes the temporary file, where it cannot be written.
    """
    unfinished = temporary_beside(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(unfinished, flags, 0o600 if private else 0o666), "wb") as file:
            file.write(data)
        replace_file(path, by=unfinished, durable=durable)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def write_or_replace(path: Path, data: bytes, *, durable: Durability) -> None:
    """Write ``data`` to a file as ``write_whole`` does, or into a device such as /dev/stdout, which stays."""
    if path.is_file() or not path.exists():
        write_whole(path.resolve(), data, durable=durable)
    else:
        path.write_bytes(data)


def temporary_beside(path: Path) -> Path:
    """A name in the folder of ``path`` that no other writer uses: ``NAME.HEX.part``."""
    return path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")


def replace_file(path: Path, *, by: Path, durable: Durability) -> None:
    """Rename the closed file ``by``, on the same file system, to ``path``, in place of any file that is there."""
    if durable is not Durability.NONE:
        flush(by)
    by.replace(path)
    if durable is Durability.RENAME:
        flush(path.parent)


def flush(path: Path) -> None:
    """Wait until the disk holds a file, or the entries of a folder; a folder only where the system can (POSIX)."""
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_sha256(path: Path) -> str:
    """SHA-256 of the content of a file, hexadecimal; about a second for 400 MB. Raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
