"""A result of a question with every field set, and the setup of the run it is of."""

from dataclasses import replace

from rag.evaluation.attribution import Attribution
from rag.evaluation.questions import Question
from rag.evaluation.results import QuestionResult
from rag.evaluation.run import Report
from rag.evaluation.setup import RunSetup
from rag.schema import Span
from tests.support.quoted_passage import ANSWER

ROW = QuestionResult(
    question=Question(
        id="q",
        question="When\u2028was it \udc80 built?",
        kind="answerable",
        answers=("1871",),
        articles=("orrin",),
        spans=(Span(28, 32),),
        history=({"role": "user", "content": "Where?"},),
    ),
    answer=replace(ANSWER, confidence=0.1 + 0.2, timings={"total": 0.25}),
    contains_gold=True,
    passage_rank=1,
    exact_quotes=1,
    chunk_ranks=(1, 4),
    relevant_chunks=2,
    string_rank=1,
    article_rank=None,
    attribution=Attribution(statements=1, carried=1, citations=1, needed=1),
    tokens_in=300,
    tokens_out=9,
    peak_mb=250.5,
)
SETUP = RunSetup(
    corpus="c" * 64, articles=1, chunks=3, questions="d" * 64, sample=2, seed=7, settings={"top": 1}
)
REPORT = Report(
    model="quotes",
    rows=(ROW, replace(ROW, question=replace(ROW.question, id="r"), passage_rank=None)),
    setup=SETUP,
    unlabelled=2,
)
