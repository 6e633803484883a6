"""One schema of a PostgreSQL database: connections, transactions, the lock of its writer, and its errors as ours.

The only file that imports SQLAlchemy, which brings the pool and the driver, pg8000. What lies in the tables is the
business of ``rag.storage.server.postgres_store``. Connections must last as long as they are held: a pooler
between may work by session, not by transaction, or the writer's lock would be lost.
"""

import getpass
import hashlib
import logging
import os
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from rag.errors import IndexAway, IndexBroken, IndexBusy, IndexFault, SettingsError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL


SETTING = "PINCITE_DATABASE"


T = TypeVar("T")


_CONNECT_S = 5.0  # to be let in


_READ_S = 30.0  # a statement of a reader


_WRITE_S = 600.0  # a statement of the writer, which may put a long article in place of another


_WITHIN_S = 10.0  # how long a server that is away is tried again


_AGAIN = Retrying(
    retry=retry_if_exception_type(IndexAway),
    stop=stop_after_delay(_WITHIN_S),
    wait=wait_random_exponential(multiplier=0.1, max=2.0),
    reraise=True,
)


# A reader that is gone without a word, with its machine, gives its locks back within about a minute.
_SESSION = (
    "SET search_path TO {schema}",
    "SET client_encoding TO 'UTF8'",
    "SET statement_timeout TO {milliseconds}",
    "SET idle_in_transaction_session_timeout TO '120s'",
    "SET work_mem TO '32MB'",  # the keywords of the chunks that a search scores; beyond it they go to disk
    "SET tcp_keepalives_idle TO 20",
    "SET tcp_keepalives_interval TO 10",
    "SET tcp_keepalives_count TO 3",
    "SET client_connection_check_interval TO '5s'",
)


_LOGGER = "pincite"


_HOLDER = "CREATE TABLE writer (host text NOT NULL, pid integer NOT NULL, since timestamptz NOT NULL)"


_META = "CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL)"


@dataclass(slots=True)
class _View:
    """A transaction of one thread; it begins with its first statement."""

    connection: "Connection | None" = None


class _Own(threading.local):
    """The transaction that one thread is in. Without slots, which all threads would share."""

    view: _View | None = None


