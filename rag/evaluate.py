"""Runs a question set through a chatbot, or a stand-in for one, and keeps what came of each question."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.gold import holds
from rag.history import History
from rag.measures import MEASURES, Metric, Row
from rag.questions import Question
from rag.schema import Answer, Article, Citation, Hit


class Answerer(Protocol):
    """What can be evaluated: a ``Chatbot``, or what people would otherwise build."""

    @property
    def name(self) -> str:
        """What it is called in tables."""

    def ask(self, question: str, *, history: History = ()) -> Answer:
        """The answer to ``question``."""

    def retrieve(self, question: str, *, limit: int) -> Sequence[Hit]:
        """The chunks that it would read for ``question``, best first."""

    def article(self, article_id: str) -> Article:
        """The article of this id; raises ``IndexFault`` where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All rows, in the order asked, and what is counted over them."""

    model: str
    rows: tuple[Row, ...]

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Every measure over the rows."""
        return tuple(measure.over(self.rows) for measure in MEASURES)

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
    bot: Answerer, questions: Sequence[Question], *, on_progress: Callable[[int, int], None] | None = None
) -> Report:
    """Ask every question and count. ``on_progress`` is told how many are done and how many there are."""
    rows: list[Row] = []
    for done, question in enumerate(questions, start=1):
        answer = bot.ask(question.question, history=question.history)
        rows.append(_row(bot, question, answer))
        if on_progress is not None:
            on_progress(done, len(questions))
    return Report(model=bot.name, rows=tuple(rows))


def _row(bot: Answerer, question: Question, answer: Answer) -> Row:
    return Row(
        question=question,
        answer=answer,
        contains_gold=not answer.abstained and holds(answer.text, question.answers),
        passage_rank=next((e.label for e in answer.evidence if holds(e.text, question.answers)), None),
        exact_quotes=sum(_is_slice(bot, citation) for citation in answer.citations if citation.quote),
    )


def _is_slice(bot: Answerer, citation: Citation) -> bool:
    return bot.article(citation.article_id).text[citation.span.start : citation.span.end] == citation.quote
