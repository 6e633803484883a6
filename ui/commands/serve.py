"""The command that opens the browser chat, and the interface for programs."""

import argparse
import logging
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

from rag.errors import QuestionError, SettingsError
from ui.commands.options import add_source
from ui.commands.parsing import DONE, Commands
from ui.commands.source import Source, named_source
from ui.terminal.screen import progress, say, screen
from ui.web.framing import read_framing
from ui.web.options import Serving, keys_named, users_named
from ui.web.proxy import read_proxy
from ui.web.server import listen

if TYPE_CHECKING:
    from rag.evaluation.questions import Question
    from ui.web.access.gate import Gate
    from ui.web.served import Served


def serve(*, source: Source, serving: Serving, open_to_all: bool) -> None:
    """Serve until Ctrl-C. Raises ``SettingsError`` where strangers could reach a server that asks nobody's name."""
    if serving.proxy is not None and open_to_all:
        raise SettingsError(
            "--open lets everybody in, --auth-header those whom the proxy names: give one of them"
        )
    if not serving.local and serving.open:
        option, adds = ("--auth", " and add articles") if serving.page else ("--keys", "")
        if not open_to_all:
            raise SettingsError(
                f"--host {serving.host!r} lets other machines reach this server and nobody has to sign in: "
                f"add {option}, or --open if everybody may ask"
            )
        say(f"warning: everybody who reaches this machine may ask{adds}: {option} asks who they are")
    if serving.shared and source.corpus and not source.index:
        raise SettingsError(
            "--share with --corpus alone would lose what visitors added at the next start, as its index mirrors the "
            "corpus: add --index FOLDER"
        )
    listening = listen(serving.host, serving.port)
    on = screen(sys.stdout)
    on.write("Opening the articles and the models…\n")
    with closing(listening), opened(source, serving) as served:
        from ui.web.server import Site

        logging.getLogger("asyncio").setLevel(logging.ERROR)  # a browser that leaves is no event
        site = Site(application(served), listening)
        name = f"[{serving.host}]" if ":" in serving.host else serving.host
        port = listening.getsockname()[1]
        on.write(f"Pincite is at http://{name}:{port}/{'' if serving.page else 'v1'} — Ctrl-C ends it.\n")
        site.run()


def application(served: "Served") -> "Gate":
    """What is served: the page and ``/v1``, or ``/v1`` alone, which loads nothing of the page; behind the gate."""
    from ui.web.guarded import guarded

    gate = guarded(served.serving, served.limits)
    if not served.serving.page:
        from ui.web.v1.routes import api

        return gate(api(served))
    from ui.app import page
    from ui.web.engine import build

    return build(served, page(served), gate)


@contextmanager
def opened(source: Source, serving: Serving) -> Iterator["Served"]:
    """Everything the browser chat and ``/v1`` stand on, opened; closed again at the end."""
    from rag.index.corpus import open_index
    from rag.settings import Settings
    from rag.system.paths import chats_file, home
    from ui.web.access.rate_limits import Limits
    from ui.web.conversation.chatbots import Desk
    from ui.web.conversation.saved import Chats
    from ui.web.conversation.slots import Slots
    from ui.web.library.visitor_articles import Room, Shelves
    from ui.web.served import Served

    settings = Settings()
    with ExitStack() as stack:
        with progress("indexing", unit="chunk", then="making it fast to search") as tell:
            opened_index = open_index(
                source.corpus or None,
                folder=source.index,
                embedder=source.embedder,
                settings=settings,
                on_progress=tell,
            )
        stack.callback(opened_index.index.close)
        for problem in opened_index.problems:
            say(problem)
        shelves = Shelves(
            home() / "visitors",
            base=opened_index.index,
            settings=settings,
            shared=serving.shared,
            limits=Room(file_bytes=serving.upload_bytes),
        )
        stack.callback(shelves.close)
        chats = Chats(chats_file())
        stack.callback(chats.close)
        slots = Slots(at_once=serving.at_once, waiting=serving.waiting)
        yield Served(
            shelves=shelves,
            chats=chats,
            desk=Desk(shelves, model=source.model, settings=settings, slots=slots),
            limits=Limits(
                per_visitor=serving.rate, per_address=serving.address_rate, uploads=serving.upload_rate
            ),
            serving=serving,
            settings=settings,
            known=known_questions(),
        )


