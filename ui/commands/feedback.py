"""The command that lists what visitors of the browser chat said of answers."""

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import SettingsError
from rag.serialization import Json, to_json
from ui.commands.parsing import DONE, Commands
from ui.json_text import write_json
from ui.terminal.screen import screen, table

if TYPE_CHECKING:
    from ui.web.conversation.saved import Feedback


def feedback(*, file: str | None, as_json: bool) -> None:
    """List what visitors said, oldest first."""
    from rag.system.paths import chats_file
    from ui.web.conversation.saved import Chats

    path = Path(file).expanduser() if file else chats_file()
    items: list[Feedback] = []
    if path.is_file():
        with closing(Chats(path)) as chats:
            items = list(chats.feedback())
    elif file:
        raise SettingsError(f"no file of conversations {file!r}: check the path")
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


def _described(item: "Feedback") -> Json:
    return {
        "at": item.at.isoformat(),
        "name": item.name,
        "liked": item.liked,
        "note": item.note,
        "question": item.question,
        "answer": to_json(item.answer),
    }


def define(commands: Commands) -> None:
    """Add ``feedback``."""
    command = commands.add("feedback", _run, "list what visitors of the browser chat said of answers")
    command.add_argument("--json", action="store_true", help="print one JSON list, with the answers")
    command.add_argument("--file", metavar="FILE", help="the file of conversations, instead of the usual one")


def _run(options: argparse.Namespace) -> int:
    feedback(file=options.file, as_json=options.json)
    return DONE
