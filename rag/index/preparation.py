"""Preparation of articles for the index: they are validated, cut into chunks, and embedded in small batches."""

import math
from collections import deque
from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import regex

from rag.errors import ArticleError
from rag.index.chunking import split_into_chunks
from rag.schema import Article, Chunk, Span
from rag.settings import Settings
from rag.storage.store import Vectors, keywords
from rag.system.progress import Progress, ignore_progress

if TYPE_CHECKING:
    from rag.models.embedders import Embedder


# Chunks embedded between two reports of progress. An article is stored as soon as its last chunk is embedded, so
# a kill loses at most the one being added; embedding short articles together would be no faster here.
_BATCH_CHUNKS = 32
_PREFETCHED_ARTICLES = 32  # chunked in another thread before their turn to be embedded
_LETTER = regex.compile(r"[\p{L}\p{N}]")


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """An article ready to be stored: of each chunk its span, its keywords and its row of ``vectors``.

    ``vectors`` have the shape ``(len(spans), dimensions)``.
    """

    article: Article
    spans: tuple[Span, ...]
    bodies: tuple[str, ...]
    vectors: Vectors

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self.vectors.shape[1])


def articles_by_id(articles: Sequence[Article]) -> Mapping[str, Article]:
    """Return the articles by id, in the order given.

    Raises ``ArticleError`` where two different ones share an id, an id is blank, or a field is not Unicode.
    """
    by_id: dict[str, Article] = {}
    for article in articles:
        if not article.id.strip():
            raise ArticleError(article.title, "it has no id: give each article one of its own")
        if by_id.setdefault(article.id, article) != article:
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
    return by_id


def chunk_article(article: Article, *, settings: Settings) -> tuple[Chunk, ...]:
    """Cut the article into chunks. Raises ``ArticleError`` where it has no words."""
    chunks = split_into_chunks(
        article, chunk_tokens=settings.chunk_tokens, overlap_tokens=settings.overlap_tokens
    )
    if not chunks:
        raise ArticleError(article.id, "it has no words: give it a text")
    return chunks


def embedding_text(title: str, text: str) -> str:
    """Return what is embedded for a chunk: its text under the title of its article."""
    return f"{title}\n{text}" if title else text


def refuse_wordless(articles: Iterable[Article], *, settings: Settings) -> None:
    """Raise ``ArticleError`` for the first article without words. One with a letter has some and is not chunked."""
    for article in articles:
        if not _LETTER.search(article.text):
            chunk_article(article, settings=settings)


def embed_articles(
    articles: Sequence[Article], *, settings: Settings, embedder: "Embedder", on_progress: Progress | None
) -> Generator[PreparedArticle, None, None]:
    """Yield the articles with their vectors, in order, each as soon as it is complete.

    While one is embedded the next are chunked, in a thread that closing the generator ends. ``on_progress`` is told
    how many chunks of how many are embedded; the total is estimated from the length of the articles until all are
    chunked. Raises ``ModelError`` where the embedder fails, ``ArticleError`` as ``chunk_article`` does.
    """
    report = on_progress or ignore_progress
    all_characters = sum(len(article.text) for article in articles)
    characters = chunks = done = 0
    if not articles:
        report(0, 0)
    with closing(_chunk_ahead(articles, settings)) as chunked_articles:
        for chunked in chunked_articles:
            characters, chunks = characters + len(chunked.article.text), chunks + len(chunked.spans)
            total = chunks + math.ceil((all_characters - characters) * chunks / characters)
            if not done:
                report(0, total)
            vectors: list[Vectors] = []
            for start in range(0, len(chunked.texts), _BATCH_CHUNKS):
                vectors += list(embedder.embed(chunked.texts[start : start + _BATCH_CHUNKS]))
                report(done + len(vectors), total)
            done += len(vectors)
            yield PreparedArticle(chunked.article, chunked.spans, chunked.bodies, np.stack(vectors))


@dataclass(frozen=True, slots=True)
class _ChunkedArticle:
    """An article with the span, the text to embed and the keywords of each chunk."""

    article: Article
    spans: tuple[Span, ...]
    texts: tuple[str, ...]
    bodies: tuple[str, ...]


def _chunk(article: Article, settings: Settings) -> _ChunkedArticle:
    chunks = chunk_article(article, settings=settings)
    return _ChunkedArticle(
        article,
        tuple(chunk.span for chunk in chunks),
        tuple(embedding_text(article.title, chunk.text) for chunk in chunks),
        tuple(keywords(article.title, chunk.text) for chunk in chunks),
    )


def _chunk_ahead(articles: Sequence[Article], settings: Settings) -> Generator[_ChunkedArticle, None, None]:
    """Yield each article chunked, in order; the next few are chunked in another thread meanwhile."""
    with ThreadPoolExecutor(1, thread_name_prefix="cut") as executor:
        pending = deque[Future[_ChunkedArticle]]()
        remaining = iter(articles)
        try:
            pending.extend(
                executor.submit(_chunk, article, settings)
                for article in islice(remaining, _PREFETCHED_ARTICLES)
            )
            while pending:
                yield pending.popleft().result()
                pending.extend(executor.submit(_chunk, article, settings) for article in islice(remaining, 1))
        finally:
            for future in pending:
                future.cancel()
