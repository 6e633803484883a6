"""Where the bar of `rag/abstain.py` belongs: `python -m tests.benchmarks.calibrate QUESTIONS.jsonl ARTICLES.jsonl`.

Only half of the set is looked at: the first half of the articles with their questions, and the foreign questions whose
id has an even CRC-32. The other half is for measuring. The half is asked of corpora of one, two and four articles and
of all; what was asked of another article is foreign to a corpus without it. The shipped article is one more corpus.
Prints, for each corpus, where the relevance of both kinds lies, then the line ``a + b log10(chunks)`` at which the
shares of answerable questions declined (twice) and of foreign ones not declined add up to least over the corpora.
"""

import json
import math
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.abstain import relevance
from rag.chatbot import Chatbot
from rag.clock import Clock
from rag.home import shipped_corpus
from rag.question import breadth
from rag.questions import Question, read_questions
from rag.seek import seek


@dataclass(frozen=True, slots=True)
class Asked:
    """A question asked of a corpus: whether that answers it, and the relevance of what was found."""

    answerable: bool
    relevance: float


def main() -> None:
    """Print both tables."""
    questions, articles = read_questions(Path(sys.argv[1])), Path(sys.argv[2]).read_text("utf-8").splitlines()
    ids = [json.loads(line)["id"] for line in articles]
    half = ids[: len(ids) // 2]
    kept = [one for one in questions if _kept(one, half)]
    found: dict[str, tuple[int, list[Asked]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, members in _corpora(ids, half):
            corpus = Path(folder) / f"{name}.jsonl"
            corpus.write_text(
                "\n".join(line for line, one in zip(articles, ids, strict=True) if one in members), "utf-8"
            )
            found[name] = _measured(
                corpus, [(one, any(article in members for article in one.articles)) for one in kept]
            )
        own = read_questions(shipped_corpus() / "questions.jsonl")
        plain = [one for one in own if not one.history and one.kind != "adversarial"]
        found["shipped"] = _measured(shipped_corpus(), [(one, one.kind == "answerable") for one in plain])
    for name, (chunks, asked) in found.items():
        _row(name, chunks, asked)
    loss, low, slope = min(
        _loss(found, a, b) for a in np.arange(0.3, 0.6, 0.0025) for b in np.arange(0, 0.06, 0.005)
    )
    print(f"least loss {loss:.3f} at {low:.4f} + {slope:.3f} log10(chunks)")


def _kept(one: Question, half: Sequence[str]) -> bool:
    if one.kind == "answerable":
        return one.articles[0] in half
    return one.kind == "out_of_corpus" and zlib.crc32(one.id.encode()) % 2 == 0


def _corpora(ids: Sequence[str], half: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    for number, one in enumerate(half):
        yield f"article {number}", [one]
    yield "first two", half[:2]
    yield "next two", half[2:]
    yield "half", half
    yield "all", ids


def _measured(corpus: Path, questions: Sequence[tuple[Question, bool]]) -> tuple[int, list[Asked]]:
    asked: list[Asked] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Chatbot.open(corpus=corpus, model="quotes", index=folder + "/i") as bot,
    ):
        for one, answerable in questions:
            if breadth(one.question) == "summary":
                continue  # a summary needs no search
            words = bot._respelt(one.question)
            sought = seek(words, index=bot.index, late=bot._late, settings=bot.settings, clock=Clock())
            asked.append(Asked(answerable, relevance(sought.ranked)))
        return bot.index.frequencies(()).chunks, asked


def _row(name: str, chunks: int, asked: Sequence[Asked]) -> None:
    mine = [one.relevance for one in asked if one.answerable]
    foreign = [one.relevance for one in asked if not one.answerable]
    low, late = np.quantile(mine, [0.02, 0.05])
    early, high = np.quantile(foreign, [0.95, 0.97])
    auc = np.mean(np.array(mine)[:, None] > np.array(foreign)[None])
    print(
        f"{name:<10} {chunks:5} chunks: {len(mine)} answerable, 2% below {low:.3f}, 5% below {late:.3f}; "
        f"{len(foreign)} foreign, 95% below {early:.3f}, 97% below {high:.3f}; AUC {auc:.4f}",
        flush=True,
    )


def _loss(found: dict[str, tuple[int, list[Asked]]], low: float, slope: float) -> tuple[float, float, float]:
    total = 0.0
    for chunks, asked in found.values():
        bar = low + slope * math.log10(chunks)
        total += 2 * float(np.mean([one.relevance < bar for one in asked if one.answerable]))
        total += float(np.mean([one.relevance >= bar for one in asked if not one.answerable]))
    return total, low, slope


if __name__ == "__main__":
    main()
