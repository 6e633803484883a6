"""Hybrid search: scores fused from two searches, and the order of the hits."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.hybrid_search import VECTOR_WEIGHT, fuse
from rag.index.index import Index
from rag.models.embedders import open_embedder
from rag.schema import Article
from rag.settings import Settings
from rag.storage.location import ServerAddress
from tests.support.embedder import several
from tests.support.indexes import hit_ids, open_index, word

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


# Searching an index


@pytest.fixture
def index(where: Path | ServerAddress) -> Iterator[Index]:
    with open_index(where) as index:
        yield index


def test_a_search_of_an_empty_index_finds_nothing(index: Index) -> None:
    assert index.search("Anything?", limit=5) == ()
    assert index.check() == ()


@pytest.mark.parametrize(
    "question", ["", "   ", "???", "the", "\ud800", '"', "NEAR(a b)", "a" * 2000, "中文"]
)
def test_any_question_may_be_asked(index: Index, question: str) -> None:
    index.add(several(range(3)))
    assert len(index.search(question, limit=2)) == 2


def test_function_words_are_looked_for_only_where_there_is_nothing_else(index: Index) -> None:
    index.add(
        [Article(id="x", title="", text="To be or not to be."), Article(id="y", title="", text="Hamlet.")]
    )
    assert hit_ids(index, "to be or not to be", limit=1) == ["x"]
    assert index.search("to be or not to be", limit=1)[0].ranks.keyword == 1
    hits = {hit.chunk.article_id: hit for hit in index.search("is it not Hamlet", limit=2)}
    assert hits["y"].ranks.keyword == 1
    assert hits["x"].ranks.keyword is None


def test_equal_chunks_come_in_order_of_article_and_place(index: Index) -> None:
    index.add([Article(id=name, title="Same", text="The very same words.") for name in "dbca"])
    assert hit_ids(index, "same words", limit=4) == ["a", "b", "c", "d"]
    assert hit_ids(index, "same words", limit=2) == ["a", "b"]


def test_more_may_be_asked_for_than_there_is_or_than_there_are_candidates(
    where: Path | ServerAddress,
) -> None:
    with open_index(where, settings=Settings(candidates=2)) as index:
        index.add(several(range(6)))
        total = sum(item.chunks for item in index.listing())
        assert len(index.search(word(1), limit=total + 5)) == total
        assert len(index.search(word(1), limit=1)) == 1


def test_a_paraphrase_is_found_by_meaning(folder: Path) -> None:
    with open_index(folder, embedder=open_embedder("minilm")) as index:
        index.add(
            [
                Article(id="build", title="A cluster", text="It was assembled in just 122 days in Memphis."),
                Article(id="food", title="A recipe", text="Stir the onions in butter until they are golden."),
            ]
        )
        (best, other) = index.search("How quickly did they construct the supercomputer?", limit=2)
        assert best.chunk.article_id == "build"
        assert best.cosine > other.cosine
        assert best.ranks.vector == 1
        assert index.check() == ()
