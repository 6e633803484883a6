"""Collections of vectors on a Chroma server: copies of the vectors of a store, which can be lost and made again.

For other programs that open it, a collection has the text and the metadata of each chunk as well.

Each collection gets a name that was never used before, so that a new one replaces another in one step.
With ``rag.storage.local.vector_snapshot`` the only file that imports chromadb. Its errors become ``IndexAway`` where
the server cannot be reached or does not answer in time, and ``CollectionBroken`` where the collection itself is at
fault.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

import httpx
import numpy as np
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from rag.errors import IndexAway, IndexFault
from rag.storage.chunk_entries import KEYS
from rag.storage.hnsw import HNSW
from rag.storage.location import TOKEN, ServerAddress
from rag.storage.server.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection

    from rag.storage.chunk_entries import ChunkEntry
    from rag.storage.store import Vectors


_Result = TypeVar("_Result")


# In a collection's metadata: the index that it is a copy of, and the states of that index that it may be a copy of.
_TAG, _STATE, _BEFORE = "pincite", "state", "before"
# And of its chunks: what embedded them, and whether their texts are there.
_EMBEDDER, _TEXTS = "embedder", "texts"
_BATCH = 1000  # vectors sent at a time; Chroma takes up to 5,461
_PAGE = 5000  # vectors read at a time


# HTTP statuses of a server or a proxy that is overloaded or restarting: the request is worth another attempt.
_BUSY = frozenset((408, 425, 429, 502, 503, 504))


class CollectionBroken(IndexFault):
    """A collection is gone or cannot be queried. Its vectors are in the store, so another can be made."""


class Server:
    """A Chroma server, for any thread. No request is sent before one is needed."""

    def __init__(self, address: ServerAddress, *, tag: str, limits: Limits = DEFAULT_LIMITS) -> None:
        self._address = address
        self._tag = tag
        self._timeout = httpx.Timeout(
            connect=limits.chroma_connect_s,
            read=limits.chroma_read_s,
            write=limits.chroma_write_s,
            pool=limits.chroma_pool_s,
        )
        self._retrying = Retrying(
            retry=retry_if_exception_type(IndexAway),
            stop=stop_after_delay(limits.chroma_retry_s),
            wait=wait_random_exponential(multiplier=0.1, max=2.0),
            reraise=True,
        )
        self._open_client: Client | None = None
        self._collections: dict[str, Collection] = {}
        self._lock = Lock()

    @property
    def name(self) -> str:
        """The server as messages name it."""
        return str(self._address)

    def close(self) -> None:
        """Close the connections. A second call does nothing."""
        with self._lock:
            if self._open_client is not None:
                with suppress(KeyError):
                    self._open_client.close()
                # ``close`` leaves the HTTP connections open.
                self._open_client._server._session.close()  # type: ignore[attr-defined]
            self._open_client = None
            self._collections.clear()

    def create(self) -> str:
        """Make an empty collection; returns its name."""
        name = f"{self._address.name}-{secrets.token_hex(8)}"
        self._request(
            lambda: self._client().get_or_create_collection(  # no other has this name: it may be tried again
                name,
                embedding_function=None,
                configuration={"hnsw": cast("CreateHNSWConfiguration", dict(HNSW))},
                metadata={_TAG: self._tag},
            )
        )
        return name

    def add(
        self,
        name: str,
        *,
        ids: Sequence[int],
        vectors: "Vectors",
        entries: "Sequence[ChunkEntry]",
        texts: bool,
    ) -> None:
        """Add ``vectors`` (len(ids), dimensions) with their entries; those of ids that are there are overwritten.

        Without ``texts`` the metadata of the entries alone is sent.
        """
        for first in range(0, len(ids), _BATCH):
            part = slice(first, first + _BATCH)
            columns: dict[str, Any] = {
                "ids": [str(chunk_id) for chunk_id in ids[part]],
                "embeddings": vectors[part],
                "metadatas": [dict(entry.metadata) for entry in entries[part]],
            }
            if texts:
                columns["documents"] = [entry.text for entry in entries[part]]
            self._request(lambda columns=columns: self._collection(name).upsert(**columns))  # type: ignore[misc]

    def describe(self, name: str, entries: "Mapping[int, ChunkEntry]") -> None:
        """Replace the metadata of these chunks, as far as they are there; their texts never change."""
        ids = list(entries)
        for first in range(0, len(ids), _BATCH):
            part = ids[first : first + _BATCH]
            keys = [str(chunk_id) for chunk_id in part]
            # Chroma keeps what it is not told to take away, such as the date of an article that has none now.
            metadatas: Any = [dict.fromkeys(KEYS) | dict(entries[chunk_id].metadata) for chunk_id in part]
            self._request(
                lambda keys=keys, metadatas=metadatas: self._collection(name).update(  # type: ignore[misc]
                    ids=keys, metadatas=metadatas
                )
            )

    def remove(self, name: str, *, ids: Sequence[int]) -> None:
        """Remove the vectors of these ids, as far as there are any."""
        for first in range(0, len(ids), _BATCH):
            keys = [str(chunk_id) for chunk_id in ids[first : first + _BATCH]]
            self._request(lambda keys=keys: self._collection(name).delete(ids=keys))  # type: ignore[misc]

    def nearest(self, name: str, vector: "Vectors", *, limit: int, patient: bool = True) -> tuple[int, ...]:
        """The ids of the ``limit`` nearest to ``vector`` by cosine, nearest first, as Chroma's HNSW graph finds them.

        Unless ``patient``, a request that fails is not retried; likewise below.
        """
        query: list[Sequence[float] | Sequence[int]] = [vector.tolist()]
        answer = self._request(
            lambda: self._collection(name).query(query_embeddings=query, n_results=limit, include=[]),
            patient=patient,
        )
        return tuple(int(key) for key in answer["ids"][0])

    def count(self, name: str, *, patient: bool = True) -> int:
        """How many vectors the collection has."""
        return self._request(lambda: self._collection(name).count(), patient=patient)

    def mark(self, name: str, *, state: str, before: str, embedder: str, texts: bool) -> None:
        """Store in the collection which state of the index it is a copy of, and of which it was until now.

        For other programs also what embedded its chunks, and whether it has their texts.
        """
        metadata = {_TAG: self._tag, _STATE: state, _BEFORE: before, _EMBEDDER: embedder, _TEXTS: texts}
        self._request(lambda: self._collection(name).modify(metadata=metadata))

    def states(self, name: str, *, patient: bool = True) -> tuple[str, str]:
        """The two states that ``mark`` was given last."""
        metadata = self._request(
            lambda: self._client().get_collection(name, embedding_function=None).metadata or {},
            patient=patient,
        )
        return str(metadata.get(_STATE, "")), str(metadata.get(_BEFORE, ""))

    def vectors(self, name: str) -> Iterator[tuple[tuple[int, ...], "Vectors"]]:
        """All vectors of the collection, a page at a time: ids and vectors ``(len(ids), dimensions)``."""
        for first in range(0, self.count(name), _PAGE):
            page = self._request(
                lambda first=first: self._collection(name).get(  # type: ignore[misc]
                    include=["embeddings"], limit=_PAGE, offset=first
                )
            )
            rows = [] if page["embeddings"] is None else page["embeddings"]
            yield tuple(int(key) for key in page["ids"]), np.asarray(rows, np.float32)

    def reach(self) -> None:
        """Send a cheap request; raises where the server, or the tenant or database on it, is not there."""
        self._request(lambda: self._client().count_collections())

    def sweep(self, *, keep: Iterable[str]) -> None:
        """Delete the collections of this index in this database except those in ``keep``."""
        pattern = re.compile(re.escape(self._address.name) + "-[0-9a-f]{16}")
        kept = frozenset(keep)
        for collection in self._request(lambda: self._client().list_collections()):
            name = collection.name
            is_ours = pattern.fullmatch(name) and (collection.metadata or {}).get(_TAG) == self._tag
            if is_ours and name not in kept:
                with suppress(CollectionBroken):
                    self._request(lambda name=name: self._client().delete_collection(name))  # type: ignore[misc]

    # Requests

    def _request(self, send: Callable[[], _Result], *, patient: bool = True) -> _Result:
        """The result of ``send``, which may be called several times: every request here may be repeated."""

        def attempt() -> _Result:
            with self._translating():
                return send()

        return self._retrying.copy()(attempt) if patient else attempt()

    def _collection(self, name: str) -> "Collection":
        collection = self._collections.get(name)
        if collection is None:
            collection = self._client().get_collection(name, embedding_function=None)
            self._collections[name] = collection
        return collection

    def _client(self) -> "Client":
        with self._lock:
            if self._open_client is None:
                self._open_client = _make_client(self._address, self._timeout)
            return self._open_client

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except IndexFault:
            raise
        except Exception as error:
            # A server whose data was made anew has collections of the same names with other ids.
            self._collections.clear()
            raise translate_error(error, server=self.name) from error


def translate_error(error: Exception, *, server: str) -> IndexFault:
    """The ``IndexFault`` for an error of chromadb or httpx; ``server`` is its name in messages."""
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    causes = [*_causes(error)]
    status = _http_status(error, causes)
    away = any(isinstance(cause, httpx.TransportError) for cause in causes) or "Could not connect" in reason
    if status in (401, 403):
        return IndexFault(f"the Chroma server {server} lets nobody in: put its token in {TOKEN}")
    if type(error).__name__ == "QuotaError":
        return IndexFault(f"the Chroma server {server} gives no more room ({reason}): ask for a larger quota")
    # With status 500 Chroma reports a fault of the collection; from a proxy it means that Chroma is away.
    if away or status in _BUSY or (status == 500 and not _is_from_chroma(error)):
        return IndexAway(
            f"the Chroma server {server} cannot be reached ({reason}): start it, or give another --index"
        )
    return CollectionBroken(
        f"the vectors on {server} cannot be used ({reason}): run `pincite doctor --index {server}`"
    )


def _is_from_chroma(error: Exception) -> bool:
    """Whether Chroma itself reported the error, not a proxy before it."""
    return type(error).__module__.startswith("chromadb.")


def _http_status(error: Exception, causes: Iterable[BaseException]) -> int | None:
    """The HTTP status of an error; ``None`` where it did not come from a response."""
    if _is_from_chroma(error) and (code := getattr(error, "code", None)) is not None:
        return int(code())
    return next(
        (cause.response.status_code for cause in causes if isinstance(cause, httpx.HTTPStatusError)), None
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _make_client(address: ServerAddress, timeout: httpx.Timeout) -> "Client":
    from chromadb.api.client import Client
    from chromadb.config import Settings

    class TimedClient(Client):
        """Chroma's client with time limits, and with no request when it is made."""

        def get_user_identity(self) -> Any:  # noqa: ANN401
            """Set the timeout, then ask as the base class does: this is the client's first request."""
            self._server._session.timeout = timeout  # type: ignore[attr-defined]
            return super().get_user_identity()

        def _validate_tenant_database(self, tenant: str, database: str) -> None:
            """Nothing: the first request for a collection fails where one of the two does not exist."""

    headers = (
        {"X-Chroma-Token": address.token, "Authorization": f"Bearer {address.token}"} if address.token else {}
    )
    settings = Settings(
        anonymized_telemetry=False,
        chroma_api_impl="chromadb.api.fastapi.FastAPI",
        chroma_server_host=address.host,
        chroma_server_http_port=address.port,
        chroma_server_ssl_enabled=address.tls,
        chroma_server_headers=headers,
    )
    return TimedClient(tenant=address.tenant, database=address.chroma_database, settings=settings)
