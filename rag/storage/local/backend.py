"""An index in a folder on this machine: a store in SQLite, and snapshots of its vectors and keywords."""

from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from rag.errors import IndexFault, remedy
from rag.storage.bm25 import Bm25
from rag.storage.exact_search import VectorHit
from rag.storage.local.integrity import find_snapshot_problems
from rag.storage.local.keyword_search import KeywordSearch
from rag.storage.local.limits import DEFAULT_LIMITS, Limits
from rag.storage.local.lock import snapshot_lock, write_lock
from rag.storage.local.renewal import (
    KEYWORD_FOLDER,
    VECTOR_FOLDER,
    collection_lags,
    count_outdated,
    keywords_lag,
    manifest_in_use,
    rebuild_keywords,
    rebuild_vectors,
    vectors_lag,
)
from rag.storage.local.snapshots import SnapshotBroken
from rag.storage.local.sqlite_schema import FORMAT, needs_migration
from rag.storage.local.sqlite_store import SqliteStore
from rag.storage.local.vector_search import VectorSearch
from rag.storage.local.vector_snapshot import COLLECTION
from rag.storage.records import ChromaCollection
from rag.storage.store import Vectors
from rag.system.sqlite_format import FileFormat

FILE = "index.sqlite3"


class LocalBackend:
    """A ``rag.storage.backend.Backend``. Several processes may have it open."""

    def __init__(self, folder: Path, *, limits: Limits = DEFAULT_LIMITS, form: FileFormat = FORMAT) -> None:
        self.store = SqliteStore(folder / FILE, form=form, limits=limits)
        self._folder = folder
        self._limits = limits
        self.vectors = VectorSearch(self.store, folder / VECTOR_FOLDER, limits=limits)
        self.keywords = KeywordSearch(self.store, folder / KEYWORD_FOLDER, limits=limits)

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether there is an index in this folder."""
        return (folder / FILE).is_file()

    @classmethod
    def ready(cls, folder: Path, *, wait_s: float, form: FileFormat = FORMAT) -> None:
        """Create an empty index where there is none; migrate one of an older format, embedding nothing.

        Raises ``IndexFault`` where that cannot be done, ``IndexBusy`` where another process writes for longer than
        ``wait_s`` seconds.
        """
        if not cls.exists(folder):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                fix = remedy(error, otherwise="give another with --index")
                reason = f"cannot be made ({error.strerror}): {fix}"
                raise IndexFault(f"the index folder {str(folder)!r} {reason}") from error
        if not cls.exists(folder) or needs_migration(folder / FILE, form=form):
            with write_lock(folder, wait_s=wait_s):
                SqliteStore(folder / FILE, form=form).close()

    @property
    def name(self) -> str:
        """The folder."""
        return str(self._folder)

    @property
    def degraded_reason(self) -> IndexFault | None:
        """Why a snapshot was passed over; ``None`` where none was."""
        return self.vectors.fault or self.keywords.fault

    def vector_search(
        self, vector: Vectors, *, limit: int, among: frozenset[int] | None = None
    ) -> tuple[VectorHit, ...]:
        """As ``VectorSearch.top``."""
        return self.vectors.best(vector, limit=limit, among=among)

    def keyword_search(
        self, wanted: Bm25, *, limit: int, among: frozenset[int] | None = None
    ) -> dict[int, float]:
        """As ``KeywordSearch.top``."""
        return self.keywords.best(wanted, limit=limit, among=among)

    def lock(self, wait_s: float) -> AbstractContextManager[None]:
        """As ``write_lock``."""
        return write_lock(self._folder, wait_s=wait_s)

    def needs_refresh(self) -> bool:
        """Whether a snapshot is broken, missing, or too far behind the store for searches."""
        return any(self._lagging())

    def refresh(self, *, exactly: bool = False) -> None:
        """Rebuild the snapshots that are too far behind the store, while others may write.

        With ``exactly``, that of the vectors too where its collection differs at all. Raises ``SnapshotBroken`` where
        one cannot be built, ``IndexBusy`` where another process builds them.
        """
        if self.needs_refresh() or self._collection_lags(exactly=exactly):
            with snapshot_lock(self._folder, wait_s=0):
                for _ in range(self._limits.refresh_rounds):
                    self._rebuild_lagging(exactly=exactly)

    def collection(self) -> ChromaCollection | None:
        """The collection of the vector snapshot in use; ``None`` where there is no snapshot that can be used."""
        with self.store.reading():
            recipe, name = self.store.recipe, self.store.vector_snapshot
            manifest = manifest_in_use(self.store, folder=self._folder)
            if manifest is None or recipe is None or self.vectors.is_broken(name):
                return None
            return ChromaCollection(
                name=COLLECTION,
                folder=str((self._folder / VECTOR_FOLDER / name).resolve()),
                embedder=recipe.embedder,
                dimensions=recipe.dimensions,
                chunks=self.store.count(),
                outdated=count_outdated(self.store, manifest),
                texts=bool(manifest.texts),
            )

    def invalidate(self) -> None:
        """Name no snapshots in the store; inside ``store.writing()``. The next ``refresh`` rebuilds them."""
        self.store.set_vector_snapshot("")
        self.store.set_keyword_snapshot("")

    def problems(self) -> tuple[str, ...]:
        """A sentence for each disagreement between the snapshots and the store; inside ``store.reading()``."""
        return tuple(find_snapshot_problems(self.store, folder=self._folder))

    def close(self) -> None:
        """Close the files. A second call does nothing."""
        self.vectors.close()
        self.keywords.close()
        self.store.close()

    def _collection_lags(self, *, exactly: bool) -> bool:
        limits = replace(self._limits, vector_lag=0.0) if exactly else self._limits
        return collection_lags(self.store, folder=self._folder, limits=limits)

    def _rebuild_lagging(self, *, exactly: bool) -> None:
        """Rebuild each snapshot that lags, whether or not the other can be built."""
        vectors, keywords = self._lagging()
        failed: SnapshotBroken | None = None
        if keywords:
            try:
                rebuild_keywords(self.store, folder=self._folder, limits=self._limits)
            except SnapshotBroken as error:
                failed = error
        if vectors or self._collection_lags(exactly=exactly):
            rebuild_vectors(self.store, folder=self._folder)
        if failed is not None:
            raise failed

    def _lagging(self) -> tuple[bool, bool]:
        """Whether the vector snapshot lags, and whether the keyword snapshot does."""
        return (
            vectors_lag(
                self.store, folder=self._folder, is_broken=self.vectors.is_broken, limits=self._limits
            ),
            keywords_lag(
                self.store, folder=self._folder, is_broken=self.keywords.is_broken, limits=self._limits
            ),
        )
