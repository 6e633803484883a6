"""Rows of an evaluation for tests, without asking anything."""

from rag.evaluation.questions import Kind, Question
from rag.evaluation.results import QuestionResult
from rag.evaluation.run import Report
from rag.schema import Answer


def row(
    id: str,
    kind: Kind = "answerable",
    *,
    gold: bool = False,
    abstained: bool = False,
    confidence: float = 0.5,
    passage: int | None = None,
    chunks: tuple[int, ...] = (),
    relevant: int = 0,
    string: int | None = None,
    article: int | None = None,
    seconds: float = 0.5,
) -> QuestionResult:
    """One row; its question and gold string are made of ``id``."""
    answerable = kind == "answerable"
    return QuestionResult(
        question=Question(
            id=id,
            question=f"What is {id}?",
            kind=kind,
            answers=(f"gold {id}",) if answerable else (),
            articles=("a",) if answerable else (),
        ),
        answer=Answer(
            question=f"What is {id}?",
            standalone_question=f"What is {id}?",
            text=f"It is gold {id}.",
            abstained=abstained,
            confidence=confidence,
            timings={"retrieve": seconds / 5, "total": seconds},
        ),
        contains_gold=gold,
        passage_rank=passage,
        exact_quotes=0,
        chunk_ranks=chunks,
        relevant_chunks=relevant,
        string_rank=string,
        article_rank=article,
    )


def report(*rows: QuestionResult, model: str = "quotes") -> Report:
    """A report of these rows."""
    return Report(model=model, rows=rows)
