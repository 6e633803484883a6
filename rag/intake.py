"""Articles made ready for the index: checked, cut into chunks, embedded a few chunks at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import ArticleError
from rag.schema import Article, Chunk, Span
from rag.settings import Settings
from rag.split import split
from rag.store import Vectors, keywords

if TYPE_CHECKING:
    from rag.models import Embedder

Progress = Callable[[int, int], None]

# Chunks embedded between two reports of progress. An article is stored as soon as its last chunk is embedded, so
# a kill loses at most the one being added; embedding short articles together would be no faster here.
_WINDOW = 32


@dataclass(frozen=True, slots=True)
class Cut:
    """An article and its chunks, not yet embedded."""

    article: Article
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """An article with its chunks' places, keywords and vectors ``(len(spans), dimensions)``, ready to be stored."""

    article: Article
    spans: tuple[Span, ...]
    bodies: tuple[str, ...]
    vectors: Vectors


def checked(articles: Sequence[Article]) -> Mapping[str, Article]:
    """The articles by id, in the order given.

    Raises ``ArticleError`` where two different ones share an id, an id is blank, or a field is not Unicode.
    """
    found: dict[str, Article] = {}
    for article in articles:
        if not article.id.strip():
            raise ArticleError(article.title, "it has no id: give each article one of its own")
        if found.setdefault(article.id, article) != article:
            raise ArticleError(article.id, "two different articles have this id: give each one its own")
        fields = (article.id, article.title, article.text, article.url, article.publisher, article.credit)
        for value in fields:
            try:
                value.encode()
            except UnicodeEncodeError as error:
                raise ArticleError(
                    article.id,
                    f"{value[error.start]!r} at {error.start} is half a character: read it as UTF-8",
                ) from error
    return found


def cut(article: Article, *, settings: Settings) -> Cut:
    """The article in chunks. Raises ``ArticleError`` where there is nothing in it to find."""
    chunks = split(article, chunk_tokens=settings.chunk_tokens, overlap_tokens=settings.overlap_tokens)
    if not chunks:
        raise ArticleError(article.id, "it has no words: give it a text")
    return Cut(article, chunks)


def passage(title: str, text: str) -> str:
    """What is embedded for a chunk: its text under its article's title."""
    return f"{title}\n{text}" if title else text


def embedded(cuts: Sequence[Cut], *, embedder: "Embedder", on_progress: Progress | None) -> Iterator[Ready]:
    """The articles with their vectors, in order, each as soon as it is complete.

    ``on_progress`` is told how many chunks of how many are embedded. Raises ``ModelError`` where the embedder fails.
    """
    total = sum(len(one.chunks) for one in cuts)
    done = 0
    if on_progress:
        on_progress(0, total)
    for one in cuts:
        texts = [passage(one.article.title, chunk.text) for chunk in one.chunks]
        rows: list[Vectors] = []
        for start in range(0, len(texts), _WINDOW):
            rows += list(embedder.embed(texts[start : start + _WINDOW]))
            if on_progress:
                on_progress(done + len(rows), total)
        done += len(rows)
        spans = tuple(chunk.span for chunk in one.chunks)
        bodies = tuple(keywords(one.article.title, chunk.text) for chunk in one.chunks)
        yield Ready(one.article, spans, bodies, np.stack(rows))
