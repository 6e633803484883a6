"""The commands that ask: one question, a conversation."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import QuestionError
from rag.filtering import Filter
from rag.jsonable import to_json
from rag.schema import Answer
from ui.printing import write_json
from ui.terminal import answered, converse, progress, say, screen

if TYPE_CHECKING:
    from rag.chatbot import Chatbot
    from rag.schema import Turn


@dataclass(frozen=True, slots=True)
class Source:
    """What is asked: the articles, the language model, the folder of the index; ``None`` for the defaults.

    ``embedder`` is as ``Chatbot.open`` has it.
    """

    corpus: tuple[str, ...]
    model: str | None
    index: str | None
    embedder: str = "auto"


def ask(question: str, *, source: Source, within: Filter, history: str | None, as_json: bool) -> Answer:
    """Print the answer to one question; ``-`` reads it from standard input."""
    from rag.question import checked
    from rag.settings import Settings

    asked = sys.stdin.read() if question == "-" else question
    # Before the models are loaded: a slip of the keyboard need not wait for them.
    checked(asked, limit=Settings().question_chars)
    before = read_history(history)
    with open_chatbot(source) as bot:
        if not as_json:
            return answered(bot, asked, before, within=within, on=screen(sys.stdout))
        answer = bot.ask(asked, history=before, within=within)
        write_json(to_json(answer))
        return answer


def chat(*, source: Source, within: Filter, history: str | None) -> None:
    """Hold a conversation with whoever is at the keyboard, or with a pipe."""
    before = read_history(history)
    with suppress(ImportError):  # line editing, where the platform has it
        import readline  # noqa: F401
    on = screen(sys.stdout)
    with open_chatbot(source) as bot:
        read = input if sys.stdin.isatty() else _next_line
        converse(bot, history=before, within=within, on=on, read=read)


def read_history(file: str | None) -> tuple["Turn", ...]:
    """The turns of a JSON list of messages. Raises ``QuestionError``."""
    if file is None:
        return ()
    from rag.history import turns

    try:
        data: object = json.loads(Path(file).expanduser().read_text(encoding="utf-8"))
    except OSError as error:
        raise QuestionError(f"cannot read the history {file!r} ({error.strerror}): check the path") from error
    except (ValueError, RecursionError) as error:
        raise QuestionError(
            f"the history {file!r} is not JSON ({error}): give a list of objects with 'role' and 'content'"
        ) from error
    if not isinstance(data, list):
        raise QuestionError(
            f"the history {file!r} is no list: give a list of objects with 'role' and 'content'"
        )
    return turns(data)


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


def _next_line(_prompt: str) -> str:
    """A line of a pipe; nobody is there to be prompted."""
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line