class Postgres:
    """One schema; its methods may be called from any thread.

    Raises ``IndexAway`` where the server cannot be reached within ten seconds, which the next call tries again,
    ``IndexBroken`` where the schema is none of Pincite's or a newer one's, ``IndexFault`` for all else. A connection
    that is lost within a transaction ends that transaction: nothing of it is kept.
    """

    def __init__(self, url: str, *, schema: str) -> None:
        self.schema = schema
        self._address = _parsed(url)
        self.name = named(url, schema=schema)
        self._readers = self._engine(_READ_S, size=8)
        self._writers = self._engine(_WRITE_S, size=1)
        self._own = _Own()
        self._holding: Connection | None = None  # the connection that has the lock, whichever thread writes
        self._closed = False

    def close(self) -> None:
        """Let go of the connections. A second call does nothing."""
        self._closed = True
        self._readers.dispose()
        self._writers.dispose()

    # Making the schema

    def exists(self, *, table: str = "meta") -> bool:
        """Whether the schema has been made."""
        return bool(self.run("SELECT to_regclass(:name) IS NOT NULL", name=f'"{self.schema}".{table}')[0][0])

    def make(self, statements: Sequence[str], *, version: int) -> None:
        """Make the schema by these statements where there is none; another process may be at it too."""
        (encoding,) = self.run("SHOW server_encoding")[0]
        if encoding != "UTF8":
            raise IndexFault(
                f"the database of {self.name} is in {encoding!r}: make it anew with `createdb -E UTF8 -T template0`"
            )
        if self.exists():
            return
        with self._connected(self._writers) as connection:
            self._do(connection, "BEGIN", {})
            try:
                self._do(connection, "SELECT pg_advisory_xact_lock(:key)", {"key": self._key("make")})
                if not self._do(connection, "SELECT to_regclass(:name)", {"name": f'"{self.schema}".meta'})[
                    0
                ][0]:
                    for statement in (
                        f'CREATE SCHEMA IF NOT EXISTS "{self.schema}"',
                        _META,
                        _HOLDER,
                        *statements,
                    ):
                        self._do(connection, statement, {})
                    self._do(
                        connection, "INSERT INTO meta VALUES ('format', :version)", {"version": str(version)}
                    )
                self._do(connection, "COMMIT", {})
            except BaseException:
                self._undo(connection)
                raise

    def refuse_other(self, *, version: int) -> None:
        """Raise ``IndexBroken`` where the schema is not one of Pincite's, or in a newer format than ``version``."""
        columns = "SELECT count(*) FROM information_schema.columns WHERE table_schema = :schema"
        own = f"{columns} AND table_name = 'meta' AND column_name IN ('key', 'value')"
        rows = self.run(own, schema=self.schema)[0][0] == 2 and self.run(
            "SELECT value FROM meta WHERE key = 'format'"
        )
        if not rows:
            raise IndexBroken(f"{self.name} is not an index of Pincite: name another with --index")
        self.refuse_newer(version=version)

    def refuse_newer(self, *, version: int) -> None:
        """Raise ``IndexBroken`` where the schema is in a newer format than ``version``."""
        found = int(self.run("SELECT value FROM meta WHERE key = 'format'")[0][0])
        if found > version:
            raise IndexBroken(
                f"the index {self.name} is in format {found!r} and this Pincite reads up to {version!r}: "
                "upgrade Pincite"
            )

    # Statements and transactions

    def run(self, sql: str, **values: object) -> list[Any]:
        """All rows of a statement; by itself it is one transaction."""
        view = self._own.view
        if view is None:
            with self.reading():
                return self.run(sql, **values)
        if view.connection is not None:
            return self._do(view.connection, sql, values)
        return self._again(lambda: self._first(view, sql, values))

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view: what others write meanwhile is not seen inside. May be nested."""
        if self._own.view is not None:
            yield
            return
        view = self._own.view = _View()
        try:
            yield
        finally:
            self._own.view = None
            if view.connection is not None:
                self._undo(view.connection)
                view.connection.close()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Outside the transaction that this thread is in: what is read here is as it is now."""
        view, self._own.view = self._own.view, None
        try:
            yield
        finally:
            self._own.view = view

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One change: all of it is kept, or none where an exception passes.

        Within ``lock`` it is made by the very connection that holds the lock: were that lost, and the lock with it,
        nothing could be written any more.
        """
        if self._holding is not None:
            with self._changing(self._holding):
                yield
        else:
            with self._connected(self._writers) as connection, self._changing(connection):
                yield

    @contextmanager
    def lock(self, *, wait_s: float) -> Iterator[None]:
        """Hold the right to write; it is not reentrant. The server takes it back when the connection ends.

        Raises ``IndexBusy``, naming who holds it, where it is not free within ``wait_s`` seconds.
        """
        with self._connected(self._writers) as connection:
            self._acquire(connection, wait_s)
            try:
                with self._changing(connection):
                    self.run("DELETE FROM writer")
                    self.run(
                        "INSERT INTO writer VALUES (:host, :pid, now())",
                        host=socket.gethostname(),
                        pid=os.getpid(),
                    )
                self._holding = connection
                yield
            finally:
                self._holding = None
                with suppress(IndexFault):
                    self._do(connection, "DELETE FROM writer", {})
                    self._do(connection, "SELECT pg_advisory_unlock(:key)", {"key": self._key("write")})
                connection.invalidate()  # whatever became of it, this ends the session and with it the lock

    def _acquire(self, connection: "Connection", wait_s: float) -> None:
        until = time.monotonic() + wait_s
        key = {"key": self._key("write")}
        while not self._do(connection, "SELECT pg_try_advisory_lock(:key)", key)[0][0]:
            if time.monotonic() >= until:
                raise IndexBusy(
                    f"the index {self.name} is being written by {self._holder()}, which did not end within "
                    f"{wait_s:g} s: try again when it has"
                )
            time.sleep(random.uniform(0.05, 0.25))  # noqa: S311

    def _holder(self) -> str:
        """Who holds the lock, in words; it may just have begun or ended."""
        rows = self.run("SELECT host, pid, to_char(since, 'YYYY-MM-DD HH24:MI:SS TZ') FROM writer")
        return "process {1} on {0!r} since {2}".format(*rows[0]) if rows else "another process"

    def _key(self, what: str) -> int:
        digest = hashlib.sha256(f"pincite\0{what}\0{self.schema}".encode()).digest()
        return int.from_bytes(digest[:8], signed=True)

    # One connection

    def _engine(self, statement_s: float, *, size: int) -> "Engine":
        try:
            import sqlalchemy
            import sqlalchemy.event
        except ImportError as error:
            raise _lacking() from error
        url, arguments = self._address
        try:
            engine = sqlalchemy.create_engine(
                url,
                connect_args={**arguments, "timeout": _CONNECT_S},
                isolation_level="AUTOCOMMIT",  # transactions are begun and ended here, in SQL
                pool_size=size,
                max_overflow=8,
                pool_timeout=_READ_S,
                pool_recycle=600,
                pool_pre_ping=True,
                pool_logging_name=_LOGGER,
            )
        except ImportError as error:
            raise _lacking() from error
        # What the pool tells of connections that broke, the one who asks is told.
        logging.getLogger(f"sqlalchemy.pool.impl.QueuePool.{_LOGGER}").setLevel(logging.CRITICAL)
        begin = [
            line.format(schema=f'"{self.schema}"', milliseconds=int(statement_s * 1000)) for line in _SESSION
        ]

        @sqlalchemy.event.listens_for(engine, "connect")
        def _(raw: Any, _: object) -> None:  # noqa: ANN401
            cursor = raw.cursor()
            for line in begin:
                cursor.execute(line)
            cursor.close()
            raw.commit()
            # A peer that is gone without a word is noticed, however long it would take the system.
            raw._usock.settimeout(statement_s + _CONNECT_S)

        return engine

    def _first(self, view: _View, sql: str, values: Mapping[str, object]) -> list[Any]:
        connection = self._connection(self._readers)
        try:
            self._do(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", {})
            rows = self._do(connection, sql, values)
        except BaseException:
            self._undo(connection)
            connection.close()
            raise
        view.connection = connection
        return rows

    @contextmanager
    def _changing(self, connection: "Connection") -> Iterator[None]:
        if self._own.view is not None:
            raise RuntimeError("a change begins within another transaction")
        self._do(connection, "BEGIN", {})
        self._own.view = _View(connection)
        try:
            yield
            self._do(connection, "COMMIT", {})
        except BaseException:
            self._undo(connection)
            raise
        finally:
            self._own.view = None

    @contextmanager
    def _connected(self, engine: "Engine") -> Iterator["Connection"]:
        connection = self._again(lambda: self._connection(engine))
        try:
            yield connection
        finally:
            connection.close()

    def _connection(self, engine: "Engine") -> "Connection":
        if self._closed:
            raise IndexFault(f"the index {self.name} is closed: open it again")
        try:
            return engine.connect()
        except Exception as error:
            raise self._translated(error) from error

    def _do(self, connection: "Connection", sql: str, values: Mapping[str, object]) -> list[Any]:
        from sqlalchemy import text

        try:
            result = connection.execute(text(sql), dict(values))
            return [tuple(row) for row in result] if result.returns_rows else []
        except Exception as error:
            raise self._translated(error) from error

    def _undo(self, connection: "Connection") -> None:
        """End a transaction; where that fails the connection is thrown away, and the server ends it."""
        try:
            connection.exec_driver_sql("ROLLBACK")
        except Exception:  # noqa: BLE001  # what went wrong before this is what is told
            connection.invalidate()

    def _again(self, what: "Callable[[], T]") -> "T":
        return _AGAIN.copy()(what)

    def _translated(self, error: Exception) -> Exception:
        from sqlalchemy.exc import SQLAlchemyError
        from sqlalchemy.exc import TimeoutError as NoneFree

        if (
            not isinstance(error, SQLAlchemyError | OSError)
            and type(error).__module__.split(".")[0] != "pg8000"
        ):
            return error
        if isinstance(error, NoneFree):
            return IndexBusy(f"all connections to {self.name} are in use: ask fewer questions at a time")
        told = getattr(error, "orig", None) or error
        about = told.args[0] if told.args else ""
        if not isinstance(about, dict):
            reason = f"{told.__cause__ or told}"
            return IndexAway(
                f"{self.name} cannot be reached ({_line(reason)}): start PostgreSQL, or mend {SETTING}"
            )
        return _told(str(about.get("C", "")), _line(str(about.get("M", ""))), self.name)


def array(values: Iterable[str | int | bytes]) -> str:
    """Values of one type as PostgreSQL writes an array of them, for a place where ``CAST`` says which type.

    pg8000's own way takes the word ``null`` for nothing.
    """
    return "{" + ",".join(_element(value) for value in values) + "}"


def _element(value: str | int | bytes) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _told(code: str, reason: str, name: str) -> IndexFault:
    """The error that PostgreSQL's ``code`` (SQLSTATE) stands for."""
    if code.startswith("08") or code in ("57P01", "57P02", "57P03", "53300"):
        return IndexAway(
            f"{name} cannot be reached ({reason}): start PostgreSQL, or let it take more connections"
        )
    if code.startswith("28"):
        return IndexFault(f"{name} lets nobody in ({reason}): put the user and password right in {SETTING}")
    if code == "3D000":
        return IndexFault(
            f"no database for {name} ({reason}): make it with `createdb -E UTF8`, or mend {SETTING}"
        )
    if code in ("42501", "25006"):
        return IndexFault(f"{name} cannot be written ({reason}): name a user in {SETTING} who may")
    if code.startswith("57014"):
        return IndexFault(f"{name} was too slow ({reason}): see what else keeps the database busy")
    if code.startswith("53"):
        return IndexFault(f"{name} could not be used ({reason}): make room and try again")
    if code in ("42P01", "3F000"):
        return IndexFault(f"no index {name} ({reason}): make one with `pincite add`")
    if code.startswith(("XX", "58")):
        return IndexBroken(f"{name} cannot be read ({reason}): put a backup of the database in its place")
    return IndexFault(f"{name} refused a statement ({reason})")


