"""The entry point: the tree of commands, usage errors, exit statuses.

Each command has a file in ``ui/commands``. Nothing heavy is imported before a command is known to be well-formed.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import rag
from rag.errors import PinciteError
from ui.commands import (
    articles,
    ask,
    backup,
    check,
    doctor,
    evaluate,
    feedback,
    mcp,
    models,
    serve,
    sync,
    users,
)
from ui.commands.parsing import ERROR, INTERRUPTED, PIPE_CLOSED, STATUSES, Commands
from ui.terminal.interrupt import say_how_far
from ui.terminal.screen import say


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status. ``argv`` is without the program's name."""
    _speak_utf8()
    try:
        options = parser().parse_args(argv)
        status: int = options.run(options)
        sys.stdout.flush()
    except SystemExit as stop:  # argparse has said why
        return stop.code if isinstance(stop.code, int) else 0
    except PinciteError as error:
        say(f"pincite: {error}")
        return ERROR
    except KeyboardInterrupt as stop:
        say_how_far(stop)
        return INTERRUPTED
    except BrokenPipeError:
        # Python flushes once more as it ends, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    return status


def _speak_utf8() -> None:
    """A pipe gets UTF-8 whatever the locale; a terminal that cannot show a character gets its number."""
    for out in (sys.stdout, sys.stderr):
        if isinstance(out, io.TextIOWrapper):
            out.reconfigure(encoding=None if out.isatty() else "utf-8", errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        with suppress(io.UnsupportedOperation):  # something has been read already
            sys.stdin.reconfigure(encoding=None if sys.stdin.isatty() else "utf-8", errors="replace")


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="pincite",
        description="Ask a set of articles anything; every statement is pinned to the words it rests on.",
        epilog=STATUSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"pincite {rag.__version__}")
    commands = Commands(top, required=True)
    for module in (ask, check, serve, mcp, evaluate, articles, sync, backup, users, feedback, models, doctor):
        module.define(commands)
    return top


if __name__ == "__main__":
    sys.exit(main())
