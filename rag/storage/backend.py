"""A protocol for what an index is kept in, a folder or servers; and opening one by its location."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from rag.errors import IndexFault
from rag.storage.bm25 import Bm25
from rag.storage.exact_search import VectorHit
from rag.storage.local.backend import FILE, LocalBackend
from rag.storage.local.sqlite_store import SqliteStore
from rag.storage.location import ServerAddress
from rag.storage.records import ChromaCollection
from rag.storage.store import Store, Vectors


class Backend(Protocol):
    """A store, and the copies of its vectors and keywords that make searches fast: snapshots or a collection.

    Its methods may be called from any thread.
    """

    @property
    def name(self) -> str:
        """The value of ``--index`` that names it."""

    @property
    def store(self) -> Store:
        """Articles, chunks, vectors and keywords; everything else can be made again from it."""

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
        """The right to write, which one process has at a time; not reentrant.

        Raises ``IndexBusy``, naming who holds it, where it is not free within ``wait_s`` seconds, and ``IndexFault``
        where this process may not write.
        """

    def needs_refresh(self) -> bool:
        """Whether the copies are broken, or so far behind the store that ``refresh`` would pay for searches."""

    def refresh(self, *, exactly: bool = False) -> None:
        """Rebuild or update the copies that are broken or too far behind; not for the holder of the lock.

        That includes what the Chroma collection says of its chunks, for others; with ``exactly``, one that differs at
        all. Raises ``IndexBusy`` where another process is doing so, and ``IndexFault`` where it cannot be done.
        """

    def collection(self) -> ChromaCollection | None:
        """The Chroma collection in use; ``None`` where there is none."""

    def invalidate(self) -> None:
        """Stop using the copies: the next ``refresh`` rebuilds them. Inside ``store.writing()``."""

    def problems(self) -> tuple[str, ...]:
        """A sentence for each difference between the copies and the store, which is itself sound; empty for none."""

    def close(self) -> None:
        """Close files and connections. A second call does nothing."""


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
    """Open the backend at a location. An empty index is made where there is none, and an old format migrated.

    Raises ``IndexFault`` where that cannot be done, ``IndexBusy`` where another process is doing it for longer than
    ``wait_s`` seconds.
    """
    if isinstance(where, Path):
        LocalBackend.ready(where, wait_s=wait_s)
        return LocalBackend(where)
    from rag.storage.server.backend import ServerBackend

    return ServerBackend(where)


def open_store(where: Path | ServerAddress) -> Store:
    """Open the store alone, of an index that exists."""
    if isinstance(where, Path):
        return SqliteStore(where / FILE)
    from rag.storage.server.backend import open_server_store

    return open_server_store(where)
