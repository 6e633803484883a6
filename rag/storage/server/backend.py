"""An index on servers that many machines share: a store in PostgreSQL, and its vectors on a Chroma server."""

from contextlib import AbstractContextManager

from rag.errors import IndexFault
from rag.storage.bm25 import Bm25
from rag.storage.exact_search import VectorHit
from rag.storage.location import ServerAddress
from rag.storage.server.chroma import Server
from rag.storage.server.postgres import Postgres
from rag.storage.server.postgres_store import OWN, SharedStore
from rag.storage.server.vector_search import ServerVectorSearch
from rag.storage.store import Vectors


def open_server_store(address: ServerAddress) -> SharedStore:
    """The store alone, which is made where there is none."""
    return SharedStore(Postgres(address.database, schema=address.name))


class ServerBackend:
    """A ``rag.storage.backend.Backend``. Any number of processes on any number of machines may have it open."""

    def __init__(self, address: ServerAddress) -> None:
        self._address = address
        self.store = open_server_store(address)
        try:
            self._server = Server(address, tag=self.store.meta(OWN) or "")
        except BaseException:
            self.store.close()
            raise
        self._vectors = ServerVectorSearch(self.store, self._server)

    @staticmethod
    def exists(address: ServerAddress) -> bool:
        """Whether there is an index by this name."""
        base = Postgres(address.database, schema=address.name)
        try:
            return base.exists()
        finally:
            base.close()

    @property
    def name(self) -> str:
        """The address, which holds nothing secret."""
        return str(self._address)

    @property
    def degraded_reason(self) -> IndexFault | None:
        """Why the collection was passed over; ``None`` where the server is away, which nothing here can mend."""
        return self._vectors.fault

    def vector_search(
        self, vector: Vectors, *, limit: int, among: frozenset[int] | None = None
    ) -> tuple[VectorHit, ...]:
        """As ``ServerVectorSearch.top``."""
        return self._vectors.top(vector, limit=limit, among=among)

    def keyword_search(
        self, wanted: Bm25, *, limit: int, among: frozenset[int] | None = None
    ) -> dict[int, float]:
        """The ``limit`` chunks that ``wanted`` scores best, best first, with scores above 0."""
        if not wanted.weights:
            return {}
        best = self.store.keyword_search(wanted, limit=limit, among=among)
        bodies = self.store.bodies(best)
        return {one: wanted.score(bodies[one][2]) for one in best}

    def lock(self, wait_s: float) -> AbstractContextManager[None]:
        """As ``Postgres.lock``."""
        return self.store.lock(wait_s=wait_s)

    def needs_refresh(self) -> bool:
        """As ``ServerVectorSearch.needs_refresh``."""
        return self._vectors.needs_refresh()

    def refresh(self) -> None:
        """As ``ServerVectorSearch.settle``, while nobody writes."""
        if self._vectors.needs_refresh():
            with self.lock(0):
                self._vectors.refresh()

    def invalidate(self) -> None:
        """Use the collection no more."""
        self._vectors.invalidate()

    def problems(self) -> tuple[str, ...]:
        """Where the collection disagrees with the store."""
        return tuple(self._vectors.problems())

    def close(self) -> None:
        """Let go of the connections. A second call does nothing."""
        self._server.close()
        self.store.close()
