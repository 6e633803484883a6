"""The index that all contenders use: the same chunks and the same vectors, so that only the rest differs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.index.preparation import embedding_text
from rag.index.readable import SearchableIndex
from rag.models.embedders import Embedder
from rag.schema import Article, Chunk, Evidence, Hit
from rag.storage.local.sqlite_store import SqliteStore


class Ranking(Protocol):
    """A search; ``rag.index.Index`` is one."""

    def search(self, question: str, *, limit: int) -> tuple[Hit, ...]:
        """Return the ``limit`` best chunks, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonIndex:
    """The chunks in order of article and span, the text embedded for each, and the vectors (chunks, dimensions)."""

    index: SearchableIndex
    embedder: Embedder
    chunks: tuple[Chunk, ...]
    passages: tuple[str, ...]  # the chunk after its article's title
    vectors: NDArray[np.float32]

    def article(self, article_id: str) -> Article:
        """Return the article of this id; raises ``IndexFault`` where there is none."""
        return self.index.article(article_id)

    def chunks_of(self, article_id: str) -> tuple[Chunk, ...]:
        """Return the chunks of this article; raises ``IndexFault`` where there is none."""
        self.article(article_id)
        return tuple(chunk for chunk in self.chunks if chunk.article_id == article_id)

    def evidence(self, hits: tuple[Hit, ...]) -> tuple[Evidence, ...]:
        """Return whole chunks as numbered passages; scores are clipped to 0 to 1."""
        return tuple(
            _evidence(label, hit, self.article(hit.chunk.article_id)) for label, hit in enumerate(hits, 1)
        )


def read_common_index(folder: Path, *, index: SearchableIndex, embedder: Embedder) -> CommonIndex:
    """Read the chunks and vectors of the index in ``folder``; nothing is chunked or embedded a second time."""
    store = SqliteStore(folder / "index.sqlite3")
    try:
        ids, vectors = store.vectors_after(0)
        by_id = store.chunks(ids)
    finally:
        store.close()
    order = sorted(range(len(ids)), key=lambda i: (by_id[ids[i]].article_id, by_id[ids[i]].span))
    chunks = tuple(by_id[ids[i]] for i in order)
    return CommonIndex(
        index=index,
        embedder=embedder,
        chunks=chunks,
        passages=tuple(embedding_text(index.article(chunk.article_id).title, chunk.text) for chunk in chunks),
        vectors=vectors[order],
    )


def _evidence(label: int, hit: Hit, article: Article) -> Evidence:
    return Evidence(
        label=label,
        article_id=article.id,
        span=hit.chunk.span,
        text=hit.chunk.text,
        score=min(1.0, max(0.0, hit.score)),
        title=article.title,
        url=article.url,
        publisher=article.publisher,
        date=article.date,
        credit=article.credit,
        fingerprint=article.fingerprint,
    )
