"""Where an index lies: what ``rag.index`` needs of a folder on this machine or of servers that many share."""

from contextlib import AbstractContextManager
from typing import Protocol

from rag.bm25 import Bm25
from rag.errors import IndexFault
from rag.nearest import Near
from rag.store import Store, Vectors


class Place(Protocol):
    """A store, and whatever follows it so that searches are fast. Its methods may be called from any thread."""

    @property
    def name(self) -> str:
        """What is given with ``--index`` to get there."""

    @property
    def store(self) -> Store:
        """The truth of the index."""

    @property
    def fault(self) -> IndexFault | None:
        """Why searches are slower than they might be, where ``settle`` would mend it."""

    def near(self, vector: Vectors, *, limit: int, among: frozenset[int] | None = None) -> tuple[Near, ...]:
        """The ``limit`` chunks nearest to ``vector``, nearest first; ties by article, place. In ``store.reading()``.

        ``among`` are the ids of the chunks that count; ``None`` stands for all.
        """

    def said(self, wanted: Bm25, *, limit: int, among: frozenset[int] | None = None) -> dict[int, float]:
        """The ``limit`` chunks that ``wanted`` scores best, best first, with scores above 0. In ``store.reading()``."""

    def lock(self, wait_s: float) -> AbstractContextManager[None]:
        """The right to write, for one at a time over all processes; not reentrant.

        Raises ``IndexBusy``, naming who holds it, where it is not free within ``wait_s`` seconds, and ``IndexFault``
        where this process may not write.
        """

    def lagging(self) -> bool:
        """Whether what follows the store is broken or so far behind that ``settle`` would pay."""

    def settle(self) -> None:
        """Bring what follows the store in step with it, where that pays; not for the holder of the lock.

        Raises ``IndexBusy`` where another process is at it, and ``IndexFault`` where it cannot be done.
        """

    def forget(self) -> None:
        """Let what follows the store be made anew by the next ``settle``. Inside ``store.writing()``."""

    def faults(self) -> tuple[str, ...]:
        """A sentence for whatever disagrees with the store, which is itself sound; empty where all is well."""

    def close(self) -> None:
        """Let go of it. A second call does nothing."""
