"""The command that says who may sign in to the browser chat."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import SettingsError
from ui.commands.parsing import DONE, Commands
from ui.terminal.screen import screen
from ui.wording import one_line

if TYPE_CHECKING:
    from ui.web.access.users import Users


def users(*, file: str | None) -> None:
    """List the names."""
    user_file = _users(file)
    on = screen(sys.stdout)
    for name in user_file.names():
        on.write(f"{one_line(name)}\n")
    if not user_file.names():
        on.write("nobody may sign in yet: `pincite users add NAME`\n")


def add_user(name: str, *, file: str | None) -> None:
    """Ask for a password, twice on a terminal, and write its hash."""
    user_file = _users(file)
    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Again: "):
            raise SettingsError("the two passwords differ: nothing was written, try again")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    user_file.add(name, password)
    screen(sys.stdout).write(f"{one_line(name)} may sign in\n")


def remove_user(name: str, *, file: str | None) -> None:
    """Take a name away."""
    _users(file).remove(name)
    screen(sys.stdout).write(f"{one_line(name)} may sign in no more\n")


def _users(file: str | None) -> "Users":
    from rag.system.paths import users_file
    from ui.web.access.users import Users

    return Users(Path(file).expanduser() if file else users_file())


def define(commands: Commands) -> None:
    """Add ``users`` with ``users add`` and ``users remove``."""
    names = commands.add("users", _run_list, "list those who may sign in to the browser chat")
    _add_file(names)
    inner = Commands(names, required=False)
    add = inner.add(
        "add",
        _run_add,
        "let somebody sign in, or change the password",
        notes="The password is asked for, or read from a pipe.",
    )
    add.add_argument("name", metavar="NAME", help="1 to 64 letters, digits or . _ @ -")
    _add_file(add)
    remove = inner.add("remove", _run_remove, "let somebody sign in no more")
    remove.add_argument("name", metavar="NAME", help="a name of the list")
    _add_file(remove)


def _add_file(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--file",
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="the file of users, instead of the usual one",
    )


def _run_list(options: argparse.Namespace) -> int:
    users(file=getattr(options, "file", None))
    return DONE


def _run_add(options: argparse.Namespace) -> int:
    add_user(options.name, file=getattr(options, "file", None))
    return DONE


def _run_remove(options: argparse.Namespace) -> int:
    remove_user(options.name, file=getattr(options, "file", None))
    return DONE
