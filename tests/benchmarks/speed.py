"""Measures how fast things are. Prints medians and ratios, asserts nothing.

Run it on an idle machine: llama.cpp's threads slow down when other programs use the cores.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rag.chatbot import Chatbot
from rag.evaluation.questions import read_questions
from rag.events import Delta, Retrieved
from rag.index.index import Index
from rag.index.preparation import chunk_article, embedding_text
from rag.models.embedders import open_embedder
from rag.models.writers import open_writer
from rag.schema import Article
from rag.settings import Settings
from rag.system.paths import shipped_corpus
from tests.benchmarks.options import options_of

RUNS = 20


def main() -> None:
    """Measure everything that the README promises."""
    options_of("speed", __doc__).parse_args()
    question = "How long did Colossus take to build?"
    row("python -c pass", timed(lambda: run("pass"), 10))
    row("import rag", timed(lambda: run("import rag"), 10))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with Chatbot.open(corpus=shipped_corpus(), index=home / "index", model="quotes") as bot:
            warm(bot)
        row("pincite ask, cold, quotes", timed(lambda: cli(question, home / "index", "quotes"), 5))
        if open_writer(None) is not None:
            row("pincite ask, cold, default model", timed(lambda: cli(question, home / "index", None), 5))
        indexing(home)


def warm(bot: Chatbot) -> None:
    """Evidence, first word and whole answer in a process that has answered before."""
    questions = [
        q.question for q in read_questions(shipped_corpus() / "questions.jsonl") if q.kind == "answerable"
    ]
    bot.ask("What is this about?")
    for name, model in (("quotes", None), ("default model", open_writer(None))):
        if name != "quotes" and model is None:
            continue
        bot.writer = model
        bot.ask("Who founded Anthropic?")
        stages = [stage(bot, question) for question in questions[:RUNS]]
        names = ("evidence on screen", "first word", "whole answer")
        for stage_name, seconds in zip(names, zip(*stages, strict=True), strict=True):
            row(f"warm, {name}: {stage_name}", list(seconds))


def stage(bot: Chatbot, question: str) -> tuple[float, float, float]:
    """Seconds from a question to its evidence, its first word and its end."""
    start = time.perf_counter()
    evidence = first = 0.0
    for event in bot.stream(question):
        now = time.perf_counter() - start
        if isinstance(event, Retrieved):
            evidence = now
        elif isinstance(event, Delta) and not first:
            first = now
    return evidence, first, time.perf_counter() - start


def indexing(home: Path) -> None:
    """Compare the index's rate with the bare embedder's on the same texts, in turn, so that changing load cancels."""
    text = (shipped_corpus() / "articles" / "anthropic-partners-with-xai-for-compute-power.md").read_text(
        "utf-8"
    )
    articles = [Article(id=f"a{n}", title="Copy", text=f"Copy number {n}.\n{text}") for n in range(20)]
    embedder, settings = open_embedder(), Settings()
    chunks = [embedding_text(a.title, c.text) for a in articles for c in chunk_article(a, settings=settings)]
    ratios = []
    for turn in range(4):
        bare = timed(lambda: embedder.embed(chunks), 1)[0]
        with Index.open(home / f"rate{turn}", embedder=embedder, settings=settings) as index:
            whole = timed(lambda index=index: index.add(articles), 1)[0]  # type: ignore[misc]  # bound at once
        ratios.append(bare / whole)
        print(
            f"indexing: {len(chunks) / whole:.1f} chunks/s, bare embedder {len(chunks) / bare:.1f} chunks/s"
        )
    print(
        f"indexing at {statistics.median(ratios):.0%} of the bare embedder's rate (median of {len(ratios)})"
    )


def timed(work: Callable[[], object], runs: int) -> list[float]:
    """Seconds of each run."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return seconds


def run(code: str) -> None:
    """A fresh interpreter."""
    subprocess.run([sys.executable, "-c", code], check=True)


def cli(question: str, index: Path, model: str | None) -> None:
    """A whole `pincite ask` in a process of its own."""
    command = [sys.executable, "-m", "ui.cli", "ask", question, "--index", str(index)]
    subprocess.run([*command, *(["--model", model] if model else [])], check=True, stdout=subprocess.DEVNULL)


def row(name: str, seconds: list[float]) -> None:
    """One line: the median and the range."""
    middle = statistics.median(seconds)
    low, high = min(seconds) * 1000, max(seconds) * 1000
    print(f"{name:<42} median {middle * 1000:8.0f} ms   {low:.0f} to {high:.0f}", flush=True)


if __name__ == "__main__":
    main()
