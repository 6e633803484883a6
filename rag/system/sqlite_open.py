"""Open a SQLite file of a given format: create it, migrate it, or refuse it with a message that says what to do.

A file is refused where it is truncated, of another application, of a newer format, or of one that no migration leads
on from.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any

from rag.system.sqlite_format import MAGIC, NO_ACCESS, FileFormat, broken, error_code

_HEADER = 100  # bytes of the header; https://www.sqlite.org/fileformat.html#the_database_header
_BUSY_S = 30  # how long SQLite waits for another program to let go of the file


def connect(path: Path, form: FileFormat) -> sqlite3.Connection:
    """A connection to the file at ``path``, which is created where there is none.

    Raises ``sqlite3.Error``, and the error types of ``form`` where the file is refused.
    """
    refuse_truncated(path, form)
    uri = path.absolute().as_uri()
    try:
        return _prepared_connection(uri, path, form)
    except sqlite3.OperationalError as error:
        if error_code(error) not in NO_ACCESS or not path.exists() or _log(path).exists():
            raise
        # SQLite makes a log beside the file even to read it. Where this process may not and there is none, nobody
        # writes.
        return _prepared_connection(f"{uri}?immutable=1", path, form)


def is_marked(path: Path, *, form: FileFormat) -> bool:
    """Whether the header of the file has the application id of ``form``; the file may still be damaged."""
    header = _read_header(path)
    return header.startswith(MAGIC) and int.from_bytes(header[68:72]) == form.application


def is_outdated(path: Path, *, form: FileFormat) -> bool:
    """Whether the file at ``path`` is of an older format and may be written, so that opening it migrates it."""
    if not path.is_file() or not os.access(path, os.R_OK | os.W_OK):
        return False
    header = _read_header(path)
    return header.startswith(MAGIC) and int.from_bytes(header[60:64]) < form.version


def refuse_foreign(path: Path, form: FileFormat) -> None:
    """Refuse a file that SQLite would take for an empty database, or would read without its log."""
    try:
        marked = is_marked(path, form=form)
    except OSError as error:
        raise form.errors.fault(
            f"{form.noun} {str(path)!r} cannot be read ({error.strerror}): {form.elsewhere}"
        ) from error
    if not marked:
        raise form.errors.broken(f"{str(path)!r} is not {form.noun} of Pincite: {form.elsewhere}")
    log = _log(path)
    if log.exists() and log.stat().st_size:
        raise form.errors.fault(
            f"{form.noun} {str(path)!r} has a log beside it and is in use: make a copy with `pincite backup`"
        )
    refuse_truncated(path, form)


def refuse_truncated(path: Path, form: FileFormat) -> None:
    """Refuse a file that lost its end now, not when a page of it is first missed."""
    log = _log(path)
    if log.exists() or not path.is_file():
        return  # with a log beside it, the file may rightly be shorter than its header says
    try:
        header = _read_header(path)
        size = path.stat().st_size
    except OSError as error:
        raise form.errors.fault(
            f"{form.noun} {str(path)!r} cannot be read ({error.strerror}): check who may read it"
        ) from error
    page = int.from_bytes(header[16:18]) or 1
    needed = int.from_bytes(header[28:32]) * (65536 if page == 1 else page)
    if header.startswith(MAGIC) and size < needed and not log.exists():
        raise broken(path, form, f"it has {size} bytes of {needed}")


def refuse_other_format(connection: sqlite3.Connection, path: Path, form: FileFormat) -> None:
    """Refuse a database of another application, of a newer format, or of one that cannot be migrated."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = _version(connection)
    if application != form.application:
        raise form.errors.broken(f"{str(path)!r} is not {form.noun} of Pincite: {form.elsewhere}")
    if version > form.version:
        raise form.errors.broken(
            f"{form.noun} {str(path)!r} is in format {version!r} and this Pincite reads up to "
            f"{form.version!r}: upgrade Pincite"
        )
    if not form.migrations.keys() >= set(range(version, form.version)):
        raise form.errors.broken(
            f"{form.noun} {str(path)!r} is in format {version!r}, which this Pincite no longer reads: "
            f"{form.anew.format(folder=str(path.parent))}"
        )


def refuse_unsound(connection: sqlite3.Connection, path: Path, form: FileFormat) -> None:
    """Refuse a database in which SQLite's integrity check finds a fault; reads all of it."""
    verdict = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if verdict != "ok":
        raise broken(path, form, verdict)


def _prepared_connection(uri: str, path: Path, form: FileFormat) -> sqlite3.Connection:
    connection = sqlite3.connect(
        uri, uri=True, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
    )
    try:
        if _is_empty(connection):
            _create(connection, form)
        refuse_other_format(connection, path, form)
        _migrate(connection, path, form)
        for statement in form.each_time:
            connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


def _create(connection: sqlite3.Connection, form: FileFormat) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    if _is_empty(connection):  # another process may have made the tables while this one waited
        for statement in form.statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {form.application}")
        connection.execute(f"PRAGMA user_version = {form.version}")
    connection.execute("COMMIT")


def _migrate(connection: sqlite3.Connection, path: Path, form: FileFormat) -> None:
    def run(sql: str, *values: str | int | bytes | None) -> list[Any]:
        return connection.execute(sql, values).fetchall()

    while (version := _version(connection)) < form.version:
        try:
            connection.execute("BEGIN IMMEDIATE")
            if _version(connection) == version:  # another process may have done it while this one waited
                form.migrations[version](run)
                connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if error_code(error) not in NO_ACCESS:
                raise
            raise form.errors.fault(
                f"{form.noun} {str(path)!r} is in format {version!r} and cannot be brought to {version + 1!r} "
                f"({error}): open it once where it can be written"
            ) from error


def _is_empty(connection: sqlite3.Connection) -> bool:
    return not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _read_header(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEADER)


def _log(path: Path) -> Path:
    """The write-ahead log, which is beside the file while it is open or after a kill."""
    return path.with_name(f"{path.name}-wal")
