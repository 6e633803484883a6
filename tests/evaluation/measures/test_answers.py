"""Measures of evidence, answers and citations: values worked out by hand."""

from dataclasses import replace

from rag.evaluation.attribution import Attribution
from rag.schema import Citation, Span
from tests.support.results import metric_over, row_1871


def test_a_declined_answer_scores_nothing() -> None:
    rows = (row_1871(text="1871", gold=True), row_1871(text="The articles do not say 1871.", abstained=True))
    assert metric_over("answer F1", *rows).value == 0.5
    assert metric_over("exact match", *rows).value == 0.5
    assert metric_over("answer words", *rows).value == 1


def test_passages_count_by_their_label() -> None:
    rows = [replace(row_1871(), passage_rank=rank) for rank in (1, 3, 4, 6, None)]
    shares = [metric_over(f"gold in passages@{k}", *rows).hits for k in (1, 3, 5)]
    assert shares == [1, 2, 3]
    assert metric_over("evidence holds gold", *rows).hits == 4


def test_citation_recall_and_precision_are_pooled_over_answers() -> None:
    rows = (
        replace(row_1871(), attribution=Attribution(statements=4, carried=3, citations=5, needed=2)),
        replace(row_1871(), attribution=Attribution(statements=1, carried=1, citations=1, needed=1)),
    )
    assert metric_over("citation recall", *rows).value == 4 / 5
    assert metric_over("citation precision", *rows).value == 3 / 6


def test_a_statement_is_supported_by_any_of_its_citations() -> None:
    supported = Citation(
        label=1, claim=Span(0, 4), article_id="a", span=Span(0, 1), quote="x", located="exact", support="supported"
    )  # fmt: skip
    unsupported = replace(supported, label=2, support="unsupported")
    second_statement = replace(unsupported, claim=Span(5, 8))
    result = replace(
        row_1871(),
        answer=replace(row_1871().answer, citations=(unsupported, supported, second_statement)),
        exact_quotes=2,
    )
    assert (
        metric_over("statement supported", result).hits,
        metric_over("statement supported", result).total,
    ) == (1, 2)
    assert metric_over("quote is the slice", result).value == 2 / 3
