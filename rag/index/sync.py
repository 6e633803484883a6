"""Keeps an index in step with a folder of articles, reading and embedding only what changed.

A stopped sync goes on where it was: each article is stored as soon as it is embedded, and what was read is
remembered before the first is.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from rag.errors import IndexFault
from rag.index.changes import Changes, diff
from rag.index.corpus import problems
from rag.index.folder_scan import FolderScan, Memory, load, save, scan_folder
from rag.index.index import Index
from rag.index.near_duplicates import Repeat, repeats
from rag.index.preparation import Progress, checked
from rag.models.embedders import Embedder
from rag.reading.articles import ReadResult
from rag.reading.web.url import is_address
from rag.schema import Article
from rag.settings import Settings
from rag.storage.backend import exists
from rag.storage.backend import open_store as opened
from rag.storage.location import ServerAddress
from rag.storage.records import ArticleSummary
from rag.storage.store import Store
from rag.system.paths import synced_file

_MEMORY = "files.json"


_NAMED = 3  # ids in a refusal


_LENGTHS = 1.25  # near copies differ in length by less, unless one says much of its own words again and again


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What a sync did, or would do: the changes, near copies among what is new, and a line for each problem.

    ``problems`` hold until they are mended, so that they are told each time: what was left out, and what that keeps
    back. ``notes`` are of articles that were read now: what was removed from them or guessed about them.
    ``read`` counts the articles that were read from their files; the others were known to be as they are.
    """

    changes: Changes
    repeats: tuple[Repeat, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    read: int
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    survey: FolderScan
    memory: Memory  # before
    given: Mapping[str, Article]
    keep: frozenset[str]
    changes: Changes
    repeats: tuple[Repeat, ...]
    stored: int
    source: str

    def told(self, changes: Changes) -> Synced:
        reading = ReadResult(errors=self.survey.errors, warnings=self.survey.passed)
        blind = ("nothing was removed: not all could be read",) * self.survey.blind
        return Synced(
            changes=changes,
            repeats=self.repeats,
            problems=(*blind, *problems(reading)),
            notes=self.survey.notes,
            read=len(self.survey.articles),
        )


def preview(
    folder: Path, *, place: Path | ServerAddress, allow_empty: bool = False, take_over: bool = False
) -> Synced:
    """What ``sync`` would do to the index in ``place``; writes nothing and loads no model.

    ``refusal`` says why it would do nothing of it. Raises ``IndexFault`` where ``folder`` or the index cannot be read.
    """
    seen = _look(folder, place)
    told = seen.told(seen.changes)
    try:
        _refuse_loss(seen, folder, place, allow_empty=allow_empty, take_over=take_over)
    except IndexFault as fault:
        return replace(told, refusal=str(fault))
    return told


def sync(
    folder: Path,
    *,
    place: Path | ServerAddress,
    embedder: Callable[[Iterable[Article]], Embedder],
    settings: Settings,
    allow_empty: bool = False,
    take_over: bool = False,
    on_progress: Progress | None = None,
) -> Synced:
    """Add, update, rename and remove articles of the index in ``place``, so that it has those of ``folder``.

    ``embedder`` is called with the articles read, and only where something changed. The articles of a file that cannot
    be read for now stay.
    Raises ``IndexFault``, having changed nothing, where ``folder`` cannot be read; where all articles would go
    and ``allow_empty`` was not given; and where the index was not kept in step with this folder before, has
    articles that it lacks or has other versions of, and ``take_over`` was not given.
    """
    seen = _look(folder, place)
    root = str(folder.resolve())
    _refuse_loss(seen, folder, place, allow_empty=allow_empty, take_over=take_over)
    if not seen.changes and (seen.source == root or not seen.stored):
        _remember(seen, place)
        return seen.told(seen.changes)
    with Index.open(place, embedder=embedder(seen.given.values()), settings=settings) as index:
        _remember(seen, place)
        index.set_source(root)
        changes = index.sync(seen.given.values(), keep=seen.keep, on_progress=on_progress)
    return seen.told(changes)


def _look(folder: Path, place: Path | ServerAddress) -> _Seen:
    if is_address(str(folder)):
        raise IndexFault(f"{str(folder)!r} is an address, not a folder: `pincite add` fetches pages")
    memory = load(_memory(place))
    if not exists(place):
        found = scan_folder(folder, memory=memory, stored={})
        given = checked(found.articles)
        changes = Changes(added=tuple(given))
        return _Seen(found, memory, given, frozenset(), changes, repeats(found.articles, ()), 0, "")
    store = opened(place)
    try:
        stored = store.digests()
        found = scan_folder(folder, memory=memory, stored=stored)
        keep = found.keep | stored.keys() if found.blind else found.keep
        given = checked(found.articles)
        changes = diff(store, given, keep=keep)
        near = _repeats(store, given, changes)
        return _Seen(found, memory, given, keep, changes, near, len(stored), store.source)
    finally:
        store.close()


def _repeats(store: Store, given: Mapping[str, Article], changes: Changes) -> tuple[Repeat, ...]:
    """Near copies of what is added or updated, among all that there will be."""
    fresh = [given[article_id] for article_id in (*changes.added, *changes.updated)]
    if not fresh:
        return ()
    gone = {*changes.removed, *(old for old, _ in changes.renamed), *given}
    others = [given[one] for one in given if one not in {article.id for article in fresh}]
    kept = [item.id for item in store.listing() if item.id not in gone and _alike(item, fresh)]
    read = (store.article(article_id) for article_id in kept)
    return repeats(fresh, (*others, *(article for article in read if article is not None)))


def _alike(item: ArticleSummary, fresh: list[Article]) -> bool:
    return any(
        item.characters <= len(article.text) * _LENGTHS and len(article.text) <= item.characters * _LENGTHS
        for article in fresh
    )


def _remember(seen: _Seen, place: Path | ServerAddress) -> None:
    """Keep what was read, where it is news: a file written each time would wake those who watch the folder."""
    if seen.survey.memory.files != seen.memory.files or seen.survey.memory.root != seen.memory.root:
        if not isinstance(place, Path):
            with suppress(OSError):
                _memory(place).parent.mkdir(parents=True, exist_ok=True)
        save(seen.survey.memory, file=_memory(place))


def _memory(place: Path | ServerAddress) -> Path:
    """Where it is kept what is known of the files; of an index on servers here, as the files are this machine's."""
    return place / _MEMORY if isinstance(place, Path) else synced_file(str(place))


def _refuse_loss(
    seen: _Seen, folder: Path, place: Path | ServerAddress, *, allow_empty: bool, take_over: bool
) -> None:
    removed, followed = seen.changes.removed, seen.source == str(folder.resolve())
    if removed and len(removed) == seen.stored and (followed or not seen.given):
        if not allow_empty:
            raise IndexFault(
                f"{str(folder)!r} has none of the {seen.stored} articles of the index, and all would be removed: "
                "check that its disk is mounted, or give --allow-empty"
            )
    elif (removed or seen.changes.updated) and not followed and not take_over:
        raise IndexFault(_foreign(seen, folder, place))


def _foreign(seen: _Seen, folder: Path, place: Path | ServerAddress) -> str:
    removed, updated = seen.changes.removed, seen.changes.updated
    name, parts, loss = repr(str(folder)), [], []
    if removed:
        parts.append(f"{_articles(len(removed))} that {name} lacks ({_some(removed)})")
        loss.append("remove")
    if updated:
        what = (
            f"{len(updated)} of which it has" if removed else f"{_articles(len(updated))} of which {name} has"
        )
        parts.append(f"{what} other versions ({_some(updated)})")
        loss.append("replace")
    before = f"it was kept in step with {seen.source!r}" if seen.source else "they were added by themselves"
    return (
        f"the index {str(place)!r} has {' and '.join(parts)}, and {before}: "
        f"give --take-over to {' and '.join(loss)} them, or another index with --index"
    )


def _articles(count: int) -> str:
    return f"{count} article{'s' * (count > 1)}"


def _some(ids: tuple[str, ...]) -> str:
    more = ("…",) * (len(ids) > _NAMED)
    return ", ".join((*map(repr, ids[:_NAMED]), *more))
