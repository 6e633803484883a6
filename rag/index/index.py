"""An open index of articles with its embedder: adds, removes and searches them, and rebuilds the index.

The store is the truth. The snapshots that make searches fast are derived from it; they may be missing or lag behind
at any time, and searches then read from the store what they lack. One process writes at a time; any number read
meanwhile.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rag.errors import Stopped
from rag.filters import EVERYTHING, ArticleFacts, Filter, FilterMatch, match_articles
from rag.index.changes import Changes, diff
from rag.index.contents import IndexContents
from rag.index.hybrid_search import PreparedQuestion, SearchScope, bm25_query, hybrid_search
from rag.index.preparation import articles_by_id
from rag.index.recipe import refuse_stale
from rag.index.writing import IndexWriter
from rag.schema import Article, Hit
from rag.settings import Settings
from rag.storage.backend import Backend, open_backend
from rag.storage.integrity import find_store_problems
from rag.storage.location import ServerAddress
from rag.storage.records import DocumentFrequencies
from rag.system.progress import Progress
from rag.text.words import content, terms, words

if TYPE_CHECKING:
    from rag.models.embedders import Embedder


class Index(IndexContents):
    """An open index with its embedder.

    Methods raise what those of ``IndexContents`` do. Those that search or add also raise ``IndexStale``, which names
    the command that rebuilds it, where the index was made with another embedder or chunk size.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        embedder: "Embedder",
        settings: Settings,
        wait_s: float,
        open_named: "Callable[[str], Embedder] | None" = None,
    ) -> None:
        super().__init__(backend, wait_s=wait_s)
        self._embedder = embedder
        self._settings = settings
        self._open_named = open_named
        # Both with the generation they were read at.
        self._vocabulary: tuple[int, Mapping[str, int]] = (-1, {})
        self._article_facts: tuple[int, Mapping[str, ArticleFacts]] = (-1, {})

    @classmethod
    def open(
        cls,
        where: Path | ServerAddress | Backend,
        *,
        embedder: "Embedder",
        settings: Settings,
        wait_s: float = 10.0,
        stale: bool = False,
        open_named: "Callable[[str], Embedder] | None" = None,
    ) -> Self:
        """Open the index at ``where``, making an empty one where there is none, and rebuild snapshots that lag.

        ``where`` may be a backend that is open already; closing the index closes it, and so does a failure here. An
        index that an older Pincite made is migrated to today's format first, embedding nothing where it can.
        Writers wait ``wait_s`` seconds for one another. Raises ``IndexStale`` unless ``stale`` allows a stale index to
        be opened, for ``rebuild()``. Where another process rebuilds the index with another embedder, ``open_named``
        opens that one by its name, and this index goes on with it.
        """
        backend = open_backend(where, wait_s=wait_s) if isinstance(where, Path | ServerAddress) else where
        index = cls(backend, embedder=embedder, settings=settings, wait_s=wait_s, open_named=open_named)
        try:
            if not stale:
                index._refuse_stale()
            index._refresh_if_lagging()
        except BaseException:
            index.close()
            raise
        return index

    @property
    def embedder(self) -> str:
        """The name of the embedder that the index is made and searched with."""
        return self.model.name

    @property
    def model(self) -> "Embedder":
        """The embedder that the index is made and searched with; another after another process rebuilt it so."""
        recipe = self._store.recipe
        if self._open_named and recipe and recipe.embedder != self._embedder.name and self._store.count():
            self._embedder = self._open_named(recipe.embedder)
        return self._embedder

    def replace_embedder(self, embedder: "Embedder") -> None:
        """Use another embedder from now on; an index that holds articles is stale until ``rebuild()``."""
        self._embedder = embedder

    def article_facts(self) -> Mapping[str, ArticleFacts]:
        """Return what filters test of each article, by id; read again only when the index changed."""
        with self._store.reading():
            cached = self._article_facts  # another thread may replace it meanwhile
            if cached[0] != (generation := self.generation):
                cached = self._article_facts = (generation, self._store.article_facts())
            return cached[1]

    def admitted(self, within: Filter) -> FilterMatch:
        """Return the articles that match; raises ``SettingsError`` for a publisher or an id that no article has."""
        return match_articles(within, self.article_facts())

    def frequencies(self, wanted: Iterable[str]) -> DocumentFrequencies:
        """Return the number of chunks that contain each of these terms."""
        return self._store.frequencies(wanted)

    def vocabulary(self) -> Mapping[str, int]:
        """Return every term of the articles and their titles with the number of chunks that contain it."""
        generation = self.generation
        if self._vocabulary[0] != generation:
            self._vocabulary = (generation, self._store.vocabulary())
        return self._vocabulary[1]

    def surface(self, term: str) -> str:
        """Return a word of the articles with this term, in its spelling there; ``term`` itself where there is none."""
        with self._store.reading():
            query = bm25_query((term,), self._store.frequencies((term,)), self._store)
            for chunk in self._store.chunks(self._backend.keyword_search(query, limit=1)).values():
                text = f"{chunk.text} {self.article(chunk.article_id).title}"
                spelling = next((word.text for word in words(text) if word.term == term), term)
                return spelling.removesuffix("'s").removesuffix("’s")
        return term

    # Searching

    def search(self, question: str, *, limit: int, within: Filter = EVERYTHING) -> tuple[Hit, ...]:
        """Return the ``limit`` best chunks for ``question``, best first; equal scores in order of article and start.

        The nearest chunks by cosine and the best by BM25, ``settings.candidates`` of each, are scored both ways and
        the scores fused. A question of function words alone is searched by these.

        Only chunks of articles that match ``within`` are candidates, however few there are; terms are still weighed
        by their document frequency in the whole index. Raises ``SettingsError`` as ``match_articles`` does.
        """
        prepared = self.prepare_question(question)
        with self.reading():
            scope = self.scope(prepared, self.admitted(within).articles if within else None)
            size = max(self._settings.candidates, limit)
            hits = hybrid_search((scope,), prepared, size=size, limit=limit)
        self.refresh_if_degraded()
        return hits

    def prepare_question(self, question: str) -> PreparedQuestion:
        """Embed ``question`` and list its terms, for a search here or in another index of the same embedder."""
        plain = question.encode("utf-8", "replace").decode()
        vector = self.model.embed_question(plain)
        wanted = [word.term for word in content(plain)] or terms(plain)
        return PreparedQuestion(vector, tuple(" ".join(wanted).split()))

    def reading(self) -> AbstractContextManager[None]:
        """Read one consistent view inside: what others write meanwhile is not seen. May be nested."""
        return self._store.reading()

    def scope(
        self,
        question: PreparedQuestion,
        articles: frozenset[str] | None = None,
        *,
        shadowed: frozenset[str] = frozenset(),
    ) -> SearchScope:
        """Return this index as ``hybrid_search`` takes it; call it, and search, inside ``reading()``.

        Only chunks of the articles with these ids are searched, ``None`` for all; those of ``shadowed`` are dropped.
        Raises ``IndexStale`` where the vectors have other dimensions than the question's.
        """
        self._refuse_stale(len(question.vector))
        chunk_ids = None if articles is None else self._store.chunk_ids(articles)
        return SearchScope(backend=self._backend, chunk_ids=chunk_ids, shadowed=shadowed)

    def refresh_if_degraded(self) -> None:
        """Rebuild a snapshot that a search had to pass over; call it outside ``reading()``."""
        if self._backend.degraded_reason is not None:
            self._refresh_if_lagging()

    # Changing

    def add(self, articles: Iterable[Article], *, on_progress: Progress | None = None) -> Changes:
        """Store new articles and those that changed; an article that is stored unchanged costs nothing.

        Each article is one transaction, committed as soon as it is embedded. ``on_progress`` is told how many chunks
        of how many are embedded. Raises ``ArticleError``, before anything is stored, where an article cannot be
        stored or two that differ share an id, and ``Stopped`` upon Ctrl-C, once what is embedded is stored.
        """
        return self._change(tuple(articles), keep=None, on_progress=on_progress)

    def sync(
        self, articles: Iterable[Article], *, keep: Iterable[str] = (), on_progress: Progress | None = None
    ) -> Changes:
        """Add as ``add`` does, then remove the articles that were not given, except those with an id in ``keep``.

        An article that is given under another id, with the same title and text, keeps its chunks and vectors.
        """
        return self._change(tuple(articles), keep=frozenset(keep), on_progress=on_progress)

    @property
    def source(self) -> str:
        """The folder that the index is synced with; empty where there is none."""
        return self._store.source

    def set_source(self, folder: str) -> None:
        """Record the folder that the index is synced with."""
        if folder != self.source:
            with self._backend.lock(self._wait_s), self._store.writing():
                self._store.set_source(folder)

    def rebuild(self, *, on_progress: Progress | None = None) -> None:
        """Chunk and embed all articles again from their stored text; until it is committed readers see the old."""
        with self._backend.lock(self._wait_s):
            articles = [self.article(article_id) for article_id in self._store.digests()]
            self._writer(self._embedder, on_progress).rebuild(articles)
        self._refresh()

    def check(self) -> tuple[str, ...]:
        """Return the faults of the index, a sentence each; empty where there is none. Reads everything."""
        with self._store.reading():
            return find_store_problems(self._store) or self._backend.problems()

    def _change(
        self, articles: Sequence[Article], *, keep: frozenset[str] | None, on_progress: Progress | None
    ) -> Changes:
        given = articles_by_id(articles)
        changes = diff(self._store, given, keep=keep)
        if not changes:
            return changes  # no lock: nothing is written
        stored_ids = set[str]()
        try:
            with self._backend.lock(self._wait_s):
                embedder = self.model
                self._refuse_stale()
                changes = diff(self._store, given, keep=keep)  # another process may have written meanwhile
                self._writer(embedder, on_progress).apply(changes, given, on_stored=stored_ids.add)
            self._refresh()
        except KeyboardInterrupt as error:
            stored = changes.restrict_to(stored_ids)
            counts = stored.counts(mirrored=keep is not None)
            raise Stopped(f"{stored.present} of {changes.present} articles are in ({counts})") from error
        return changes

    def _writer(self, embedder: "Embedder", on_progress: Progress | None) -> IndexWriter:
        return IndexWriter(self._backend, embedder=embedder, settings=self._settings, on_progress=on_progress)

    def _refuse_stale(self, dimensions: int | None = None) -> None:
        refuse_stale(
            self._store,
            name=self.name,
            embedder=self._embedder,
            settings=self._settings,
            dimensions=dimensions,
        )

    def _refresh_if_lagging(self) -> None:
        """Rebuild snapshots that lag, unless another process is writing or an attempt of this one failed."""
        if not self._refresh_failed and self._backend.needs_refresh():
            self._refresh(only_if_idle=True)
