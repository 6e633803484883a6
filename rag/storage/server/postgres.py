"""One schema of a PostgreSQL database: connections, transactions, and the lock of its writer.

With ``rag.storage.server.postgres_url`` the only file that imports SQLAlchemy, which brings the connection pool and
the driver, pg8000. The tables are made in ``rag.storage.server.postgres_schema``. A connection pooler between Pincite
and the server must work by session, not by transaction: the writer's lock lasts as long as its session.
"""

import hashlib
import logging
import os
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from rag.errors import IndexAway, IndexBusy, IndexFault
from rag.storage.server.limits import DEFAULT_LIMITS, Limits
from rag.storage.server.postgres_url import missing_packages, parse_url, schema_name, translate_error

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


_Result = TypeVar("_Result")


# The keep-alive settings free the locks of a reader whose machine is gone without a word within about a minute.
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


@dataclass(slots=True)
class _Transaction:
    """A transaction of one thread; it begins, and takes a connection, with its first statement."""

    connection: "Connection | None" = None


class _ThreadState(threading.local):
    """The transaction that one thread is in. Without slots, which all threads would share."""

    transaction: _Transaction | None = None


class Postgres:
    """One schema; its methods may be called from any thread.

    Raises ``IndexAway`` where the server cannot be reached within ``limits.postgres_retry_s``, which the next call
    tries again, ``IndexBroken`` where the database is damaged, ``IndexFault`` for all else. A connection that is lost
    within a transaction ends that transaction: nothing of it is kept.
    """

    def __init__(self, url: str, *, schema: str, limits: Limits = DEFAULT_LIMITS) -> None:
        self.schema = schema
        self.name = schema_name(url, schema=schema)  # as messages name it
        self._url = url
        self._limits = limits
        self._retrying = Retrying(
            retry=retry_if_exception_type(IndexAway),
            stop=stop_after_delay(limits.postgres_retry_s),
            wait=wait_random_exponential(multiplier=0.1, max=2.0),
            reraise=True,
        )
        self._readers = self._engine(limits.postgres_read_s, size=8)
        self._writers = self._engine(limits.postgres_write_s, size=1)
        self._thread = _ThreadState()
        self._lock_connection: Connection | None = None  # the one that has the lock, whichever thread writes
        self._closed = False

    def close(self) -> None:
        """Close the connections. A second call does nothing."""
        self._closed = True
        self._readers.dispose()
        self._writers.dispose()

    # Statements and transactions

    def run(self, sql: str, **values: object) -> list[Any]:
        """All rows of a statement. Outside a transaction it is one of its own."""
        transaction = self._thread.transaction
        if transaction is None:
            with self.reading():
                return self.run(sql, **values)
        if transaction.connection is not None:
            return self._execute(transaction.connection, sql, values)
        return self._retry(lambda: self._begin_reading(transaction, sql, values))

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view: what others write meanwhile is not seen inside. May be nested."""
        if self._thread.transaction is not None:
            yield
            return
        transaction = self._thread.transaction = _Transaction()
        try:
            yield
        finally:
            self._thread.transaction = None
            if transaction.connection is not None:
                self._roll_back(transaction.connection)
                transaction.connection.close()

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Outside the transaction that this thread is in: what is read here is as it is now."""
        transaction, self._thread.transaction = self._thread.transaction, None
        try:
            yield
        finally:
            self._thread.transaction = transaction

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of it is kept, or none where an exception passes.

        Within ``lock`` it uses the very connection that has the lock: were that connection lost, and the lock with
        it, nothing could be written any more.
        """
        if self._lock_connection is not None:
            with self._write_transaction(self._lock_connection):
                yield
        else:
            with self._writer_connection() as connection, self._write_transaction(connection):
                yield

    @contextmanager
    def lock(self, *, wait_s: float) -> Iterator[None]:
        """Hold the right to write; it is not reentrant. The server takes it back when the connection ends.

        Raises ``IndexBusy``, naming who holds it, where it is not free within ``wait_s`` seconds.
        """
        with self._writer_connection() as connection:
            self._acquire_lock(connection, wait_s)
            try:
                with self._write_transaction(connection):
                    self.run("DELETE FROM writer")
                    self.run(
                        "INSERT INTO writer VALUES (:host, :pid, now())",
                        host=socket.gethostname(),
                        pid=os.getpid(),
                    )
                self._lock_connection = connection
                yield
            finally:
                self._lock_connection = None
                with suppress(IndexFault):
                    self._execute(connection, "DELETE FROM writer", {})
                    self._execute(
                        connection, "SELECT pg_advisory_unlock(:key)", {"key": self.lock_key("write")}
                    )
                connection.invalidate()  # whatever became of it, this ends the session and with it the lock

    def lock_key(self, purpose: str) -> int:
        """The 64-bit key of an advisory lock of this schema."""
        digest = hashlib.sha256(f"pincite\0{purpose}\0{self.schema}".encode()).digest()
        return int.from_bytes(digest[:8], signed=True)

    def _acquire_lock(self, connection: "Connection", wait_s: float) -> None:
        deadline = time.monotonic() + wait_s
        key = {"key": self.lock_key("write")}
        while not self._execute(connection, "SELECT pg_try_advisory_lock(:key)", key)[0][0]:
            if time.monotonic() >= deadline:
                raise IndexBusy(
                    f"the index {self.name} is being written by {self._lock_holder()}, which did not end within "
                    f"{wait_s:g} s: try again when it has"
                )
            time.sleep(random.uniform(0.05, 0.25))  # noqa: S311

    def _lock_holder(self) -> str:
        """The process that holds the lock, in words; it may just have begun or ended."""
        rows = self.run("SELECT host, pid, to_char(since, 'YYYY-MM-DD HH24:MI:SS TZ') FROM writer")
        return "process {1} on {0!r} since {2}".format(*rows[0]) if rows else "another process"

    # Connections

    def _engine(self, statement_s: float, *, size: int) -> "Engine":
        """A pool of connections whose statements may take ``statement_s`` seconds each."""
        try:
            import sqlalchemy
            import sqlalchemy.event
        except ImportError as error:
            raise missing_packages() from error
        url, arguments = parse_url(self._url)
        try:
            engine = sqlalchemy.create_engine(
                url,
                connect_args={**arguments, "timeout": self._limits.postgres_connect_s},
                isolation_level="AUTOCOMMIT",  # transactions are begun and ended here, in SQL
                pool_size=size,
                max_overflow=8,
                pool_timeout=self._limits.postgres_read_s,
                pool_recycle=600,
                pool_pre_ping=True,
                pool_logging_name=_LOGGER,
            )
        except ImportError as error:
            raise missing_packages() from error
        # The pool would log connections that broke; whoever asked gets an error that says so.
        logging.getLogger(f"sqlalchemy.pool.impl.QueuePool.{_LOGGER}").setLevel(logging.CRITICAL)
        statements = [
            line.format(schema=f'"{self.schema}"', milliseconds=int(statement_s * 1000)) for line in _SESSION
        ]

        @sqlalchemy.event.listens_for(engine, "connect")
        def _(raw: Any, _: object) -> None:  # noqa: ANN401
            cursor = raw.cursor()
            for statement in statements:
                cursor.execute(statement)
            cursor.close()
            raw.commit()
            # A server that is gone without a word is noticed, however long the operating system would wait.
            raw._usock.settimeout(statement_s + self._limits.postgres_connect_s)

        return engine

    @contextmanager
    def _writer_connection(self) -> Iterator["Connection"]:
        connection = self._retry(lambda: self._connect(self._writers))
        try:
            yield connection
        finally:
            connection.close()

    def _connect(self, engine: "Engine") -> "Connection":
        if self._closed:
            raise IndexFault(f"the index {self.name} is closed: open it again")
        try:
            return engine.connect()
        except Exception as error:
            raise translate_error(error, name=self.name) from error

    def _begin_reading(self, transaction: _Transaction, sql: str, values: Mapping[str, object]) -> list[Any]:
        """Begin a read transaction with its first statement. May be retried, as nothing was read before."""
        connection = self._connect(self._readers)
        try:
            self._execute(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", {})
            rows = self._execute(connection, sql, values)
        except BaseException:
            self._roll_back(connection)
            connection.close()
            raise
        transaction.connection = connection
        return rows

    @contextmanager
    def _write_transaction(self, connection: "Connection") -> Iterator[None]:
        if self._thread.transaction is not None:
            raise RuntimeError("a change begins within another transaction")
        self._execute(connection, "BEGIN", {})
        self._thread.transaction = _Transaction(connection)
        try:
            yield
            self._execute(connection, "COMMIT", {})
        except BaseException:
            self._roll_back(connection)
            raise
        finally:
            self._thread.transaction = None

    def _execute(self, connection: "Connection", sql: str, values: Mapping[str, object]) -> list[Any]:
        from sqlalchemy import text

        try:
            result = connection.execute(text(sql), dict(values))
            return [tuple(row) for row in result] if result.returns_rows else []
        except Exception as error:
            raise translate_error(error, name=self.name) from error

    def _roll_back(self, connection: "Connection") -> None:
        """End a transaction; where that fails the connection is thrown away, and the server ends it."""
        try:
            connection.exec_driver_sql("ROLLBACK")
        except Exception:  # noqa: BLE001  # the error that came before this one is the one to report
            connection.invalidate()

    def _retry(self, attempt: "Callable[[], _Result]") -> "_Result":
        return self._retrying.copy()(attempt)
