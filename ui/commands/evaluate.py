"""The command that asks a set of questions and counts what comes of them."""

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import PinciteError, ReportError
from ui.commands.options import add_source
from ui.commands.parsing import DONE, Commands
from ui.commands.source import Source, named_source, open_chatbot
from ui.json_text import write_file
from ui.terminal.screen import Screen, progress, say, screen, table

if TYPE_CHECKING:
    from rag.chatbot import Chatbot
    from rag.evaluation.questions import Question
    from rag.evaluation.run import Report
    from rag.evaluation.setup import RunSetup


@dataclass(frozen=True, slots=True)
class Files:
    """Where the report is written, as JSON and as a page; ``None`` for nowhere."""

    json: str | None
    page: str | None


def measure(questions: str, *, source: Source, size: int | None, seed: int, files: Files) -> None:
    """Ask a set of questions, or ``size`` of them drawn with ``seed``; write the files and print what was counted."""
    from rag.evaluation.questions import read_question_set
    from rag.evaluation.report_file import write_report
    from rag.evaluation.run import draw_sample, measure_verifier
    from rag.evaluation.setup import describe_run
    from ui.report.page import page

    found = read_question_set(Path(questions).expanduser())
    asked = found.questions if size is None else draw_sample(found.questions, size, seed=seed)
    for name in (files.json, files.page):
        if name is not None:
            _try(name)  # a place that cannot be written is better known before an hour's work
    part = _part(files.json)
    with open_chatbot(source) as bot:
        listing, settings = bot.index.listing(), bot.settings
        setup = describe_run(
            listing, asked, settings=settings, embedder=bot.index.embedder, sample=size, seed=seed
        )
        report = _asked(bot, asked, setup=setup, part=part)
        verifier = measure_verifier(listing, article=bot.article, seed=seed)
        report = replace(report, verifier=verifier, unlabelled=len(found.unlabelled))
    if files.json is not None:
        write_report(Path(files.json).expanduser(), report)
    if part is not None:
        part.unlink(missing_ok=True)
    if files.page is not None:
        write_file(files.page, page(report))
    _print(report, on=screen(sys.stdout))


def _asked(
    bot: "Chatbot", questions: tuple["Question", ...], *, setup: "RunSetup", part: Path | None
) -> "Report":
    """The report; its rows are kept in ``part`` as they come, and those that are there already are taken up."""
    from rag.evaluation.checkpoint import Checkpoint
    from rag.evaluation.run import evaluate

    if part is None:
        with progress("asking", unit="question") as tell:
            return evaluate(bot, questions, on_progress=tell, setup=setup)
    with Checkpoint.open(part, model=bot.name, setup=setup) as journal:
        if journal.rows:
            say(
                f"{len(journal.rows)} of {len(questions)} questions were answered before: going on from {part}"
            )
        try:
            with progress("asking", unit="question") as tell:
                return evaluate(
                    bot, questions, on_progress=tell, done=journal.rows, on_row=journal.add, setup=setup
                )
        except (KeyboardInterrupt, PinciteError):
            done = f"{len(journal.rows)} of {len(questions)} questions are answered"
            say(f"stopped: {done} and kept in {part}; the same command goes on from there")
            raise


def _print(report: "Report", *, on: Screen) -> None:
    """A table for each group of measures; those with nothing to count are left out."""
    from rag.evaluation.measures.metric import GROUPS
    from ui.report.page import amount, count, kinds, left_out, verdicts

    counted = [metric for metric in report.metrics if metric.total]
    for group in GROUPS:
        if lines := [(m.name, m.meaning, amount(m), count(m)) for m in counted if m.group == group]:
            on.write(table((group, "of what", "value", "count"), lines, style=on.style, right=(2, 3)) + "\n")
    if report.verifier:
        on.write(
            table(
                ("verifier", "of what", "value", "count"),
                [*verdicts(report), *kinds(report)],
                style=on.style,
                right=(2, 3),
            )
            + "\n"
        )
    median, late = report.seconds
    on.write(
        f"{len(report.rows)} questions, {report.model}: {median:.2f} s an answer (95th percentile {late:.2f} s), "
        f"{report.words:.0f} words on average\n"
    )
    if report.unlabelled:
        on.write(f"{left_out(report)}\n")


def _part(name: str | None) -> Path | None:
    """The file beside the JSON file that keeps what is done; ``None`` where that is no file, such as /dev/stdout."""
    if name is None:
        return None
    path = Path(name).expanduser()
    ordinary = path.is_file() or not path.exists()
    return path.with_name(f"{path.name}.part") if ordinary else None


def _try(name: str) -> None:
    """Raise ``ReportError`` where the file cannot be written; what is in it stays."""
    path = Path(name).expanduser()
    there = path.exists()
    try:
        with path.open("ab"):
            pass
        if not there:
            path.unlink()
    except OSError as error:
        raise ReportError(f"cannot write {name!r} ({error.strerror}): give another path") from error


def define(commands: Commands) -> None:
    """Add ``eval``."""
    measure = commands.add("eval", _run, "ask a set of questions and count how many are answered well")
    either = measure.add_mutually_exclusive_group(required=True)
    either.add_argument(
        "questions",
        metavar="QUESTIONS.jsonl",
        nargs="?",
        help="an object with id, question, kind and answers a line; kind is answerable, adversarial, out_of_corpus, or "
        "unlabelled: counted as such and not asked",
    )
    either.add_argument(
        "--compare",
        nargs=2,
        metavar=("A.json", "B.json"),
        help="ask nothing; print how two files of --json over the same questions differ, with 95%% intervals "
        "and McNemar's exact test",
    )
    add_source(measure)
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


def _run(options: argparse.Namespace) -> int:
    if options.compare:
        asking_options = (options.corpus, options.model, options.index, options.report)
        if (
            any(asking_options)
            or options.embedder != "auto"
            or options.sample is not None
            or options.seed is not None
        ):
            options.refuse("--compare asks nothing: of the other options it takes --json alone")
        from ui.terminal.comparison import compare

        compare(*options.compare, json_file=options.json)
        return DONE
    measure(
        options.questions,
        source=named_source(options),
        size=options.sample,
        seed=options.seed or 0,
        files=Files(options.json, options.report),
    )
    return DONE
