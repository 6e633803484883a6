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
    from rag.index.near_duplicates import Repeat
    from rag.index.sync import Synced
    from rag.models.embedders import Embedder
    from rag.schema import Article


_NAMED = 10  # problems of a sync, which a folder has at each


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to keep in step, and what may go."""

    folder: str
    index: str | None
    embedder: str = "auto"
    allow_empty: bool = False
    take_over: bool = False


def preview(wanted: Wanted) -> bool:
    """Say what a sync would do, an article a line, and how many stay as they are; it writes nothing.

    Whether it would be done: too much may be lost by it.
    """
    from rag.index.sync import SyncOptions
    from rag.index.sync import preview as look
    from rag.storage.location import index_location

    found = look(
        Path(wanted.folder).expanduser(),
        where=index_location(wanted.index),
        options=SyncOptions(allow_empty=wanted.allow_empty, take_over=wanted.take_over),
    )
    _say(found)
    changes = found.changes
    renamed = [f"{old} -> {new}" for old, new in changes.renamed]
    kinds = {
        "add": changes.added,
        "update": changes.updated,
        "rename": renamed,
        "remove": changes.removed,
    }
    out = screen(sys.stdout)
    for what, names in kinds.items():
        out.write("".join(f"{what:9} {one_line(name)}\n" for name in names))
    out.write(f"unchanged {len(changes.unchanged)}\n")
    if found.refusal:
        say(f"pincite: nothing of this would be done: {found.refusal}")
    return not found.refusal


def follow(wanted: Wanted) -> None:
    """Bring the index in step with the folder whenever something changes in it, until Ctrl-C."""
    from rag.reading.watch import changes_in

    said = sync(wanted)
    say(f"watching {wanted.folder!r}: Ctrl-C ends")
    # What was allowed was meant for what was there at the start, not for a disk that goes away meanwhile.
    wanted = replace(wanted, allow_empty=False, take_over=False)
    try:
        for _ in changes_in(Path(wanted.folder).expanduser()):
            try:
                said = sync(wanted, said=said, quiet=True)
            except PinciteError as error:
                if said != (line := (f"pincite: {error}",)):
                    say(*line)
                said = line
    except KeyboardInterrupt as stop:
        say_how_far(stop)


def sync(wanted: Wanted, *, said: tuple[str, ...] = (), quiet: bool = False) -> tuple[str, ...]:
    """Bring the index in step with the folder, and say what changed and what is amiss.

    Lines in ``said`` are not said again; returns those that hold now. ``quiet``: nothing is said of no change.
    """
    from rag.index.embedder_choice import choose_embedder
    from rag.index.sync import SyncOptions
    from rag.index.sync import sync as bring
    from rag.settings import Settings
    from rag.storage.location import index_location

    place = index_location(wanted.index)

    def embedder(articles: "Iterable[Article]") -> "Embedder":
        choice = choose_embedder(wanted.embedder, where=place, articles=articles)
        if choice.reason:
            say(choice.reason)
        return choice.embedder

    with progress("indexing", unit="chunk", then="making it fast to search") as tell:
        found = bring(
            Path(wanted.folder).expanduser(),
            where=place,
            embedder=embedder,
            settings=Settings(),
            options=SyncOptions(allow_empty=wanted.allow_empty, take_over=wanted.take_over),
            on_progress=tell,
        )
    lines = _say(found, said=said, named=_NAMED)
    if found.changes or not quiet:
        screen(sys.stdout).write(found.changes.counts(mirrored=True) + "\n")
    return lines


def _say(found: "Synced", *, said: tuple[str, ...] = (), named: int | None = None) -> tuple[str, ...]:
    """Say what is amiss, but for the lines in ``said``, ``named`` of the problems at most; returns all lines."""
    news = [line for line in found.problems if line not in said]
    once = (*found.notes, *map(_near_copy, found.repeats))
    for line in news[:named]:
        say(line)
    if left := len(news[named:]) if named else 0:
        say(f"and {left} more line{'s' * (left > 1)} like these: `pincite sync --dry-run` names them all")
    for line in once:
        if line not in said:
            say(line)
    return (*found.problems, *once)


def _near_copy(one: "Repeat") -> str:
    how = "the same words as" if one.shared == 1 else f"{one.shared:.0%} of its word sequences shared with"
    return f"near copy: {one.article_id!r} has {how} {one.other!r}"


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
    wanted = Wanted(
        folder=options.folder,
        index=options.index,
        embedder=options.embedder,
        allow_empty=options.allow_empty,
        take_over=options.take_over,
    )
    if options.dry_run:
        return DONE if preview(wanted) else ERROR
    with stoppable():
        if options.watch:
            follow(wanted)
        else:
            sync(wanted)
    return DONE
