"""The options that say which articles are asked: publishers, days, ids."""

import argparse
import datetime

from rag.errors import SettingsError
from rag.filters import Filter, day


def narrow(command: argparse.ArgumentParser) -> None:
    """Add the options to a command."""
    command.add_argument(
        "--publisher",
        metavar="NAME",
        action="append",
        default=[],
        help="ask only the articles of this publisher; may be given several times",
    )
    command.add_argument(
        "--after", metavar="DATE", type=_day, help="ask only articles of this day, as 2026-05-01, or later"
    )
    command.add_argument(
        "--before", metavar="DATE", type=_day, help="ask only articles of this day or earlier"
    )
    command.add_argument(
        "--article",
        metavar="ID",
        action="append",
        default=[],
        help="ask only the article of this id, as `pincite list` shows it; may be given several times",
    )


def narrowed(options: argparse.Namespace) -> Filter:
    """What was given. Raises ``SettingsError`` where a name is empty or the last day is before the first."""
    for option in ("publisher", "article"):
        if not all(name.strip() for name in getattr(options, option)):
            raise SettingsError(f"--{option} '' names none: give a name, or leave it out")
    return Filter(
        publishers=tuple(options.publisher),
        after=options.after,
        before=options.before,
        articles=tuple(options.article),
    )


def _day(text: str) -> datetime.date:
    try:
        return day(text)
    except SettingsError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
