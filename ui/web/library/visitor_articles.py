"""A visitor's own articles beside those that everybody may ask: one index for each who added some.

Where the server shares what visitors add, it goes into the index that all of them ask.
"""

import datetime
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock
from typing import Any

from rag.errors import IndexFault
from rag.index.federated import FederatedIndex
from rag.index.index import Index
from rag.index.readable import SearchableIndex
from rag.reading.sandbox import SandboxedReader
from rag.schema import Article
from rag.settings import Settings
from rag.storage.records import ArticleSummary
from rag.system.progress import Progress
from ui.web.access.visitors import Visitor
from ui.web.library.addresses import from_address
from ui.web.library.open_indexes import Leases
from ui.web.library.uploads import Upload, from_file, from_text, shortened, uploaded
from ui.web.refusal import Refusal

_UNUSED = 30  # days of use after which articles that nobody asked for go
_LARGEST = 60  # characters of a title in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much one visitor may add; where uploads are shared, all visitors together."""

    file_bytes: int = 20 * 1024 * 1024  # bytes in one file or pasted text
    articles: int = 200
    characters: int = 20_000_000  # code points in all articles together
    open: int = 32  # indexes that stay open while nobody uses them


@dataclass(frozen=True, slots=True)
class Named:
    """An article that was added."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Added:
    """What went in, in the order given, and one line for each thing that did not or that may mislead."""

    articles: tuple[Named, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """One line of a visitor's listing. ``url`` is as the article has it: unchecked. ``own``: it may be removed."""

    id: str
    title: str
    publisher: str
    date: datetime.date | None
    url: str
    characters: int
    own: bool


