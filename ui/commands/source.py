"""What is asked: from the options of a command to an open chatbot, or to what an index holds."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.terminal.screen import progress, say

if TYPE_CHECKING:
    from rag.chatbot import Chatbot
    from rag.index.contents import IndexContents


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


def _make_default() -> None:
    """Make the default index, with the article that is shipped."""
    from rag.index.corpus import open_index
    from rag.settings import Settings

    with progress("indexing", unit="chunk", then="making it fast to search") as tell:
        opened_index = open_index(None, folder=None, settings=Settings(), on_progress=tell)
    opened_index.index.close()
    for problem in opened_index.problems:
        say(problem)
