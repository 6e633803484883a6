"""What every system of the comparison stands on: one cutting of the articles and one embedding of the chunks."""

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
        """The ``limit`` best chunks, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The chunks in order of article and place, what was embedded of each, and the vectors (chunks, dimensions)."""

    index: SearchableIndex
    embedder: Embedder
    chunks: tuple[Chunk, ...]
    passages: tuple[str, ...]  # the chunk under its article's title
    vectors: NDArray[np.float32]

    def article(self, article_id: str) -> Article:
        """The article of this id; raises ``IndexFault`` where there is none."""
        return self.index.article(article_id)

    def of(self, article_id: str) -> tuple[Chunk, ...]:
        """The chunks of this article; raises ``IndexFault`` where there is none."""
        self.article(article_id)
        return tuple(chunk for chunk in self.chunks if chunk.article_id == article_id)

    def evidence(self, hits: tuple[Hit, ...]) -> tuple[Evidence, ...]:
        """Whole chunks as numbered passages; a score outside 0 to 1 counts as the nearer end."""
        return tuple(
            _passage(label, hit, self.article(hit.chunk.article_id)) for label, hit in enumerate(hits, 1)
        )


def read_shelf(folder: Path, *, index: SearchableIndex, embedder: Embedder) -> Shelf:
    """The chunks and vectors that the index in ``folder`` has, so that nothing is cut or embedded a second time."""
    store = SqliteStore(folder / "index.sqlite3")
    try:
        ids, vectors = store.vectors_after(0)
        by_id = store.chunks(ids)
    finally:
        store.close()
    order = sorted(range(len(ids)), key=lambda i: (by_id[ids[i]].article_id, by_id[ids[i]].span))
    chunks = tuple(by_id[ids[i]] for i in order)
    return Shelf(
        index=index,
        embedder=embedder,
        chunks=chunks,
        passages=tuple(embedding_text(index.article(one.article_id).title, one.text) for one in chunks),
        vectors=vectors[order],
    )


def _passage(label: int, hit: Hit, article: Article) -> Evidence:
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
