"""An index in a folder on this machine: a store in SQLite, and snapshots of its vectors and keywords."""

from contextlib import AbstractContextManager
from pathlib import Path

from rag.errors import IndexFault, remedy
from rag.storage.bm25 import Bm25
from rag.storage.exact_search import VectorHit
from rag.storage.local import renewal as upkeep
from rag.storage.local.integrity import snapshot_faults
from rag.storage.local.keyword_search import KeywordSearch
from rag.storage.local.lock import snapshot_lock, write_lock
from rag.storage.local.snapshots import SnapshotBroken
from rag.storage.local.sqlite_store import SqliteStore, needs_migration
from rag.storage.local.vector_search import VectorSearch
from rag.storage.store import Vectors

FILE = "index.sqlite3"


_TURNS = 3  # times that snapshots are made on end, where so much is written meanwhile that they lag again


class LocalBackend:
    """A ``rag.storage.backend.Backend``. Several processes may have it open."""

    def __init__(self, folder: Path) -> None:
        self.store = SqliteStore(folder / FILE)
        self._folder = folder
        self._nearest = VectorSearch(self.store, folder / upkeep.VECTORS)
        self._said = KeywordSearch(self.store, folder / upkeep.POSTINGS)

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether there is an index in this folder."""
        return (folder / FILE).is_file()

    @classmethod
    def ready(cls, folder: Path, *, wait_s: float) -> None:
        """Make an empty index where there is none; bring one of an older Pincite to today's format, embedding nothing.

        Raises ``IndexFault`` where that cannot be.
        """
        if not cls.exists(folder):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                fix = remedy(error, otherwise="give another with --index")
                reason = f"cannot be made ({error.strerror}): {fix}"
                raise IndexFault(f"the index folder {str(folder)!r} {reason}") from error
        if not cls.exists(folder) or needs_migration(folder / FILE):
            with write_lock(folder, wait_s=wait_s):
                SqliteStore(folder / FILE).close()

    @property
    def name(self) -> str:
        """The folder."""
        return str(self._folder)

    @property
    def degraded_reason(self) -> IndexFault | None:
        """Why a snapshot was passed over."""
        return self._nearest.fault or self._said.fault

    def vector_search(
        self, vector: Vectors, *, limit: int, among: frozenset[int] | None = None
    ) -> tuple[VectorHit, ...]:
        """As ``VectorSearch.top``."""
        return self._nearest.top(vector, limit=limit, among=among)

    def keyword_search(
        self, wanted: Bm25, *, limit: int, among: frozenset[int] | None = None
    ) -> dict[int, float]:
        """As ``KeywordSearch.top``."""
        return self._said.top(wanted, limit=limit, among=among)

    def lock(self, wait_s: float) -> AbstractContextManager[None]:
        """As ``write_lock``."""
        return write_lock(self._folder, wait_s=wait_s)

    def needs_refresh(self) -> bool:
        """Whether a snapshot is broken, missing, or far behind."""
        return any(self._lagging())

    def refresh(self) -> None:
        """Make anew the snapshots that lag, while others may write. Raises ``SnapshotBroken``."""
        if self.needs_refresh():
            with snapshot_lock(self._folder, wait_s=0):
                for _ in range(_TURNS):
                    self._renew()

    def _renew(self) -> None:
        """Each that lags, whether or not the other can be made."""
        vectors, postings = self._lagging()
        failed: SnapshotBroken | None = None
        if postings:
            try:
                upkeep.renew_postings(self.store, folder=self._folder)
            except SnapshotBroken as error:
                failed = error
        if vectors:
            upkeep.renew_vectors(self.store, folder=self._folder)
        if failed is not None:
            raise failed

    def invalidate(self) -> None:
        """Use the snapshots no more."""
        self.store.set_snapshot("")
        self.store.set_postings("")

    def problems(self) -> tuple[str, ...]:
        """Where the snapshots disagree with the store."""
        return tuple(snapshot_faults(self.store, folder=self._folder))

    def close(self) -> None:
        """Let go of the files. A second call does nothing."""
        self._nearest.close()
        self._said.close()
        self.store.close()

    def _lagging(self) -> tuple[bool, bool]:
        return (
            upkeep.vectors_lag(self.store, folder=self._folder, broken=self._nearest.broken),
            upkeep.postings_lag(self.store, folder=self._folder, broken=self._said.broken),
        )