def named(url: str, *, schema: str) -> str:
    """The database and the schema as messages name them, without user and password."""
    address, _ = _parsed(url)
    host = address.host or "the local socket"
    return repr(
        f"{schema} in PostgreSQL {address.database} at {host}{f':{address.port}' if address.port else ''}"
    )


def _parsed(url: str) -> "tuple[URL, dict[str, object]]":
    """The address as SQLAlchemy takes it, and what pg8000 is told besides. ``SettingsError``, showing no password."""
    try:
        from sqlalchemy.engine import make_url
    except ImportError as error:
        raise _lacking() from error
    wanted = f"give {SETTING} as postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
    try:
        address = make_url(url)
    except Exception as error:
        raise SettingsError(f"{SETTING} is no address: {wanted}") from error
    if "@" in (address.host or ""):  # then a part of the password stands where the host should
        raise SettingsError(f"{SETTING} has an @ in its user or password: write it as %40")
    if address.drivername not in ("postgres", "postgresql") or not address.database:
        raise SettingsError(f"{SETTING} does not name a PostgreSQL database: {wanted}")
    query = {key: value if isinstance(value, str) else value[-1] for key, value in address.query.items()}
    arguments: dict[str, object] = {"application_name": f"pincite {socket.gethostname()} {os.getpid()}"}
    if (folder := query.pop("host", "")).startswith("/"):
        arguments["unix_sock"] = f"{folder}/.s.PGSQL.{address.port or query.pop('port', 5432)}"
    mode, root = query.pop("sslmode", "disable"), query.pop("sslrootcert", None)
    if query or (folder and not folder.startswith("/")):
        raise SettingsError(
            f"{SETTING} has options that are not known, {sorted(query)!r}: give sslmode or a socket"
        )
    if (context := _context(mode, root)) is not None:
        arguments["ssl_context"] = context
    else:
        arguments["ssl_context"] = False
    return (
        address.set(
            drivername="postgresql+pg8000",
            query={},
            username=address.username or getpass.getuser(),
            password=address.password or os.environ.get("PGPASSWORD"),
        ),
        arguments,
    )


def _context(mode: str, root: str | None) -> ssl.SSLContext | None:
    if mode == "disable":
        return None
    if mode not in ("require", "verify-ca", "verify-full"):
        raise SettingsError(f"sslmode={mode!r} in {SETTING}: give disable, require, verify-ca or verify-full")
    try:
        context = ssl.create_default_context(cafile=root)
    except OSError as error:
        raise SettingsError(f"sslrootcert={root!r} in {SETTING} cannot be read ({error.strerror})") from error
    context.check_hostname = mode == "verify-full"
    context.verify_mode = ssl.CERT_NONE if mode == "require" else ssl.CERT_REQUIRED
    return context


def _lacking() -> IndexFault:
    return IndexFault(
        "an index shared through PostgreSQL needs more packages: `pip install '.[shared]'` in Pincite's folder"
    )


def _line(reason: str) -> str:
    return " ".join(reason.split())
