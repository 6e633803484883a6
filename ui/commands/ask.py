"""The commands that ask: one question, a conversation."""

import argparse
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rag.citing.forms import Form
from rag.errors import QuestionError
from rag.events import AnswerSoFar
from rag.filters import Filter
from rag.schema import Answer
from rag.serialization import to_json
from ui.commands.options import add_filter, add_forms, add_history, add_source, read_filter_options
from ui.commands.parsing import DONE, NOT_IN_THE_ARTICLES, Commands
from ui.commands.source import Source, named_source, open_chatbot
from ui.json_text import write_json
from ui.terminal.citations import write_citations
from ui.terminal.conversation import answered, converse
from ui.terminal.screen import screen

if TYPE_CHECKING:
    from rag.schema import Turn


def ask(
    question: str,
    *,
    source: Source,
    within: Filter,
    history: str | None,
    as_json: bool,
    form: Form | None,
) -> Answer:
    """Print the answer to one question, or what it cites in a ``form``; ``-`` reads it from standard input."""
    from rag.question.input import check_question
    from rag.settings import Settings

    asked = sys.stdin.read() if question == "-" else question
    # Before the models are loaded: a slip of the keyboard need not wait for them.
    check_question(asked, limit=Settings().question_chars)
    before = read_history(history)
    with open_chatbot(source) as bot:
        if not as_json and form is None:
            so_far = AnswerSoFar(asked, model=bot.name, within=within)
            return answered(bot, asked, before, within=within, on=screen(sys.stdout), so_far=so_far)
        answer = bot.ask(asked, history=before, within=within)
        if form is None:
            write_json(to_json(answer))
        else:
            write_citations(answer, form)
        return answer


def chat(*, source: Source, within: Filter, history: str | None) -> None:
    """Hold a conversation with whoever is at the keyboard, or with a pipe."""
    from rag.answer.warm_up import start_warm_up

    before = read_history(history)
    with suppress(ImportError):  # line editing, where the platform has it
        import readline  # noqa: F401
    on = screen(sys.stdout)
    with open_chatbot(source) as bot:
        start_warm_up(bot.writer)
        read = input if sys.stdin.isatty() else _next_line
        converse(bot, history=before, within=within, on=on, read=read)


def read_history(file: str | None) -> tuple["Turn", ...]:
    """The turns of a JSON list of messages. Raises ``QuestionError``."""
    if file is None:
        return ()
    from rag.question.input import parse_history

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
    return parse_history(data)


def _next_line(_prompt: str) -> str:
    """A line of a pipe; nobody is there to be prompted."""
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


def define(commands: Commands) -> None:
    """Add ``ask`` and ``chat``."""
    ask = commands.add("ask", _run_ask, "answer one question")
    ask.add_argument("question", metavar="QUESTION", help="the question; - reads it from standard input")
    add_forms(ask, fields_of="Answer")
    ask.add_argument(
        "--receipt",
        metavar="FILE",
        help="also keep the answer with its quotes in a file, which `pincite verify` verifies again later",
    )
    add_source(ask)
    add_filter(ask)
    add_history(ask)
    chat = commands.add(
        "chat", _run_chat, "hold a conversation", notes="Later questions may lean on earlier ones."
    )
    add_source(chat)
    add_filter(chat)
    add_history(chat)


def _run_ask(options: argparse.Namespace) -> int:
    source = named_source(options)
    answer = ask(
        options.question,
        source=source,
        within=read_filter_options(options),
        history=options.history,
        as_json=options.json,
        form=options.cite,
    )
    if options.receipt is not None:
        from rag.receipts import write_receipt

        write_receipt(options.receipt, answer)
    return NOT_IN_THE_ARTICLES if answer.abstained else DONE


def _run_chat(options: argparse.Namespace) -> int:
    chat(
        source=named_source(options),
        within=read_filter_options(options),
        history=options.history,
    )
    return DONE
