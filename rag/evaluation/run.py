"""Runs a question set through a chatbot, or a stand-in for one, and keeps what came of each question."""

import hashlib
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from rag.errors import IndexFault, QuestionError, SettingsError
from rag.evaluation.attribution import attributed
from rag.evaluation.gold import holds
from rag.evaluation.measures.abstention import curves
from rag.evaluation.measures.cost import seconds
from rag.evaluation.measures.curves import Curve
from rag.evaluation.measures.metric import Metric
from rag.evaluation.measures.registry import metrics
from rag.evaluation.questions import KINDS, Kind, Question
from rag.evaluation.results import DEPTH, QuestionResult
from rag.evaluation.setup import RunSetup
from rag.evaluation.verifier.agreement import Judged, agreement
from rag.question.input import History
from rag.schema import Answer, Article, Chunk, Citation, Hit
from rag.storage.records import ArticleSummary

Chunks = Callable[[str], Sequence[Chunk]]


_JUDGED_ARTICLES = 40  # articles that claims are made from, to see how the verifier does on this corpus


_KEPT = 64  # articles whose chunks are kept: neighbouring questions are often about the same one


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

    def chunks(self, article_id: str) -> Sequence[Chunk]:
        """The chunks that this article is cut into, those that ``retrieve`` finds; raises as ``article`` does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All rows, in the order asked, what they are of, and what is counted over them.

    ``verifier`` says how the verifier judged claims made from the articles by mechanical edits, a kind each; empty
    where that was not looked at.
    """

    model: str
    rows: tuple[QuestionResult, ...]
    setup: RunSetup = field(default_factory=RunSetup)
    verifier: tuple[Judged, ...] = ()

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Every measure over the rows."""
        return metrics(self.rows)

    @property
    def curves(self) -> tuple[Curve, ...]:
        """Every curve over the rows."""
        return curves(self.rows)

    @property
    def seconds(self) -> tuple[float, float]:
        """Median and 95th percentile of the time to a whole answer; 0 where none was timed."""
        median, timed = seconds(self.rows, stage="total", share=0.5)
        late, _ = seconds(self.rows, stage="total", share=0.95)
        return (median, late) if timed else (0.0, 0.0)

    @property
    def words(self) -> float:
        """Mean number of words in an answer that was given: padding an answer finds more gold strings."""
        given = [len(row.answer.text.split()) for row in self.rows if row.answered]
        return statistics.mean(given) if given else 0.0


def judged(
    listing: Sequence[ArticleSummary], *, article: Callable[[str], Article], seed: int = 0, pairs: int = 600
) -> tuple[Judged, ...]:
    """The verifier beside the labels of at most ``pairs`` claims made from the articles, 40 of them at most.

    Which articles depends on ``seed`` and their ids alone. See ``rag.evaluation.verifier.pairs`` for how a
    claim gets its label.
    """
    drawn = sorted(listing, key=lambda one: _digest(f"{seed}:{one.id}"))[:_JUDGED_ARTICLES]
    return agreement((article(one.id) for one in drawn), seed=seed, limit=pairs).kinds


def evaluate(
    bot: Answerer,
    questions: Sequence[Question],
    *,
    on_progress: Callable[[int, int], None] | None = None,
    done: Iterable[QuestionResult] = (),
    on_row: Callable[[QuestionResult], None] | None = None,
    setup: RunSetup | None = None,
) -> Report:
    """Ask every question and count.

    ``done`` are rows of an earlier run: a question that is in one of them, word for word, is not asked again.
    ``on_row`` is told each new row as soon as there is one, ``on_progress`` how many are done and how many there are.
    ``setup`` goes into the report.

    Raises ``QuestionError``, before anything is asked, where an answerable question names an article that the bot does
    not have, or a span outside it; and whatever the bot raises.
    """
    for question in questions:
        if question.kind == "answerable":
            _check(bot, question)
    chunks = lru_cache(maxsize=_KEPT)(bot.chunks)
    known = {row.question.id: row for row in done}
    rows: list[QuestionResult] = []
    for at, question in enumerate(questions, start=1):
        row = known.get(question.id)
        if row is None or row.question != question:
            row = asked(bot, question, chunks=chunks)
            if on_row is not None:
                on_row(row)
        rows.append(row)
        if on_progress is not None:
            on_progress(at, len(questions))
    return Report(model=bot.name, rows=tuple(rows), setup=setup or RunSetup())


def sample(questions: Sequence[Question], n: int, *, seed: int = 0) -> tuple[Question, ...]:
    """``n`` of the questions, in their order, each kind having its share of them; all where there are no more.

    A kind's share is rounded by largest remainder, earlier kinds of ``KINDS`` first. Within a kind those are drawn
    that come first by the SHA-256 of seed and id, so that the same questions are drawn on any machine, whatever the
    order of the file, and a larger sample holds most of a smaller one. Raises ``SettingsError`` where ``n`` is not
    above 0.
    """
    if n < 1:
        raise SettingsError(f"a sample of {n!r} questions asks nothing: give 1 or more")
    drawn: set[str] = set()
    for kind, quota in _quotas(questions, min(n, len(questions))).items():
        ids = [question.id for question in questions if question.kind == kind]
        drawn.update(sorted(ids, key=lambda each: _digest(f"{seed}:{each}"))[:quota])
    return tuple(question for question in questions if question.id in drawn)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).digest()


def _quotas(questions: Sequence[Question], n: int) -> dict[Kind, int]:
    sizes = {kind: sum(question.kind == kind for question in questions) for kind in KINDS}
    quotas = {kind: n * size // len(questions) for kind, size in sizes.items()}
    by_remainder = sorted(KINDS, key=lambda kind: -(n * sizes[kind] % len(questions)))
    for kind in by_remainder[: n - sum(quotas.values())]:
        quotas[kind] += 1
    return quotas


def asked(bot: Answerer, question: Question, *, chunks: Chunks) -> QuestionResult:
    """What comes of one question; ``chunks`` are those of an article by its id."""
    # LangChain takes its time to load; whoever only reads reports need not wait for it.
    from rag.evaluation.usage import metered, peak_mb

    with metered() as meter:
        answer = bot.ask(question.question, history=question.history)
    hits = bot.retrieve(answer.standalone_question, limit=DEPTH) if question.kind == "answerable" else ()
    found = [hit.chunk for hit in hits]
    articles = tuple(dict.fromkeys(chunk.article_id for chunk in found))
    relevant = _relevant(question, chunks) if question.kind == "answerable" else frozenset()
    return QuestionResult(
        question=question,
        answer=answer,
        contains_gold=not answer.abstained and holds(answer.text, question.answers),
        passage_rank=next((e.label for e in answer.evidence if holds(e.text, question.answers)), None),
        exact_quotes=sum(_is_slice(bot, citation) for citation in answer.citations if citation.quote),
        chunk_ranks=tuple(rank for rank, chunk in enumerate(found, 1) if chunk in relevant),
        relevant_chunks=len(relevant),
        string_rank=next(
            (i for i, chunk in enumerate(found, 1) if holds(chunk.text, question.answers)), None
        ),
        article_rank=next((i for i, id in enumerate(articles, 1) if id in question.articles), None),
        attribution=attributed(answer),
        tokens_in=meter.tokens_in,
        tokens_out=meter.tokens_out,
        peak_mb=peak_mb(),
    )


def _relevant(question: Question, chunks: Chunks) -> frozenset[Chunk]:
    """The chunks that ``QuestionResult`` calls relevant to a question."""
    if question.spans:
        own = chunks(question.articles[0])
        return frozenset(chunk for chunk in own if any(chunk.span.holds(span) for span in question.spans))
    return frozenset(
        chunk for id in question.articles for chunk in chunks(id) if holds(chunk.text, question.answers)
    )


def _check(bot: Answerer, question: Question) -> None:
    for at, article_id in enumerate(question.articles):
        try:
            article = bot.article(article_id)
        except IndexFault as error:
            raise QuestionError(
                f"the question {question.id!r} names the article {article_id!r}, which is not among those asked: "
                "give the corpus that the questions were made for"
            ) from error
        beyond = [span for span in question.spans if span.end > len(article.text)] if not at else []
        if beyond:
            raise QuestionError(
                f"the question {question.id!r} has the span {[*beyond[0]]!r}, and {article_id!r} has "
                f"{len(article.text)} characters: count code points of the article's text as it is indexed"
            )


def _is_slice(bot: Answerer, citation: Citation) -> bool:
    return bot.article(citation.article_id).text[citation.span.start : citation.span.end] == citation.quote
