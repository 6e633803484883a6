"""The commands about visitors of the browser chat: who may sign in, and what they said of answers."""

import getpass
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import SettingsError
from rag.jsonable import Json, to_json
from ui.printing import write_json
from ui.render import one_line
from ui.terminal import screen, table

if TYPE_CHECKING:
    from ui.web.chats import Feedback
    from ui.web.users import Users


def users(*, file: str | None) -> None:
    """List the names."""
    found = _users(file)
    on = screen(sys.stdout)
    for name in found.names():
        on.write(f"{one_line(name)}\n")
    if not found.names():
        on.write("nobody may sign in yet: `pincite users add NAME`\n")


def add_user(name: str, *, file: str | None) -> None:
    """Ask for a password, twice on a terminal, and write its hash."""
    found = _users(file)
    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Again: "):
            raise SettingsError("the two passwords differ: nothing was written, try again")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    found.add(name, password)
    screen(sys.stdout).write(f"{one_line(name)} may sign in\n")


def remove_user(name: str, *, file: str | None) -> None:
    """Take a name away."""
    _users(file).remove(name)
    screen(sys.stdout).write(f"{one_line(name)} may sign in no more\n")


def feedback(*, file: str | None, as_json: bool) -> None:
    """List what visitors said, oldest first."""
    from rag.home import chats_file
    from ui.web.chats import Chats

    place = Path(file).expanduser() if file else chats_file()
    found: list[Feedback] = []
    if place.is_file():
        with closing(Chats(place)) as chats:
            found = list(chats.feedback())
    elif file:
        raise SettingsError(f"no file of conversations {file!r}: check the path")
    if as_json:
        write_json([_described(item) for item in found])
        return
    on = screen(sys.stdout)
    if not found:
        on.write("no feedback yet\n")
        return
    rows = [
        (f"{item.at:%Y-%m-%d %H:%M}", item.question, "good" if item.liked else "bad", item.note, item.name)
        for item in found
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


def _users(file: str | None) -> "Users":
    from rag.home import users_file
    from ui.web.users import Users

    return Users(Path(file).expanduser() if file else users_file())
