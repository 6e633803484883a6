"""Limits of an index on servers: how long a server is waited for, and when its vectors are not asked for."""

from dataclasses import dataclass

from rag.storage.exact_search import FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds and sizes. None of them changes an answer, only how fast it comes or how soon an error is raised."""

    # PostgreSQL: to connect, for a statement of a reader, for a statement of the writer (which may replace a long
    # article), and for all attempts to connect to a server that cannot be reached.
    postgres_connect_s: float = 5.0
    postgres_read_s: float = 30.0
    postgres_write_s: float = 600.0
    postgres_retry_s: float = 10.0

    # Chroma, whose client would wait for ever: to connect, for an answer, to send, for a free connection, and for all
    # attempts at one request.
    chroma_connect_s: float = 3.0
    chroma_read_s: float = 10.0
    chroma_write_s: float = 20.0
    chroma_pool_s: float = 5.0
    chroma_retry_s: float = 8.0

    # Terms of a keyword search that are counted one by one faster than all words of a chunk are compared with them.
    separate_terms: int = 40

    # Chunks that are compared one by one faster than the collection is asked, where a filter leaves so few.
    scanned_chunks: int = FEW

    # Chunks that are compared one by one where the Chroma server cannot be used; 30 MB of vectors of 384 numbers.
    fallback_chunks: int = 20_000

    # Neighbours that the collection is asked for at most, before all chunks that a filter leaves are compared.
    neighbours: int = 1000

    # How long a Chroma server that did not answer is not asked: at first, and at most. It doubles each time.
    pause_s: float = 5.0
    longest_pause_s: float = 60.0

    # How long a removed chunk stays in the collection, for searches that began before it was removed.
    removal_delay_s: float = 60.0


DEFAULT_LIMITS = Limits()
