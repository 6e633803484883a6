"""The commands that verify what is there already: a text against the articles, a receipt against what they are now."""

import argparse
import sys
from pathlib import Path

from rag.citing.forms import Form
from rag.errors import CheckError
from rag.filters import Filter
from ui.commands.options import (
    add_corpus,
    add_embedder,
    add_filter,
    add_forms,
    add_index,
    read_filter_options,
)
from ui.commands.parsing import DONE, NOT_SUPPORTED, Commands
from ui.commands.source import Source, article_lookup, open_chatbot
from ui.json_text import write_json
from ui.terminal.checked_text import rechecked_text, statement_text, summary_text
from ui.terminal.citations import write_citations
from ui.terminal.screen import say, screen


def check(file: str, *, source: Source, within: Filter, as_json: bool, form: Form | None) -> bool:
    """Check the text of a file, or of standard input for ``-``; print each verdict. Whether all is supported.

    With a ``form`` the articles that carry it are printed instead.
    """
    from rag.checking import Checked, check_length, checked_to_json

    text = _read_text(file)
    check_length(text)  # before the models are loaded
    on = screen(sys.stdout)
    statements = []
    with open_chatbot(source) as bot:
        for statement in bot.check_each(text, within=within):
            statements.append(statement)
            if not as_json and form is None:
                on.write(statement_text(statement, text, on.style))
    checked = Checked(text=text, statements=tuple(statements))
    if form is not None:
        write_citations(checked, form)
    elif as_json:
        write_json(checked_to_json(checked))
    else:
        on.write(summary_text(checked, on.style))
    return checked.all_supported


def verify(file: str, *, corpus: tuple[str, ...], index: str | None, as_json: bool) -> bool:
    """Verify a receipt against the articles as they are now; print what changed. Whether nothing has."""
    from rag.receipts import read_receipt, recheck_to_json, verify_receipt

    receipt = read_receipt(file)
    with article_lookup(corpus, index) as article:
        recheck = verify_receipt(receipt, article=article)
    if recheck.articles and all(item.state == "gone" for item in recheck.articles):
        say("none of its articles is here: name the --corpus or the --index that was asked")
    if as_json:
        write_json(recheck_to_json(recheck))
    else:
        on = screen(sys.stdout)
        on.write(rechecked_text(recheck, on.style))
    return recheck.unchanged


def _read_text(file: str) -> str:
    """The text to check, cleaned as articles are. Raises ``ArticleError`` and ``CheckError``."""
    from rag.reading.articles import article_from_text, read_articles

    if file == "-":
        text = sys.stdin.read()
        if not text.strip():
            raise CheckError("standard input is empty: give a text with at least one statement")
        return article_from_text(text, title="Standard input").text
    result = read_articles(Path(file).expanduser())
    for warning in result.warnings:
        say(warning)
    if result.errors:
        raise result.errors[0]
    if len(result.articles) != 1:
        raise CheckError(
            f"{file!r} holds {len(result.articles)} texts: check one file with one text at a time"
        )
    return result.articles[0].text


def define(commands: Commands) -> None:
    """Add ``check`` and ``verify``."""
    check_command = commands.add(
        "check",
        _run_check,
        "check any text against the articles, statement by statement",
        notes="A draft, a press release, or what another assistant wrote. Marks such as [1] in it are ignored.",
    )
    check_command.add_argument(
        "file", metavar="FILE", help="a file of any format that `pincite add` takes; - reads standard input"
    )
    add_forms(check_command, fields_of="Checked")
    add_corpus(check_command)
    add_index(check_command)
    add_embedder(check_command)
    add_filter(check_command)
    verify_command = commands.add(
        "verify",
        _run_verify,
        "verify a receipt of `pincite ask --receipt` against the articles as they are now",
    )
    verify_command.add_argument("file", metavar="FILE", help="the receipt")
    verify_command.add_argument("--json", action="store_true", help="print one JSON object")
    add_corpus(verify_command)
    add_index(verify_command)
    verify_command.set_defaults(refuse=verify_command.error)


def _run_check(options: argparse.Namespace) -> int:
    source = Source(tuple(options.corpus), "quotes", options.index, options.embedder)
    supported = check(
        options.file,
        source=source,
        within=read_filter_options(options),
        as_json=options.json,
        form=options.cite,
    )
    return DONE if supported else NOT_SUPPORTED


def _run_verify(options: argparse.Namespace) -> int:
    if options.corpus and options.index is not None:
        options.refuse("a receipt is verified against --corpus or --index, not both")
    unchanged = verify(options.file, corpus=tuple(options.corpus), index=options.index, as_json=options.json)
    return DONE if unchanged else NOT_SUPPORTED
