"""Runs a question set through a chatbot and counts what came of it.

Every share is printed with its denominator, and every row can be read. A gold string counts as contained where
its words stand in the answer's text after SQuAD normalisation (Rajpurkar et al. 2016, section 5: case,
punctuation, articles and space are taken away).
"""

import json
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rag.chatbot import Chatbot
from rag.errors import QuestionError
from rag.schema import Answer, Citation

Kind = Literal["answerable", "adversarial", "out_of_corpus"]
_KINDS: tuple[Kind, ...] = ("answerable", "adversarial", "out_of_corpus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of a set. ``answers`` are gold strings, any of which will do; none unless answerable."""

    id: str
    question: str
    kind: Kind
    answers: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    history: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question, what was answered, and whether the answer holds a gold string."""

    question: Question
    answer: Answer
    contains_gold: bool
    gold_in_evidence: bool
    exact_quotes: int  # citations whose quote is the slice of the article


@dataclass(frozen=True, slots=True)
class Metric:
    """A share ``hits / total``; ``meaning`` says of what."""

    name: str
    hits: int
    total: int
    meaning: str

    @property
    def value(self) -> float:
        """0 to 1; NaN where there was nothing to count."""
        return self.hits / self.total if self.total else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All rows, in the order asked, and the shares counted over them."""

    model: str
    rows: tuple[Row, ...]

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The shares, each over the questions or citations that its meaning names."""
        answerable = [row for row in self.rows if row.question.kind == "answerable"]
        statements = [found for row in self.rows for found in _statements(row.answer)]
        citations = [citation for row in self.rows for citation in row.answer.citations if citation.quote]
        declined = {
            kind: [r.answer.abstained for r in self.rows if r.question.kind == kind] for kind in _KINDS
        }
        return (
            _share("answer holds gold", [r.contains_gold for r in answerable], "of answerable questions"),
            _share(
                "evidence holds gold", [r.gold_in_evidence for r in answerable], "of answerable questions"
            ),
            _share("answerable declined", declined["answerable"], "of answerable questions; lower is better"),
            _share("out of corpus declined", declined["out_of_corpus"], "of questions far from the articles"),
            _share(
                "near misses declined",
                declined["adversarial"],
                "of questions the articles only seem to answer",
            ),
            _share(
                "near misses noted",
                [
                    bool(r.answer.unmentioned)
                    for r in self.rows
                    if r.question.kind == "adversarial" and not r.answer.abstained
                ],
                "of those answered; it says which name asked about is not cited",
            ),
            _share(
                "answerable noted",
                [bool(r.answer.unmentioned) for r in answerable if not r.answer.abstained],
                "of answerable questions answered; lower is better",
            ),
            Metric(
                "quote is the slice",
                sum(r.exact_quotes for r in self.rows),
                len(citations),
                "of citations with a quote",
            ),
            _share("statement supported", statements, "of statements in answers"),
        )

    @property
    def seconds(self) -> tuple[float, float]:
        """Median and 95th percentile of the time to a whole answer."""
        totals = sorted(row.answer.timings.get("total", 0.0) for row in self.rows)
        if not totals:
            return 0.0, 0.0
        return statistics.median(totals), totals[min(len(totals) - 1, int(len(totals) * 0.95))]

    @property
    def words(self) -> float:
        """Mean number of words in an answer that was given: padding an answer finds more gold strings."""
        given = [len(row.answer.text.split()) for row in self.rows if not row.answer.abstained]
        return statistics.mean(given) if given else 0.0


def evaluate(
    bot: Chatbot, questions: Sequence[Question], *, on_progress: Callable[[int, int], None] | None = None
) -> Report:
    """Ask every question and count. ``on_progress`` is told how many are done and how many there are."""
    rows: list[Row] = []
    for done, question in enumerate(questions, start=1):
        answer = bot.ask(question.question, history=question.history)
        rows.append(_row(bot, question, answer))
        if on_progress is not None:
            on_progress(done, len(questions))
    return Report(model=bot.writer.name if bot.writer else "quotes", rows=tuple(rows))


def read_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a JSONL file. Raises ``QuestionError`` naming the line that is not one."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(
            f"cannot read {str(path)!r}: {error}; give a UTF-8 file of one question a line"
        ) from error
    questions = tuple(
        _question(line, f"{path}:{at}") for at, line in enumerate(lines, start=1) if line.strip()
    )
    if not questions:
        raise QuestionError(f"{str(path)!r} holds no questions: give one JSON object a line")
    return questions


def normalised(text: str) -> str:
    """Lower case, without punctuation, ``a``, ``an``, ``the`` and extra space."""
    plain = re.sub(r"[^\w\s]|_", " ", text.lower())
    return " ".join(word for word in plain.split() if word not in ("a", "an", "the"))


def holds(text: str, gold: Sequence[str]) -> bool:
    """Whether the words of one of ``gold`` stand in ``text``, in order and next to each other."""
    inside = f" {normalised(text)} "
    return any(f" {normalised(answer)} " in inside for answer in gold if normalised(answer))


def _row(bot: Chatbot, question: Question, answer: Answer) -> Row:
    return Row(
        question=question,
        answer=answer,
        contains_gold=not answer.abstained and holds(answer.text, question.answers),
        gold_in_evidence=any(holds(item.text, question.answers) for item in answer.evidence),
        exact_quotes=sum(_is_slice(bot, citation) for citation in answer.citations if citation.quote),
    )


def _is_slice(bot: Chatbot, citation: Citation) -> bool:
    return (
        bot.index.article(citation.article_id).text[citation.span.start : citation.span.end] == citation.quote
    )


def _statements(answer: Answer) -> list[bool]:
    """Whether each statement of the answer has a citation that carries it."""
    carried: dict[tuple[int, int], bool] = {}
    for citation in answer.citations:
        key = (citation.claim.start, citation.claim.end)
        carried[key] = carried.get(key, False) or citation.support == "supported"
    return list(carried.values())


def _share(name: str, flags: Sequence[bool], meaning: str) -> Metric:
    return Metric(name, sum(flags), len(flags), meaning)


def _question(line: str, source: str) -> Question:
    try:
        fields: Any = json.loads(line)
    except json.JSONDecodeError as error:
        raise QuestionError(f"{source}: not JSON ({error.msg}): give one object a line") from error
    if not isinstance(fields, dict) or not isinstance(fields.get("question"), str):
        raise QuestionError(f"{source}: no 'question': give an object with 'id', 'question' and 'kind'")
    kind = fields.get("kind")
    if kind not in _KINDS:
        raise QuestionError(f"{source}: kind is {kind!r}: give one of {', '.join(_KINDS)}")
    article = fields.get("article")
    return Question(
        id=str(fields.get("id", source)),
        question=fields["question"],
        kind=kind,
        answers=tuple(str(answer) for answer in fields.get("answers") or ()),
        articles=tuple(fields.get("articles") or ([article] if article else ())),
        history=tuple(fields.get("history") or ()),
    )
