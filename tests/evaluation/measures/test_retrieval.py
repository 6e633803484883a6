"""Measures of retrieval: values worked out by hand, and nDCG against scikit-learn."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from rag.evaluation.measures.retrieval import ndcg
from rag.evaluation.results import QuestionResult
from tests.support.results import metric_over, row_1871


def ranked(
    *ranks: int, relevant: int, string: int | None = None, article: int | None = None
) -> QuestionResult:
    return replace(
        row_1871(articles=("orrin",)),
        chunk_ranks=ranks,
        relevant_chunks=relevant,
        string_rank=string,
        article_rank=article,
    )


ROWS = (
    ranked(1, 4, relevant=2, string=1, article=1),
    ranked(3, relevant=3, string=2, article=2),
    ranked(relevant=1, string=None, article=1),
    ranked(relevant=0, string=6, article=1),  # the gold span is cut in two: a miss
    replace(row_1871(), string_rank=20),  # names no article
    row_1871("adversarial", articles=("orrin",)),
)


@pytest.mark.parametrize(
    ("name", "hits", "total"),
    [
        ("chunk recall@1", 1, 4),
        ("chunk recall@3", 2, 4),
        ("chunk recall@20", 2, 4),
        ("MRR", 1 + 1 / 3, 4),
        ("gold in chunks@1", 1, 5),
        ("gold in chunks@3", 2, 5),
        ("gold in chunks@10", 3, 5),
        ("gold in chunks@20", 4, 5),
        ("article recall@1", 3, 4),
        ("article recall@3", 4, 4),
    ],
)
def test_retrieval_is_counted_over_answerable_questions_that_can_take_part(
    name: str, hits: float, total: int
) -> None:
    metric = metric_over(name, *ROWS)
    assert metric.total == total
    assert metric.hits == pytest.approx(hits)
    assert metric.value == pytest.approx(hits / total)


def test_ndcg_discounts_by_the_logarithm_of_the_rank() -> None:
    first = (1 + 1 / math.log2(5)) / (1 + 1 / math.log2(3))
    second = (1 / 2) / (1 + 1 / math.log2(3) + 1 / 2)
    assert metric_over("nDCG@10", *ROWS).value == pytest.approx((first + second + 0 + 0) / 4)


@settings(deadline=None)
@given(
    st.integers(1, 30).flatmap(
        lambda size: st.tuples(
            st.lists(st.booleans(), min_size=size, max_size=size).filter(any), st.integers(1, 20)
        )
    )
)
def test_ndcg_agrees_with_scikit_learn(drawn: tuple[list[bool], int]) -> None:
    relevant, cutoff = drawn
    if len(relevant) == 1:
        relevant = [*relevant, False]  # it refuses to rank a single item
    ranks = [rank for rank, is_relevant in enumerate(relevant, 1) if is_relevant]
    expected = ndcg_score([relevant], [np.arange(len(relevant), 0, -1)], k=cutoff)
    assert ndcg(ranks, relevant=len(ranks), cutoff=cutoff) == pytest.approx(expected)


def test_ndcg_is_0_if_nothing_is_relevant() -> None:
    assert ndcg((), relevant=0, cutoff=10) == 0
