"""The command line: what can be said, and what becomes of errors.

Nothing heavy is imported before a command is known to be well-formed.
"""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import rag
from rag.errors import PinciteError
from ui.commands.options import narrow, narrowed
from ui.terminal.interrupt import say_how_far, stoppable
from ui.terminal.screen import say

if TYPE_CHECKING:
    from ui.commands.source import Source

DONE, ERROR, NOT_IN_THE_ARTICLES = 0, 1, 3  # argparse itself ends with 2
INTERRUPTED, PIPE_CLOSED = 130, 141  # 128 and the number of the signal, as shells count

_STATUSES = """exit status:
  0  answered or done
  1  an error: one line on standard error says what, the limit and the fix
  2  the command line is not understood
  3  the articles do not say"""

Run = Callable[[argparse.Namespace], int]


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


# --- the grammar -------------------------------------------------------------------------------------------


class _Commands:
    """The commands of a parser, each with its help and what it runs."""

    def __init__(self, parser: argparse.ArgumentParser, *, required: bool) -> None:
        self._group = parser.add_subparsers(title="commands", metavar="COMMAND", required=required)

    def add(self, name: str, run: Run, about: str, *, notes: str = "") -> argparse.ArgumentParser:
        made = self._group.add_parser(
            name,
            help=about,
            description=f"{about[0].upper()}{about[1:]}.{' ' * bool(notes)}{notes}",
            allow_abbrev=False,
        )
        made.set_defaults(run=run)
        return made


def parser() -> argparse.ArgumentParser:
    """The whole grammar of the command line."""
    top = argparse.ArgumentParser(
        prog="pincite",
        description="Ask a set of articles anything; every statement is pinned to the words it rests on.",
        epilog=_STATUSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"pincite {rag.__version__}")
    commands = _Commands(top, required=True)
    _asking(commands)
    _keeping(commands)
    _copying(commands)
    _visiting(commands)
    _checking(commands)
    return top


def _asking(commands: _Commands) -> None:
    ask = commands.add("ask", _ask, "answer one question")
    ask.add_argument("question", metavar="QUESTION", help="the question; - reads it from standard input")
    ask.add_argument("--json", action="store_true", help="print one JSON object with the fields of Answer")
    _source(ask)
    narrow(ask)
    _history(ask)
    chat = commands.add(
        "chat", _chat, "hold a conversation", notes="Later questions may lean on earlier ones."
    )
    _source(chat)
    narrow(chat)
    _history(chat)
    _serving(commands)
    measure = commands.add("eval", _eval, "ask a set of questions and count how many are answered well")
    _measuring(measure)


def _measuring(measure: argparse.ArgumentParser) -> None:
    what = measure.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "questions",
        metavar="QUESTIONS.jsonl",
        nargs="?",
        help="an object with id, question, kind and answers a line; kind is answerable, adversarial or "
        "out_of_corpus",
    )
    what.add_argument(
        "--compare",
        nargs=2,
        metavar=("A.json", "B.json"),
        help="ask nothing; print how two files of --json over the same questions differ, with 95%% intervals "
        "and McNemar's exact test",
    )
    _source(measure)
    measure.add_argument(
        "--json",
        metavar="FILE",
        help="write counts, questions and answers, or the comparison, as JSON; until all are answered they are kept in "
        "FILE.part, and the same command goes on from there",
    )
    measure.add_argument("--report", metavar="FILE.html", help="write an evaluation as one HTML page")
    measure.add_argument(
        "--sample", metavar="N", type=int, help="ask N of the questions, each kind having its share of them"
    )
    measure.add_argument("--seed", metavar="S", type=int, help="another seed draws another sample (0)")
    measure.set_defaults(refuse=measure.error)


