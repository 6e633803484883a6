"""Where an index lies: what ``rag.index.index`` needs of a folder on this machine or of servers that many share."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from rag.errors import IndexFault
from rag.storage.bm25 import Bm25
from rag.storage.exact_search import VectorHit
from rag.storage.local.backend import FILE, LocalBackend
from rag.storage.local.sqlite_store import SqliteStore
from rag.storage.location import ServerAddress
from rag.storage.store import Store, Vectors


class Backend(Protocol):
    """A store, and whatever follows it so that searches are fast. Its methods may be called from any thread."""

    @property
    def name(self) -> str:
        """What is given with ``--index`` to get there."""

    @property
    def store(self) -> Store:
        """The truth of the index."""

    @property
    def degraded_reason(self) -> IndexFault | None:
        """Why searches are slower than they might be, where ``refresh`` would mend it."""

    def vector_search(
        self, vector: Vectors, *, limit: int, among: frozenset[int] | None = None
    ) -> tuple[VectorHit, ...]:
        """The ``limit`` chunks nearest to ``vector``, nearest first; ties by article, place. In ``store.reading()``.

        ``among`` are the ids of the chunks that count; ``None`` stands for all.
        """

    def keyword_search(
        self, wanted: Bm25, *, limit: int, among: frozenset[int] | None = None
    ) -> dict[int, float]:
        """The ``limit`` chunks that ``wanted`` scores best, best first, with scores above 0. In ``store.reading()``."""

    def lock(self, wait_s: float) -> AbstractContextManager[None]:
        """The right to write, for one at a time over all processes; not reentrant.

        Raises ``IndexBusy``, naming who holds it, where it is not free within ``wait_s`` seconds, and ``IndexFault``
        where this process may not write.
        """

    def needs_refresh(self) -> bool:
        """Whether what follows the store is broken or so far behind that ``refresh`` would pay."""

    def refresh(self) -> None:
        """Bring what follows the store in step with it, where that pays; not for the holder of the lock.

        Raises ``IndexBusy`` where another process is at it, and ``IndexFault`` where it cannot be done.
        """

    def invalidate(self) -> None:
        """Let what follows the store be made anew by the next ``refresh``. Inside ``store.writing()``."""

    def problems(self) -> tuple[str, ...]:
        """A sentence for whatever disagrees with the store, which is itself sound; empty where all is well."""

    def close(self) -> None:
        """Let go of it. A second call does nothing."""


def exists(where: Path | ServerAddress) -> bool:
    """Whether there is an index. Raises ``IndexFault`` where a server cannot be asked."""
    if isinstance(where, Path):
        return LocalBackend.exists(where)
    from rag.storage.server.backend import ServerBackend

    return ServerBackend.exists(where)


def refuse_missing(where: Path | ServerAddress) -> None:
    """Raise ``IndexFault``, which says how to make one, where there is no index."""
    if not exists(where):
        raise IndexFault(f"no index in {str(where)!r}: make one with `pincite add --index {where} PATH`")


def open_backend(where: Path | ServerAddress, *, wait_s: float) -> Backend:
    """The place, ready to be used: made where it is missing, and brought to today's format.

    Raises ``IndexFault`` where that cannot be, ``IndexBusy`` where another process is at it for longer than
    ``wait_s`` seconds.
    """
    if isinstance(where, Path):
        LocalBackend.ready(where, wait_s=wait_s)
        return LocalBackend(where)
    from rag.storage.server.backend import ServerBackend

    return ServerBackend(where)


def open_store(where: Path | ServerAddress) -> Store:
    """The store alone, of an index that exists."""
    if isinstance(where, Path):
        return SqliteStore(where / FILE)
    from rag.storage.server.backend import open_server_store

    return open_server_store(where)
