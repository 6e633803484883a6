"""The commands about visitors of the browser chat: who may sign in, and what they said of answers."""

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import SettingsError
from ui.terminal.screen import screen
from ui.wording import one_line

if TYPE_CHECKING:
    from ui.web.access.users import Users


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


def _users(file: str | None) -> "Users":
    from rag.system.paths import users_file
    from ui.web.access.users import Users

    return Users(Path(file).expanduser() if file else users_file())
