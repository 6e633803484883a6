"""Rows of an evaluation for tests, made without asking anything, and the metrics over them."""

from rag.evaluation.measures.metric import Metric
from rag.evaluation.measures.registry import metrics
from rag.evaluation.questions import Kind, Question
from rag.evaluation.results import QuestionResult
from rag.evaluation.run import Report
from rag.schema import Answer


def row(
    id: str,
    kind: Kind = "answerable",
    *,
    text: str = "",
    answers: tuple[str, ...] | None = None,
    articles: tuple[str, ...] | None = None,
    gold: bool = False,
    abstained: bool = False,
    confidence: float = 0.5,
    passage: int | None = None,
    chunks: tuple[int, ...] = (),
    relevant: int = 0,
    string: int | None = None,
    article: int | None = None,
    seconds: float | None = 0.5,
) -> QuestionResult:
    """Return one row; its question, and by default its text and its gold string, are made from ``id``.

    ``seconds`` is the time to the whole answer, ``None`` if it was not timed.
    """
    answerable = kind == "answerable"
    question = Question(
        id=id,
        question=f"What is {id}?",
        kind=kind,
        answers=((f"gold {id}",) if answerable else ()) if answers is None else answers,
        articles=(("a",) if answerable else ()) if articles is None else articles,
    )
    answer = Answer(
        question=question.question,
        standalone_question=question.question,
        text=text or f"It is gold {id}.",
        outcome="not_in_articles" if abstained else "answered",
        confidence=confidence,
        timings={} if seconds is None else {"retrieve": seconds / 5, "total": seconds},
    )
    return QuestionResult(
        question=question,
        answer=answer,
        contains_gold=gold,
        passage_rank=passage,
        exact_quotes=0,
        chunk_ranks=chunks,
        relevant_chunks=relevant,
        string_rank=string,
        article_rank=article,
    )


def row_1871(
    kind: Kind = "answerable",
    *,
    text: str = "In 1871.",
    gold: bool = False,
    abstained: bool = False,
    confidence: float = 0.5,
    articles: tuple[str, ...] = (),
    seconds: float | None = None,
) -> QuestionResult:
    """Return a row whose gold string is ``1871``; by default its question names no article and was not timed."""
    return row(
        "q",
        kind,
        text=text,
        answers=("1871",),
        articles=articles,
        gold=gold,
        abstained=abstained,
        confidence=confidence,
        seconds=seconds,
    )


def report(*rows: QuestionResult, model: str = "quotes") -> Report:
    """Return a report of these rows."""
    return Report(model=model, rows=rows)


def metric_over(name: str, *rows: QuestionResult) -> Metric:
    """Return the metric of this name over the rows."""
    (metric,) = [metric for metric in metrics(rows) if metric.name == name]
    return metric
