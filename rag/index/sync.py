"""Keeps an index in step with a folder of articles, reading and embedding only what changed.

A stopped sync resumes where it was: each article is stored as soon as it is embedded, and the memory of the files
that were read is written before the first one is.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from rag.errors import IndexFault
from rag.index.changes import Changes, diff
from rag.index.corpus import reading_problems
from rag.index.folder_scan import FolderScan, Memory, load, save, scan_folder
from rag.index.index import Index
from rag.index.near_duplicates import NearDuplicate, near_duplicates
from rag.index.preparation import articles_by_id
from rag.models.embedders import Embedder
from rag.reading.articles import ReadResult
from rag.reading.web.url import is_address
from rag.schema import Article
from rag.settings import Settings
from rag.storage.backend import exists, open_store
from rag.storage.location import ServerAddress
from rag.storage.records import ArticleSummary
from rag.storage.store import Store
from rag.system.paths import synced_file
from rag.system.progress import Progress

_MEMORY_FILE = "files.json"
_NAMED_IDS = 3  # ids in a refusal
_LENGTH_RATIO = 1.25  # near-duplicates differ in length by less, unless one repeats many of its own words


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOptions:
    """What a sync may do that loses articles: remove all of them, or those that did not come from its folder."""

    allow_empty: bool = False
    take_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """The result of a sync, or of its preview: the changes, near-duplicates of what is new, and problems, a line each.

    ``problems`` are reported each time until they are fixed: what was left out, and what that prevents. ``notes`` are
    of articles that were read now: what was removed from them or guessed about them. ``read`` is the number of
    articles that were read from their files; the others were known to be unchanged. ``refusal`` says why a sync would
    do nothing.
    """

    changes: Changes
    repeats: tuple[NearDuplicate, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    read: int
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """A folder as it is now, compared with the index. ``memory`` is the one from before the scan."""

    scan: FolderScan
    memory: Memory
    given: Mapping[str, Article]
    keep: frozenset[str]
    changes: Changes
    repeats: tuple[NearDuplicate, ...]
    stored: int  # articles in the index
    source: str

    def result(self, changes: Changes) -> Synced:
        """Return the result of a sync that made these ``changes``."""
        reading = ReadResult(errors=self.scan.errors, warnings=self.scan.skipped)
        held_back = ("nothing was removed: not all could be read",) * self.scan.incomplete
        return Synced(
            changes=changes,
            repeats=self.repeats,
            problems=(*held_back, *reading_problems(reading)),
            notes=self.scan.notes,
            read=len(self.scan.articles),
        )


def preview(folder: Path, *, where: Path | ServerAddress, options: SyncOptions = SyncOptions()) -> Synced:
    """Return what ``sync`` would do to the index at ``where``; writes nothing and loads no model.

    ``refusal`` says why it would do nothing. Raises ``IndexFault`` where ``folder`` or the index cannot be read.
    """
    comparison = _compare(folder, where)
    result = comparison.result(comparison.changes)
    try:
        _refuse_loss(comparison, folder, where, options)
    except IndexFault as error:
        return replace(result, refusal=str(error))
    return result


def sync(
    folder: Path,
    *,
    where: Path | ServerAddress,
    embedder: Callable[[Iterable[Article]], Embedder],
    settings: Settings,
    options: SyncOptions = SyncOptions(),
    on_progress: Progress | None = None,
) -> Synced:
    """Add, update, rename and remove articles of the index at ``where``, so that it has those of ``folder``.

    ``embedder`` is called with the articles that were read, and only where something changed. The articles of a file
    that cannot be read for now stay. Raises ``IndexFault``, having changed nothing: where ``folder`` cannot be read;
    where all articles would be removed, without ``options.allow_empty``; and, without ``options.take_over``, where the
    index was not synced with this folder before and has articles that the folder lacks or has other versions of.
    """
    comparison = _compare(folder, where)
    source = str(folder.resolve())
    _refuse_loss(comparison, folder, where, options)
    if not comparison.changes and (comparison.source == source or not comparison.stored):
        _save_memory(comparison, where)
        return comparison.result(comparison.changes)
    articles = comparison.given.values()
    with Index.open(where, embedder=embedder(articles), settings=settings) as index:
        _save_memory(comparison, where)
        index.set_source(source)
        changes = index.sync(articles, keep=comparison.keep, on_progress=on_progress)
    return comparison.result(changes)


def _compare(folder: Path, where: Path | ServerAddress) -> _Comparison:
    """Scan ``folder`` and compare it with the index, which is opened for that and closed again."""
    if is_address(str(folder)):
        raise IndexFault(
            f"{str(folder)!r} is an address, not a folder: give `pincite sync` a feed, `pincite add` a page"
        )
    memory = load(_memory_file(where))
    if not exists(where):
        scan = scan_folder(folder, memory=memory, stored={})
        given = articles_by_id(scan.articles)
        return _Comparison(
            scan=scan,
            memory=memory,
            given=given,
            keep=frozenset(),
            changes=Changes(added=tuple(given)),
            repeats=near_duplicates(scan.articles, ()),
            stored=0,
            source="",
        )
    with closing(open_store(where)) as store:
        stored = store.digests()
        scan = scan_folder(folder, memory=memory, stored=stored)
        keep = scan.keep | stored.keys() if scan.incomplete else scan.keep
        given = articles_by_id(scan.articles)
        changes = diff(store, given, keep=keep)
        return _Comparison(
            scan=scan,
            memory=memory,
            given=given,
            keep=keep,
            changes=changes,
            repeats=_find_repeats(store, given, changes),
            stored=len(stored),
            source=store.source,
        )


def _find_repeats(store: Store, given: Mapping[str, Article], changes: Changes) -> tuple[NearDuplicate, ...]:
    """Return near-duplicates of what is added or updated, among all articles that there will be."""
    fresh = {article_id: given[article_id] for article_id in (*changes.added, *changes.updated)}
    if not fresh:
        return ()
    gone = {*changes.removed, *(old_id for old_id, _ in changes.renamed), *given}
    others = [article for article_id, article in given.items() if article_id not in fresh]
    kept = [
        summary.id
        for summary in store.listing()
        if summary.id not in gone and _is_similar_length(summary, fresh.values())
    ]
    stored = (store.article(article_id) for article_id in kept)
    return near_duplicates(
        tuple(fresh.values()), (*others, *(article for article in stored if article is not None))
    )


def _is_similar_length(summary: ArticleSummary, articles: Iterable[Article]) -> bool:
    """Whether any of the articles is near enough in length to be a near-duplicate."""
    return any(
        summary.characters <= len(article.text) * _LENGTH_RATIO
        and len(article.text) <= summary.characters * _LENGTH_RATIO
        for article in articles
    )


def _save_memory(comparison: _Comparison, where: Path | ServerAddress) -> None:
    """Save the memory of the files if it changed: writing it each time would wake processes that watch the folder."""
    before, now = comparison.memory, comparison.scan.memory
    if now.files != before.files or now.root != before.root:
        if not isinstance(where, Path):
            with suppress(OSError):
                _memory_file(where).parent.mkdir(parents=True, exist_ok=True)
        save(now, file=_memory_file(where))


def _memory_file(where: Path | ServerAddress) -> Path:
    """Return the file for the memory: in the index, or for one on servers here, as the files are this machine's."""
    return where / _MEMORY_FILE if isinstance(where, Path) else synced_file(str(where))


