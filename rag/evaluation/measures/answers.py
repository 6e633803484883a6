"""Measures of evidence, answers and citations: gold answers, token F1, exact match, attribution.

- answer holds gold: the words of a gold string are in it (``rag.evaluation.gold.contains_gold``). An answer of fifty
  words contains more gold than one of ten; F1, exact match (SQuAD's) and the words in an answer show that.
- statement supported: by the support of the answer's citations, those found for statements without marks included.
- citation recall and precision: ALCE's (``rag.evaluation.attribution``), but pooled over all statements and
  all citations, where ALCE takes the mean of the answers' own.
"""

from collections.abc import Sequence
from functools import partial

from rag.evaluation.gold import exact_match, token_f1
from rag.evaluation.measures.metric import Counted, Measure, answerable, mean, share
from rag.evaluation.results import QuestionResult, citations_by_statement


def _passage_within(row: QuestionResult, *, cutoff: int) -> bool:
    return row.passage_rank is not None and row.passage_rank <= cutoff


def _answer_f1(row: QuestionResult) -> float | None:
    if not row.answerable:
        return None
    return token_f1(row.answer.text, row.question.answers) if row.answered else 0.0


def _supported_statements(row: QuestionResult) -> Counted:
    verdicts = [{citation.support for citation in cited} for cited in citations_by_statement(row.answer)]
    checked = [support for support in verdicts if support != {"quoted"}]
    return sum("supported" in support for support in checked), len(checked)


EVIDENCE_MEASURES: Sequence[Measure] = (
    share(
        "evidence holds gold",
        "evidence",
        "of answerable questions",
        answerable(lambda row: row.passage_rank is not None),
    ),
    *(
        share(
            f"gold in passages@{k}",
            "evidence",
            "of answerable questions",
            answerable(partial(_passage_within, cutoff=k)),
        )
        for k in (1, 3, 5)
    ),
)

ANSWER_MEASURES: Sequence[Measure] = (
    share(
        "answer holds gold",
        "answers",
        "of answerable questions",
        answerable(lambda row: row.contains_gold),
    ),
    mean(
        "answer F1", "answers", "of answerable questions; a declined one counts 0", _answer_f1, unit="score"
    ),
    share(
        "exact match",
        "answers",
        "of answerable questions",
        answerable(lambda row: row.answered and exact_match(row.answer.text, row.question.answers)),
    ),
    mean(
        "answer words",
        "answers",
        "of answers given",
        lambda row: len(row.answer.text.split()) if row.answered else None,
        unit="words",
        lower_is_better=True,
    ),
)

CITATION_MEASURES: Sequence[Measure] = (
    Measure(
        "quote is the slice",
        "citations",
        "of citations with a quote",
        lambda row: (row.exact_quotes, sum(bool(citation.quote) for citation in row.answer.citations)),
    ),
    Measure("statement supported", "citations", "of statements in a model's words", _supported_statements),
    Measure(
        "citation recall",
        "citations",
        "of statements in answers; cited passages together",
        lambda row: (row.attribution.carried, row.attribution.statements),
    ),
    Measure(
        "citation precision",
        "citations",
        "of citations in answers; superfluous ones fail",
        lambda row: (row.attribution.needed, row.attribution.citations),
    ),
)
