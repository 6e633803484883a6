"""Adds to an index what is new or changed in a feed or sitemap, and removes nothing: a feed shows only the newest.

A stopped run resumes where it was: every few pages the articles are stored, and it is remembered which they were of.
"""

import math
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.errors import SiteAway, Stopped
from rag.index.changes import Changes
from rag.index.following.feed_memory import KnownEntry, load, memory_file, save
from rag.index.index import Index
from rag.models.embedders import Embedder
from rag.reading.web.feeds.articles import ENTRIES, FetchedEntry, check_limit, fetch_entries, left_out
from rag.reading.web.feeds.entries import Entry, Listing, page_key
from rag.schema import Article
from rag.settings import Settings
from rag.storage.backend import exists, open_store
from rag.storage.location import ServerAddress
from rag.system.progress import Progress, ignore_progress

_AT_ONCE = 10  # pages fetched before their articles are stored


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPlan:
    """What a run would fetch: the entries ``wanted``, in this order; of these ``changed`` are the keys of known ones.

    ``known`` are the ids of the articles of the others, which are left as they are. ``problems`` are lines on what
    the list itself lacks, and on what is beyond the limit. ``memory`` is of the listed entries, as they are known now.
    """

    wanted: tuple[Entry, ...]
    changed: frozenset[str]
    known: tuple[str, ...]
    problems: tuple[str, ...]
    memory: Mapping[str, KnownEntry] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSynced:
    """The result of a run: the changes, with the known entries as unchanged, and ``problems``, a line each.

    ``notes`` are of articles that were read now. ``source`` is the folder that the index is kept in step with, whose
    next sync takes out again what came in here.
    """

    changes: Changes
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    source: str = ""


def plan_feed(listing: Listing, *, where: Path | ServerAddress, limit: int = ENTRIES) -> FeedPlan:
    """What ``sync_feed`` would fetch of ``listing`` for the index at ``where``, which need not exist; fetches nothing.

    An entry is known where the index has the article that was made of it, or one with its URL, and changed where its
    time of change is another than then. Those that failed before come last. Raises ``SettingsError`` for a limit
    below 1.
    """
    check_limit(limit)
    remembered = load(memory_file(where))
    ids, by_page = _stored(where)
    new, changed, known = [], [], []
    memory: dict[str, KnownEntry] = {}
    for entry in listing.entries:
        before = remembered.get(entry.key)
        if before is None or before.article not in ids:
            article = by_page.get(entry.key, "")
            before = KnownEntry(article, entry.stamp, failed=before is not None and before.failed)
        memory[entry.key] = before
        if not before.article:
            new.append(entry)
        elif entry.stamp and before.stamp and entry.stamp != before.stamp:
            changed.append(entry)
        else:
            known.append(before.article)
            memory[entry.key] = replace(before, stamp=entry.stamp or before.stamp)
    wanted = sorted((*new, *changed), key=lambda entry: memory[entry.key].failed)
    listed = (*(f"left out {error}" for error in listing.errors), *listing.warnings)
    return FeedPlan(
        wanted=tuple(wanted[:limit]),
        changed=frozenset(entry.key for entry in changed),
        known=tuple(known),
        problems=(*listed, *left_out(listing.address, len(wanted), limit)),
        memory=memory,
    )