def _refuse_loss(
    comparison: _Comparison, folder: Path, where: Path | ServerAddress, options: SyncOptions
) -> None:
    """Raise ``IndexFault`` where more articles would be lost than the options allow."""
    removed = comparison.changes.removed
    is_source = comparison.source == str(folder.resolve())
    if removed and len(removed) == comparison.stored and (is_source or not comparison.given):
        if not options.allow_empty:
            raise IndexFault(
                f"{str(folder)!r} has none of the {comparison.stored} articles of the index, "
                "and all would be removed: check that its disk is mounted, or give --allow-empty"
            )
    elif (removed or comparison.changes.updated) and not is_source and not options.take_over:
        raise IndexFault(_take_over_message(comparison, folder, where))


def _take_over_message(comparison: _Comparison, folder: Path, where: Path | ServerAddress) -> str:
    removed, updated = comparison.changes.removed, comparison.changes.updated
    name, parts, losses = repr(str(folder)), [], []
    if removed:
        parts.append(f"{_count_articles(len(removed))} that {name} lacks ({_some_ids(removed)})")
        losses.append("remove")
    if updated:
        subject = (
            f"{len(updated)} of which it has"
            if removed
            else f"{_count_articles(len(updated))} of which {name} has"
        )
        parts.append(f"{subject} other versions ({_some_ids(updated)})")
        losses.append("replace")
    source = comparison.source
    before = f"it was kept in step with {source!r}" if source else "they were added by themselves"
    return (
        f"the index {str(where)!r} has {' and '.join(parts)}, and {before}: "
        f"give --take-over to {' and '.join(losses)} them, or another index with --index"
    )


def _count_articles(count: int) -> str:
    return f"{count} article{'s' * (count > 1)}"


def _some_ids(ids: tuple[str, ...]) -> str:
    ellipsis = ("…",) * (len(ids) > _NAMED_IDS)
    return ", ".join((*map(repr, ids[:_NAMED_IDS]), *ellipsis))
