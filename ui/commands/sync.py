"""The command that keeps an index in step with a folder, or with a feed, once or for as long as it runs."""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import PinciteError, SettingsError
from ui.commands.options import add_embedder, add_entries, add_index
from ui.commands.parsing import DONE, ERROR, Commands
from ui.terminal.interrupt import say_how_far, stoppable
from ui.terminal.screen import progress, say, screen
from ui.wording import one_line

if TYPE_CHECKING:
    from rag.index.changes import Changes
    from rag.index.near_duplicates import NearDuplicate
    from rag.index.sync import Synced
    from rag.models.embedders import Embedder
    from rag.reading.web.feeds.entries import Listing
    from rag.schema import Article


_NAMED = 10  # problems of a sync, which a folder has at each
_FEED_SECONDS = 1_800  # between two looks at a feed that is watched


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRequest:
    """What to keep in step, and what may go; ``folder`` may be the address of a feed, of which ``entries`` at most."""

    folder: str
    index: str | None
    embedder: str = "auto"
    allow_empty: bool = False
    take_over: bool = False
    entries: int | None = None


def preview(request: SyncRequest) -> bool:
    """Say what a sync would do, an article a line, and how many stay as they are; it writes nothing.

    Whether it would be done: too much may be lost by it.
    """
    from rag.index.sync import SyncOptions
    from rag.index.sync import preview as preview_sync
    from rag.storage.location import index_location

    result = preview_sync(
        Path(request.folder).expanduser(),
        where=index_location(request.index),
        options=SyncOptions(allow_empty=request.allow_empty, take_over=request.take_over),
    )
    _report(result)
    changes = result.changes
    renamed = [f"{old} -> {new}" for old, new in changes.renamed]
    kinds = {
        "add": changes.added,
        "update": changes.updated,
        "rename": renamed,
        "remove": changes.removed,
    }
    output = screen(sys.stdout)
    for kind, names in kinds.items():
        output.write("".join(f"{kind:9} {one_line(name)}\n" for name in names))
    output.write(f"unchanged {len(changes.unchanged)}\n")
    if result.refusal:
        say(f"pincite: nothing of this would be done: {result.refusal}")
    return not result.refusal


def follow(request: SyncRequest) -> None:
    """Bring the index in step with the folder whenever something changes in it, until Ctrl-C."""
    from rag.reading.watch import changes_in

    reported = sync(request)
    say(f"watching {request.folder!r}: Ctrl-C ends")
    # What was allowed was meant for what was there at the start, not for a disk that goes away meanwhile.
    request = replace(request, allow_empty=False, take_over=False)
    changes = changes_in(Path(request.folder).expanduser())
    _repeat(lambda known: sync(request, reported=known, quiet=True), at=changes, reported=reported)


def _repeat(
    run: Callable[[tuple[str, ...]], tuple[str, ...]], *, at: Iterable[object], reported: tuple[str, ...]
) -> None:
    """Call ``run`` with the lines that were reported, each time that ``at`` yields, until Ctrl-C. Errors are said."""
    try:
        for _ in at:
            try:
                reported = run(reported)
            except PinciteError as error:
                if reported != (line := (f"pincite: {error}",)):
                    say(*line)
                reported = line
    except KeyboardInterrupt as stop:
        say_how_far(stop)


def sync(request: SyncRequest, *, reported: tuple[str, ...] = (), quiet: bool = False) -> tuple[str, ...]:
    """Bring the index in step with the folder, and say what changed and what is amiss.

    Lines in ``said`` are not said again; returns those that hold now. ``quiet``: nothing is said of no change.
    """
    from rag.index.sync import SyncOptions
    from rag.index.sync import sync as sync_folder
    from rag.settings import Settings
    from rag.storage.location import index_location

    with progress("indexing", unit="chunk", then="making it fast to search") as tell:
        result = sync_folder(
            Path(request.folder).expanduser(),
            where=index_location(request.index),
            embedder=_choice_of_embedder(request),
            settings=Settings(),
            options=SyncOptions(allow_empty=request.allow_empty, take_over=request.take_over),
            on_progress=tell,
        )
    lines = _report(result, reported=reported, named=_NAMED)
    if result.changes or not quiet:
        screen(sys.stdout).write(result.changes.counts(mirrored=True) + "\n")
    return lines


def _choice_of_embedder(request: SyncRequest) -> "Callable[[Iterable[Article]], Embedder]":
    """Choose the embedder once there are articles, and say why."""
    from rag.index.embedder_choice import choose_embedder
    from rag.storage.location import index_location

    def choose(articles: "Iterable[Article]") -> "Embedder":
        choice = choose_embedder(request.embedder, where=index_location(request.index), articles=articles)
        if choice.reason:
            say(choice.reason)
        return choice.embedder

    return choose


def _report(result: "Synced", *, reported: tuple[str, ...] = (), named: int | None = None) -> tuple[str, ...]:
    """Say what is amiss, but for the lines in ``said``, ``named`` of the problems at most; returns all lines."""
    new_lines = [line for line in result.problems if line not in reported]
    other_lines = (*result.notes, *map(_near_copy, result.repeats))
    for line in new_lines[:named]:
        say(line)
    if more := len(new_lines[named:]) if named else 0:
        say(f"and {more} more line{'s' * (more > 1)} like these: `pincite sync --dry-run` names them all")
    for line in other_lines:
        if line not in reported:
            say(line)
    return (*result.problems, *other_lines)


