"""Fits the weights of `rag/answer/outcome.py`.

The questions of each set whose id has an even CRC-32 are asked, at most ``LIMIT`` of each kind; the other half is for
measuring. Their signs are appended to the file of rows, a line each, so that a run that was stopped goes on. Prints the
weights of the two fits, with and without a judgement, and for each kind of question and some thresholds how many would
not be answered.
"""

import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from rag.answer.judgement import judge
from rag.answer.outcome import Signs, log_odds
from rag.chatbot import Chatbot, _surroundings
from rag.evaluation.questions import KINDS, Kind, Question, read_questions
from rag.filters import EVERYTHING
from rag.question.scope import breadth
from rag.system.clock import Clock
from tests.benchmarks.options import options_of

LIMIT = 80  # questions of a kind, of each set

Rows = Sequence[tuple[Kind, Signs]]

Floats = NDArray[np.float64]


def main() -> None:
    """Collect the signs, fit, and print."""
    parser = options_of("calibrate_outcome", __doc__)
    parser.add_argument("model", help="'quotes' or a language model")
    parser.add_argument("rows", type=Path, help="where the signs are kept, a line a question")
    parser.add_argument("sets", nargs="+", type=Path, metavar="QUESTIONS CORPUS", help="pairs of the two")
    options = parser.parse_args()
    path, sets = options.rows, options.sets
    if len(sets) % 2:
        parser.error("each file of questions needs a corpus")
    for questions, corpus in zip(sets[::2], sets[1::2], strict=True):
        _collect(path, options.model, read_questions(questions), corpus)
    rows = [_row(json.loads(line)) for line in path.read_text("utf-8").splitlines()]
    _report(
        "without a judgement", [(kind, Signs(**asdict(signs) | {"judgement": None})) for kind, signs in rows]
    )
    if all(signs.judgement is not None for _, signs in rows):
        _report("with a judgement", rows)


def _row(plain: dict[str, object]) -> tuple[Kind, Signs]:
    kind = next(kind for kind in KINDS if kind == plain["kind"])
    return kind, Signs(**{name: plain[name] for name in ("confidence", "unmentioned", "judgement")})  # type: ignore[arg-type]


def _collect(path: Path, model: str, questions: Sequence[Question], corpus: Path) -> None:
    """Append the signs of those questions of the dev half that ``path`` does not have yet."""
    path.touch()
    known = {json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()}
    with (
        Chatbot.open(corpus=corpus, model=model, index=path.with_suffix(f".{corpus.stem}")) as bot,
        path.open("a", encoding="utf-8") as file,
    ):
        for question in _dev(questions):
            if question.id not in known:
                signs = _signs(bot, question.question)
                file.write(json.dumps({"id": question.id, "kind": question.kind} | asdict(signs)) + "\n")
                file.flush()


def _dev(questions: Sequence[Question]) -> Iterator[Question]:
    """The questions for fitting: the same on any machine, and in an order that has no meaning."""
    even = [item for item in questions if zlib.crc32(item.id.encode()) % 2 == 0 and not item.history]
    even = [item for item in even if breadth(item.question) == "fact"]
    shuffled = sorted(even, key=lambda item: hashlib.sha256(item.id.encode()).hexdigest())
    for kind in KINDS:
        yield from [item for item in shuffled if item.kind == kind][:LIMIT]


def _signs(bot: Chatbot, question: str) -> Signs:
    searched = bot._correct_spelling(question)
    retrieval = bot._retrieve(searched, Clock(), EVERYTHING)
    evidence = bot._number_evidence(retrieval)
    return Signs(
        confidence=retrieval.confidence,
        unmentioned=retrieval.premises.refute([*_surroundings(retrieval, evidence).values()]),
        judgement=judge(bot.writer, evidence, searched) if bot.writer else None,
    )


def _features(signs: Signs) -> list[float]:
    judgement = [] if signs.judgement is None else [signs.judgement]
    return [log_odds(signs.confidence), float(signs.unmentioned), *judgement]


def _report(title: str, rows: Rows) -> None:
    features: Floats = np.array([_features(signs) for _, signs in rows])
    answerable = np.array([kind == "answerable" for kind, _ in rows])
    counts = {kind: sum(item == kind for item, _ in rows) for kind in KINDS}
    # Answerable questions count one half, near misses and foreign ones a quarter each.
    weights = np.array([(2 if kind == "answerable" else 1) / counts[kind] for kind, _ in rows])
    fit = LogisticRegression(C=1.0).fit(features, answerable, weights / weights.mean())
    print(title, counts)
    print("  weights", fit.coef_[0].round(2), "from", fit.intercept_[0].round(2))
    probability = fit.predict_proba(features)[:, 1]
    kinds = np.array([kind for kind, _ in rows])
    for kind in ("adversarial", "out_of_corpus"):
        taking_part = (kinds == kind) | answerable
        area = roc_auc_score(answerable[taking_part], probability[taking_part])
        print(f"  AUC answerable against {kind}: {area:.3f}")
    for threshold in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        lost = {
            kind: f"{np.mean(probability[kinds == kind] < threshold):.3f}" for kind in KINDS if counts[kind]
        }
        print(f"  below {threshold}: {lost}")


if __name__ == "__main__":
    main()
