"""What weighs how much in `rag/evidence/abstention.py`.

Run: ``python -m tests.benchmarks.calibrate [minilm|fast] QUESTIONS ARTICLES [ARCHIVE_QUESTIONS ARCHIVE [INDEX]]``;
``INDEX`` is one of the archive made with that embedder, if there is.

Only half of each set is looked at: of the first, the first half of the articles with their questions, and the foreign
questions whose id has an even CRC-32; of an archive, the questions whose id has an even one. The other half is for
measuring. The half is asked of corpora of one, two and four articles and of all; what was asked of another article is
foreign to a corpus without it. The shipped article is one more corpus. Prints, for each corpus, what a fit on the other
corpora makes of it (leave one out), then the weights of a fit on all.
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
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from rag.chatbot import Chatbot
from rag.evaluation.questions import Question, read_questions
from rag.evidence.abstention import AnswerabilitySignals, answerability_signals, answers
from rag.evidence.retrieval import retrieve
from rag.models.embedders import EMBEDDERS
from rag.question.scope import breadth
from rag.system.clock import Clock
from rag.system.paths import shipped_corpus

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was read of the questions asked of a corpus, a row each, and whether it answers them."""

    read: tuple[AnswerabilitySignals, ...]
    answerable: tuple[bool, ...]

    @property
    def rows(self) -> Floats:
        """Match, alike, near and the logarithm of the number of chunks: (questions, 4)."""
        rows: Floats = np.array([(s.match, s.alike, s.near, math.log10(s.chunks)) for s in self.read])
        return rows

    @property
    def wanted(self) -> NDArray[np.bool_]:
        """Whether each question is answerable."""
        return np.array(self.answerable)

    @property
    def weights(self) -> Floats:
        """Each kind of question counts one half, however many there are."""
        share = self.wanted.mean()
        weights: Floats = np.where(self.wanted, 0.5 / share, 0.5 / (1 - share)) / len(self.wanted)
        return weights


def main() -> None:
    """Print what each corpus says, and the weights."""
    given = sys.argv[1:]
    embedder = given.pop(0) if given[0] in EMBEDDERS else "minilm"
    found = dict(_small(Path(given[0]), Path(given[1]), embedder))
    if len(given) > 3:
        questions = [one for one in read_questions(Path(given[2])) if _even(one)]
        asked = [(one, one.kind == "answerable") for one in questions if one.kind != "adversarial"]
        index = given[4] if len(given) > 4 else None
        found["archive"] = _measured(Path(given[3]), asked, embedder, index=index)
    for name, told in found.items():
        others = [one for other, one in found.items() if other != name]
        _row(name, told, _fit(others))
    fit = _fit(list(found.values()))
    named = zip(("match", "alike", "near", "tenfold"), fit.coef_[0], strict=True)
    print(", ".join(f"{name} {weight:.2f}" for name, weight in named) + f", from {fit.intercept_[0]:.2f}")


def _small(questions: Path, articles: Path, embedder: str) -> Iterator[tuple[str, Asked]]:
    lines = articles.read_text("utf-8").split("\n")
    by_id = {json.loads(line)["id"]: line for line in lines if line}
    ids = list(by_id)
    half = ids[: len(ids) // 2]
    kept = [one for one in read_questions(questions) if _kept(one, half)]
    with tempfile.TemporaryDirectory() as folder:
        for name, members in _corpora(ids, half):
            corpus = Path(folder) / f"{name}.jsonl"
            corpus.write_text("\n".join(by_id[one] for one in members), "utf-8")
            given = [(one, any(article in members for article in one.articles)) for one in kept]
            yield name, _measured(corpus, given, embedder)
    own = read_questions(shipped_corpus() / "questions.jsonl")
    plain = [one for one in own if not one.history and one.kind != "adversarial"]
    yield "shipped", _measured(shipped_corpus(), [(one, one.kind == "answerable") for one in plain], embedder)


def _even(one: Question) -> bool:
    return zlib.crc32(one.id.encode()) % 2 == 0


def _kept(one: Question, half: Sequence[str]) -> bool:
    if one.kind == "answerable":
        return one.articles[0] in half
    return one.kind == "out_of_corpus" and _even(one)


def _corpora(ids: Sequence[str], half: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    for number, one in enumerate(half):
        yield f"article {number}", [one]
    yield "first two", half[:2]
    yield "next two", half[2:]
    yield "half", half
    yield "all", ids


def _measured(
    corpus: Path, questions: Sequence[tuple[Question, bool]], embedder: str, index: str | None = None
) -> Asked:
    read: list[AnswerabilitySignals] = []
    wanted: list[bool] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Chatbot.open(corpus=corpus, model="quotes", embedder=embedder, index=index or folder + "/i") as bot,
    ):
        chunks = bot.index.frequencies(()).chunks
        for one, answerable in questions:
            if breadth(one.question) == "summary":
                continue  # a summary needs no search
            words = bot._correct_spelling(one.question)
            sought = retrieve(words, index=bot.index, late=bot._late, settings=bot.settings, clock=Clock())
            read.append(answerability_signals(sought.ranked, chunks=chunks, own_embedder=True))
            wanted.append(answerable)
    return Asked(tuple(read), tuple(wanted))


def _fit(corpora: Sequence[Asked]) -> LogisticRegression:
    rows, wanted = (
        np.concatenate([one.rows for one in corpora]),
        np.concatenate([one.wanted for one in corpora]),
    )
    weights = np.concatenate([one.weights for one in corpora])
    # The weights sum to the number of corpora; brought up to the number of questions, so that C means what it says.
    return LogisticRegression(C=1.0, max_iter=1000).fit(rows, wanted, weights * len(rows) / len(corpora))


def _row(name: str, asked: Asked, fit: LogisticRegression) -> None:
    sure = fit.predict_proba(asked.rows)[:, 1]
    mine, foreign = sure[asked.wanted], sure[~asked.wanted]
    lost, kept_out = (sum(not answers(float(one)) for one in kind) for kind in (mine, foreign))
    print(
        f"{name:<10} {asked.read[0].chunks:6} chunks: {lost} of {len(mine)} answerable declined, "
        f"{kept_out} of {len(foreign)} foreign ones; AUC {roc_auc_score(asked.wanted, sure):.4f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