class Shelves:
    """The articles of all visitors; safe in many threads. ``base`` is what all may ask, and stays the caller's.

    Visitors' articles are embedded as those of ``base`` are, with which they are searched: also where ``base`` is made
    anew with another embedder meanwhile.
    Articles live in ``folder/<visitor.id>/``; those that nobody asked for in 30 days of use go when this is made. Any
    method raises ``Refusal`` for what the visitor did wrong, ``IndexFault`` for what the disk did.
    """

    def __init__(
        self,
        folder: Path,
        *,
        base: Index,
        settings: Settings,
        shared: bool = False,
        limits: Room | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        def opened(place: Path, stale: bool) -> Index:  # noqa: FBT001 - called by Leases alone
            index = Index.open(place, embedder=base.model, settings=settings, stale=stale)
            with suppress(IndexFault):  # where nothing can be written, no text can be either
                # No other program reads a visitor's articles, and what is removed would stay in a snapshot for a while.
                index.set_collection_texts(included=False)
            return index

        def in_step(index: Index) -> None:
            if index.embedder != base.embedder:
                index.replace_embedder(base.model)
                index.rebuild()

        self._base = base
        self._settings = settings
        self._shared = shared
        self._room = limits or Room()
        self._sharing = Lock()
        self._apart = SandboxedReader()
        self._leases = Leases(folder, opened=opened, in_step=in_step, limit=self._room.open, now=now)
        self.sweep()

    def sweep(self) -> int:
        """Remove the articles that nobody asked for in 30 days on which others were; of how many visitors."""
        return self._leases.sweep(_UNUSED)

    def close(self) -> None:
        """Let go of all visitors' indexes, and read no file to its end; ``base`` stays open."""
        self._apart.close()
        self._leases.close()

    def open(self) -> int:
        """How many visitors' indexes are open now."""
        return self._leases.open()

    @contextmanager
    def reading(self, visitor: Visitor) -> Iterator[SearchableIndex]:
        """All that this visitor may ask, as one index. It is not the caller's to close, nor to keep."""
        if self._shared:
            yield self._base
            return
        with self._leases.reading(visitor) as own:
            yield self._base if own is None else FederatedIndex(self._base, own, settings=self._settings)

    def listing(self, visitor: Visitor) -> tuple[Shelved, ...]:
        """All that this visitor may ask, by id."""
        with self.reading(visitor) as index:
            return tuple(_line(item) for item in index.listing())

    def article(self, visitor: Visitor, article_id: str) -> Article:
        """One of the articles that this visitor may ask; ``Refusal`` 404 for any other id."""
        with self.reading(visitor) as index:
            found = _found(index, article_id)
        if found is None:
            raise Refusal(
                f"there is no article {article_id!r:.80} here: see the list of articles", status=404
            )
        return found

    def fingerprint(self, visitor: Visitor, article_id: str) -> str | None:
        """The fingerprint of an article as it is now; ``None`` where the visitor may ask none of that id."""
        with self.reading(visitor) as index:
            found = _found(index, article_id)
        return None if found is None else found.fingerprint

    def add(
        self,
        visitor: Visitor,
        name: str,
        data: bytes,
        *,
        on_progress: Progress | None = None,
        unwanted: Event | None = None,
    ) -> Added:
        """Add the articles of a file. A bad record costs itself alone; what is there already changes nothing.

        ``on_progress`` is told the chunks embedded so far and in all. Once ``unwanted`` is set the file is read no
        further, and nothing of it goes in. Raises ``Refusal``: 415 for a file of a type that is not read, 413 for
        one too large, 409 where the visitor has no room left.
        """
        return self._put(
            visitor, from_file(name, data, **self._given(visitor, unwanted)), on_progress=on_progress
        )

    def fetch(
        self,
        visitor: Visitor,
        address: str,
        *,
        on_progress: Progress | None = None,
        unwanted: Event | None = None,
    ) -> Added:
        """Add what is at a web address; else as ``add``. Raises ``Refusal`` also with 400: see ``from_address``."""
        return self._put(
            visitor, from_address(address, **self._given(visitor, unwanted)), on_progress=on_progress
        )

    def _given(self, visitor: Visitor, unwanted: Event | None) -> dict[str, Any]:
        return {
            "whose": visitor.id,
            "limit": self._room.file_bytes,
            "apart": self._apart,
            "unwanted": unwanted,
        }

    def paste(
        self, visitor: Visitor, title: str, text: str, url: str = "", *, on_progress: Progress | None = None
    ) -> Added:
        """Add a pasted text as one article. Raises ``Refusal``: 400, 413 or 409."""
        given = from_text(text, title=title, url=url, limit=self._room.file_bytes)
        return self._put(visitor, given, on_progress=on_progress)

    def remove(self, visitor: Visitor, article_id: str) -> None:
        """Remove an article that was added here. ``Refusal``: 403 for one that was not, 404 where there is none."""
        with self._writing(visitor, make=False) as own:
            if own is not None and uploaded(article_id) and _found(own, article_id) is not None:
                own.remove([article_id])
                return
        title = self.article(visitor, article_id).title
        whose = f"{shortened(title, _LARGEST)!r} is the server's"
        raise Refusal(f"Only articles that you added can be removed: {whose}.", status=403)

    def _put(self, visitor: Visitor, given: Upload, *, on_progress: Progress | None = None) -> Added:
        if not given.articles:
            return Added(problems=given.problems)
        with self._writing(visitor, make=True) as own:
            if own is None:
                raise TypeError("a writing lease that makes its index always has one")
            fresh, said = self._fresh(own, given.articles)
            taken = self._fitting(own, fresh)
            if fresh and not taken:
                raise Refusal(self._full(fresh), status=409)
            if left := len(fresh) - len(taken):
                said = (*said, f"{left} left out: {self._full(fresh[-left:])}")
            own.add(taken, on_progress=on_progress)
        return Added(tuple(Named(one.id, one.title) for one in taken), (*given.problems, *said))

    def _writing(self, visitor: Visitor, *, make: bool) -> AbstractContextManager[Index | None]:
        return self._all() if self._shared else self._leases.writing(visitor, make=make)

    @contextmanager
    def _all(self) -> Iterator[Index]:
        with self._sharing:
            yield self._base

    def _fresh(self, own: Index, given: Sequence[Article]) -> tuple[tuple[Article, ...], tuple[str, ...]]:
        """Those of ``given`` whose words are not among the articles yet, and a line for each of the others."""
        there = {item.fingerprint for index in {self._base, own} for item in index.listing()}
        fresh: list[Article] = []
        said: list[str] = []
        for one in given:
            if one.fingerprint in there:
                said.append(
                    f"{shortened(one.title, _LARGEST)!r} is among the articles already: nothing to add"
                )
            else:
                there.add(one.fingerprint)
                fresh.append(one)
        return tuple(fresh), tuple(said)

    def _fitting(self, own: Index, fresh: Sequence[Article]) -> tuple[Article, ...]:
        """The first of ``fresh``, as many as there is room for."""
        kept = [item for item in own.listing() if uploaded(item.id)]
        characters = sum(item.characters for item in kept)
        taken: list[Article] = []
        for one in fresh:
            characters += len(one.text)
            if len(kept) + len(taken) == self._room.articles or characters > self._room.characters:
                break
            taken.append(one)
        return tuple(taken)

    def _full(self, left: Sequence[Article]) -> str:
        room = f"{self._room.articles} articles and {self._room.characters:,} characters"
        return (
            f"no room for {shortened(left[0].title, _LARGEST)!r}: there is room for {room}, remove some first"
        )


def _line(item: ArticleSummary) -> Shelved:
    return Shelved(
        id=item.id,
        title=item.title,
        publisher=item.publisher,
        date=item.date,
        url=item.url,
        characters=item.characters,
        own=uploaded(item.id),
    )


def _found(index: SearchableIndex, article_id: str) -> Article | None:
    try:
        return index.article(article_id)
    except IndexFault as error:
        if type(error) is not IndexFault:  # a broken or stale index says nothing about the article
            raise
        return None
