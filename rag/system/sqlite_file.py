"""One SQLite file: opening it, transactions, and its errors as ours.

The only file that imports sqlite3. What lies in the tables is the business of ``rag.storage.store``.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.errors import IndexBroken, IndexBusy, IndexFault

Run = Callable[..., list[Any]]  # a statement and the values bound to it; gives all rows


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """A kind of file: its mark, the number of its format, and the statements that make an empty one.

    ``migrations[n]`` brings a file of format n to n + 1: whoever opens an older file runs those it needs, each in
    a transaction of its own, so that a reader sees the file before or after and a kill leaves it so. A migration
    is handed what runs one statement; foreign keys are not looked at meanwhile.

    ``what`` names it in messages; ``elsewhere`` and ``anew`` say how to give another and how to begin again.
    """

    application: int
    version: int
    statements: Sequence[str]  # make an empty file of this version, not of the first
    each_time: Sequence[str]  # run on every connection
    migrations: Mapping[int, Callable[[Run], None]] = field(default_factory=dict)
    what: str = "the index"
    elsewhere: str = "give another folder with --index"
    anew: str = "delete the folder {folder!r} and add the articles again"
    before: str = ""  # what may be tried before that where a file is damaged, "or" at its end


class SqliteFile:
    """One connection; its methods may be called from any thread.

    Raises ``IndexBroken`` where the file is damaged, no database or of a format that cannot be read, ``IndexBusy``
    where another program holds it for longer than 30 seconds, ``IndexFault`` where it cannot be written, and where
    another Pincite has brought it to another format while it was open here.
    """

    def __init__(self, path: Path, *, form: FileFormat) -> None:
        self.path = path
        self._form = form
        self._lock = threading.RLock()
        try:
            self._connection = _opened(path, form)
        except sqlite3.Error as error:
            raise _translated(error, path, form) from error

    def close(self) -> None:
        """Let go of the file. A second call does nothing."""
        with self._lock:
            self._connection.close()

    def run(self, sql: str, *values: str | int | bytes | None) -> list[Any]:
        """All rows of a statement."""
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise _translated(error, self.path, self._form) from error

    def run_all(self, sql: str, rows: Sequence[tuple[str | int | bytes | None, ...]]) -> None:
        """A statement once for each row of values."""
        with self._lock:
            try:
                self._connection.executemany(sql, rows)
            except sqlite3.Error as error:
                raise _translated(error, self.path, self._form) from error

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view: what other connections write meanwhile is not seen inside. May be nested."""
        with self._lock:
            if self._within():
                yield
                return
            self.run("BEGIN")
            try:
                self._refuse_migrated()
                yield
            finally:
                self._undo()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One change: all of it is kept, or none where an exception passes."""
        with self._lock:
            self.run("BEGIN IMMEDIATE")
            try:
                self._refuse_migrated()
                yield
                self.run("COMMIT")
            except BaseException:
                self._undo()
                raise

    def save(self, to: Path) -> None:
        """Write all of it, as it is at one moment, into a new file ``to`` that needs no other beside it.

        By a connection of its own, so that reading and writing go on in all others. The file is on the disk
        when this returns. Raises ``IndexBroken`` where what was written is not whole.
        """
        try:
            source = _opened(self.path, self._form)
        except sqlite3.Error as error:
            raise _translated(error, self.path, self._form) from error
        with closing(source), _onto(to, copied=self.path, form=self._form):
            with closing(sqlite3.connect(to)) as target:
                source.backup(target)
                # The mark of a write-ahead log came along; without it there is one file, on any medium.
                target.execute("PRAGMA journal_mode = DELETE")
                _refuse_unsound(target, to, self._form)
            with to.open("rb") as file:
                os.fsync(file.fileno())

    def take(self, saved: Path) -> None:
        """Put all of ``saved`` in place of what is here, in one transaction: readers see the old or the new."""
        with self._lock:
            try:
                with closing(sqlite3.connect(saved)) as source:
                    source.backup(self._connection)
            except sqlite3.Error as error:
                raise _translated(error, self.path, self._form) from error

    def _within(self) -> bool:
        try:
            return self._connection.in_transaction
        except sqlite3.Error as error:  # it is closed
            raise _translated(error, self.path, self._form) from error

    def _refuse_migrated(self) -> None:
        """Statements of one format must not run on the tables of another, even where they could."""
        if (found := self.run("PRAGMA user_version")[0][0]) != self._form.version:
            raise IndexFault(
                f"{self._form.what} {str(self.path)!r} has come to be in format {found!r} instead of "
                f"{self._form.version!r} while it was open: open it again with the newest Pincite"
            )

    def _undo(self) -> None:
        if self._connection.in_transaction:
            self.run("ROLLBACK")


def unpack(saved: Path, *, to: Path, form: FileFormat) -> None:
    """Copy a file that ``save`` wrote into a new file ``to``, once all of it is found to be sound.

    ``saved`` is only read. Raises ``IndexBroken`` where it is damaged, no file of this kind or of a newer
    format, ``IndexFault`` where it cannot be read.
    """
    _refuse_foreign(saved, form)
    uri = f"{saved.absolute().as_uri()}?mode=ro&immutable=1"  # it may lie where no lock can be made
    with (
        _onto(to, copied=saved, form=form),
        closing(sqlite3.connect(uri, uri=True)) as source,
        closing(sqlite3.connect(to)) as target,
    ):
        _refuse_other(source, saved, form)
        _refuse_unsound(source, saved, form)
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")


def marked(path: Path, *, form: FileFormat) -> bool:
    """Whether the file at ``path`` says of itself that it is of this kind; it may still be damaged."""
    with path.open("rb") as file:
        header = file.read(100)
    return header.startswith(_MAGIC) and int.from_bytes(header[68:72]) == form.application


def outdated(path: Path, *, form: FileFormat) -> bool:
    """Whether the file at ``path`` is of an older format and may be written, so that opening it changes it."""
    if not path.is_file() or not os.access(path, os.R_OK | os.W_OK):
        return False
    with path.open("rb") as file:
        header = file.read(100)
    return header.startswith(_MAGIC) and int.from_bytes(header[60:64]) < form.version


_MAGIC = b"SQLite format 3\0"


_NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_TOOBIG)


_NOT_OURS = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN)


def _opened(path: Path, form: FileFormat) -> sqlite3.Connection:
    """A connection to the database at ``path``, which is made where there is none."""
    _refuse_truncated(path, form)
    uri = path.absolute().as_uri()
    try:
        return _prepared(uri, path, form)
    except sqlite3.OperationalError as error:
        log = path.with_name(path.name + "-wal")
        if error.sqlite_errorcode & 0xFF not in _NOT_OURS or not path.exists() or log.exists():
            raise
        # SQLite makes a log beside the file even to read it. Where we may not and there is none, nobody writes.
        return _prepared(f"{uri}?immutable=1", path, form)


def _prepared(uri: str, path: Path, form: FileFormat) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        if not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            _create(connection, form)
        _refuse_other(connection, path, form)
        _migrate(connection, path, form)
        for statement in form.each_time:
            connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _onto(to: Path, *, copied: Path, form: FileFormat) -> Iterator[None]:
    """While a copy is written: where there is no room for it, it is its own folder that lacks room."""
    try:
        yield
    except OSError as error:
        raise _unwritable(to, str(error.strerror), "make room there") from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (*_NO_ROOM, *_NOT_OURS):
            fix = "make room there" if code in _NO_ROOM else "give a file in a folder that you may write"
            raise _unwritable(to, str(error), fix) from error
        raise _translated(error, copied, form) from error


def _unwritable(to: Path, reason: str, fix: str) -> IndexFault:
    return IndexFault(f"a copy cannot be written into {str(to.parent)!r} ({reason}): {fix}")


def _migrate(connection: sqlite3.Connection, path: Path, form: FileFormat) -> None:
    def run(sql: str, *values: str | int | bytes | None) -> list[Any]:
        return connection.execute(sql, values).fetchall()

    while (version := _version(connection)) < form.version:
        try:
            connection.execute("BEGIN IMMEDIATE")
            # Another process may have done it while this one waited.
            if _version(connection) == version:
                form.migrations[version](run)
                connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _NOT_OURS:
                raise
            raise IndexFault(
                f"{form.what} {str(path)!r} is in format {version!r} and cannot be brought to {version + 1!r} "
                f"({error}): open it once where it can be written"
            ) from error


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _refuse_other(connection: sqlite3.Connection, path: Path, form: FileFormat) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = _version(connection)
    if application != form.application:
        raise IndexBroken(f"{str(path)!r} is not {form.what} of Pincite: {form.elsewhere}")
    if version > form.version:
        raise IndexBroken(
            f"{form.what} {str(path)!r} is in format {version!r} and this Pincite reads up to "
            f"{form.version!r}: upgrade Pincite"
        )
    if not form.migrations.keys() >= set(range(version, form.version)):
        raise IndexBroken(
            f"{form.what} {str(path)!r} is in format {version!r}, which this Pincite no longer reads: "
            f"{form.anew.format(folder=str(path.parent))}"
        )


def _refuse_unsound(connection: sqlite3.Connection, path: Path, form: FileFormat) -> None:
    fault = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if fault != "ok":
        raise _broken(path, form, " ".join(fault.split()))


def _refuse_foreign(path: Path, form: FileFormat) -> None:
    """Refuse what SQLite would take for an empty database, or would read without its log."""
    try:
        ours = marked(path, form=form)
    except OSError as error:
        raise IndexFault(
            f"{form.what} {str(path)!r} cannot be read ({error.strerror}): {form.elsewhere}"
        ) from error
    if not ours:
        raise IndexBroken(f"{str(path)!r} is not {form.what} of Pincite: {form.elsewhere}")
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise IndexFault(
            f"{form.what} {str(path)!r} has a log beside it and is in use: make a copy with `pincite backup`"
        )
    _refuse_truncated(path, form)


def _create(connection: sqlite3.Connection, form: FileFormat) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    # Another process may have made the tables while this one waited.
    if not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        for statement in form.statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {form.application}")
        connection.execute(f"PRAGMA user_version = {form.version}")
    connection.execute("COMMIT")


def _refuse_truncated(path: Path, form: FileFormat) -> None:
    """Find a file that lost its end now, not when a page of it is first missed."""
    log = path.with_name(path.name + "-wal")
    if log.exists() or not path.is_file():
        return  # with a log beside it, the file may rightly be shorter than it says
    try:
        with path.open("rb") as file:
            header = file.read(100)
        size = path.stat().st_size
    except OSError as error:
        raise IndexFault(
            f"{form.what} {str(path)!r} cannot be read ({error.strerror}): check who may read it"
        ) from error
    page = int.from_bytes(header[16:18]) or 1
    needed = int.from_bytes(header[28:32]) * (65536 if page == 1 else page)
    if header.startswith(_MAGIC) and size < needed and not log.exists():
        raise _broken(path, form, f"it has {size} bytes of {needed}")


def _broken(path: Path, form: FileFormat, reason: str) -> IndexBroken:
    reason = f"{' '.join(reason.split()):.200}"  # it may quote what a damaged row holds
    return IndexBroken(
        f"{form.what} {str(path)!r} cannot be read ({reason}): {form.before}{form.anew.format(folder=str(path.parent))}"
    )


def _translated(error: sqlite3.Error, path: Path, form: FileFormat) -> IndexFault:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    named = f"{form.what} {str(path)!r}"
    if isinstance(error, sqlite3.ProgrammingError):
        return IndexFault(f"{named} is closed: open it again")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return IndexBusy(f"{named} is held by another program: try again when it has ended")
    if code in _NOT_OURS:
        return IndexFault(f"{named} cannot be written ({error}): make it writable, or {form.elsewhere}")
    if code in _NO_ROOM:
        return IndexFault(f"{named} could not be used ({error}): make room and try again")
    return _broken(path, form, str(error))
