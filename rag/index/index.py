"""An index of articles: adds, removes and searches them, and keeps text, keywords and vectors in step.

The store is the truth. What makes searches fast follows it and may be lost or lag behind at any time; searches take
what it lacks from the store. One process writes at a time; any number read meanwhile.
"""

import shlex
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rag.errors import IndexStale, Stopped
from rag.filters import EVERYTHING, ArticleFacts, Filter, FilterMatch, match_articles
from rag.index.changes import Changes, diff
from rag.index.contents import IndexContents
from rag.index.hybrid_search import Candidate, PreparedQuestion, fuse
from rag.index.preparation import PreparedArticle, Progress, checked, embedded, refuse_wordless
from rag.schema import Article, Hit, Ranks
from rag.settings import Settings
from rag.storage.backend import Backend, exists, open_backend
from rag.storage.bm25 import Bm25, scored
from rag.storage.exact_search import VectorHit, measured
from rag.storage.integrity import faults
from rag.storage.location import ServerAddress
from rag.storage.records import DocumentFrequencies, Recipe
from rag.text.words import content, terms, words

if TYPE_CHECKING:
    from rag.models.embedders import Embedder


class Index(IndexContents):
    """An open index with its embedder.

    Methods raise what those of ``IndexContents`` do; those that search or add also raise ``IndexStale``, which
    says what mends it, where the index was made with another embedder or chunk size.
    """

    def __init__(self, place: Backend, *, embedder: "Embedder", settings: Settings, wait_s: float) -> None:
        super().__init__(place, wait_s=wait_s)
        self._embedder = embedder
        self._settings = settings
        self._vocabulary: tuple[int, Mapping[str, int]] = (-1, {})  # with the generation it was read at
        self._particulars: tuple[int, Mapping[str, ArticleFacts]] = (-1, {})  # likewise
        self._follow: Callable[[str], Embedder] | None = None

    @staticmethod
    def exists(where: Path | ServerAddress) -> bool:
        """Whether there is an index. Raises ``IndexFault`` where a server cannot be asked."""
        return exists(where)

    @classmethod
    def open(
        cls,
        where: Path | ServerAddress,
        *,
        embedder: "Embedder",
        settings: Settings,
        wait_s: float = 10.0,
        stale: bool = False,
        follow: "Callable[[str], Embedder] | None" = None,
    ) -> Self:
        """Open the index at ``where``, making it where it is missing, and mend what makes its searches fast.

        One that an older Pincite made is brought to today's format first, embedding nothing where it can.
        Writers wait ``wait_s`` seconds for one another. ``stale`` lets a stale index be opened, for
        ``rebuild()``; otherwise it raises ``IndexStale``. Where another process makes the index anew with another
        embedder, ``follow`` opens that one by its name, and the index goes on with it.
        """
        lying = open_backend(where, wait_s=wait_s)
        return cls.at(lying, embedder=embedder, settings=settings, wait_s=wait_s, stale=stale, follow=follow)

    @classmethod
    def at(
        cls,
        place: Backend,
        *,
        embedder: "Embedder",
        settings: Settings,
        wait_s: float = 10.0,
        stale: bool = False,
        follow: "Callable[[str], Embedder] | None" = None,
    ) -> Self:
        """Open the index that lies in ``open_backend``, likewise; closing it closes the place, and so does failing."""
        index = cls(place, embedder=embedder, settings=settings, wait_s=wait_s)
        try:
            if not stale:
                index._refuse_stale()
            index._mend()
            index._follow = follow
        except BaseException:
            index.close()
            raise
        return index

    @property
    def embedder(self) -> str:
        """The name of the embedder that it is made and searched with."""
        return self.model.name

    @property
    def model(self) -> "Embedder":
        """The embedder that it is made and searched with; another one after another process made it anew."""
        made = self._store.recipe
        if self._follow and made and made.embedder != self._embedder.name and self._store.count():
            self._embedder = self._follow(made.embedder)
        return self._embedder

    def take_up(self, embedder: "Embedder") -> None:
        """Make and search it with another embedder from here on; it is stale until ``rebuild()``."""
        self._embedder = embedder

    def particulars(self) -> Mapping[str, ArticleFacts]:
        """What filters look at in each article, by id."""
        with self._store.reading():
            known = self._particulars
            if known[0] != (generation := self.generation):
                known = self._particulars = (generation, self._store.particulars())
            return known[1]

    def admitted(self, within: Filter) -> FilterMatch:
        """The articles that match; raises ``SettingsError`` for a publisher or an id that no article has."""
        return match_articles(within, self.particulars())

    def frequencies(self, wanted: Iterable[str]) -> DocumentFrequencies:
        """In how many chunks each of these terms stands."""
        return self._store.frequencies(wanted)

    def vocabulary(self) -> Mapping[str, int]:
        """Every term of the articles and their titles, and in how many chunks it stands."""
        generation = self.generation
        if self._vocabulary[0] != generation:
            self._vocabulary = (generation, self._store.vocabulary())
        return self._vocabulary[1]

    def surface(self, term: str) -> str:
        """A word of the articles that has this term, as it is written there; ``term`` itself where none has."""
        with self._store.reading():
            best = self._backend.keyword_search(
                self._bm25((term,), self._store.frequencies((term,))), limit=1
            )
            for chunk in self._store.chunks(best).values():
                title = self.article(chunk.article_id).title
                found = next(
                    (word.text for word in words(f"{chunk.text} {title}") if word.term == term), term
                )
                return found.removesuffix("'s").removesuffix("’s")
        return term

    def _bm25(self, wanted: Iterable[str], seen: DocumentFrequencies) -> Bm25:
        """The terms that stand anywhere, each as telling as ``seen`` says."""
        found = (term for term in wanted if seen.counts.get(term))
        return Bm25.of(found, seen=seen, mean=self._store.mean_length)

    # Searching

    def search(self, question: str, *, limit: int, within: Filter = EVERYTHING) -> tuple[Hit, ...]:
        """The ``limit`` best chunks for ``question``, best first; ties by article and place.

        The nearest by cosine and the best by BM25, ``settings.candidates`` of each, are scored both ways and
        the scores combined. Where the question's words are all function words, these are looked for.

        Only chunks of articles that match ``within`` are candidates, however few there are; how rare a word is
        remains that of the whole index. Raises ``SettingsError`` as ``match_articles`` does.
        """
        asked = self.asked(question)
        with self._store.reading():
            self._refuse_stale(len(asked.vector))
            among = self._store.chunk_ids(self.admitted(within).articles) if within else None
            hits = self._hits(asked, limit, among)
        if self._backend.degraded_reason is not None:
            self._mend()
        return hits

    def asked(self, question: str) -> PreparedQuestion:
        """``question`` made ready to be searched, here or in another index of the same embedder."""
        plain = question.encode("utf-8", "replace").decode()
        vector = self.model.embed_question(plain)
        wanted = [word.term for word in content(plain)] or terms(plain)
        return PreparedQuestion(vector, tuple(" ".join(wanted).split()))

    def candidates(
        self,
        asked: PreparedQuestion,
        *,
        size: int,
        seen: DocumentFrequencies,
        articles: frozenset[str] | None = None,
    ) -> tuple[Candidate, ...]:
        """The nearest and the best by BM25, ``size`` of each, for a search over several indexes.

        ``seen`` says how rare the terms are in all of them together; ``articles`` are the ids of those that
        count, ``None`` for all.
        """
        with self._store.reading():
            self._refuse_stale(len(asked.vector))
            among = None if articles is None else self._store.chunk_ids(articles)
            by_vector, by_keyword, found, said = self._scored(asked, seen, size, among)
            chunks = self._store.chunks([one.id for one in found])
        if self._backend.degraded_reason is not None:
            self._mend()
        return tuple(
            Candidate(
                chunk=chunks[one.id],
                cosine=one.cosine,
                keyword=said[one.id],
                near=one.id in by_vector,
                said=one.id in by_keyword,
            )
            for one in found
        )

    def _scored(
        self, asked: PreparedQuestion, seen: DocumentFrequencies, size: int, among: frozenset[int] | None
    ) -> tuple[dict[int, int], dict[int, int], tuple[VectorHit, ...], dict[int, float]]:
        """The ranks of the ``size`` nearest and the ``size`` best by BM25, by chunk id; all of these, both ways."""
        wanted = self._bm25(asked.wanted, seen)
        near = self._backend.vector_search(asked.vector, limit=size, among=among)
        said = self._backend.keyword_search(wanted, limit=size, among=among)
        by_vector = {one.id: rank for rank, one in enumerate(near, 1)}
        by_keyword = {chunk_id: rank for rank, chunk_id in enumerate(said, 1)}
        # Each is scored both ways, also where it was among the candidates of one ranking alone.
        rows = {one.id: one for one in near}
        others = measured(self._store.vectors(said.keys() - rows.keys()), asked.vector)
        unsaid = rows.keys() - said.keys()
        # A damaged store may lack the keywords of a chunk.
        said |= dict.fromkeys(unsaid, 0.0) | scored(self._store.bodies(unsaid), wanted)
        return by_vector, by_keyword, (*near, *others), said

    def _hits(self, asked: PreparedQuestion, limit: int, among: frozenset[int] | None) -> tuple[Hit, ...]:
        size = max(self._settings.candidates, limit)
        seen = self._store.frequencies(asked.wanted)
        by_vector, by_keyword, found, said = self._scored(asked, seen, size, among)
        fused = fuse([one.cosine for one in found], [said[one.id] for one in found])
        scored = sorted(zip(fused, found, strict=True), key=lambda pair: _backend(*pair))[:limit]
        chunks = self._store.chunks([one.id for _, one in scored])
        return tuple(
            Hit(
                chunk=chunks[one.id],
                score=score,
                cosine=one.cosine,
                ranks=Ranks(vector=by_vector.get(one.id), keyword=by_keyword.get(one.id)),
            )
            for score, one in scored
        )

    # Changing

    def add(self, articles: Iterable[Article], *, on_progress: Progress | None = None) -> Changes:
        """Store new articles and those that changed; an article stored already as it is costs nothing.

        Each article is stored whole or not at all, as soon as it is embedded. ``on_progress`` is told how
        many chunks of how many are embedded. Raises ``ArticleError``, before anything is stored, where an
        article cannot be stored or two that differ share an id, and ``Stopped`` upon Ctrl-C, once what is at hand is
        stored.
        """
        return self._change(tuple(articles), keep=None, on_progress=on_progress)

    def sync(
        self, articles: Iterable[Article], *, keep: Iterable[str] = (), on_progress: Progress | None = None
    ) -> Changes:
        """Like ``add``, and then remove the articles that were not given, but for those whose ids are in ``keep``.

        One that is given under another id, with the same title and text, takes its chunks along. Raises likewise.
        """
        return self._change(tuple(articles), keep=frozenset(keep), on_progress=on_progress)

    @property
    def source(self) -> str:
        """The folder that it is kept in step with; empty where there is none."""
        return self._store.source

    def set_source(self, folder: str) -> None:
        """Say which folder it is kept in step with."""
        if folder != self.source:
            with self._backend.lock(self._wait_s), self._store.writing():
                self._store.set_source(folder)

    def rebuild(self, *, on_progress: Progress | None = None) -> None:
        """Cut and embed all articles again from their stored text. Until it is done readers see the old."""
        with self._backend.lock(self._wait_s):
            articles = [self.article(article_id) for article_id in self._store.digests()]
            ready = list(self._embedded(articles, self._embedder, on_progress))
            with self._store.writing():
                self._store.remove_orphans()
                for one in ready:
                    self._store.put(one.article, spans=one.spans, bodies=one.bodies, vectors=one.vectors)
                    self._store.set_recipe(self._recipe(one.vectors.shape[1]))
                self._backend.invalidate()
        self._settle()

    def check(self) -> tuple[str, ...]:
        """What is wrong with the index, a sentence each; empty where all is well. Reads everything."""
        with self._store.reading():
            return faults(self._store) or self._backend.problems()

    def _change(
        self, articles: Sequence[Article], *, keep: frozenset[str] | None, on_progress: Progress | None
    ) -> Changes:
        given = checked(articles)
        changes = diff(self._store, given, keep=keep)
        if not changes:
            return changes  # no lock: nothing is written
        done = set[str]()
        try:
            with self._backend.lock(self._wait_s):
                embedder = self.model
                self._refuse_stale()
                changes = diff(self._store, given, keep=keep)  # another process may have written meanwhile
                self._carry_out(changes, given, embedder=embedder, tell=done.add, on_progress=on_progress)
            self._settle()
        except KeyboardInterrupt as stop:
            came = changes.as_far_as(done)
            counts = came.counts(mirrored=keep is not None)
            raise Stopped(f"{came.held} of {changes.held} articles are in ({counts})") from stop
        return changes

    def _carry_out(
        self,
        changes: Changes,
        given: Mapping[str, Article],
        *,
        embedder: "Embedder",
        tell: Callable[[str], None],
        on_progress: Progress | None,
    ) -> None:
        """Make the ``changes``; ``tell`` gets the id of each article once what becomes of it is there for good."""
        work = [given[article_id] for article_id in (*changes.added, *changes.updated)]
        same_words, fresh = self._parted(work)
        refuse_wordless(fresh, settings=self._settings)
        for old, new in changes.renamed:
            with self._store.writing():
                self._store.rename(old, given[new])
            tell(new)
        for one in same_words:
            with self._store.writing():
                self._store.update_metadata(one)
            tell(one.id)
        self._put(fresh, embedder=embedder, tell=tell, on_progress=on_progress)
        for article_id in changes.removed:
            self._remove(article_id)
            tell(article_id)

    def _put(
        self,
        articles: Sequence[Article],
        *,
        embedder: "Embedder",
        tell: Callable[[str], None],
        on_progress: Progress | None,
    ) -> None:
        """Embed and write the articles; while one is written the next is embedded. No thread outlives it."""

        def write(ready: PreparedArticle) -> None:
            self._write(ready)
            tell(ready.article.id)

        with (
            ThreadPoolExecutor(1, thread_name_prefix="write") as writer,
            closing(self._embedded(articles, embedder, on_progress)) as embedding,
        ):
            written: Future[None] | None = None
            for ready in embedding:
                if written is not None:
                    written.result()
                written = writer.submit(write, ready)
            if written is not None:
                written.result()

    def _embedded(
        self, articles: Sequence[Article], embedder: "Embedder", on_progress: Progress | None
    ) -> Generator[PreparedArticle, None, None]:
        return embedded(articles, settings=self._settings, embedder=embedder, on_progress=on_progress)

    def _write(self, ready: PreparedArticle) -> None:
        dimensions = ready.vectors.shape[1]
        self._refuse_stale(dimensions)
        with self._store.writing():
            self._store.put(ready.article, spans=ready.spans, bodies=ready.bodies, vectors=ready.vectors)
            self._store.set_recipe(self._recipe(dimensions))

    def _parted(self, articles: Iterable[Article]) -> tuple[list[Article], list[Article]]:
        """Those whose title and text are stored as they are, and the others."""
        same: list[Article] = []
        other: list[Article] = []
        for article in articles:
            stored = self._store.article(article.id)
            as_it_was = stored is not None and (stored.title, stored.text) == (article.title, article.text)
            (same if as_it_was else other).append(article)
        return same, other

    # The recipe, and what follows the store

    def _recipe(self, dimensions: int) -> Recipe:
        settings = self._settings
        return Recipe(
            embedder=self._embedder.name,
            dimensions=dimensions,
            chunk_tokens=settings.chunk_tokens,
            overlap_tokens=settings.overlap_tokens,
        )

    def _refuse_stale(self, dimensions: int | None = None) -> None:
        made = self._store.recipe
        if made is None or not self._store.count():
            return
        present = self._recipe(made.dimensions if dimensions is None else dimensions)
        for field in Recipe.__slots__:
            was, now = getattr(made, field), getattr(present, field)
            if was != now:
                what = field.replace("_", " ")
                repair = f"pincite doctor --repair --index {shlex.quote(self.name)}"
                other = field == "embedder"
                from rag.models.embedders import EMBEDDERS

                short = next((spec for spec, name in EMBEDDERS.items() if name == now), now)
                raise IndexStale(
                    f"the index {self.name!r} was made with {what} {was!r}, and {now!r} is asked for: "
                    + (
                        f"leave --embedder out, or run `{repair} --embedder {short}`"
                        if other
                        else f"run `{repair}`"
                    )
                )

    def _mend(self) -> None:
        """Mend what makes searches slower, unless another process is writing or this one may not."""
        if not self._given_up and self._backend.needs_refresh():
            self._settle(only_idle=True)


def _backend(score: float, near: VectorHit) -> tuple[float, str, int]:
    return -score, near.article_id, near.start
