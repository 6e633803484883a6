"""Articles made ready for the index: checked, cut into chunks, embedded a few chunks at a time."""

import math
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import regex

from rag.errors import ArticleError
from rag.index.chunking import split
from rag.schema import Article, Chunk, Span
from rag.settings import Settings
from rag.storage.store import Vectors, keywords

if TYPE_CHECKING:
    from rag.models.embedders import Embedder


Progress = Callable[[int, int], None]


# Chunks embedded between two reports of progress. An article is stored as soon as its last chunk is embedded, so
# a kill loses at most the one being added; embedding short articles together would be no faster here.
_WINDOW = 32


_AHEAD = 32  # articles cut before their turn


_LETTER = regex.compile(r"[\p{L}\p{N}]")


@dataclass(frozen=True, slots=True)
class PreparedArticle:
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


def chunk_article(article: Article, *, settings: Settings) -> tuple[Chunk, ...]:
    """The article in chunks. Raises ``ArticleError`` where there is nothing in it to find."""
    chunks = split(article, chunk_tokens=settings.chunk_tokens, overlap_tokens=settings.overlap_tokens)
    if not chunks:
        raise ArticleError(article.id, "it has no words: give it a text")
    return chunks


def embedding_text(title: str, text: str) -> str:
    """What is embedded for a chunk: its text under its article's title."""
    return f"{title}\n{text}" if title else text


def refuse_wordless(articles: Iterable[Article], *, settings: Settings) -> None:
    """Raise ``ArticleError`` for the first article with nothing in it to find, having cut hardly any."""
    for article in articles:
        if not _LETTER.search(article.text):
            chunk_article(article, settings=settings)


def embedded(
    articles: Sequence[Article], *, settings: Settings, embedder: "Embedder", on_progress: Progress | None
) -> Generator[PreparedArticle, None, None]:
    """The articles with their vectors, in order, each as soon as it is complete.

    While one is embedded the next are cut, in a thread that closing the generator ends. ``on_progress`` is told how
    many chunks of how many are embedded; how many there will be is estimated by the length of the articles until all
    are cut. Raises ``ModelError`` where the embedder fails, ``ArticleError`` as ``chunk_article`` does.
    """
    tell = on_progress or _unheard
    left = sum(len(article.text) for article in articles)
    read = chunks = done = 0
    if not articles:
        tell(0, 0)
    with closing(_ahead(articles, settings)) as ahead:
        for article, spans, texts, bodies in ahead:
            read, chunks = read + len(article.text), chunks + len(spans)
            total = chunks + math.ceil((left - read) * chunks / read)
            if not done:
                tell(0, total)
            rows: list[Vectors] = []
            for start in range(0, len(texts), _WINDOW):
                rows += list(embedder.embed(texts[start : start + _WINDOW]))
                tell(done + len(rows), total)
            done += len(rows)
            yield PreparedArticle(article, spans, bodies, np.stack(rows))


_Prepared = tuple[Article, tuple[Span, ...], tuple[str, ...], tuple[str, ...]]


def _prepare(article: Article, settings: Settings) -> _Prepared:
    chunks = chunk_article(article, settings=settings)
    return (
        article,
        tuple(chunk.span for chunk in chunks),
        tuple(embedding_text(article.title, chunk.text) for chunk in chunks),
        tuple(keywords(article.title, chunk.text) for chunk in chunks),
    )


def _ahead(articles: Sequence[Article], settings: Settings) -> Generator[_Prepared, None, None]:
    """Each article cut, in order; the next few are cut in another thread meanwhile."""
    with ThreadPoolExecutor(1, thread_name_prefix="cut") as pool:
        waiting = deque[Future[_Prepared]]()
        given = iter(articles)
        try:
            waiting.extend(pool.submit(_prepare, article, settings) for article in islice(given, _AHEAD))
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(pool.submit(_prepare, article, settings) for article in islice(given, 1))
        finally:
            for future in waiting:
                future.cancel()


def _unheard(done: int, total: int) -> None:
    pass