def _near_copy(duplicate: "NearDuplicate") -> str:
    how = (
        "the same words as"
        if duplicate.shared == 1
        else f"{duplicate.shared:.0%} of its word sequences shared with"
    )
    return f"near copy: {duplicate.article_id!r} has {how} {duplicate.other!r}"


# --- feeds and sitemaps ------------------------------------------------------------------------------------


def preview_feed(request: SyncRequest) -> None:
    """Say which pages a sync would fetch, one a line, and how many it would not; only the list itself is fetched."""
    from rag.index.following.feed_sync import plan_feed
    from rag.reading.web.feeds.articles import ENTRIES
    from rag.reading.web.feeds.listing import open_listing
    from rag.storage.location import index_location

    listing = open_listing(request.folder)
    plan = plan_feed(listing, where=index_location(request.index), limit=request.entries or ENTRIES)
    for problem in plan.problems:
        say(problem)
    output = screen(sys.stdout)
    for entry in plan.wanted:
        output.write(f"{'update' if entry.key in plan.changed else 'add':9} {one_line(entry.url)}\n")
    output.write(f"unchanged {len(plan.known)}\n")


def follow_feed(request: SyncRequest) -> None:
    """Add what is new in a feed or sitemap every half hour, until Ctrl-C."""
    from rag.reading.web.feeds.listing import open_listing

    def run(known: tuple[str, ...]) -> tuple[str, ...]:
        return _sync_and_count(open_listing(request.folder), request, reported=known, quiet=True)

    reported = _sync_and_count(open_listing(request.folder), request)
    say(f"watching {request.folder!r}, every {_FEED_SECONDS // 60} minutes: Ctrl-C ends")
    _repeat(run, at=_pauses(), reported=reported)


def _pauses() -> Iterator[None]:
    while True:
        time.sleep(_FEED_SECONDS)
        yield


def _sync_and_count(
    listing: "Listing", request: SyncRequest, *, reported: tuple[str, ...] = (), quiet: bool = False
) -> tuple[str, ...]:
    changes, lines = sync_feed(listing, request, reported=reported)
    if changes or not quiet:
        screen(sys.stdout).write(changes.counts(mirrored=False) + "\n")
    return lines


def sync_feed(
    listing: "Listing", request: SyncRequest, *, reported: tuple[str, ...] = ()
) -> tuple["Changes", tuple[str, ...]]:
    """Add what is new or changed in a feed or sitemap to an index, and say what is amiss but for lines in ``reported``.

    Returns the changes, and the lines that hold now.
    """
    from rag.index.following.feed_sync import sync_feed as sync_listing
    from rag.reading.web.feeds.articles import ENTRIES
    from rag.settings import Settings
    from rag.storage.location import index_location

    with progress("fetching", unit="page") as tell:
        result = sync_listing(
            listing,
            where=index_location(request.index),
            embedder=_choice_of_embedder(request),
            settings=Settings(),
            limit=request.entries or ENTRIES,
            on_progress=tell,
        )
    for line in (*result.problems, *result.notes):
        if line not in reported:
            say(line)
    if result.changes:
        warn_of_source(result.source)
    return result.changes, result.problems


def warn_of_source(source: str) -> None:
    """Say that articles from elsewhere stay no longer than until the next sync with the folder ``source``, if any."""
    if source:
        say(f"the index follows {source!r}: the next `pincite sync` takes out again what that folder lacks")


def define(commands: Commands) -> None:
    """Add ``sync``."""
    command = commands.add(
        "sync",
        _run,
        "keep an index in step with a folder of articles, or with a feed",
        notes="Of a folder it adds, updates, renames and removes. A file that is as it was is not read again, and "
        "one that was renamed is not embedded again. One that cannot be read for now keeps its articles. Of a feed "
        "(RSS, Atom) or a sitemap it fetches the pages that are new or changed, and removes nothing.",
    )
    command.add_argument(
        "folder", metavar="FOLDER", help="the folder of articles, or the address of a feed or sitemap"
    )
    add_index(command)
    add_embedder(command)
    mode = command.add_mutually_exclusive_group()
    mode.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    mode.add_argument(
        "--watch",
        action="store_true",
        help="go on whenever something changes in the folder, of a feed every half hour, until Ctrl-C",
    )
    add_entries(command)
    command.add_argument(
        "--allow-empty", action="store_true", help="go on where every article of the index would be removed"
    )
    command.add_argument(
        "--take-over",
        action="store_true",
        help="remove and replace articles that did not come from this folder; it is asked for once",
    )


def _run(options: argparse.Namespace) -> int:
    from rag.reading.web.url import is_address

    if not is_address(options.folder) and options.entries is not None:
        raise SettingsError("--entries is for the address of a feed or sitemap: leave it out for a folder")
    request = SyncRequest(
        folder=options.folder,
        index=options.index,
        embedder=options.embedder,
        allow_empty=options.allow_empty,
        take_over=options.take_over,
        entries=options.entries,
    )
    if is_address(options.folder):
        return _run_feed(request, options)
    if options.dry_run:
        return DONE if preview(request) else ERROR
    with stoppable():
        if options.watch:
            follow(request)
        else:
            sync(request)
    return DONE


def _run_feed(request: SyncRequest, options: argparse.Namespace) -> int:
    from rag.reading.web.feeds.listing import open_listing

    if request.allow_empty or request.take_over:
        raise SettingsError("--allow-empty and --take-over are for a folder: for a feed nothing is removed")
    with stoppable():
        if options.dry_run:
            preview_feed(request)
        elif options.watch:
            follow_feed(request)
        else:
            _sync_and_count(open_listing(request.folder), request)
    return DONE
