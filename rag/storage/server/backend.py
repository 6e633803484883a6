"""An index on servers that many machines share: a store in PostgreSQL, and its vectors on a Chroma server."""

from contextlib import AbstractContextManager

from rag.errors import IndexFault
from rag.storage.bm25 import Bm25
from rag.storage.exact_search import VectorHit
from rag.storage.location import ServerAddress
from rag.storage.records import ChromaCollection
from rag.storage.server.chroma import Server
from rag.storage.server.limits import DEFAULT_LIMITS, Limits
from rag.storage.server.postgres import Postgres
from rag.storage.server.postgres_schema import COLLECTION_TAG, exists
from rag.storage.server.postgres_store import SharedStore
from rag.storage.server.vector_search import ServerVectorSearch
from rag.storage.server.vector_sync import VectorSync
from rag.storage.store import Vectors


def open_server_store(address: ServerAddress, *, limits: Limits = DEFAULT_LIMITS) -> SharedStore:
    """Open the store alone, and make its tables where there are none."""
    return SharedStore(Postgres(address.database, schema=address.name, limits=limits), limits=limits)


class ServerBackend:
    """A ``rag.storage.backend.Backend``. Any number of processes on any number of machines may have it open."""

    def __init__(self, address: ServerAddress, *, limits: Limits = DEFAULT_LIMITS) -> None:
        self._address = address
        self.store = open_server_store(address, limits=limits)
        try:
            self.server = Server(address, tag=self.store.meta.get(COLLECTION_TAG), limits=limits)
        except BaseException:
            self.store.close()
            raise
        self.sync = VectorSync(self.store, self.server, limits=limits)
        self._search = ServerVectorSearch(self.store, self.server, self.sync, limits=limits)

    @staticmethod
    def exists(address: ServerAddress) -> bool:
        """Whether there is an index at this address."""
        postgres = Postgres(address.database, schema=address.name)
        try:
            return exists(postgres)
        finally:
            postgres.close()

    @property
    def name(self) -> str:
        """The address, which has no secret in it."""
        return str(self._address)

    @property
    def degraded_reason(self) -> IndexFault | None:
        """Why the collection is not used; ``None`` where the server is away, which ``refresh`` cannot mend."""
        return self.sync.fault

    def vector_search(
        self, vector: Vectors, *, limit: int, among: frozenset[int] | None = None
    ) -> tuple[VectorHit, ...]:
        """As ``ServerVectorSearch.top``."""
        return self._search.best(vector, limit=limit, among=among)

    def keyword_search(
        self, wanted: Bm25, *, limit: int, among: frozenset[int] | None = None
    ) -> dict[int, float]:
        """The ``limit`` chunks that ``wanted`` scores best, best first, with scores above 0."""
        if not wanted.weights:
            return {}
        ids = self.store.keyword_search(wanted, limit=limit, among=among)
        bodies = self.store.bodies(ids)
        return {chunk_id: wanted.score(bodies[chunk_id][2]) for chunk_id in ids}

    def lock(self, wait_s: float) -> AbstractContextManager[None]:
        """As ``Postgres.lock``."""
        return self.store.lock(wait_s=wait_s)

    def needs_refresh(self) -> bool:
        """As ``VectorSync.needs_refresh``."""
        return self.sync.needs_refresh()

    def refresh(self, *, exactly: bool = False) -> None:
        """As ``VectorSync.refresh``, unless another process is writing: then it raises ``IndexBusy``.

        ``exactly`` changes nothing: the collection is always told all, but for chunks that were just removed.
        """
        if self.sync.needs_refresh() or self.sync.is_behind():
            with self.lock(0):
                self.sync.refresh()

    def collection(self) -> ChromaCollection | None:
        """The collection in use; ``None`` where there is none. Raises ``IndexAway`` where Chroma cannot be reached."""
        self.server.reach()
        with self.store.reading():
            name, _ = self.sync.collection()
            recipe = self.store.recipe
            if not name or recipe is None:
                return None
            return ChromaCollection(
                name=name,
                host=self._address.host,
                port=self._address.port,
                tls=self._address.tls,
                tenant=self._address.tenant,
                database=self._address.chroma_database,
                embedder=recipe.embedder,
                dimensions=recipe.dimensions,
                chunks=self.store.count(),
                outdated=self.sync.count_outdated(),
                texts=self.store.collection_texts,
            )

    def invalidate(self) -> None:
        """As ``VectorSync.invalidate``."""
        self.sync.invalidate()

    def problems(self) -> tuple[str, ...]:
        """The differences between the collection and the store."""
        return tuple(self.sync.problems())

    def close(self) -> None:
        """Close the connections. A second call does nothing."""
        self.server.close()
        self.store.close()
