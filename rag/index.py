"""An index of articles: adds, removes and searches them, and keeps text, keywords and vectors in step.

The store (SQLite) is the truth. The vector snapshot (Chroma) follows it and may be lost or lag behind at any
time; searches take what it lacks from the store. One process writes at a time; any number read meanwhile.
"""

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rag.candidates import Asked, Candidate, reweighed
from rag.changes import Changes, plan
from rag.check import faults
from rag.errors import IndexBroken, IndexBusy, IndexFault, IndexStale
from rag.filtering import EVERYTHING, Admitted, Filter, Particulars, admitted
from rag.fusion import fuse
from rag.intake import Progress, checked, cut, embedded
from rag.lock import write_lock
from rag.nearest import Near, Nearest
from rag.schema import Article, Hit, Ranks
from rag.settings import Settings
from rag.store import Store, Vectors
from rag.stored import Frequencies, Listed, Recipe
from rag.upkeep import lagging, renew
from rag.words import content, terms, words

if TYPE_CHECKING:
    from rag.models import Embedder

FILE = "index.sqlite3"
SNAPSHOTS = "vectors"


class Index:
    """An open index; its methods may be called from any thread. Close it, or use it in a ``with`` statement.

    Any method raises ``IndexBroken`` where the files are damaged beyond what can be made again; those that
    search raise ``IndexStale`` where the index was made with another embedder or chunk size, those that write
    raise ``IndexBusy`` where another process is writing and does not end, and ``IndexFault`` where the folder
    cannot be written. All say what mends it.
    """

    def __init__(self, folder: Path, *, embedder: "Embedder", settings: Settings, wait_s: float) -> None:
        self.folder = folder
        self._embedder = embedder
        self._settings = settings
        self._wait_s = wait_s
        self._store = Store(folder / FILE)
        self._nearest = Nearest(self._store, folder / SNAPSHOTS)
        self._vocabulary: tuple[int, Mapping[str, int]] = (-1, {})  # with the generation it was read at
        self._particulars: tuple[int, Mapping[str, Particulars]] = (-1, {})  # likewise
        self._given_up: str | None = None  # the snapshot that could not be mended
        self._follow: Callable[[str], Embedder] | None = None

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether there is an index in this folder."""
        return (folder / FILE).is_file()

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        embedder: "Embedder",
        settings: Settings,
        wait_s: float = 10.0,
        stale: bool = False,
        follow: "Callable[[str], Embedder] | None" = None,
    ) -> Self:
        """Open the index in ``folder``, making both where they are missing, and mend its vector snapshot.

        Writers wait ``wait_s`` seconds for one another. ``stale`` lets a stale index be opened, for
        ``rebuild()``; otherwise it raises ``IndexStale``. Where another process makes the index anew with another
        embedder, ``follow`` opens that one by its name, and the index goes on with it.
        """
        if not cls.exists(folder):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                reason = f"cannot be made ({error.strerror}): give another with --index"
                raise IndexFault(f"the index folder {str(folder)!r} {reason}") from error
            with write_lock(folder, wait_s=wait_s):
                Store(folder / FILE).close()
        index = cls(folder, embedder=embedder, settings=settings, wait_s=wait_s)
        try:
            if not stale:
                index._refuse_stale()
            index._mend()
            index._follow = follow
        except BaseException:
            index.close()
            raise
        return index

    def close(self) -> None:
        """Let go of the files. A second call does nothing."""
        self._nearest.close()
        self._store.close()

    def _forget(self) -> None:
        with self._store.reading():
            self._nearest.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def generation(self) -> int:
        """Rises with every change, whichever process made it."""
        return self._store.generation

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

    def article(self, article_id: str) -> Article:
        """The article of this id; raises ``IndexFault`` where there is none."""
        found = self._store.article(article_id)
        if found is None:
            raise IndexFault(f"no article {article_id!r} in the index: `pincite list` shows those there are")
        return found

    def listing(self) -> tuple[Listed, ...]:
        """All articles, by id."""
        return self._store.listing()

    def particulars(self) -> Mapping[str, Particulars]:
        """What filters look at in each article, by id."""
        with self._store.reading():
            known = self._particulars
            if known[0] != (generation := self.generation):
                known = self._particulars = (generation, self._store.particulars())
            return known[1]

    def admitted(self, within: Filter) -> Admitted:
        """The articles that match; raises ``SettingsError`` for a publisher or an id that no article has."""
        return admitted(within, self.particulars())

    def frequencies(self, wanted: Iterable[str]) -> Frequencies:
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
        for chunk_id in self._store.best(self._store.scores((term,)), limit=1):
            for chunk in self._store.chunks([chunk_id]).values():
                title = self.article(chunk.article_id).title
                found = next(
                    (word.text for word in words(f"{chunk.text} {title}") if word.term == term), term
                )
                return found.removesuffix("'s").removesuffix("’s")
        return term

    # Searching

    def search(self, question: str, *, limit: int, within: Filter = EVERYTHING) -> tuple[Hit, ...]:
        """The ``limit`` best chunks for ``question``, best first; ties by article and place.

        The nearest by cosine and the best by BM25, ``settings.candidates`` of each, are scored both ways and
        the scores combined. Where the question's words are all function words, these are looked for.

        Only chunks of articles that match ``within`` are candidates, however few there are; how rare a word is
        remains that of the whole index. Raises ``SettingsError`` as ``admitted`` does.
        """
        asked = self.asked(question)
        with self._store.reading():
            self._refuse_stale(len(asked.vector))
            among = self._store.chunk_ids(self.admitted(within).articles) if within else None
            hits = self._hits(asked, limit, among)
        if self._nearest.fault is not None:
            self._mend()
        return hits

    def asked(self, question: str) -> Asked:
        """``question`` made ready to be searched, here or in another index of the same embedder."""
        plain = question.encode("utf-8", "replace").decode()
        vector = self.model.embed_question(plain)
        return Asked(vector, tuple(word.term for word in content(plain)) or terms(plain))

    def candidates(
        self, asked: Asked, *, size: int, seen: Frequencies, articles: frozenset[str] | None = None
    ) -> tuple[Candidate, ...]:
        """The nearest and the best by BM25, ``size`` of each, for a search over several indexes.

        ``seen`` says how rare the terms are in all of them together; ``articles`` are the ids of those that
        count, ``None`` for all.
        """
        with self._store.reading():
            self._refuse_stale(len(asked.vector))
            own = self._store.frequencies(asked.wanted)
            among = None if articles is None else self._store.chunk_ids(articles)
            said = _kept(reweighed(asked.wanted, self._store.scores, own=own, seen=seen), among)
            by_vector, by_keyword, found = self._scored(asked.vector, said, size, among)
            chunks = self._store.chunks([one.id for one in found])
        if self._nearest.fault is not None:
            self._mend()
        return tuple(
            Candidate(
                chunk=chunks[one.id],
                cosine=one.cosine,
                keyword=said.get(one.id, 0.0),
                near=one.id in by_vector,
                said=one.id in by_keyword,
            )
            for one in found
        )

    def _scored(
        self, vector: Vectors, said: Mapping[int, float], size: int, among: frozenset[int] | None
    ) -> tuple[dict[int, int], dict[int, int], tuple[Near, ...]]:
        """The ranks of the ``size`` nearest and the ``size`` best of ``said``, by chunk id, and all of these."""
        near = self._nearest.top(vector, limit=size, among=among)
        by_vector = {one.id: rank for rank, one in enumerate(near, 1)}
        ranked = self._store.best(said, limit=size)
        by_keyword = {chunk_id: rank for rank, chunk_id in enumerate(ranked, 1)}
        # Each is scored both ways, also where it was among the candidates of one ranking alone.
        rows = self._store.vectors(by_vector.keys() | by_keyword.keys())
        return by_vector, by_keyword, self._nearest.measured(rows, vector)

    def _hits(self, asked: Asked, limit: int, among: frozenset[int] | None) -> tuple[Hit, ...]:
        said = _kept(self._store.scores(asked.wanted), among)
        size = max(self._settings.candidates, limit)
        by_vector, by_keyword, found = self._scored(asked.vector, said, size, among)
        fused = fuse([one.cosine for one in found], [said.get(one.id, 0.0) for one in found])
        scored = sorted(zip(fused, found, strict=True), key=lambda pair: _place(*pair))[:limit]
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
        article cannot be stored or two that differ share an id.
        """
        return self._change(tuple(articles), keep=None, on_progress=on_progress)

    def sync(
        self, articles: Iterable[Article], *, keep: Iterable[str] = (), on_progress: Progress | None = None
    ) -> Changes:
        """Like ``add``, and then remove the articles that were not given, but for those whose ids are in ``keep``.

        One that is given under another id, with the same title and text, takes its chunks along.
        """
        return self._change(tuple(articles), keep=frozenset(keep), on_progress=on_progress)

    @property
    def source(self) -> str:
        """The folder that it is kept in step with; empty where there is none."""
        return self._store.source

    def set_source(self, folder: str) -> None:
        """Say which folder it is kept in step with."""
        if folder != self.source:
            with write_lock(self.folder, wait_s=self._wait_s), self._store.writing():
                self._store.set_source(folder)

    def remove(self, ids: Iterable[str]) -> Changes:
        """Take articles away with all that is theirs; ``IndexFault``, and nothing, for an unknown id."""
        wanted = tuple(dict.fromkeys(ids))
        with write_lock(self.folder, wait_s=self._wait_s):
            for article_id in wanted:
                self.article(article_id)
            self._remove(wanted)
            self._settle()
        return Changes(removed=tuple(sorted(wanted)))

    def rebuild(self, *, on_progress: Progress | None = None) -> None:
        """Cut and embed all articles again from their stored text. Until it is done readers see the old."""
        with write_lock(self.folder, wait_s=self._wait_s):
            articles = [self.article(article_id) for article_id in self._store.digests()]
            cuts = [cut(article, settings=self._settings) for article in articles]
            ready = list(embedded(cuts, embedder=self._embedder, on_progress=on_progress))
            with self._store.writing():
                self._store.sweep()
                for one in ready:
                    self._store.put(one.article, spans=one.spans, vectors=one.vectors)
                    self._store.set_recipe(self._recipe(one.vectors.shape[1]))
                self._store.set_snapshot("")
            self._forget()
            self._settle()

    def check(self) -> tuple[str, ...]:
        """What is wrong with the index, a sentence each; empty where all is well. Reads everything."""
        return faults(self._store, folder=self.folder / SNAPSHOTS)

    def _change(
        self, articles: Sequence[Article], *, keep: frozenset[str] | None, on_progress: Progress | None
    ) -> Changes:
        given = checked(articles)
        changes = plan(self._store, given, keep=keep)
        if not changes:
            return changes  # no lock: nothing is written
        with write_lock(self.folder, wait_s=self._wait_s):
            embedder = self.model
            self._refuse_stale()
            changes = plan(self._store, given, keep=keep)  # another process may have written meanwhile
            work = [given[article_id] for article_id in (*changes.added, *changes.updated)]
            same_words = [one for one in work if self._same_words(one)]
            cuts = [cut(one, settings=self._settings) for one in work if one not in same_words]
            for old, new in changes.renamed:
                with self._store.writing():
                    self._store.rename(old, given[new])
            for one in same_words:
                with self._store.writing():
                    self._store.amend(one)
            for ready in embedded(cuts, embedder=embedder, on_progress=on_progress):
                self._refuse_stale(ready.vectors.shape[1])
                with self._store.writing():
                    self._store.put(ready.article, spans=ready.spans, vectors=ready.vectors)
                    self._store.set_recipe(self._recipe(ready.vectors.shape[1]))
            self._remove(changes.removed)
            self._settle()
        return changes

    def _same_words(self, article: Article) -> bool:
        stored = self._store.article(article.id)
        return stored is not None and (stored.title, stored.text) == (article.title, article.text)

    def _remove(self, ids: Iterable[str]) -> None:
        for article_id in ids:
            with self._store.writing():
                self._store.remove(article_id)

    # The recipe and the snapshot

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
                repair = f"pincite doctor --repair --index {shlex.quote(str(self.folder))}"
                other = field == "embedder"
                raise IndexStale(
                    f"the index {str(self.folder)!r} was made with {what} {was!r}, and {now!r} is asked for: "
                    + (
                        f"leave --embedder out, or run `{repair} --embedder {now}`"
                        if other
                        else f"run `{repair}`"
                    )
                )

    def _mend(self) -> None:
        """Make the snapshot anew where needed, unless another process is writing or this one may not."""
        if self._given_up == self._store.snapshot or not self._lagging():
            return
        try:
            with write_lock(self.folder, wait_s=0):
                self._settle()
        except IndexBusy:
            return
        except IndexBroken:
            raise
        except IndexFault:
            # Searches are as right without it, and slower; check() says what is wrong. It is not tried again.
            self._given_up = self._store.snapshot

    def _lagging(self) -> bool:
        return lagging(self._store, folder=self.folder / SNAPSHOTS, broken=self._nearest.broken)

    def _settle(self) -> None:
        if self._lagging():
            renew(self._store, folder=self.folder / SNAPSHOTS)


def _kept(scores: dict[int, float], among: frozenset[int] | None) -> dict[int, float]:
    return scores if among is None else {one: score for one, score in scores.items() if one in among}


def _place(score: float, near: Near) -> tuple[float, str, int]:
    return -score, near.article_id, near.start
