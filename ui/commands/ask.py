"""The commands that ask: one question, a conversation."""

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import QuestionError
from rag.filters import Filter
from rag.schema import Answer
from rag.serialization import to_json
from ui.json_text import write_json
from ui.terminal.conversation import answered, converse
from ui.terminal.screen import screen

if TYPE_CHECKING:
    from rag.schema import Turn
from ui.commands.source import Source, open_chatbot


def ask(question: str, *, source: Source, within: Filter, history: str | None, as_json: bool) -> Answer:
    """Print the answer to one question; ``-`` reads it from standard input."""
    from rag.question.input import checked
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
    from rag.question.input import turns

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


def _next_line(_prompt: str) -> str:
    """A line of a pipe; nobody is there to be prompted."""
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line
