"""The commands that keep articles: put in, take out, list, show."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.serialization import to_json
from ui.commands.options import add_embedder, add_entries, add_index
from ui.commands.parsing import DONE, ERROR, Commands
from ui.commands.source import open_contents
from ui.commands.sync import SyncRequest, sync_feed, warn_of_source
from ui.json_text import write_json
from ui.terminal.interrupt import stoppable
from ui.terminal.screen import progress, say, screen, table
from ui.wording import one_line, safe

if TYPE_CHECKING:
    from rag.index.changes import Changes
    from rag.reading.articles import ReadResult
    from rag.reading.web.feeds.entries import Listing
    from rag.schema import Article


def add(
    paths: Sequence[str], *, index: str | None, embedder: str = "auto", entries: int | None = None
) -> bool:
    """Put the articles of ``paths``, some of which may be addresses, into an index, naming each that was left out.

    Of a feed or sitemap only the pages are fetched that are new to the index, or changed: ``entries`` at most.
    Whether each path gave at least one article, and all could be told apart.
    """
    from rag.errors import IdTaken
    from rag.index.changes import Changes
    from rag.index.corpus import reading_problems
    from rag.reading.web.feeds.entries import Listing

    articles_by_id: dict[str, Article] = {}
    listings: list[Listing] = []
    complete = True
    for path in paths:
        result = _read(path)
        if isinstance(result, Listing):
            listings.append(result)
            continue
        for problem in reading_problems(result):
            say(problem)
        has_id_conflict = any(isinstance(error, IdTaken) for error in result.errors)
        complete = complete and bool(result.articles) and not has_id_conflict
        for article in result.articles:
            if articles_by_id.setdefault(article.id, article) != article:
                say(
                    f"left out {path!r}: its id {article.id!r} is taken by an earlier one: give it another id"
                )
                complete = False
    changes = Changes()
    if articles_by_id:
        changes = _add_to_index(tuple(articles_by_id.values()), index=index, embedder=embedder)
    for listing in listings:
        request = SyncRequest(folder=listing.address, index=index, embedder=embedder, entries=entries)
        of_feed, _ = sync_feed(listing, request)
        complete = complete and of_feed.present > 0
        changes += of_feed
    if not changes.present:
        say("pincite: nothing was added: none of the paths holds an article that can be read")
        return False
    screen(sys.stdout).write(changes.counts(mirrored=False) + "\n")
    return complete


def _read(path: str) -> "ReadResult | Listing":
    from rag.reading.web.url import is_address

    if is_address(path):
        from rag.reading.web.feeds.listing import open_address

        return open_address(path)
    from rag.reading.articles import read_articles

    return read_articles(Path(path).expanduser())


def remove(ids: Sequence[str], *, index: str | None) -> None:
    """Take articles out: all of ``ids``, or none where one is unknown."""
    with open_contents(index) as contents:
        removed = contents.remove(ids).removed
    screen(sys.stdout).write(f"removed {len(removed)}\n")


def show_all(*, index: str | None, as_json: bool) -> None:
    """List the articles of an index."""
    with open_contents(index) as contents:
        listing = contents.listing()
    if as_json:
        write_json({"articles": to_json(listing)})
        return
    on = screen(sys.stdout)
    heads = ("id", "title", "publisher", "date", "characters", "chunks")
    rows = [
        (
            summary.id,
            summary.title,
            summary.publisher,
            summary.date.isoformat() if summary.date else "",
            f"{summary.characters:,}",
            str(summary.chunks),
        )
        for summary in listing
    ]
    on.write(table(heads, rows, style=on.style, right=(4, 5)))


def show(article_id: str, *, index: str | None, as_json: bool) -> None:
    """Print an article with its title, its origin and the credit that is asked for."""
    with open_contents(index) as contents:
        article = contents.article(article_id)
    if as_json:
        write_json(to_json(article))
        return
    on = screen(sys.stdout)
    day = article.date.isoformat() if article.date else ""
    origin = ", ".join(part for part in (article.publisher, day, article.url) if part)
    on.write(on.style.paint(one_line(article.title), "bold") + "\n")
    on.write("".join(f"{one_line(line)}\n" for line in (origin, article.credit) if line))
    on.write(f"\n{safe(article.text)}\n")


def _add_to_index(articles: Sequence["Article"], *, index: str | None, embedder: str) -> "Changes":
    """Add the articles to an index, which is made, empty, where it is missing."""
    from rag.index.embedder_choice import choose_embedder
    from rag.index.index import Index
    from rag.settings import Settings
    from rag.storage.location import index_location

    location = index_location(index)
    choice = choose_embedder(embedder, where=location, articles=articles)
    if choice.reason:
        say(choice.reason)
    with (
        Index.open(
            location, embedder=choice.embedder, settings=Settings(), open_named=choice.open_named
        ) as opened_index,
        progress("indexing", unit="chunk", then="making it fast to search") as tell,
    ):
        changes = opened_index.add(articles, on_progress=tell)
        source = opened_index.source
    if changes.added or changes.updated:
        warn_of_source(source)
    return changes


def define(commands: Commands) -> None:
    """Add ``add``, ``remove``, ``list`` and ``show``."""
    add_command = commands.add(
        "add",
        _run_add,
        "put articles into an index",
        notes="One that is there already costs nothing; one that changed replaces the old one. A new default "
        "index starts out with the article that is shipped, unless others are added first.",
    )
    add_command.add_argument(
        "paths",
        metavar="PATH",
        nargs="+",
        help="a folder, a file (text, Markdown, HTML, PDF, DOCX, ODT, RTF, EPUB, CSV, JSONL, or a ZIP of these), or "
        "the address on the web, https://…, of a page, or of a feed (RSS, Atom) or sitemap, whose pages are fetched",
    )
    add_entries(add_command)
    add_index(add_command)
    add_embedder(add_command)
    remove_command = commands.add(
        "remove", _run_remove, "take articles out of an index", notes="All of them or none."
    )
    remove_command.add_argument("ids", metavar="ID", nargs="+", help="an id as `pincite list` shows it")
    add_index(remove_command)
    list_command = commands.add("list", _run_list, "list the articles of an index")
    list_command.add_argument("--json", action="store_true", help="print one JSON object")
    add_index(list_command)
    show_command = commands.add("show", _run_show, "print an article")
    show_command.add_argument("id", metavar="ID", help="an id as `pincite list` shows it")
    show_command.add_argument(
        "--json", action="store_true", help="print one JSON object with the fields of Article"
    )
    add_index(show_command)


def _run_add(options: argparse.Namespace) -> int:
    with stoppable():
        complete = add(options.paths, index=options.index, embedder=options.embedder, entries=options.entries)
    return DONE if complete else ERROR


def _run_remove(options: argparse.Namespace) -> int:
    remove(options.ids, index=options.index)
    return DONE


def _run_list(options: argparse.Namespace) -> int:
    show_all(index=options.index, as_json=options.json)
    return DONE


def _run_show(options: argparse.Namespace) -> int:
    show(options.id, index=options.index, as_json=options.json)
    return DONE
