"""Measures Pincite and the other contenders, in one table.

Prints the table; progress goes to standard error. A contender that cannot run is in the table with its reason; if it
was named in ``--systems``, the exit status is 1.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from rag.chatbot import Chatbot
from rag.errors import PinciteError
from rag.evaluation.questions import Question, read_questions
from rag.evaluation.run import draw_sample, evaluate
from rag.models.embedders import open_embedder
from tests.benchmarks.options import options_of
from tests.benchmarks.rivals.common_index import CommonIndex, read_common_index
from tests.benchmarks.rivals.contenders import CONTENDERS, Contender
from tests.benchmarks.rivals.llamaindex import Unavailable
from tests.benchmarks.rivals.table import Outcome, as_json, markdown


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; return the exit status, 1 if a contender that was named could not run."""
    options = _parser().parse_args(arguments)
    questions = read_questions(options.questions)
    if options.sample:
        questions = draw_sample(questions, options.sample, seed=options.seed)
    named = options.systems.split(",") if options.systems else []
    if unknown := sorted(set(named) - {contender.name for contender in CONTENDERS}):
        print(f"no system is called {unknown[0]!r}: use {_names()}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        embedder = open_embedder()
        with Chatbot.open(
            corpus=options.corpus,
            model="quotes",
            embedder="minilm",
            index=f"{folder}/index",
            on_progress=_progress_printer("embedding"),
        ) as bot:
            index = bot.index
            common_index = read_common_index(Path(folder) / "index", index=index, embedder=embedder)
            chosen = [contender for contender in CONTENDERS if not named or contender.name in named]
            outcomes = [
                ask_contender(contender, common_index, questions, model=options.model) for contender in chosen
            ]
    print(markdown(outcomes))
    if options.json:
        ran = {"questions": str(options.questions), "corpus": str(options.corpus), "model": options.model}
        options.json.write_text(
            as_json(outcomes, **ran, asked=len(questions), sample=options.sample, seed=options.seed), "utf-8"
        )
    return int(any(outcome.report is None and outcome.name in named for outcome in outcomes))


def ask_contender(
    contender: Contender, common_index: CommonIndex, questions: Sequence[Question], *, model: str
) -> Outcome:
    """Open a contender, ask it every question, and close it."""
    try:
        with contender.open(common_index, model) as bot:
            report = evaluate(bot, questions, on_progress=_progress_printer(contender.name))
            return Outcome(name=contender.name, description=contender.description, report=report)
    except (PinciteError, Unavailable) as error:
        print(f"{contender.name}: {error}", file=sys.stderr)
        return Outcome(name=contender.name, description=contender.description, reason=str(error))


def _progress_printer(label: str) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(
                f"\r{label}: {done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True
            )
        elif done == total or done % 20 == 0:
            print(f"{label}: {done}/{total}", file=sys.stderr, flush=True)

    return tell


def _names() -> str:
    return ", ".join(contender.name for contender in CONTENDERS)


def _parser() -> argparse.ArgumentParser:
    parser = options_of("rivals", __doc__)
    parser.add_argument("questions", type=Path, help="a question set, JSONL")
    parser.add_argument(
        "--corpus", type=Path, required=True, help="a folder of articles, or an articles.jsonl"
    )
    parser.add_argument("--sample", type=int, default=0, help="about so many questions, by kind; 0: all")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--systems", default="", help=f"some of {_names()}; all unless given")
    parser.add_argument("--model", default="smollm2-135m", help="the language model that all of them use")
    parser.add_argument("--json", type=Path, help="where to write everything counted and every answer")
    return parser


if __name__ == "__main__":
    sys.exit(main())
