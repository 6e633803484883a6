"""A kind of SQLite file: its application id, format number, tables and migrations, and its errors in words.

``FileFormat`` describes the kind. The functions turn what SQLite raises into the error types that the format names.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.errors import PinciteError

Run = Callable[..., list[Any]]  # runs one statement with the values bound to it; returns all rows
MAGIC = b"SQLite format 3\0"  # the first bytes of every SQLite file


# Primary result codes: the low byte of SQLite's extended ones.
NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_TOOBIG)
NO_ACCESS = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorTypes:
    """The exceptions that a file raises; ``busy`` and ``broken`` may be subclasses of ``fault``."""

    fault: type[PinciteError]  # it cannot be read or written, or its format changed while it was open
    busy: type[PinciteError]  # another program holds it
    broken: type[PinciteError]  # it is damaged, no database, of another application or of an unknown format


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """A kind of file: its application id, its format number, and the statements that make an empty one.

    ``migrations[n]`` brings a file of format n to n + 1. Opening an older file runs those it needs, each in a
    transaction of its own: a reader sees the file before or after, and so does the next after a kill. A migration gets
    a function that runs one statement; foreign keys are not checked meanwhile.

    ``errors`` are the exceptions to raise. ``noun`` names the file in messages; ``elsewhere`` and ``anew`` say how to
    give another file and how to begin again.
    """

    application: int
    version: int
    statements: Sequence[str]  # make an empty file of this version, not of the first
    each_time: Sequence[str]  # run on every connection
    errors: ErrorTypes
    noun: str
    elsewhere: str
    anew: str  # may hold {folder!r}
    before: str = ""  # what to try before ``anew`` where a file is damaged, with "or" at its end
    migrations: Mapping[int, Callable[[Run], None]] = field(default_factory=dict)


def error_code(error: sqlite3.Error) -> int:
    """The primary result code; that of a damaged file where SQLite gives none."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF


def translated(error: sqlite3.Error, path: Path, form: FileFormat) -> PinciteError:
    """The error that says in words why the file at ``path`` cannot be used, and what to do."""
    code = error_code(error)
    named = f"{form.noun} {str(path)!r}"
    if isinstance(error, sqlite3.ProgrammingError):
        return form.errors.fault(f"{named} is closed: open it again")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return form.errors.busy(f"{named} is held by another program: try again when it has ended")
    if code in NO_ACCESS:
        return form.errors.fault(
            f"{named} cannot be written ({error}): make it writable, or {form.elsewhere}"
        )
    if code in NO_ROOM:
        return form.errors.fault(f"{named} could not be used ({error}): make room and try again")
    return broken(path, form, str(error))


def broken(path: Path, form: FileFormat, reason: str) -> PinciteError:
    """The error for a damaged file; ``reason`` is cut at 200 characters, as it may quote a damaged row."""
    reason = f"{' '.join(reason.split()):.200}"
    return form.errors.broken(
        f"{form.noun} {str(path)!r} cannot be read ({reason}): {form.before}{form.anew.format(folder=str(path.parent))}"
    )
