"""An index on servers: opened with the limits of a test, and looked at from outside."""

import chromadb
from chromadb.api.models.Collection import Collection

from rag.index.federated import FederatedIndex
from rag.index.index import Index
from rag.settings import Settings
from rag.storage.location import ServerAddress
from rag.storage.server.backend import ServerBackend, open_server_store
from rag.storage.server.limits import DEFAULT_LIMITS, Limits
from tests.support.embedder import embedder, made

# Servers are given up within about a second, and asked again at once.
HASTY = Limits(
    postgres_connect_s=0.7,
    postgres_read_s=1.0,
    postgres_retry_s=1.0,
    chroma_connect_s=0.7,
    chroma_read_s=0.7,
    chroma_write_s=0.7,
    chroma_pool_s=0.7,
    chroma_retry_s=1.0,
    pause_s=0.0,
)


def open_index(where: ServerAddress, *, limits: Limits = DEFAULT_LIMITS, wait_s: float = 10.0) -> Index:
    backend = ServerBackend(where, limits=limits)
    return Index.open(backend, embedder=embedder(), settings=Settings(), wait_s=wait_s)


def word_of(number: int) -> str:
    """A word that article ``number`` alone has."""
    return f"w{number}x1v0"


def article_ids(index: Index | FederatedIndex, question: str, *, limit: int = 5) -> list[str]:
    return [hit.chunk.article_id for hit in index.search(question, limit=limit)]


def nearest_article(index: Index, number: int) -> str:
    """The article whose chunk is nearest to one of article ``number``, which the vectors alone decide."""
    hits = index.search(made(number).text[:300], limit=50)
    return next(hit.chunk.article_id for hit in hits if hit.ranks.vector == 1)


def collection_name(where: ServerAddress) -> str:
    """The collection that the store names."""
    store = open_server_store(where)
    try:
        return store.meta.get("collection")
    finally:
        store.close()


def collection(where: ServerAddress) -> Collection:
    """The same on the Chroma server, by a client of the test's own."""
    client = chromadb.HttpClient(where.host, where.port)
    return client.get_collection(collection_name(where), embedding_function=None)


def chunk_count(index: Index) -> int:
    return sum(article.chunks for article in index.listing())
