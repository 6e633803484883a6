"""The transactions that change an index: articles are embedded and stored, renamed, updated and removed.

Each article is one transaction, so that a killed process leaves it stored whole or not at all. Only ``rebuild`` is
one transaction for all articles: until it commits, readers see the old index.
"""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

from rag.index.changes import Changes
from rag.index.preparation import PreparedArticle, embed_articles, refuse_wordless
from rag.index.recipe import make_recipe, refuse_stale
from rag.schema import Article
from rag.settings import Settings
from rag.storage.backend import Backend
from rag.system.progress import Progress

if TYPE_CHECKING:
    from rag.models.embedders import Embedder


class IndexWriter:
    """Writes articles into the store of a backend; for the holder of ``backend.lock``.

    ``on_progress`` is told how many chunks of how many are embedded.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        embedder: "Embedder",
        settings: Settings,
        on_progress: Progress | None = None,
    ) -> None:
        self._backend = backend
        self._store = backend.store
        self._embedder = embedder
        self._settings = settings
        self._on_progress = on_progress

    def apply(
        self, changes: Changes, articles: Mapping[str, Article], *, on_stored: Callable[[str], None]
    ) -> None:
        """Make the ``changes``, with the new and updated ``articles`` by id.

        ``on_stored`` gets the id of each article once its change is committed. Raises ``ArticleError``, before
        anything is written, where an article has no words, and ``IndexStale``.
        """
        wanted = [articles[article_id] for article_id in (*changes.added, *changes.updated)]
        same_words, fresh = self._split_by_words(wanted)
        refuse_wordless(fresh, settings=self._settings)
        for old_id, new_id in changes.renamed:
            with self._store.writing():
                self._store.rename(old_id, articles[new_id])
            on_stored(new_id)
        for article in same_words:
            with self._store.writing():
                self._store.update_metadata(article)
            on_stored(article.id)
        self._embed_and_put(fresh, on_stored)
        for article_id in changes.removed:
            with self._store.writing():
                self._store.remove(article_id)
            on_stored(article_id)

    def rebuild(self, articles: Sequence[Article]) -> None:
        """Chunk and embed all ``articles`` of the index again and replace them, in one transaction."""
        prepared = list(self._embed(articles))
        with self._store.writing():
            self._store.remove_orphans()
            for article in prepared:
                self._put(article)
            self._backend.invalidate()

    def put(self, prepared: PreparedArticle) -> None:
        """Store one article with its chunks; raises ``IndexStale`` where its vectors do not fit the others."""
        refuse_stale(
            self._store,
            name=self._backend.name,
            embedder=self._embedder,
            settings=self._settings,
            dimensions=prepared.dimensions,
        )
        with self._store.writing():
            self._put(prepared)

    def _put(self, prepared: PreparedArticle) -> None:
        self._store.put(
            prepared.article, spans=prepared.spans, bodies=prepared.bodies, vectors=prepared.vectors
        )
        self._store.set_recipe(make_recipe(self._embedder, self._settings, dimensions=prepared.dimensions))

    def _embed_and_put(self, articles: Sequence[Article], on_stored: Callable[[str], None]) -> None:
        """Embed and store the articles; while one is stored the next is embedded. No thread outlives the call."""

        def put(prepared: PreparedArticle) -> None:
            self.put(prepared)
            on_stored(prepared.article.id)

        with (
            ThreadPoolExecutor(1, thread_name_prefix="write") as executor,
            closing(self._embed(articles)) as embedding,
        ):
            pending: Future[None] | None = None
            for prepared in embedding:
                if pending is not None:
                    pending.result()
                pending = executor.submit(put, prepared)
            if pending is not None:
                pending.result()

    def _embed(self, articles: Sequence[Article]) -> Generator[PreparedArticle, None, None]:
        return embed_articles(
            articles, settings=self._settings, embedder=self._embedder, on_progress=self._on_progress
        )

    def _split_by_words(self, articles: Iterable[Article]) -> tuple[list[Article], list[Article]]:
        """Return the articles whose title and text are stored as they are, and the others, which must be embedded."""
        same: list[Article] = []
        other: list[Article] = []
        for article in articles:
            stored = self._store.article(article.id)
            is_same = stored is not None and (stored.title, stored.text) == (article.title, article.text)
            (same if is_same else other).append(article)
        return same, other
