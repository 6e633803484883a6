"""Searches that a filter limits: each finds what an index of the matching articles alone would find."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag import Filter
from rag.errors import SettingsError
from rag.index.federated import FederatedIndex
from rag.index.hybrid_search import PreparedQuestion
from rag.index.index import Index
from rag.langchain import ArticleRetriever
from rag.schema import Article
from rag.settings import Settings
from rag.storage import exact_search
from rag.storage.local.backend import LocalBackend
from tests.support.embedder import embedder, made
from tests.support.local_index import EAGER

SETTINGS = Settings()
ALL = 300  # more chunks than any index here has
MAY = date(2026, 5, 1)


def placed(number: int) -> Article:
    """An article of one of three publishers, on one of seven days of May or on none."""
    when = None if number % 8 == 7 else date(2026, 5, 1 + number % 8)
    return replace(made(number, sentences=6), publisher=f"Publisher {number % 3}", date=when)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("filtered")
    with Index.open(folder, embedder=embedder(), settings=SETTINGS) as index:
        index.add([placed(number) for number in range(40)])
        index.add([placed(number) for number in range(40, 44)])  # newer than the snapshot
        yield index


FILTERS = st.builds(
    lambda publishers, days, articles: Filter(
        publishers=tuple(f"Publisher {one}" for one in publishers),
        after=days and date(2026, 5, min(days)),
        before=days and date(2026, 5, max(days)),
        articles=tuple(f"a{one:04d}" for one in articles),
    ),
    st.sets(st.integers(0, 2), max_size=2),
    st.none() | st.tuples(st.integers(1, 8), st.integers(1, 8)),
    st.just(frozenset[int]()) | st.sets(st.integers(0, 43), max_size=20),
)


def vector_hits(
    index: Index, question: PreparedQuestion, *, articles: frozenset[str] | None, limit: int
) -> list[tuple[str, int, float]]:
    """The nearest chunks of these articles: article id, start and cosine."""
    with index.reading():
        scope = index.scope(question, articles)
        hits = scope.backend.vector_search(question.vector, limit=limit, among=scope.chunk_ids)
    return [(hit.article_id, hit.start, hit.cosine) for hit in hits]


@settings(max_examples=12, deadline=None)
@given(within=FILTERS, size=st.integers(1, 60), number=st.integers(0, 43))
def test_a_filtered_search_is_that_of_an_index_that_holds_the_matching_articles_alone(
    index: Index, tmp_path_factory: pytest.TempPathFactory, within: Filter, size: int, number: int
) -> None:
    kept = index.admitted(within).articles
    question = f"What did team {number} report of w{number}x1v0?"
    folder = tmp_path_factory.mktemp("alone")
    with Index.open(folder, embedder=embedder(), settings=SETTINGS) as alone:
        alone.add([index.article(one) for one in sorted(kept)])
        asked = index.prepare_question(question)
        nearest = vector_hits(index, asked, articles=kept, limit=size)
        # All are asked for, and cut off here: at the end of fewer a snapshot chooses among all but equal ones.
        assert nearest == vector_hits(alone, asked, articles=None, limit=ALL)[:size]
        if kept:
            hits = index.search(question, limit=ALL, within=within)
            expected = alone.search(question, limit=ALL)
            assert {hit.chunk for hit in hits} == {hit.chunk for hit in expected}
            assert {hit.chunk.article_id for hit in hits} <= kept
            assert {hit.chunk: hit.ranks.vector for hit in hits} == {
                hit.chunk: hit.ranks.vector for hit in expected
            }


@settings(max_examples=25, deadline=None)
@given(within=FILTERS, size=st.integers(1, 20), number=st.integers(0, 43))
def test_asking_the_snapshot_for_more_finds_what_comparing_each_chunk_finds(
    index: Index, within: Filter, size: int, number: int
) -> None:
    asked = index.prepare_question(f"What did team {number} report of w{number}x1v0?")
    with index.reading():
        scope = index.scope(asked, index.admitted(within).articles)
        compared = scope.backend.vector_search(asked.vector, limit=size, among=scope.chunk_ids)
    among = scope.chunk_ids
    assert among is not None
    backend = LocalBackend(Path(scope.backend.name), limits=EAGER)
    with backend.store.reading(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact_search, "_BLOCK", 3)
        found = backend.vector_search(asked.vector, limit=size, among=among)
    backend.close()
    # A snapshot reckons in single precision: at the end it chooses among all but equal ones, filter or not.
    assert [one.cosine for one in found] == pytest.approx([one.cosine for one in compared], abs=1e-6)
    clear = compared[-1].cosine + 1e-6 if compared else 0.0
    assert [one for one in found if one.cosine > clear] == [one for one in compared if one.cosine > clear]
    assert {one.id for one in found} <= among
    assert len(compared) == min(size, len(among))


def test_a_rare_filter_finds_its_article_however_far_from_the_question(index: Index) -> None:
    (hit, *_) = index.search("What of w3x1v0?", limit=1, within=Filter(articles=("a0031",)))
    assert hit.chunk.article_id == "a0031"
    assert hit.ranks.vector == 1


def test_a_removed_article_and_a_changed_date_are_followed(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", embedder=embedder(), settings=SETTINGS) as index:
        index.add([placed(0), placed(1)])
        first = Filter(after=MAY, before=MAY)
        assert index.admitted(first).articles == {"a0000"}
        index.add([replace(placed(1), date=MAY)])
        assert index.admitted(first).articles == {"a0000", "a0001"}
        index.remove(["a0000"])
        assert {hit.chunk.article_id for hit in index.search("w0x1v0", limit=9, within=first)} == {"a0001"}
        with pytest.raises(SettingsError, match="no article has the id 'a0000'"):
            index.search("w0x1v0", limit=9, within=Filter(articles=("a0000",)))


def test_ties_come_in_order_of_article_and_place(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", embedder=embedder(), settings=SETTINGS) as index:
        index.add([Article(id=name, title="Same", text="The very same words.") for name in "dbcae"])
        hits = index.search("same words", limit=3, within=Filter(articles=tuple("ecbd")))
        assert [hit.chunk.article_id for hit in hits] == ["b", "c", "d"]


def test_several_indexes_are_filtered_as_one(index: Index, tmp_path: Path) -> None:
    with Index.open(tmp_path / "own", embedder=embedder(), settings=SETTINGS) as own:
        # One of the reader's own, and one that takes the place of an article of the other index.
        own.add([replace(placed(50), publisher="Own"), replace(placed(3), publisher="Own", date=None)])
        joined = FederatedIndex(index, own, settings=SETTINGS)

        def found(within: Filter) -> set[str]:
            return {hit.chunk.article_id for hit in joined.search("w3x1v0", limit=400, within=within)}

        assert found(Filter(publishers=("own",))) == {"a0003", "a0050"} == joined.admitted(
            Filter(publishers=("own",))
        ).articles  # fmt: skip
        theirs = found(Filter(publishers=("Publisher 0",)))
        assert theirs == {f"a{number:04d}" for number in range(0, 44, 3)} - {"a0003"}
        assert found(Filter(articles=("a0003", "a0004"))) == {"a0003", "a0004"}
        assert found(Filter(publishers=("own",), after=MAY)) == {"a0050"}
        with pytest.raises(SettingsError, match="did you mean 'Own'"):
            found(Filter(publishers=("Owns",)))


def test_the_retriever_takes_a_filter(index: Index) -> None:
    documents = ArticleRetriever(index=index, k=3, within=Filter(articles=("a0009",))).invoke("w2x1v0")
    assert {document.metadata["id"] for document in documents} == {"a0009"}
