"""What a Chroma collection has of a chunk besides its vector: the text, and metadata that can be filtered by.

It is for other programs that open the collection. Searches here read nothing of it: they take what they show from the
store.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rag.schema import Article, Span
from rag.storage.store import Store

KEYS = ("article_id", "start", "end", "title", "url", "publisher", "date", "day")  # of the metadata


@dataclass(frozen=True, slots=True)
class ChunkEntry:
    """A chunk's text, and its metadata: strings and whole numbers, all that Chroma filters by."""

    text: str
    metadata: Mapping[str, str | int]


def chunk_entries(store: Store, ids: Iterable[int]) -> dict[int, ChunkEntry]:
    """The entries of these chunks, those that exist, by id. Inside ``store.reading()``.

    Each article is read twice, with its text: for many chunks ask for those of neighbouring ids together.
    """
    chunks = store.chunks(ids)
    articles = {
        article_id: store.article(article_id) for article_id in {c.article_id for c in chunks.values()}
    }
    return {
        chunk_id: ChunkEntry(chunk.text, _metadata(article, chunk.span))
        for chunk_id, chunk in chunks.items()
        if (article := articles[chunk.article_id]) is not None
    }


def _metadata(article: Article, span: Span) -> dict[str, str | int]:
    """Where the text stands and whose it is. An article without a date has neither ``date`` nor ``day``.

    ``day`` is the date as one number, 20260501: Chroma's ``$gt`` and ``$lt`` compare numbers alone.
    """
    metadata: dict[str, str | int] = {
        "article_id": article.id,
        "start": span.start,
        "end": span.end,
        "title": article.title,
        "url": article.url,
        "publisher": article.publisher,
    }
    if (date := article.date) is not None:
        metadata |= {"date": date.isoformat(), "day": date.year * 10_000 + date.month * 100 + date.day}
    return metadata
