"""The commands that say who may ask a server: people who sign in to the browser chat, and programs by their keys."""

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import SettingsError
from ui.commands.parsing import DONE, Commands, Run
from ui.terminal.screen import say, screen
from ui.wording import one_line

if TYPE_CHECKING:
    from ui.web.access.keys import Keys
    from ui.web.access.users import Users


def users(*, file: str | None) -> None:
    """List the names of those who may sign in."""
    _list(_users(file).names(), none="nobody may sign in yet: `pincite users add NAME`")


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


def keys(*, file: str | None) -> None:
    """List the names of the keys."""
    _list(_keys(file).names(), none="there is no key yet: `pincite keys add NAME`")


def add_key(name: str, *, file: str | None) -> None:
    """Make a key and print it, alone on standard output, so that it can be piped."""
    screen(sys.stdout).write(f"{_keys(file).add(name)}\n")
    say("this is the only time that it is shown: keep it where the program reads it")


def remove_key(name: str, *, file: str | None) -> None:
    """Take a key away."""
    _keys(file).remove(name)
    screen(sys.stdout).write(f"the key of {one_line(name)} opens nothing any more\n")


def _list(names: tuple[str, ...], *, none: str) -> None:
    on = screen(sys.stdout)
    for name in names:
        on.write(f"{one_line(name)}\n")
    if not names:
        on.write(f"{none}\n")


def _users(file: str | None) -> "Users":
    from rag.system.paths import users_file
    from ui.web.access.users import Users

    return Users(Path(file).expanduser() if file else users_file())


def _keys(file: str | None) -> "Keys":
    from rag.system.paths import keys_file
    from ui.web.access.keys import Keys

    return Keys(Path(file).expanduser() if file else keys_file())


def define(commands: Commands) -> None:
    """Add ``users`` and ``keys``, each with ``add`` and ``remove``."""
    names = commands.add("users", _listing(users), "list those who may sign in to the browser chat")
    _add_file(names, "users")
    inner = Commands(names, required=False)
    add = inner.add(
        "add",
        _naming(add_user),
        "let somebody sign in, or change the password",
        notes="The password is asked for, or read from a pipe.",
    )
    _add_name(add, "users", "1 to 64 letters, digits or . _ @ -")
    _add_name(
        inner.add("remove", _naming(remove_user), "let somebody sign in no more"),
        "users",
        "a name of the list",
    )
    names = commands.add("keys", _listing(keys), "list the keys with which programs may ask a server at /v1")
    _add_file(names, "keys")
    inner = Commands(names, required=False)
    add = inner.add("add", _naming(add_key), "make a key, and print it", notes="Only its SHA-256 is kept.")
    _add_name(add, "keys", "whose key it is: 1 to 64 letters, digits or . _ @ -")
    _add_name(inner.add("remove", _naming(remove_key), "take a key away"), "keys", "a name of the list")


def _add_name(command: argparse.ArgumentParser, noun: str, about: str) -> None:
    command.add_argument("name", metavar="NAME", help=about)
    _add_file(command, noun)


def _add_file(command: argparse.ArgumentParser, noun: str) -> None:
    command.add_argument(
        "--file",
        metavar="FILE",
        default=argparse.SUPPRESS,
        help=f"the file of {noun}, instead of the usual one",
    )


def _listing(run: Callable[..., None]) -> Run:
    def listing(options: argparse.Namespace) -> int:
        run(file=getattr(options, "file", None))
        return DONE

    return listing


def _naming(run: Callable[..., None]) -> Run:
    def naming(options: argparse.Namespace) -> int:
        run(options.name, file=getattr(options, "file", None))
        return DONE

    return naming
