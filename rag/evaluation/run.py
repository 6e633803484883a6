"""Asks a question set of a chatbot, or of anything with its methods, and reports the result of each question."""

import hashlib
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from rag.errors import IndexFault, QuestionError, SettingsError
from rag.evaluation.attribution import measure_attribution
from rag.evaluation.gold import contains_gold
from rag.evaluation.measures.abstention import curves
from rag.evaluation.measures.cost import seconds
from rag.evaluation.measures.curves import Curve
from rag.evaluation.measures.metric import Metric
from rag.evaluation.measures.registry import metrics
from rag.evaluation.questions import KINDS, Kind, Question
from rag.evaluation.results import DEPTH, QuestionResult
from rag.evaluation.setup import RunSetup
from rag.evaluation.verifier.agreement import EditKindVerdicts, agreement
from rag.question.input import History
from rag.schema import Answer, Article, Chunk, Citation, Hit
from rag.storage.records import ArticleSummary

# Returns the chunks of an article by its id.
ChunksOf = Callable[[str], Sequence[Chunk]]

_VERIFIER_ARTICLES = 40  # articles from which claims are made to measure the verifier on this corpus
_CACHED_ARTICLES = 64  # articles whose chunks are cached: neighbouring questions are often about the same one


class Answerer(Protocol):
    """What can be evaluated: a ``Chatbot``, or a system that it is compared with."""

    @property
    def name(self) -> str:
        """Its name in tables."""

    def ask(self, question: str, *, history: History = ()) -> Answer:
        """Return the answer to ``question``."""

    def retrieve(self, question: str, *, limit: int) -> Sequence[Hit]:
        """Return the chunks it would read for ``question``, best first."""

    def article(self, article_id: str) -> Article:
        """Return the article of this id; raise ``IndexFault`` if there is none."""

    def chunks(self, article_id: str) -> Sequence[Chunk]:
        """Return the chunks of this article, which ``retrieve`` returns; raise as ``article`` does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The results of all questions, in the order asked, and the setup of the run.

    ``verifier`` has the verifier's verdicts on claims made from the articles by mechanical edits, one entry per kind of
    edit; empty if that was not measured. ``unlabelled`` is the number of questions of the set that were not asked, as
    nobody has said what would be a good answer: no measure counts them.
    """

    model: str
    rows: tuple[QuestionResult, ...]
    setup: RunSetup = field(default_factory=RunSetup)
    verifier: tuple[EditKindVerdicts, ...] = ()
    unlabelled: int = 0

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
        """Median and 95th percentile of the time to a whole answer; 0 if none was timed."""
        median, timed = seconds(self.rows, stage="total", share=0.5)
        percentile_95, _ = seconds(self.rows, stage="total", share=0.95)
        return (median, percentile_95) if timed else (0.0, 0.0)

    @property
    def words(self) -> float:
        """Mean number of words in the answers given: longer answers contain more gold strings."""
        counts = [len(row.answer.text.split()) for row in self.rows if row.answered]
        return statistics.mean(counts) if counts else 0.0


def measure_verifier(
    listing: Sequence[ArticleSummary], *, article: Callable[[str], Article], seed: int = 0, pairs: int = 600
) -> tuple[EditKindVerdicts, ...]:
    """Compare the verifier with the labels of at most ``pairs`` claims made from at most 40 of the articles.

    Which articles are drawn depends on ``seed`` and their ids alone. ``rag.evaluation.verifier.labelled_claims`` says
    how a claim gets its label.
    """
    drawn = sorted(listing, key=lambda summary: _digest(f"{seed}:{summary.id}"))[:_VERIFIER_ARTICLES]
    return agreement((article(summary.id) for summary in drawn), seed=seed, limit=pairs).kinds


def evaluate(
    bot: Answerer,
    questions: Sequence[Question],
    *,
    on_progress: Callable[[int, int], None] | None = None,
    done: Iterable[QuestionResult] = (),
    on_row: Callable[[QuestionResult], None] | None = None,
    setup: RunSetup | None = None,
) -> Report:
    """Ask every question and report the results.

    ``done`` are rows of an earlier run: a question that equals the one of such a row is not asked again. ``on_row`` is
    called with each new row, ``on_progress`` with the numbers of questions done and in all. ``setup`` goes into the
    report.

    Raises ``QuestionError``, before anything is asked, if an answerable question names an article that the bot does
    not have, or a span outside it; and whatever the bot raises.
    """
    for question in questions:
        if question.kind == "answerable":
            _require_articles(bot, question)
    chunks_of = lru_cache(maxsize=_CACHED_ARTICLES)(bot.chunks)
    earlier = {row.question.id: row for row in done}
    rows: list[QuestionResult] = []
    for number, question in enumerate(questions, start=1):
        row = earlier.get(question.id)
        if row is None or row.question != question:
            row = evaluate_question(bot, question, chunks_of=chunks_of)
            if on_row is not None:
                on_row(row)
        rows.append(row)
        if on_progress is not None:
            on_progress(number, len(questions))
    return Report(model=bot.name, rows=tuple(rows), setup=setup or RunSetup())