def sync_feed(
    listing: Listing,
    *,
    where: Path | ServerAddress,
    embedder: Callable[[Sequence[Article]], Embedder],
    settings: Settings,
    limit: int = ENTRIES,
    on_progress: Progress | None = None,
) -> FeedSynced:
    """Fetch at most ``limit`` entries of ``listing`` that are new or changed, and add their articles to an index.

    It is made where it is missing; nothing is ever removed from it. ``embedder`` is called where there is something
    to add, with as many articles as there may be in all. ``on_progress`` is told how many entries of how many are
    fetched. Raises ``SettingsError`` for a limit below 1, ``Stopped`` upon Ctrl-C, and what ``Index.add`` raises.
    """
    plan = plan_feed(listing, where=where, limit=limit)
    report, total = on_progress or ignore_progress, len(plan.wanted)
    batch: list[FetchedEntry] = []

    def open_index(articles: Sequence[Article]) -> Index:
        in_all = (*articles,) * math.ceil(total / len(articles))  # as it is chosen by how much there is
        return Index.open(where, embedder=embedder(in_all), settings=settings)

    with _Writing(plan, where, open_index) as writing:
        for done, item in enumerate(fetch_entries(plan.wanted, listing.access), start=1):
            batch.append(_settled(item, plan))
            report(done, total)
            if done == total or len(batch) == _AT_ONCE:
                writing.store(batch)
                batch.clear()
    return writing.result()


class _Writing:
    """Stores what was fetched, batch by batch; the index is opened with the first articles there are."""

    def __init__(
        self, plan: FeedPlan, where: Path | ServerAddress, open_index: Callable[[Sequence[Article]], Index]
    ) -> None:
        self._plan, self._where, self._open_index = plan, where, open_index
        self._index: Index | None = None
        self._stored, self._source = 0, ""
        self._changes = Changes(unchanged=plan.known)
        self._problems, self._notes = list(plan.problems), list[str]()

    def __enter__(self) -> Self:
        known = {key: known for key, known in self._plan.memory.items() if known.article}
        self._remember({key: entry for key, entry in known.items() if key not in self._plan.changed})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._index is not None:
            self._index.close()
        if isinstance(error, KeyboardInterrupt) and self._stored:
            raise Stopped(f"{self._stored:,} of {len(self._plan.wanted):,} pages are stored") from error

    def store(self, batch: Sequence[FetchedEntry]) -> None:
        """Add the articles of a batch, of two with one id the first, and remember what became of its entries."""
        articles = {item.article.id: item.article for item in reversed(batch) if item.article}
        if articles:
            given = tuple(reversed(articles.values()))
            self._index = self._index or self._open_index(given)
            self._changes += self._index.add(given)
            self._source = self._index.source
        self._stored += len(articles)
        self._remember({item.entry.key: _outcome(item, self._plan) for item in batch})
        self._problems += (f"left out {item.error}" for item in batch if item.error and not item.article)
        self._notes += (note for item in batch for note in item.notes)

    def result(self) -> FeedSynced:
        """Return what was done so far."""
        return FeedSynced(
            changes=self._changes,
            problems=tuple(self._problems),
            notes=tuple(self._notes),
            source=self._source,
        )

    def _remember(self, learned: Mapping[str, KnownEntry]) -> None:
        """Save what was learned, unless there is no index: then nothing was added."""
        if isinstance(self._where, ServerAddress) or self._where.is_dir():
            save(learned, file=memory_file(self._where))


def _stored(where: Path | ServerAddress) -> tuple[Set[str], Mapping[str, str]]:
    """The ids of the articles in the index, and the id of the article of each page."""
    if not exists(where):
        return frozenset(), {}
    with closing(open_store(where)) as store:
        listing = store.listing()
    ids = frozenset(summary.id for summary in listing)
    return ids, {page_key(summary.url): summary.id for summary in listing if summary.url}


def _settled(item: FetchedEntry, plan: FeedPlan) -> FetchedEntry:
    """What is made of a fetched entry: of a known one without its page, the text in the feed replaces its article.

    Where the site did not answer for now, the article stays as it is.
    """
    known = plan.memory[item.entry.key].article
    if not known or item.article is None or item.error is None:
        return item
    if isinstance(item.error, SiteAway):
        return replace(item, article=None, notes=())
    return replace(item, article=replace(item.article, id=known))


def _outcome(item: FetchedEntry, plan: FeedPlan) -> KnownEntry:
    if item.article is None:
        return replace(plan.memory[item.entry.key], failed=True)
    return KnownEntry(item.article.id, item.entry.stamp, failed=False)
