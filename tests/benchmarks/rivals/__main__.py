"""`python -m tests.benchmarks.rivals QUESTIONS.jsonl --corpus PATH`: one table over Pincite and its stand-ins.

Prints the table; progress goes to standard error. A system that cannot run stands in the table with its reason, and
where it was named in ``--systems``, the exit status is 1.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from rag.chatbot import Chatbot
from rag.errors import PinciteError
from rag.evaluation.questions import Question, read_questions
from rag.evaluation.run import evaluate, sample
from rag.models.embedders import open_embedder
from tests.benchmarks.rivals.llamaindex import Unavailable
from tests.benchmarks.rivals.shelf import Shelf, read_shelf
from tests.benchmarks.rivals.systems import SYSTEMS, System
from tests.benchmarks.rivals.table import Outcome, as_json, markdown


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 1 where a system that was named could not run."""
    asked = _parser().parse_args(arguments)
    questions = read_questions(asked.questions)
    if asked.sample:
        questions = sample(questions, asked.sample, seed=asked.seed)
    named = asked.systems.split(",") if asked.systems else []
    if unknown := sorted(set(named) - {system.name for system in SYSTEMS}):
        print(f"no system is called {unknown[0]!r}: use {_names()}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        embedder = open_embedder()
        with Chatbot.open(
            corpus=asked.corpus,
            model="quotes",
            embedder="minilm",
            index=f"{folder}/index",
            on_progress=_telling("embedding"),
        ) as bot:
            index = bot.index
            shelf = read_shelf(Path(folder) / "index", index=index, embedder=embedder)
            chosen = [system for system in SYSTEMS if not named or system.name in named]
            outcomes = [outcome(system, shelf, questions, model=asked.model) for system in chosen]
    print(markdown(outcomes))
    if asked.json:
        ran = {"questions": str(asked.questions), "corpus": str(asked.corpus), "model": asked.model}
        asked.json.write_text(
            as_json(outcomes, **ran, asked=len(questions), sample=asked.sample, seed=asked.seed), "utf-8"
        )
    return int(any(one.report is None and one.name in named for one in outcomes))


def outcome(system: System, shelf: Shelf, questions: Sequence[Question], *, model: str) -> Outcome:
    """Open a system, ask it everything, and close it."""
    try:
        with system.open(shelf, model) as bot:
            report = evaluate(bot, questions, on_progress=_telling(system.name))
            return Outcome(name=system.name, what=system.what, report=report)
    except (PinciteError, Unavailable) as error:
        print(f"{system.name}: {error}", file=sys.stderr)
        return Outcome(name=system.name, what=system.what, reason=str(error))


def _telling(what: str) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{what}: {done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)
        elif done == total or done % 20 == 0:
            print(f"{what}: {done}/{total}", file=sys.stderr, flush=True)

    return tell


def _names() -> str:
    return ", ".join(system.name for system in SYSTEMS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.rivals", description=__doc__)
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