def draw_sample(questions: Sequence[Question], n: int, *, seed: int = 0) -> tuple[Question, ...]:
    """Draw ``n`` of the questions, stratified by kind, in their order; all of them if there are no more.

    A kind's share is rounded by largest remainder, earlier kinds of ``KINDS`` first. Within a kind the questions with
    the lowest SHA-256 of seed and id are drawn, so that the same questions are drawn on any machine, whatever the
    order of the file, and a larger sample contains most of a smaller one. Raises ``SettingsError`` unless ``n`` is
    above 0.
    """
    if n < 1:
        raise SettingsError(f"a sample of {n!r} questions asks nothing: give 1 or more")
    drawn: set[str] = set()
    for kind, quota in _quotas(questions, min(n, len(questions))).items():
        ids = [question.id for question in questions if question.kind == kind]
        drawn.update(sorted(ids, key=lambda question_id: _digest(f"{seed}:{question_id}"))[:quota])
    return tuple(question for question in questions if question.id in drawn)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).digest()


def _quotas(questions: Sequence[Question], n: int) -> dict[Kind, int]:
    """Divide ``n`` among the kinds in proportion to their numbers of questions, by largest remainder."""
    sizes = {kind: sum(question.kind == kind for question in questions) for kind in KINDS}
    quotas = {kind: n * size // len(questions) for kind, size in sizes.items()}
    by_remainder = sorted(KINDS, key=lambda kind: -(n * sizes[kind] % len(questions)))
    for kind in by_remainder[: n - sum(quotas.values())]:
        quotas[kind] += 1
    return quotas


def evaluate_question(bot: Answerer, question: Question, *, chunks_of: ChunksOf) -> QuestionResult:
    """Ask one question and compare the answer, and what is retrieved for it, with the gold answer."""
    # LangChain takes long to import; reading a report does not need it.
    from rag.evaluation.usage import count_model_tokens, peak_mb

    with count_model_tokens() as meter:
        answer = bot.ask(question.question, history=question.history)
    is_answerable = question.kind == "answerable"
    hits = bot.retrieve(answer.standalone_question, limit=DEPTH) if is_answerable else ()
    chunks = [hit.chunk for hit in hits]
    articles = tuple(dict.fromkeys(chunk.article_id for chunk in chunks))
    relevant = _relevant_chunks(question, chunks_of) if is_answerable else frozenset()
    gold = question.answers
    return QuestionResult(
        question=question,
        answer=answer,
        contains_gold=not answer.abstained and contains_gold(answer.text, gold),
        passage_rank=next(
            (passage.label for passage in answer.evidence if contains_gold(passage.text, gold)), None
        ),
        exact_quotes=sum(_is_slice(bot, citation) for citation in answer.citations if citation.quote),
        chunk_ranks=tuple(rank for rank, chunk in enumerate(chunks, 1) if chunk in relevant),
        relevant_chunks=len(relevant),
        string_rank=_first_rank(contains_gold(chunk.text, gold) for chunk in chunks),
        article_rank=_first_rank(id in question.articles for id in articles),
        attribution=measure_attribution(answer),
        tokens_in=meter.tokens_in,
        tokens_out=meter.tokens_out,
        peak_mb=peak_mb(),
    )


def _first_rank(relevant: Iterable[bool]) -> int | None:
    """Return the rank, from 1, of the first relevant item; ``None`` if there is none."""
    return next((rank for rank, is_relevant in enumerate(relevant, 1) if is_relevant), None)


def _relevant_chunks(question: Question, chunks_of: ChunksOf) -> frozenset[Chunk]:
    """Return the chunks that are relevant to a question, as ``QuestionResult`` defines it."""
    if question.spans:
        return frozenset(
            chunk
            for chunk in chunks_of(question.articles[0])
            if any(chunk.span.holds(span) for span in question.spans)
        )
    return frozenset(
        chunk
        for id in question.articles
        for chunk in chunks_of(id)
        if contains_gold(chunk.text, question.answers)
    )


def _require_articles(bot: Answerer, question: Question) -> None:
    """Raise ``QuestionError`` if the bot lacks an article of the question, or a span is outside the first of them."""
    for number, article_id in enumerate(question.articles):
        try:
            article = bot.article(article_id)
        except IndexFault as error:
            raise QuestionError(
                f"the question {question.id!r} names the article {article_id!r}, which is not among those asked: "
                "give the corpus that the questions were made for"
            ) from error
        spans = question.spans if number == 0 else ()
        outside = [span for span in spans if span.end > len(article.text)]
        if outside:
            raise QuestionError(
                f"the question {question.id!r} has the span {[*outside[0]]!r}, and {article_id!r} has "
                f"{len(article.text)} characters: count code points of the article's text as it is indexed"
            )


def _is_slice(bot: Answerer, citation: Citation) -> bool:
    return bot.article(citation.article_id).text[citation.span.start : citation.span.end] == citation.quote
