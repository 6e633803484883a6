"""The commands about what visitors of the browser chat said of answers: a list of it, and a question set made of it."""

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ReportError, SettingsError
from rag.serialization import Json, to_json
from ui.commands.options import add_corpus, add_index
from ui.commands.parsing import DONE, Commands
from ui.commands.source import article_lookup
from ui.json_text import as_text, write_json
from ui.terminal.screen import say, screen, table

if TYPE_CHECKING:
    from rag.schema import Article
    from ui.web.conversation.saved import Feedback


def feedback(*, file: str | None, as_json: bool) -> None:
    """List what visitors said, oldest first."""
    items = _said(file)
    if as_json:
        write_json([_described(item) for item in items])
        return
    on = screen(sys.stdout)
    if not items:
        on.write("no feedback yet\n")
        return
    rows = [
        (f"{item.at:%Y-%m-%d %H:%M}", item.question, "good" if item.liked else "bad", item.note, item.name)
        for item in items
    ]
    on.write(table(("when (UTC)", "question", "answer", "note", "who"), rows, style=on.style))


def export(questions: str | None, *, file: str | None, corpus: tuple[str, ...], index: str | None) -> None:
    """Write a question set of what visitors said; ``None`` is standard output."""
    from rag.evaluation.rated import NOT_FOUND

    items = _said(file)
    if not items:
        say("no feedback yet: nothing is written")
        return
    with article_lookup(corpus, index) as article:
        lines = [_question(item, article) for item in items]
    reasons = [line["why"] for line in lines if "why" in line]
    missing = reasons.count(NOT_FOUND)
    asked = "name the --corpus or the --index that was asked"
    labelled = any(line["kind"] == "answerable" for line in lines)
    if questions is not None and missing and not (labelled or corpus or index):
        # Such a file is of no use, and would stand in the way of the right one, as none is written over.
        raise ReportError(f"no good answer has a quote in the default index, so nothing is written: {asked}")
    text = "".join(f"{as_text(line, indent=None)}\n" for line in lines)
    if questions is None:
        sys.stdout.write(text)
    else:
        _write_new(questions, text)
    say(
        f"{len(lines) - len(reasons)} of {len(lines)} questions are labelled; each of the others says why not"
    )
    if missing:
        say(f"{missing} good answer{' has' if missing == 1 else 's have'} no quote here: {asked}")


def _said(file: str | None) -> list["Feedback"]:
    from rag.system.paths import chats_file
    from ui.web.conversation.saved import Chats

    path = Path(file).expanduser() if file else chats_file()
    if path.is_file():
        with closing(Chats(path)) as chats:
            return list(chats.feedback())
    if file:
        raise SettingsError(f"no file of conversations {file!r}: check the path")
    return []


def _described(item: "Feedback") -> Json:
    return {
        "id": item.id,
        "at": item.at.isoformat(),
        "name": item.name,
        "liked": item.liked,
        "note": item.note,
        "question": item.question,
        "answer": to_json(item.answer),
    }


def _question(item: "Feedback", article: Callable[[str], "Article | None"]) -> dict[str, Json]:
    """A line of the question set. It has no name: a question set is handed on."""
    from rag.evaluation.rated import rated_question

    line = rated_question(
        item.id, item.question, item.answer, liked=item.liked, before=item.before, article=article
    )
    return {**line, "liked": item.liked, "note": item.note, "at": item.at.isoformat()}


def _write_new(name: str, text: str) -> None:
    """Write a file that is not there yet: one that is may hold labels that somebody has given."""
    try:
        with Path(name).expanduser().open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ReportError(f"{name!r} is there already and may hold labels: give another path") from None
    except OSError as error:
        raise ReportError(f"cannot write {name!r} ({error.strerror}): give another path") from error


def define(commands: Commands) -> None:
    """Add ``feedback`` with ``feedback export``."""
    listing = commands.add("feedback", _run, "list what visitors of the browser chat said of answers")
    listing.add_argument("--json", action="store_true", help="print one JSON list, with the answers")
    _add_file(listing)
    inner = Commands(listing, required=False)
    export_command = inner.add(
        "export",
        _run_export,
        "write a question set for `pincite eval` of what was said",
        notes="The quotes of a good answer are its gold; a question whose answer was bad is unlabelled.",
    )
    export_command.add_argument(
        "questions", metavar="QUESTIONS.jsonl", nargs="?", help="a new file; standard output if left out"
    )
    _add_file(export_command)
    add_corpus(export_command)
    add_index(export_command)
    export_command.set_defaults(refuse=export_command.error)


def _add_file(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--file",
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="the file of conversations, instead of the usual one",
    )


def _run(options: argparse.Namespace) -> int:
    feedback(file=getattr(options, "file", None), as_json=options.json)
    return DONE


def _run_export(options: argparse.Namespace) -> int:
    if options.corpus and options.index is not None:
        options.refuse("quotes are looked up in --corpus or --index, not both")
    if options.json:
        options.refuse("a question set has one JSON object a line: leave out --json")
    export(
        options.questions,
        file=getattr(options, "file", None),
        corpus=tuple(options.corpus),
        index=options.index,
    )
    return DONE
