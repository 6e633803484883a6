"""One SQLite file with transactions, copies of the whole, and SQLite's errors translated into the caller's.

What the tables mean is the business of whoever gives the ``FileFormat``; opening is ``rag.system.sqlite_open``.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from rag.errors import PinciteError
from rag.system.files import flush
from rag.system.sqlite_format import NO_ACCESS, NO_ROOM, FileFormat, error_code, translated
from rag.system.sqlite_open import connect, refuse_foreign, refuse_other_format, refuse_unsound


class SqliteFile:
    """One connection; its methods may be called from any thread.

    Raises the error types of the format: ``broken`` where the file is damaged, no database or of a format that cannot
    be read, ``busy`` where another program holds it for longer than 30 seconds, ``fault`` where it cannot be written,
    and where another Pincite has migrated it while it was open here.
    """

    def __init__(self, path: Path, *, form: FileFormat) -> None:
        self.path = path
        self._form = form
        self._lock = threading.RLock()
        try:
            self._connection = connect(path, form)
        except sqlite3.Error as error:
            raise translated(error, path, form) from error

    def close(self) -> None:
        """Close the connection. A second call does nothing."""
        with self._lock:
            self._connection.close()

    def run(self, sql: str, *values: str | int | bytes | None) -> list[Any]:
        """Run a statement and return all its rows."""
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise translated(error, self.path, self._form) from error

    def run_all(self, sql: str, rows: Sequence[tuple[str | int | bytes | None, ...]]) -> None:
        """Run a statement once for each row of values."""
        with self._lock:
            try:
                self._connection.executemany(sql, rows)
            except sqlite3.Error as error:
                raise translated(error, self.path, self._form) from error

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A read transaction: what other connections write meanwhile is not seen inside. May be nested."""
        with self._lock:
            if self._in_transaction():
                yield
                return
            self.run("BEGIN")
            try:
                self._refuse_migrated()
                yield
            finally:
                self._roll_back()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A write transaction: committed at the end, rolled back where an exception passes."""
        with self._lock:
            self.run("BEGIN IMMEDIATE")
            try:
                self._refuse_migrated()
                yield
                self.run("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    def save(self, to: Path) -> None:
        """Write a snapshot of the whole database into a new file ``to`` that needs no other beside it.

        It has a connection of its own, so that reading and writing go on in all others. The file is on the disk when
        this returns. Raises ``broken`` where what was written fails the integrity check.
        """
        try:
            source = connect(self.path, self._form)
        except sqlite3.Error as error:
            raise translated(error, self.path, self._form) from error
        with closing(source), _errors_of_copy(to, source=self.path, form=self._form):
            with closing(sqlite3.connect(to)) as target:
                source.backup(target)
                # The mark of a write-ahead log came along; without it there is one file, on any medium.
                target.execute("PRAGMA journal_mode = DELETE")
                refuse_unsound(target, to, self._form)
            flush(to)

    def replace_with(self, saved: Path) -> None:
        """Replace the whole content by that of ``saved`` in one transaction: readers see the old or the new."""
        with self._lock:
            try:
                with closing(sqlite3.connect(saved)) as source:
                    source.backup(self._connection)
            except sqlite3.Error as error:
                raise translated(error, self.path, self._form) from error

    def _in_transaction(self) -> bool:
        try:
            return self._connection.in_transaction
        except sqlite3.Error as error:  # it is closed
            raise translated(error, self.path, self._form) from error

    def _refuse_migrated(self) -> None:
        """Statements of one format must not run on the tables of another, even where they could."""
        if (version := self.run("PRAGMA user_version")[0][0]) != self._form.version:
            raise self._form.errors.fault(
                f"{self._form.noun} {str(self.path)!r} has come to be in format {version!r} instead of "
                f"{self._form.version!r} while it was open: open it again with the newest Pincite"
            )

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self.run("ROLLBACK")


def unpack(saved: Path, *, to: Path, form: FileFormat) -> None:
    """Copy a file that ``SqliteFile.save`` wrote into a new file ``to``, after an integrity check of all of it.

    ``saved`` is only read. Raises ``broken`` of the format's error types where it is damaged, no file of this kind or
    of a newer format, ``fault`` where it cannot be read.
    """
    refuse_foreign(saved, form)
    uri = f"{saved.absolute().as_uri()}?mode=ro&immutable=1"  # it may lie where no lock can be made
    with (
        _errors_of_copy(to, source=saved, form=form),
        closing(sqlite3.connect(uri, uri=True)) as source,
        closing(sqlite3.connect(to)) as target,
    ):
        refuse_other_format(source, saved, form)
        refuse_unsound(source, saved, form)
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def _errors_of_copy(to: Path, *, source: Path, form: FileFormat) -> Iterator[None]:
    """Translate errors while a copy is written: lack of room or of access is that of the copy's folder."""
    try:
        yield
    except OSError as error:
        raise _unwritable(to, str(error.strerror), "make room there", form) from error
    except sqlite3.Error as error:
        code = error_code(error)
        if code in (*NO_ROOM, *NO_ACCESS):
            fix = "make room there" if code in NO_ROOM else "give a file in a folder that you may write"
            raise _unwritable(to, str(error), fix, form) from error
        raise translated(error, source, form) from error


def _unwritable(to: Path, reason: str, fix: str, form: FileFormat) -> PinciteError:
    return form.errors.fault(f"a copy cannot be written into {str(to.parent)!r} ({reason}): {fix}")