def _serving(commands: _Commands) -> None:
    serve = commands.add(
        "serve",
        _serve,
        "open the chat in a browser",
        notes="It listens on this machine alone unless told otherwise.",
    )
    _source(serve)
    serve.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (%(default)s)")
    serve.add_argument("--port", default=8765, type=int, metavar="NUMBER", help="the port (%(default)s)")
    serve.add_argument(
        "--auth",
        nargs="?",
        const="",
        metavar="FILE",
        help="visitors must sign in; `pincite users` writes the file, in Pincite's own folder if left out",
    )
    serve.add_argument("--open", action="store_true", help="let other machines in without signing in")
    serve.add_argument(
        "--hostname",
        action="append",
        default=[],
        metavar="NAME",
        help="a name this server is reached by, refusing all others; may be given several times",
    )
    serve.add_argument("--share", action="store_true", help="articles that a visitor adds are there for all")
    serve.add_argument(
        "--mcp", action="store_true", help="offer the articles as a tool to other programs, at /mcp"
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


def _keeping(commands: _Commands) -> None:
    add = commands.add(
        "add",
        _add,
        "put articles into an index",
        notes="One that is there already costs nothing; one that changed replaces the old one. A new default "
        "index starts out with the article that is shipped, unless others are added first.",
    )
    add.add_argument(
        "paths",
        metavar="PATH",
        nargs="+",
        help="a folder, a file (text, Markdown, HTML, PDF, DOCX, ODT, RTF, EPUB, CSV, JSONL, or a ZIP of these), or "
        "the address of a page on the web, https://…",
    )
    _index(add)
    _embedder(add)
    sync = commands.add(
        "sync",
        _sync,
        "keep an index in step with a folder of articles",
        notes="Adds, updates, renames and removes. A file that is as it was is not read again, and one that "
        "was renamed is not embedded again. One that cannot be read for now keeps its articles.",
    )
    sync.add_argument("folder", metavar="FOLDER", help="the folder of articles")
    _index(sync)
    _embedder(sync)
    how = sync.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    how.add_argument(
        "--watch", action="store_true", help="go on whenever something changes in the folder, until Ctrl-C"
    )
    sync.add_argument(
        "--allow-empty", action="store_true", help="go on where every article of the index would be removed"
    )
    sync.add_argument(
        "--take-over",
        action="store_true",
        help="remove and replace articles that did not come from this folder; it is asked for once",
    )
    remove = commands.add("remove", _remove, "take articles out of an index", notes="All of them or none.")
    remove.add_argument("ids", metavar="ID", nargs="+", help="an id as `pincite list` shows it")
    _index(remove)
    listing = commands.add("list", _list, "list the articles of an index")
    listing.add_argument("--json", action="store_true", help="print one JSON object")
    _index(listing)
    show = commands.add("show", _show, "print an article")
    show.add_argument("id", metavar="ID", help="an id as `pincite list` shows it")
    show.add_argument("--json", action="store_true", help="print one JSON object with the fields of Article")
    _index(show)


def _copying(commands: _Commands) -> None:
    save = commands.add(
        "backup",
        _backup,
        "copy an index into one file",
        notes="The index stays in use meanwhile. The file is written whole or not at all, and replaces an "
        "earlier backup of that name.",
    )
    save.add_argument("file", metavar="FILE", help="the file to write")
    _index(save)
    restore = commands.add(
        "restore",
        _restore,
        "put a backup in place of an index",
        notes="All of it or nothing, also when it is stopped; nothing is embedded again.",
    )
    restore.add_argument("file", metavar="FILE", help="a file that `pincite backup` wrote")
    _index(restore)
    restore.add_argument(
        "--replace", action="store_true", help="let go of the articles that are in the index now"
    )


def _visiting(commands: _Commands) -> None:
    users = commands.add("users", _users, "list those who may sign in to the browser chat")
    _users_file(users)
    inner = _Commands(users, required=False)
    add = inner.add(
        "add",
        _users_add,
        "let somebody sign in, or change the password",
        notes="The password is asked for, or read from a pipe.",
    )
    add.add_argument("name", metavar="NAME", help="1 to 64 letters, digits or . _ @ -")
    _users_file(add)
    remove = inner.add("remove", _users_remove, "let somebody sign in no more")
    remove.add_argument("name", metavar="NAME", help="a name of the list")
    _users_file(remove)
    feedback = commands.add("feedback", _feedback, "list what visitors of the browser chat said of answers")
    feedback.add_argument("--json", action="store_true", help="print one JSON list, with the answers")
    feedback.add_argument(
        "--file", metavar="FILE", help="the file of conversations, instead of the usual one"
    )


def _users_file(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--file",
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="the file of users, instead of the usual one",
    )


def _checking(commands: _Commands) -> None:
    models = commands.add(
        "models", _models, "list the language models that can run here, and those installed"
    )
    models.add_argument("--json", action="store_true", help="print one JSON object")
    pull = _Commands(models, required=False).add("pull", _pull, "install a language model")
    pull.add_argument(
        "name",
        metavar="NAME",
        nargs="?",
        help="a name of the list, or a .gguf file; the default model if left out",
    )
    doctor = commands.add("doctor", _doctor, "check the installation, the index and the models")
    _index(doctor)
    _embedder(doctor)
    doctor.add_argument(
        "--repair",
        action="store_true",
        help="first make the index anew from its stored text; with --embedder, by that one. Who asks it meanwhile is "
        "answered as before",
    )
    doctor.add_argument("--json", action="store_true", help="print one JSON object")


def _source(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--corpus",
        metavar="PATH",
        action="append",
        default=[],
        help="articles to ask: a folder, a file or an articles.jsonl; may be given several times",
    )
    command.add_argument(
        "--model",
        metavar="NAME",
        help="a name of `pincite models`, a .gguf file, provider:name, or quotes for none",
    )
    _index(command)
    _embedder(command)


def _embedder(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--embedder",
        metavar="NAME",
        default="auto",
        help="what places texts by meaning: minilm, fast (coarser, for large corpora), provider:name, or auto: the one "
        "the index has, and for a new one minilm up to a million characters, fast above",
    )


def _index(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--index",
        metavar="DIR",
        help="the folder of the index, instead of the default one; or chroma://HOST:PORT/NAME, on servers",
    )


def _history(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--history", metavar="FILE", help='the conversation so far, a JSON list of {"role", "content"}'
    )


# --- from options to commands ------------------------------------------------------------------------------


def _named(options: argparse.Namespace) -> "Source":
    """The articles, the models and the index that were named."""
    from ui.commands.source import Source

    return Source(tuple(options.corpus), options.model, options.index, options.embedder)


def _ask(options: argparse.Namespace) -> int:
    from ui.commands import ask

    source = _named(options)
    answer = ask.ask(
        options.question,
        source=source,
        within=narrowed(options),
        history=options.history,
        as_json=options.json,
    )
    return NOT_IN_THE_ARTICLES if answer.abstained else DONE


def _chat(options: argparse.Namespace) -> int:
    from ui.commands import ask

    ask.chat(
        source=_named(options),
        within=narrowed(options),
        history=options.history,
    )
    return DONE


def _serve(options: argparse.Namespace) -> int:
    from ui.commands import serve
    from ui.web.options import Serving, users_named

    serve.serve(
        source=_named(options),
        serving=Serving(
            host=options.host,
            port=options.port,
            users=users_named(options.auth),
            shared=options.share,
            mcp=options.mcp,
            at_once=options.at_once,
            waiting=options.waiting,
            rate=options.rate,
            address_rate=options.address_rate,
            upload_rate=options.upload_rate,
            hosts=tuple(options.hostname),
        ),
        open_to_all=options.open,
    )
    return DONE


def _eval(options: argparse.Namespace) -> int:
    from ui.commands import compare, evaluate

    if options.compare:
        asking_options = (options.corpus, options.model, options.index, options.report)
        if (
            any(asking_options)
            or options.embedder != "auto"
            or options.sample is not None
            or options.seed is not None
        ):
            options.refuse("--compare asks nothing: of the other options it takes --json alone")
        compare.compare(*options.compare, json_file=options.json)
        return DONE
    evaluate.measure(
        options.questions,
        source=_named(options),
        size=options.sample,
        seed=options.seed or 0,
        files=evaluate.Files(options.json, options.report),
    )
    return DONE


def _add(options: argparse.Namespace) -> int:
    from ui.commands import articles

    with stoppable():
        whole = articles.add(options.paths, index=options.index, embedder=options.embedder)
    return DONE if whole else ERROR


def _sync(options: argparse.Namespace) -> int:
    from ui.commands import sync

    wanted = sync.Wanted(
        folder=options.folder,
        index=options.index,
        embedder=options.embedder,
        allow_empty=options.allow_empty,
        take_over=options.take_over,
    )
    if options.dry_run:
        return DONE if sync.preview(wanted) else ERROR
    with stoppable():
        if options.watch:
            sync.follow(wanted)
        else:
            sync.sync(wanted)
    return DONE


def _remove(options: argparse.Namespace) -> int:
    from ui.commands import articles

    articles.remove(options.ids, index=options.index)
    return DONE


def _list(options: argparse.Namespace) -> int:
    from ui.commands import articles

    articles.show_all(index=options.index, as_json=options.json)
    return DONE


def _show(options: argparse.Namespace) -> int:
    from ui.commands import articles

    articles.show(options.id, index=options.index, as_json=options.json)
    return DONE


def _backup(options: argparse.Namespace) -> int:
    from ui.commands import backup

    backup.backup(options.file, index=options.index)
    return DONE


def _restore(options: argparse.Namespace) -> int:
    from ui.commands import backup

    backup.restore(options.file, index=options.index, replace=options.replace)
    return DONE


def _users(options: argparse.Namespace) -> int:
    from ui.commands import users

    users.users(file=getattr(options, "file", None))
    return DONE


def _users_add(options: argparse.Namespace) -> int:
    from ui.commands import users

    users.add_user(options.name, file=getattr(options, "file", None))
    return DONE


def _users_remove(options: argparse.Namespace) -> int:
    from ui.commands import users

    users.remove_user(options.name, file=getattr(options, "file", None))
    return DONE


def _feedback(options: argparse.Namespace) -> int:
    from ui.commands import feedback

    feedback.feedback(file=options.file, as_json=options.json)
    return DONE


def _models(options: argparse.Namespace) -> int:
    from ui.commands import models

    models.models(as_json=options.json)
    return DONE


def _pull(options: argparse.Namespace) -> int:
    from ui.commands import models

    models.pull(options.name)
    return DONE


def _doctor(options: argparse.Namespace) -> int:
    from ui.commands import doctor

    healthy = doctor.doctor(
        index=options.index, embedder=options.embedder, repair=options.repair, as_json=options.json
    )
    return DONE if healthy else ERROR


if __name__ == "__main__":
    sys.exit(main())
