"""What is asked: from the options of a command to an open chatbot, or to what an index holds."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ui.terminal.screen import progress, say

if TYPE_CHECKING:
    from rag.chatbot import Chatbot
    from rag.index.contents import IndexContents
    from rag.schema import Article


@dataclass(frozen=True, slots=True)
class Source:
    """What is asked: the articles, the language model, the folder of the index; ``None`` for the defaults.

    ``embedder`` is as ``Chatbot.open`` has it.
    """

    corpus: tuple[str, ...]
    model: str | None
    index: str | None
    embedder: str = "auto"


@contextmanager
def open_chatbot(source: Source) -> Iterator["Chatbot"]:
    """The chatbot that is asked; a bar shows its index being made, and what was left out of it is said."""
    from rag.chatbot import Chatbot

    with progress("indexing", unit="chunk", then="making it fast to search") as tell:
        bot = Chatbot.open(
            corpus=source.corpus or None,
            model=source.model,
            embedder=source.embedder,
            index=source.index,
            on_progress=tell,
        )
    with bot:
        for problem in bot.problems:
            say(problem)
        yield bot


def named_source(options: argparse.Namespace) -> Source:
    """The articles, the models and the index that were named."""
    return Source(tuple(options.corpus), options.model, options.index, options.embedder)


@contextmanager
def open_contents(index: str | None) -> Iterator["IndexContents"]:
    """What the named index holds, or the default one, which is made where it is missing; no embedder is opened."""
    from rag.index import contents as index_contents
    from rag.storage.backend import exists
    from rag.storage.location import index_location

    where = index_location(index)
    if index is None and not exists(where):
        _make_default()
    with index_contents.open_contents(where) as contents:
        yield contents


@contextmanager
def article_lookup(corpus: tuple[str, ...], index: str | None) -> Iterator[Callable[[str], "Article | None"]]:
    """From an id to its article: among those read from ``corpus``, or in an index. Nothing is embedded."""
    if corpus:
        from rag.index.corpus import reading_problems
        from rag.reading.articles import read_articles

        found: dict[str, Article] = {}
        for path in corpus:
            result = read_articles(Path(path).expanduser())
            if not result.articles and result.errors:
                raise result.errors[0]
            for problem in reading_problems(result):
                say(problem)
            found.update({item.id: item for item in result.articles})
        yield found.get
        return
    with open_contents(index) as contents:
        ids = {item.id for item in contents.listing()}
        yield lambda article_id: contents.article(article_id) if article_id in ids else None


def _make_default() -> None:
    """Make the default index, with the article that is shipped."""
    from rag.index.corpus import open_index
    from rag.settings import Settings

    with progress("indexing", unit="chunk", then="making it fast to search") as tell:
        opened_index = open_index(None, folder=None, settings=Settings(), on_progress=tell)
    opened_index.index.close()
    for problem in opened_index.problems:
        say(problem)
