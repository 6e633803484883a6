"""Fits the weights of `rag/evidence/abstention.py`.

Only half of each set is used: of the first, the first half of the articles with their questions, and the foreign
questions whose id has an even CRC-32; of an archive, the questions whose id has an even one. The other half is for
measuring. The half is asked of corpora of one, two and four articles and of all; what was asked of another article is
foreign to a corpus without it. The shipped article is one more corpus. Prints, for each corpus, what a fit on the other
corpora makes of it (leave one out), then the weights of a fit on all.
"""

import json
import math
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
from rag.evidence.abstention import AnswerabilitySignals, answerability_signals, is_answerable
from rag.evidence.retrieval import retrieve
from rag.models.embedders import EMBEDDERS
from rag.question.scope import breadth
from rag.system.clock import Clock
from rag.system.paths import shipped_corpus
from tests.benchmarks.options import options_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AskedQuestions:
    """The signals of the questions asked of a corpus, a row each, and whether the corpus answers them."""

    signals: tuple[AnswerabilitySignals, ...]
    answerable: tuple[bool, ...]

    @property
    def rows(self) -> Floats:
        """Match, alike, near and the logarithm of the number of chunks: (questions, 4)."""
        rows: Floats = np.array([(s.match, s.alike, s.near, math.log10(s.chunks)) for s in self.signals])
        return rows

    @property
    def labels(self) -> NDArray[np.bool_]:
        """Whether each question is answerable."""
        return np.array(self.answerable)

    @property
    def weights(self) -> Floats:
        """Each kind of question counts one half, however many there are."""
        share = self.labels.mean()
        weights: Floats = np.where(self.labels, 0.5 / share, 0.5 / (1 - share)) / len(self.labels)
        return weights


def main() -> None:
    """Print what each corpus says, and the weights."""
    parser = options_of("calibrate", __doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--embedder", choices=sorted(EMBEDDERS), default="minilm")
    parser.add_argument("--archive", nargs=2, type=Path, metavar=("QUESTIONS", "ARTICLES"))
    parser.add_argument("--index", help="an index of the archive, made with that embedder")
    options = parser.parse_args()
    embedder: str = options.embedder
    corpora = dict(_small_corpora(options.questions, options.articles, embedder))
    if options.archive:
        archive_questions, archive = options.archive
        questions = [question for question in read_questions(archive_questions) if _has_even_id(question)]
        asked = [(item, item.kind == "answerable") for item in questions if item.kind != "adversarial"]
        corpora["archive"] = _ask(archive, asked, embedder, index=options.index)
    for name, corpus in corpora.items():
        others = [other for other_name, other in corpora.items() if other_name != name]
        _print_row(name, corpus, _fit(others))
    fit = _fit(list(corpora.values()))
    weights = zip(("match", "alike", "near", "tenfold"), fit.coef_[0], strict=True)
    print(", ".join(f"{name} {weight:.2f}" for name, weight in weights) + f", from {fit.intercept_[0]:.2f}")


def _small_corpora(questions: Path, articles: Path, embedder: str) -> Iterator[tuple[str, AskedQuestions]]:
    lines = articles.read_text("utf-8").split("\n")
    by_id = {json.loads(line)["id"]: line for line in lines if line}
    ids = list(by_id)
    half = ids[: len(ids) // 2]
    used = [question for question in read_questions(questions) if _is_used(question, half)]
    with tempfile.TemporaryDirectory() as folder:
        for name, members in _corpora(ids, half):
            corpus = Path(folder) / f"{name}.jsonl"
            corpus.write_text("\n".join(by_id[member] for member in members), "utf-8")
            asked = [(item, any(article in members for article in item.articles)) for item in used]
            yield name, _ask(corpus, asked, embedder)
    shipped = read_questions(shipped_corpus() / "questions.jsonl")
    plain = [item for item in shipped if not item.history and item.kind != "adversarial"]
    asked = [(item, item.kind == "answerable") for item in plain]
    yield "shipped", _ask(shipped_corpus(), asked, embedder)


def _has_even_id(question: Question) -> bool:
    return zlib.crc32(question.id.encode()) % 2 == 0


def _is_used(question: Question, half: Sequence[str]) -> bool:
    if question.kind == "answerable":
        return question.articles[0] in half
    return question.kind == "out_of_corpus" and _has_even_id(question)


def _corpora(ids: Sequence[str], half: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    for number, article_id in enumerate(half):
        yield f"article {number}", [article_id]
    yield "first two", half[:2]
    yield "next two", half[2:]
    yield "half", half
    yield "all", ids


def _ask(
    corpus: Path, questions: Sequence[tuple[Question, bool]], embedder: str, index: str | None = None
) -> AskedQuestions:
    signals: list[AnswerabilitySignals] = []
    labels: list[bool] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Chatbot.open(corpus=corpus, model="quotes", embedder=embedder, index=index or folder + "/i") as bot,
    ):
        chunks = bot.index.frequencies(()).chunks
        for question, answerable in questions:
            if breadth(question.question) == "summary":
                continue  # a summary needs no search
            words = bot._correct_spelling(question.question)
            retrieval = retrieve(words, index=bot.index, late=bot._late, settings=bot.settings, clock=Clock())
            signals.append(answerability_signals(retrieval.ranked, chunks=chunks, builtin_embedder=True))
            labels.append(answerable)
    return AskedQuestions(tuple(signals), tuple(labels))


def _fit(corpora: Sequence[AskedQuestions]) -> LogisticRegression:
    rows, labels = (
        np.concatenate([corpus.rows for corpus in corpora]),
        np.concatenate([corpus.labels for corpus in corpora]),
    )
    weights = np.concatenate([corpus.weights for corpus in corpora])
    # The weights sum to the number of corpora; brought up to the number of questions, so that C means what it says.
    return LogisticRegression(C=1.0, max_iter=1000).fit(rows, labels, weights * len(rows) / len(corpora))


def _print_row(name: str, asked: AskedQuestions, fit: LogisticRegression) -> None:
    confidences = fit.predict_proba(asked.rows)[:, 1]
    answerable, foreign = confidences[asked.labels], confidences[~asked.labels]
    lost, declined = (sum(not is_answerable(float(c)) for c in group) for group in (answerable, foreign))
    print(
        f"{name:<10} {asked.signals[0].chunks:6} chunks: {lost} of {len(answerable)} answerable declined, "
        f"{declined} of {len(foreign)} foreign ones; AUC {roc_auc_score(asked.labels, confidences):.4f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
