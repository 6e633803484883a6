"""The commands that ask: one question, a conversation, a set of questions."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import QuestionError, SettingsError
from rag.jsonable import to_json
from rag.schema import Answer
from ui.printing import write_json
from ui.terminal import answered, converse, progress, say, screen, table

if TYPE_CHECKING:
    from rag.chatbot import Chatbot
    from rag.schema import Turn


@dataclass(frozen=True, slots=True)
class Source:
    """What is asked: the articles, the language model, the folder of the index; ``None`` for the defaults."""

    corpus: tuple[str, ...]
    model: str | None
    index: str | None


def ask(question: str, *, source: Source, history: str | None, as_json: bool) -> Answer:
    """Print the answer to one question; ``-`` reads it from standard input."""
    from rag.question import checked
    from rag.settings import Settings

    asked = sys.stdin.read() if question == "-" else question
    # Before the models are loaded: a slip of the keyboard need not wait for them.
    checked(asked, limit=Settings().question_chars)
    before = read_history(history)
    with _chatbot(source) as bot:
        if not as_json:
            return answered(bot, asked, before, on=screen(sys.stdout))
        answer = bot.ask(asked, history=before)
        write_json(to_json(answer))
        return answer


def chat(*, source: Source, history: str | None) -> None:
    """Hold a conversation with whoever is at the keyboard, or with a pipe."""
    before = read_history(history)
    with suppress(ImportError):  # line editing, where the platform has it
        import readline  # noqa: F401
    on = screen(sys.stdout)
    with _chatbot(source) as bot:
        converse(bot, history=before, on=on, read=input if sys.stdin.isatty() else _next_line)


def measure(questions: str, *, source: Source, json_file: str | None, report_file: str | None) -> None:
    """Ask a set of questions, print the shares, and write the files asked for."""
    from rag.evaluate import evaluate
    from rag.questions import read_questions
    from ui.report import page, percent, record

    asked = read_questions(Path(questions).expanduser())
    for name in (json_file, report_file):
        if name is not None:
            _write(name, "")  # a place that cannot be written is better known before an hour's work
    with _chatbot(source) as bot, progress("asking", unit="question") as tell:
        report = evaluate(bot, asked, on_progress=tell)
    on = screen(sys.stdout)
    rows = [(m.name, m.meaning, percent(m), f"{m.hits}/{m.total}") for m in report.metrics]
    on.write(table(("measure", "of what", "share", "count"), rows, style=on.style, right=(2, 3)))
    median, late = report.seconds
    on.write(
        f"\n{len(asked)} questions, {report.model}: {median:.2f} s an answer (95th percentile {late:.2f} s), "
        f"{report.words:.0f} words on average\n"
    )
    if json_file is not None:
        _write(json_file, json.dumps(record(report), ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    if report_file is not None:
        _write(report_file, page(report))


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
def _chatbot(source: Source) -> Iterator["Chatbot"]:
    from rag.chatbot import Chatbot

    with progress("indexing", unit="chunk") as tell:
        bot = Chatbot.open(
            corpus=source.corpus or None, model=source.model, index=source.index, on_progress=tell
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


def _write(name: str, text: str) -> None:
    try:
        Path(name).expanduser().write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise SettingsError(f"cannot write {name!r} ({error.strerror}): give another path") from error