def known_questions() -> tuple["Question", ...]:
    """The questions that come with the shipped article; offered where the index holds it and answers them."""
    from rag.evaluation.questions import read_questions
    from rag.system.paths import shipped_corpus

    try:
        return read_questions(shipped_corpus() / "questions.jsonl")
    except QuestionError:  # the chat does without
        return ()


def define(commands: Commands) -> None:
    """Add ``serve``."""
    serve = commands.add(
        "serve",
        _run,
        "open the chat in a browser, and /v1 for programs that speak OpenAI's protocol",
        notes="It listens on this machine alone unless told otherwise.",
    )
    add_source(serve)
    serve.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (%(default)s)")
    serve.add_argument("--port", default=8765, type=int, metavar="NUMBER", help="the port (%(default)s)")
    serve.add_argument(
        "--auth",
        nargs="?",
        const="",
        metavar="FILE",
        help="visitors must sign in; `pincite users` writes the file, in Pincite's own folder if left out",
    )
    serve.add_argument(
        "--auth-header",
        metavar="NAME",
        help="a proxy signs visitors in and names each in this header, as X-Forwarded-User; needs --auth-from",
    )
    serve.add_argument(
        "--auth-from",
        nargs="+",
        action="extend",
        default=[],
        metavar="ADDRESS",
        help="the addresses or networks of the proxy, as 127.0.0.1 or 10.0.0.0/24: all other connections are refused",
    )
    serve.add_argument(
        "--keys",
        nargs="?",
        const="",
        metavar="FILE",
        help="programs need a key for /v1, as they do with --auth; `pincite keys` writes the file, in Pincite's own "
        "folder if left out",
    )
    serve.add_argument("--no-page", action="store_true", help="serve /v1 alone, without the browser chat")
    serve.add_argument("--open", action="store_true", help="let other machines in without signing in")
    serve.add_argument(
        "--hostname",
        action="append",
        default=[],
        metavar="NAME",
        help="a name this server is reached by, refusing all others; may be given several times",
    )
    serve.add_argument(
        "--frame-ancestors",
        nargs="+",
        action="extend",
        default=[],
        metavar="ORIGIN",
        help="whose pages may show the chat in a frame: https://HOST, https://*.HOST or self; by default none",
    )
    serve.add_argument(
        "--addresses",
        action="store_true",
        help="let visitors add the page at a web address; the user of this machine alone always may",
    )
    serve.add_argument("--share", action="store_true", help="articles that a visitor adds are there for all")
    serve.add_argument(
        "--mcp",
        action="store_true",
        help="offer the articles to assistants, at /mcp, by the Model Context Protocol",
    )
    serve.add_argument(
        "--at-once", default=2, type=int, metavar="N", help="answers written at the same time (%(default)s)"
    )
    serve.add_argument(
        "--waiting", default=200, type=int, metavar="N", help="questions that may wait (%(default)s)"
    )
    serve.add_argument(
        "--rate", default="20/minute", metavar="N/PERIOD", help="questions of one visitor (%(default)s)"
    )
    serve.add_argument(
        "--address-rate",
        default="240/minute",
        metavar="N/PERIOD",
        help="questions from one address (%(default)s)",
    )
    serve.add_argument(
        "--upload-rate",
        default="60/minute",
        metavar="N/PERIOD",
        help="articles one visitor, or one address, adds (%(default)s)",
    )


def _run(options: argparse.Namespace) -> int:
    serve(
        source=named_source(options),
        serving=Serving(
            host=options.host,
            port=options.port,
            users=users_named(options.auth),
            proxy=read_proxy(options.auth_header, options.auth_from),
            keys=keys_named(options.keys, auth=options.auth),
            page=not options.no_page,
            shared=options.share,
            mcp=options.mcp,
            at_once=options.at_once,
            waiting=options.waiting,
            rate=options.rate,
            address_rate=options.address_rate,
            upload_rate=options.upload_rate,
            hosts=tuple(options.hostname),
            framing=read_framing(options.frame_ancestors),
            addresses=options.addresses,
        ),
        open_to_all=options.open,
    )
    return DONE
