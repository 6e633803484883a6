"""What every command is defined with: its place in the tree of commands, and the exit statuses."""

import argparse
from collections.abc import Callable

DONE, ERROR, NOT_IN_THE_ARTICLES, NOT_SUPPORTED = 0, 1, 3, 4  # argparse itself ends with 2
INTERRUPTED, PIPE_CLOSED = 130, 141  # 128 and the number of the signal, as shells count

STATUSES = """exit status:
  0  answered or done
  1  an error: one line on standard error says what, the limit and the fix
  2  the command line is not understood
  3  the articles do not say
  4  the articles do not support all of a text, or a receipt is no longer as it was"""

Run = Callable[[argparse.Namespace], int]


class Commands:
    """The commands of a parser, each with its help and the function that runs it."""

    def __init__(self, parser: argparse.ArgumentParser, *, required: bool) -> None:
        self._group = parser.add_subparsers(title="commands", metavar="COMMAND", required=required)

    def add(self, name: str, run: Run, about: str, *, notes: str = "") -> argparse.ArgumentParser:
        """Add a command. ``run`` takes the parsed options and returns the exit status."""
        command = self._group.add_parser(
            name,
            help=about,
            description=f"{about[0].upper()}{about[1:]}.{' ' * bool(notes)}{notes}",
            allow_abbrev=False,
        )
        command.set_defaults(run=run)
        return command
