"""Limits of an index in a folder: when chunks are scored one by one, and when snapshots are rebuilt."""

from dataclasses import dataclass

from rag.storage.exact_search import FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Thresholds of searches and of ``refresh``; none of them changes an answer, only how fast it comes."""

    # Chunks that are read and compared faster than a snapshot is asked until it gave enough of them. An index of
    # no more has no keyword snapshot.
    scanned_chunks: int = FEW

    # FTS5 counts over the whole index how often a term occurs before it scores any chunk: so many chunks are scored
    # faster here.
    fts_chunks: int = 512

    # Of the chunks in a snapshot, the share that may be missing from it or gone from the store. Rebuilding it at a
    # fixed share keeps the work for n chunks added one by one in proportion to n. Keywords are quickly gathered and
    # slowly looked for one by one, vectors the other way round.
    vector_lag: float = 0.25
    keyword_lag: float = 0.1

    # Times that ``refresh`` rebuilds in a row, where so much is written meanwhile that the new snapshots lag too.
    refresh_rounds: int = 3


DEFAULT_LIMITS = Limits()
