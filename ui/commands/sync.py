"""The command that keeps an index in step with a folder, once or for as long as it runs."""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import PinciteError
from ui.commands.options import add_embedder, add_index
from ui.commands.parsing import DONE, ERROR, Commands
from ui.terminal.interrupt import say_how_far, stoppable
from ui.terminal.screen import progress, say, screen
from ui.wording import one_line

if TYPE_CHECKING:
    from rag.index.near_duplicates import NearDuplicate
    from rag.index.sync import Synced
    from rag.models.embedders import Embedder
    from rag.schema import Article


_NAMED = 10  # problems of a sync, which a folder has at each


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRequest:
    """What to keep in step, and what may go."""

    folder: str
    index: str | None
    embedder: str = "auto"
    allow_empty: bool = False
    take_over: bool = False


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
    try:
        for _ in changes_in(Path(request.folder).expanduser()):
            try:
                reported = sync(request, reported=reported, quiet=True)
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
    from rag.index.embedder_choice import choose_embedder
    from rag.index.sync import SyncOptions
    from rag.index.sync import sync as sync_folder
    from rag.settings import Settings
    from rag.storage.location import index_location

    location = index_location(request.index)

    def embedder(articles: "Iterable[Article]") -> "Embedder":
        choice = choose_embedder(request.embedder, where=location, articles=articles)
        if choice.reason:
            say(choice.reason)
        return choice.embedder

    with progress("indexing", unit="chunk", then="making it fast to search") as tell:
        result = sync_folder(
            Path(request.folder).expanduser(),
            where=location,
            embedder=embedder,
            settings=Settings(),
            options=SyncOptions(allow_empty=request.allow_empty, take_over=request.take_over),
            on_progress=tell,
        )
    lines = _report(result, reported=reported, named=_NAMED)
    if result.changes or not quiet:
        screen(sys.stdout).write(result.changes.counts(mirrored=True) + "\n")
    return lines


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


def define(commands: Commands) -> None:
    """Add ``sync``."""
    command = commands.add(
        "sync",
        _run,
        "keep an index in step with a folder of articles",
        notes="Adds, updates, renames and removes. A file that is as it was is not read again, and one that "
        "was renamed is not embedded again. One that cannot be read for now keeps its articles.",
    )
    command.add_argument("folder", metavar="FOLDER", help="the folder of articles")
    add_index(command)
    add_embedder(command)
    mode = command.add_mutually_exclusive_group()
    mode.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    mode.add_argument(
        "--watch", action="store_true", help="go on whenever something changes in the folder, until Ctrl-C"
    )
    command.add_argument(
        "--allow-empty", action="store_true", help="go on where every article of the index would be removed"
    )
    command.add_argument(
        "--take-over",
        action="store_true",
        help="remove and replace articles that did not come from this folder; it is asked for once",
    )


def _run(options: argparse.Namespace) -> int:
    request = SyncRequest(
        folder=options.folder,
        index=options.index,
        embedder=options.embedder,
        allow_empty=options.allow_empty,
        take_over=options.take_over,
    )
    if options.dry_run:
        return DONE if preview(request) else ERROR
    with stoppable():
        if options.watch:
            follow(request)
        else:
            sync(request)
    return DONE
