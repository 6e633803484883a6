"""Several indexes asked as one: as if one index held all articles."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.chatbot import Chatbot
from rag.errors import IndexFault
from rag.index.federated import FederatedIndex
from rag.index.hybrid_search import Candidate, rank
from rag.index.index import Index
from rag.models.embedders import open_embedder
from rag.schema import Answer, Article
from rag.settings import Settings
from tests.support.embedder import embedder, made, several

SETTINGS = Settings()
BRIDGE = Article(
    id="own-bridge",
    title="The Larkwater bridge",
    text=(
        "The Larkwater bridge was opened in 1931 by Mayor Edith Thornbury. It spans 240 metres over the river Aune. "
        "The bridge cost 310,000 pounds, paid from a tax on beer. Its architect was Owen Pellew, who had built "
        "lighthouses before."
    ),
)


def made_index(folder: Path, *articles: Article) -> Index:
    index = Index.open(folder, embedder=embedder(), settings=SETTINGS)
    index.add(articles)
    return index


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Index, Index]]:
    with (
        made_index(tmp_path / "a", *several(range(12))) as first,
        made_index(tmp_path / "b", *several(range(12, 15))) as second,
    ):
        yield first, second


@pytest.fixture
def joined(pair: tuple[Index, Index]) -> FederatedIndex:
    return FederatedIndex(*pair, settings=SETTINGS)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("own")
    with Index.open(folder, embedder=open_embedder(), settings=SETTINGS) as index:
        index.add([BRIDGE])
        yield index


@pytest.fixture(scope="module")
def both(shipped: Chatbot, own: Index) -> Chatbot:
    assert isinstance(shipped.index, Index)
    return Chatbot(FederatedIndex(shipped.index, own, settings=SETTINGS))


# As one index would


def test_hits_are_those_of_one_index_with_all_articles(joined: FederatedIndex, tmp_path: Path) -> None:
    with made_index(tmp_path / "all", *several(range(15))) as whole:
        for question in ("What of w3x1v0?", "What of w13x2v0 and w4x1v0?", "reports of team 7", "the of"):
            hits, expected = joined.search(question, limit=8), whole.search(question, limit=8)
            assert [hit.chunk for hit in hits] == [hit.chunk for hit in expected]
            assert [hit.ranks.vector for hit in hits] == [hit.ranks.vector for hit in expected]
            for hit, wanted in zip(hits, expected, strict=True):
                assert math.isclose(hit.score, wanted.score, rel_tol=0.02)
                assert math.isclose(hit.cosine, wanted.cosine, abs_tol=1e-9)


@pytest.mark.parametrize("question", ["What of w3x1v0?", "reports of team 7", "the of", ""])
def test_a_federation_of_one_index_is_the_index_itself(pair: tuple[Index, Index], question: str) -> None:
    for limit in (1, 5, 80):
        federation = FederatedIndex(pair[0], settings=SETTINGS)
        assert federation.search(question, limit=limit) == pair[0].search(question, limit=limit)


def test_counts_and_words_are_those_of_all_articles(joined: FederatedIndex, tmp_path: Path) -> None:
    with made_index(tmp_path / "all", *several(range(15))) as whole:
        assert joined.frequencies(["report", "w13x2v0", "nowhere"]) == whole.frequencies(
            ["report", "w13x2v0", "nowhere"]
        )
        assert dict(joined.vocabulary()) == dict(whole.vocabulary())
        assert len(joined.vocabulary()) == len(whole.vocabulary())
        assert joined.listing() == whole.listing()
    assert joined.surface("w13x2v0") == "w13x2v0"
    assert joined.surface("nowhere") == "nowhere"
    with pytest.raises(KeyError):
        joined.vocabulary()["nowhere"]


def test_a_word_in_every_chunk_of_a_small_index_still_counts_where_it_is_rare_in_all(tmp_path: Path) -> None:
    with (
        made_index(tmp_path / "a", *several(range(30))) as first,
        made_index(tmp_path / "b", made(99, sentences=1)) as second,
    ):
        best = FederatedIndex(first, second, settings=SETTINGS).search("w99x0v0", limit=3)[0]
    assert best.chunk.article_id == "a0099"
    assert best.ranks.keyword == 1


def test_an_article_is_found_wherever_it_is(joined: FederatedIndex) -> None:
    assert joined.article("a0003") == made(3)
    assert joined.article("a0013") == made(13)
    with pytest.raises(IndexFault, match="no article 'a0099'"):
        joined.article("a0099")


def test_a_change_of_any_changes_the_generation_and_is_seen(
    pair: tuple[Index, Index], joined: FederatedIndex
) -> None:
    seen = joined.generation
    for index, number in zip(pair, (20, 21), strict=True):
        index.add([made(number)])
        assert joined.generation > seen
        seen = joined.generation
        assert joined.search(f"w{number}x1v0", limit=1)[0].chunk.article_id == f"a00{number}"
    pair[1].remove(["a0021"])
    assert joined.generation > seen
    with pytest.raises(IndexFault):
        joined.article("a0021")


def test_of_two_articles_with_one_id_the_later_index_s_counts(
    pair: tuple[Index, Index], joined: FederatedIndex
) -> None:
    later = replace(made(3, version=1), id="a0003")
    pair[1].add([later])
    assert joined.article("a0003") == later
    assert len(joined.listing()) == 15
    for question in ("w3x1v0", "w3x1v1"):
        for hit in joined.search(question, limit=20):
            assert hit.chunk.text == hit.chunk.span.of(joined.article(hit.chunk.article_id).text)


def test_ties_come_in_one_order(joined: FederatedIndex) -> None:
    first = joined.search("Report says it was found there", limit=15)
    assert all(joined.search("Report says it was found there", limit=15) == first for _ in range(3))


def test_closing_closes_all(pair: tuple[Index, Index], joined: FederatedIndex) -> None:
    joined.close()
    joined.close()
    for index in pair:
        with pytest.raises(IndexFault):
            index.listing()


@given(
    st.lists(
        st.tuples(st.floats(-1, 1), st.floats(0, 30), st.booleans(), st.booleans()), min_size=0, max_size=30
    ),
    st.integers(1, 10),
)
def test_the_order_does_not_hang_on_the_order_of_the_indexes(
    drawn: list[tuple[float, float, bool, bool]], size: int
) -> None:
    candidates = [
        Candidate(
            scope=0,
            chunk_id=number,
            position=("a", number),
            cosine=cosine,
            bm25=bm25,
            by_vector=by_vector,
            by_keyword=by_keyword,
        )
        for number, (cosine, bm25, by_vector, by_keyword) in enumerate(drawn)
    ]
    ranked = rank(candidates, size=size, limit=size)
    assert rank(candidates[::-1], size=size, limit=size) == ranked
    assert [item.score for item in ranked] == sorted((item.score for item in ranked), reverse=True)
    assert all(item.ranks.vector or item.ranks.keyword for item in ranked)


# Asked by a chatbot


def same(answer: Answer, other: Answer) -> bool:
    return replace(answer, timings={}) == replace(other, timings={})


def test_an_empty_index_beside_it_changes_nothing(shipped: Chatbot, tmp_path: Path) -> None:
    assert isinstance(shipped.index, Index)
    with Index.open(tmp_path, embedder=open_embedder(), settings=SETTINGS) as empty:
        bot = Chatbot(FederatedIndex(shipped.index, empty, settings=SETTINGS))
        for question in (
            "How long did Colossus take to build?",
            "What is the capital of France?",
            "Summarise the article.",
            "who fouded Antropic?",
        ):
            assert same(bot.ask(question), shipped.ask(question))


@pytest.mark.parametrize(
    ("question", "words", "own_article"),
    [
        ("Who opened the Larkwater bridge?", "Edith Thornbury", True),
        ("What did the bridge cost?", "310,000 pounds", True),
        ("Who was the bridge's architect?", "Owen Pellew", True),
        ("How long did Colossus take to build?", "122 days", False),
        ("Who founded Anthropic?", "Amodei", False),
    ],
)
def test_each_question_is_answered_from_the_right_article(
    both: Chatbot, question: str, words: str, own_article: bool
) -> None:
    answer = both.ask(question)
    assert not answer.abstained
    assert words in answer.text
    assert (answer.citations[0].article_id == BRIDGE.id) is own_article
    for citation in answer.citations:
        assert citation.support == "quoted"
        assert citation.quote == citation.span.of(both.index.article(citation.article_id).text)
    assert same(both.ask(question), answer)


@pytest.mark.parametrize("question", ["What is the capital of France?", "How do I bake sourdough bread?"])
def test_foreign_questions_are_declined(both: Chatbot, question: str) -> None:
    assert both.ask(question).abstained


def test_a_misspelt_word_of_either_is_put_right(both: Chatbot) -> None:
    assert (
        both.ask("Who opened the Larkwatr bridge?").standalone_question == "Who opened the Larkwater bridge?"
    )
    assert both.ask("who fouded Antropic?").standalone_question == "who founded Anthropic?"
