"""Fusing two rankings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.hybrid_search import VECTOR_WEIGHT, fuse

COSINES = st.floats(-1, 1)
KEYWORDS = st.floats(0, 40)


def test_the_best_in_both_scores_one() -> None:
    assert fuse([0.4, 0.2], [9.0, 3.0]) == pytest.approx((1.0, 0.5 * VECTOR_WEIGHT + (1 - VECTOR_WEIGHT) / 3))


def test_nothing_is_fused_to_nothing() -> None:
    assert fuse([], []) == ()


def test_without_a_keyword_the_vectors_decide() -> None:
    scores = fuse([0.1, 0.3, 0.2], [0.0, 0.0, 0.0])
    assert scores[1] > scores[2] > scores[0] > 0


def test_unlike_vectors_count_as_unrelated() -> None:
    assert fuse([-0.5, 0.0], [0.0, 0.0]) == (0.0, 0.0)


@given(st.lists(st.tuples(COSINES, KEYWORDS), min_size=1, max_size=20))
def test_scores_lie_between_0_and_1(pairs: list[tuple[float, float]]) -> None:
    scores = fuse([c for c, _ in pairs], [k for _, k in pairs])
    assert len(scores) == len(pairs)
    assert all(0 <= score <= 1 for score in scores)


@given(st.lists(st.tuples(COSINES, KEYWORDS), min_size=2, max_size=20))
def test_better_in_both_is_never_worse_fused(pairs: list[tuple[float, float]]) -> None:
    scores = fuse([c for c, _ in pairs], [k for _, k in pairs])
    for (c1, k1), s1 in zip(pairs, scores, strict=True):
        for (c2, k2), s2 in zip(pairs, scores, strict=True):
            assert not (c1 >= c2 and k1 >= k2) or s1 >= s2
