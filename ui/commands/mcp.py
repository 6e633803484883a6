"""The command that serves the articles to one program's model, by the Model Context Protocol."""

import argparse
import logging
import os
import signal
import sys
from functools import partial

from ui.commands.options import add_source
from ui.commands.parsing import DONE, ERROR, Commands
from ui.commands.source import Source, named_source, open_chatbot
from ui.terminal.screen import say

_log = logging.getLogger(__name__)


def serve(source: Source) -> int:
    """Serve the program at the other end of standard input and output until it goes away; the exit status."""
    from ui.protocol.opened_apart import OpenedApart
    from ui.protocol.server import serve_stdio

    articles = OpenedApart(partial(open_chatbot, source), complain=say)
    articles.start()
    if sys.stdin.isatty():
        say(
            "this waits for an assistant, which starts it by itself and speaks the Model Context Protocol on standard "
            "input and output: docs/mcp.md has its configuration; Ctrl-C ends it"
        )
    # Ctrl-C ends the process at once: a thread waits for a line, and what was acknowledged is in the index.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    serve_stdio(articles)
    articles.close()
    return DONE


def define(commands: Commands) -> None:
    """Add ``mcp``."""
    mcp = commands.add(
        "mcp",
        _run,
        "serve the articles to an assistant, by the Model Context Protocol",
        notes="An assistant starts it and speaks with it on standard input and output. "
        "`pincite serve --mcp` serves many, over HTTP.",
    )
    add_source(mcp)


def _run(options: argparse.Namespace) -> int:
    status = ERROR
    try:
        status = serve(named_source(options))
    except Exception:  # noqa: BLE001 - it is logged
        _log.exception("the server ended")
    sys.stderr.flush()
    # Threads may wait for a line of standard input, or open the articles still, and would keep the process.
    os._exit(status)
