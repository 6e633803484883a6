"""Collections of vectors on a Chroma server: a copy of what the store has, which can be lost and made again.

A collection gets a name that was never used before, so that one made anew takes the place of another in one step.
With ``rag.storage.local.vector_snapshot`` the only file that imports chromadb: what it raises becomes
``IndexAway`` where the server cannot
be reached or does not answer in time, and ``CollectionBroken`` where the collection itself is at fault.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

import httpx
import numpy as np
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from rag.errors import IndexAway, IndexFault
from rag.storage.hnsw import HNSW
from rag.storage.location import TOKEN, ServerAddress

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection

    from rag.storage.store import Vectors


T = TypeVar("T")


_TAG = "pincite"  # in a collection's metadata: which database it is a copy of


_STATE, _BEFORE = "state", "before"  # likewise: which state of it


_BATCH = 1000  # vectors sent at a time; Chroma takes up to 5,461


_PAGE = 5000  # vectors read at a time


# Chroma's client would wait for ever. A silent peer is given up after this; what is tried again, within _WITHIN_S.
_TIMEOUT = httpx.Timeout(connect=3.0, read=10.0, write=20.0, pool=5.0)


_WITHIN_S = 8.0


_AGAIN = Retrying(
    retry=retry_if_exception_type(IndexAway),
    stop=stop_after_delay(_WITHIN_S),
    wait=wait_random_exponential(multiplier=0.1, max=2.0),
    reraise=True,
)


_BUSY = frozenset((408, 425, 429, 502, 503, 504))  # what passes, as a server or a proxy has it


class CollectionBroken(IndexFault):
    """A collection is gone or cannot be asked; its vectors are in the store, so another can be made."""


class Server:
    """A Chroma server, for any thread. Nothing is asked of it before it is needed."""

    def __init__(self, address: ServerAddress, *, tag: str) -> None:
        self._address = address
        self._tag = tag
        self._made: Client | None = None
        self._held: dict[str, Collection] = {}
        self._lock = Lock()

    @property
    def name(self) -> str:
        """The server as messages name it."""
        return str(self._address)

    def close(self) -> None:
        """Let go of the connections. A second call does nothing."""
        with self._lock:
            if self._made is not None:
                with suppress(KeyError):
                    self._made.close()
                self._made._server._session.close()  # type: ignore[attr-defined]  # it does not
            self._made = None
            self._held.clear()

    def create(self) -> str:
        """Make a collection, empty, and say its name."""
        name = f"{self._address.name}-{secrets.token_hex(8)}"
        self._try(
            lambda: self._client().get_or_create_collection(  # by a name no other has: it may be tried again
                name,
                embedding_function=None,
                configuration={"hnsw": cast("CreateHNSWConfiguration", dict(HNSW))},
                metadata={_TAG: self._tag},
            )
        )
        return name

    def add(self, name: str, *, ids: Sequence[int], vectors: "Vectors") -> None:
        """Put ``vectors`` (len(ids), dimensions) in; what is there by an id already is written over."""
        for first in range(0, len(ids), _BATCH):
            some = slice(first, first + _BATCH)
            keys = [str(one) for one in ids[some]]
            rows = vectors[some]
            self._try(lambda keys=keys, rows=rows: self._collection(name).upsert(ids=keys, embeddings=rows))  # type: ignore[misc]

    def remove(self, name: str, *, ids: Sequence[int]) -> None:
        """Take these away, those that are there."""
        for first in range(0, len(ids), _BATCH):
            keys = [str(one) for one in ids[first : first + _BATCH]]
            self._try(lambda keys=keys: self._collection(name).delete(ids=keys))  # type: ignore[misc]

    def nearest(self, name: str, vector: "Vectors", *, limit: int, patient: bool = True) -> tuple[int, ...]:
        """The ids of the ``limit`` nearest to ``vector`` by cosine, nearest first, as Chroma's index has it.

        Unless ``patient``, it is asked once.
        """
        asked: list[Sequence[float] | Sequence[int]] = [vector.tolist()]
        found = self._try(
            lambda: self._collection(name).query(query_embeddings=asked, n_results=limit, include=[]),
            patient=patient,
        )
        return tuple(int(one) for one in found["ids"][0])

    def count(self, name: str, *, patient: bool = True) -> int:
        """How many vectors the collection holds; unless ``patient``, it is asked once."""
        return self._try(lambda: self._collection(name).count(), patient=patient)

    def mark(self, name: str, *, state: str, before: str) -> None:
        """Say which state of the database the collection follows, and which it followed until now."""
        self._try(
            lambda: self._collection(name).modify(metadata={_TAG: self._tag, _STATE: state, _BEFORE: before})
        )

    def states(self, name: str, *, patient: bool = True) -> tuple[str, str]:
        """The two states that ``mark`` was given last."""
        held = self._try(
            lambda: self._client().get_collection(name, embedding_function=None).metadata or {},
            patient=patient,
        )
        return str(held.get(_STATE, "")), str(held.get(_BEFORE, ""))

    def vectors(self, name: str) -> Iterator[tuple[tuple[int, ...], "Vectors"]]:
        """All it holds, a part at a time: ids and vectors ``(len(ids), dimensions)``."""
        for first in range(0, self.count(name), _PAGE):
            held = self._try(
                lambda first=first: self._collection(name).get(  # type: ignore[misc]
                    include=["embeddings"], limit=_PAGE, offset=first
                )
            )
            rows = [] if held["embeddings"] is None else held["embeddings"]
            yield tuple(int(one) for one in held["ids"]), np.asarray(rows, np.float32)

    def reach(self) -> None:
        """Ask something that costs nothing; raises where the server, or what is kept apart on it, is not there."""
        self._try(lambda: self._client().count_collections())

    def sweep(self, *, keep: Iterable[str]) -> None:
        """Delete the collections of this index and this database but those in ``keep``."""
        named = re.compile(re.escape(self._address.name) + "-[0-9a-f]{16}")
        kept = frozenset(keep)
        for one in self._try(lambda: self._client().list_collections()):
            if (
                one.name not in kept
                and named.fullmatch(one.name)
                and (one.metadata or {}).get(_TAG) == self._tag
            ):
                with suppress(CollectionBroken):
                    self._try(lambda one=one: self._client().delete_collection(one.name))  # type: ignore[misc]

    # Asking

    def _try(self, what: Callable[[], T], *, patient: bool = True) -> T:
        """What ``what`` gives, which may be called several times: all that is asked here may be repeated."""

        def asked() -> T:
            with self._ours():
                return what()

        return _AGAIN.copy()(asked) if patient else asked()

    def _collection(self, name: str) -> "Collection":
        held = self._held.get(name)
        if held is None:
            held = self._held[name] = self._client().get_collection(name, embedding_function=None)
        return held

    def _client(self) -> "Client":
        with self._lock:
            if self._made is None:
                self._made = _client(self._address)
            return self._made

    @contextmanager
    def _ours(self) -> Iterator[None]:
        try:
            yield
        except IndexFault:
            raise
        except Exception as error:
            self._held.clear()  # the server may have been made anew, and a collection of this name with another id
            raise self._translated(error) from error

    def _translated(self, error: Exception) -> IndexFault:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        causes = [*_causes(error)]
        status = _status(error, causes)
        away = any(isinstance(one, httpx.TransportError) for one in causes) or "Could not connect" in reason
        if status in (401, 403):
            return IndexFault(f"the Chroma server {self.name} lets nobody in: put its token in {TOKEN}")
        if type(error).__name__ == "QuotaError":
            return IndexFault(
                f"the Chroma server {self.name} gives no more room ({reason}): ask for a larger quota"
            )
        # That something within failed is Chroma's word on the collection; from a proxy it says that Chroma is away.
        if away or status in _BUSY or (status == 500 and not _says(error)):
            return IndexAway(
                f"the Chroma server {self.name} cannot be reached ({reason}): start it, or give another --index"
            )
        return CollectionBroken(
            f"the vectors on {self.name} cannot be used ({reason}): run `pincite doctor --index {self.name}`"
        )


def _says(error: Exception) -> bool:
    """Whether Chroma itself says what is wrong, not a proxy before it."""
    return type(error).__module__.startswith("chromadb.")


def _status(error: Exception, causes: Iterable[BaseException]) -> int | None:
    """The HTTP status that an error stands for; ``None`` where it did not come from a reply."""
    if _says(error) and (code := getattr(error, "code", None)) is not None:
        return int(code())
    return next((one.response.status_code for one in causes if isinstance(one, httpx.HTTPStatusError)), None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _client(address: ServerAddress) -> "Client":
    from chromadb.api.client import Client
    from chromadb.config import Settings

    class Timed(Client):
        """Chroma's client, but it waits for no answer for ever, and asks nothing before it is asked."""

        def get_user_identity(self) -> Any:  # noqa: ANN401
            """The first that is asked of the server; the last moment to say how long it may take."""
            self._server._session.timeout = _TIMEOUT  # type: ignore[attr-defined]
            return super().get_user_identity()

        def _validate_tenant_database(self, tenant: str, database: str) -> None:
            """What is wrong with these shows when a collection is asked for."""

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
    return Timed(tenant=address.tenant, database=address.chroma_database, settings=settings)
