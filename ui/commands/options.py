"""The options that several commands share: corpus, model, index, embedder, history, and which articles are asked."""

import argparse
import datetime

from rag.citing.forms import FORMS
from rag.errors import SettingsError
from rag.filters import Filter, parse_day


def add_source(command: argparse.ArgumentParser) -> None:
    """Add the options that say what is asked: corpus, model, index, embedder."""
    add_corpus(command)
    command.add_argument(
        "--model",
        metavar="NAME",
        help="a name of `pincite models`, a .gguf file, provider:name, or quotes for none",
    )
    add_index(command)
    add_embedder(command)


def add_corpus(command: argparse.ArgumentParser) -> None:
    """Add ``--corpus``."""
    command.add_argument(
        "--corpus",
        metavar="PATH",
        action="append",
        default=[],
        help="articles to ask: a folder, a file or an articles.jsonl; may be given several times",
    )


def add_embedder(command: argparse.ArgumentParser) -> None:
    """Add ``--embedder``."""
    command.add_argument(
        "--embedder",
        metavar="NAME",
        default="auto",
        help="the embedding model: minilm, fast (less accurate, for large corpora), provider:name, or auto: the one of "
        "the index, and for a new index minilm up to a million characters, fast above",
    )


def add_index(command: argparse.ArgumentParser) -> None:
    """Add ``--index``."""
    command.add_argument(
        "--index",
        metavar="DIR",
        help="the folder of the index, instead of the default one; or chroma://HOST:PORT/NAME, on servers",
    )


def add_entries(command: argparse.ArgumentParser) -> None:
    """Add ``--entries``."""
    command.add_argument(
        "--entries",
        metavar="N",
        type=_at_least_one,
        help="how many new or changed pages of a feed or sitemap are fetched at a time, the newest first (200)",
    )


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of entries: give 1 or more")
    return int(text)


def add_forms(command: argparse.ArgumentParser, *, fields_of: str) -> None:
    """Add ``--json`` and ``--cite``, of which one may be given: what is printed for programs."""
    either = command.add_mutually_exclusive_group()
    either.add_argument(
        "--json", action="store_true", help=f"print one JSON object with the fields of {fields_of}"
    )
    either.add_argument(
        "--cite",
        metavar="FORM",
        choices=tuple(FORMS),
        help="print the cited articles with their quotes instead: bibtex, csl (CSL-JSON), markdown or ris",
    )


def add_history(command: argparse.ArgumentParser) -> None:
    """Add ``--history``."""
    command.add_argument(
        "--history", metavar="FILE", help='the conversation so far, a JSON list of {"role", "content"}'
    )


def add_filter(command: argparse.ArgumentParser) -> None:
    """Add the options that limit a question to some of the articles: publishers, days, ids."""
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


def read_filter_options(options: argparse.Namespace) -> Filter:
    """The filter that was given. Raises ``SettingsError`` where a name is empty or the last day is before the first."""
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
        return parse_day(text)
    except SettingsError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
