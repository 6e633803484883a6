"""Filters: what they let in, what they refuse, and searches that they limit."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag import Filter, ask
from rag.chatbot import Chatbot
from rag.errors import SettingsError
from rag.filters import (
    EVERYTHING,
    ArticleFacts,
    FilterMatch,
    day,
    describe_limits,
    match_articles,
    read_filter,
)
from rag.index.federated import FederatedIndex
from rag.index.hybrid_search import PreparedQuestion
from rag.index.index import Index
from rag.langchain import ArticleRetriever, as_runnable
from rag.models.writers import Writer
from rag.schema import Article, Finished, Retrieved
from rag.settings import Settings
from rag.storage import exact_search
from rag.storage.local import vector_search
from tests.support.embedder import embedder, made
from tests.support.language_model import ScriptedChat

SETTINGS = Settings()
ALL = 300  # more chunks than any index here has
MAY = date(2026, 5, 1)
KNOWN = {
    "a": ArticleFacts("Coast News", MAY, 2),
    "b": ArticleFacts("Coast News", date(2026, 5, 31), 3),
    "c": ArticleFacts("Bay Post", None, 4),
    "d": ArticleFacts("", date(2026, 6, 1), 5),
}


def placed(number: int) -> Article:
    """An article of one of three publishers, on one of seven days of May or on none."""
    when = None if number % 8 == 7 else date(2026, 5, 1 + number % 8)
    return replace(made(number, sentences=6), publisher=f"Publisher {number % 3}", date=when)


def ids(within: Filter) -> str:
    return "".join(sorted(match_articles(within, KNOWN).articles))


# What a filter lets in


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (Filter(), "abcd"),
        (Filter(publishers=("Coast News",)), "ab"),
        (Filter(publishers=("COAST news", "Bay Post")), "abc"),
        (Filter(publishers=("",)), "d"),
        (Filter(after=MAY), "abd"),
        (Filter(after=date(2026, 5, 2)), "bd"),
        (Filter(before=date(2026, 5, 31)), "ab"),
        (Filter(after=date(2026, 5, 31), before=date(2026, 5, 31)), "b"),
        (Filter(articles=("c", "a")), "ac"),
        (Filter(articles=("c",), before=MAY), ""),
        (Filter(publishers=("Bay Post",), articles=("a",)), ""),
    ],
)
def test_an_article_must_match_every_part_and_the_ends_of_a_range_are_in_it(
    within: Filter, expected: str
) -> None:
    assert ids(within) == expected


def test_chunks_are_counted_and_articles_that_only_lack_a_date(tmp_path: Path) -> None:
    assert match_articles(Filter(after=MAY), KNOWN) == FilterMatch(
        articles=frozenset("abd"), chunks=10, undated=1, asked="dated 2026-05-01 or later"
    )
    assert match_articles(Filter(publishers=("Coast News",)), KNOWN).undated == 0


@pytest.mark.parametrize(
    ("within", "words"),
    [
        (Filter(publishers=("Coast New",)), "no article is by the publisher 'Coast New': did you mean 'Coast News'?"),
        (Filter(publishers=("Zzz",)), "no article is by the publisher 'Zzz': there are 'Bay Post', 'Coast News'"),
        (Filter(publishers=("Bay Post", "x" * 5000)), "there are 'Bay Post'"),
        (Filter(articles=("a", "e")), "no article has the id 'e': there are 'a', 'b', 'c', 'd'; `pincite list`"),
    ],
)  # fmt: skip
def test_a_name_that_no_article_has_is_refused_with_those_most_like_it(within: Filter, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        match_articles(within, KNOWN)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_without_any_article_every_name_is_unknown() -> None:
    with pytest.raises(SettingsError, match="there are none to choose from"):
        match_articles(Filter(publishers=("Coast News",)), {})


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"after": date(2026, 5, 2), "before": MAY}, "after '2026-05-02' is later than before '2026-05-01'"),
        ({"publishers": "Coast News"}, "publishers is 'Coast News': give a tuple of strings"),
        ({"articles": (1,)}, "articles holds 1"),
        ({"articles": None}, "articles is None"),
        ({"after": "2026-05-01"}, "after is '2026-05-01': give a datetime.date"),
        ({"before": datetime(2026, 5, 1)}, "give a datetime.date"),
    ],
)
def test_a_part_that_makes_no_sense_is_one_clear_line(parts: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Filter(**parts)  # type: ignore[arg-type]
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "text", ["1 May", "2026-5-1", "20260501", "2026-W18-5", "2026-02-30", "", "٢٠٢٦-٠٥-٠١"]
)
def test_a_day_is_written_in_one_way(text: str) -> None:
    with pytest.raises(SettingsError, match="as 2026-05-01"):
        day(text)


def test_a_day_is_read() -> None:
    assert day("2026-05-01") == MAY


def test_a_program_says_it_in_plain_values_and_empty_ones_ask_nothing() -> None:
    assert read_filter(publishers=["A"], after="2026-05-01", before="", articles=None) == Filter(
        publishers=("A",), after=MAY
    )
    assert read_filter() == EVERYTHING
    for parts in ({"after": 20260501}, {"publishers": "A"}, {"articles": [1]}, {"publishers": 5}):
        with pytest.raises(SettingsError):
            read_filter(**parts)


def test_a_list_of_names_is_taken_and_filters_of_equal_parts_are_equal() -> None:
    given_list: list[str] = ["a"]
    assert Filter(articles=given_list) == Filter(articles=("a",))  # type: ignore[arg-type]
    assert not Filter()
    assert Filter() == EVERYTHING
    assert Filter(before=MAY)


def test_what_was_searched_is_said_in_words() -> None:
    whole = Filter(publishers=("Coast News", "Bay Post"), after=MAY, before=date(2026, 5, 31))
    assert describe_limits(whole, match_articles(whole, KNOWN)) == (
        "Only 2 articles by “Coast News” or “Bay Post”, dated 2026-05-01 to 2026-05-31 were searched. "
        "1 article has no date and can match no range of dates."
    )
    one = Filter(articles=("a",))
    assert describe_limits(one, match_articles(one, KNOWN)) == "Only 1 article with the id “a” was searched."
    none = Filter(after=date(2027, 1, 1), articles=("a", "b"))
    assert describe_limits(none, match_articles(none, KNOWN)) == (
        "No article matches: none is dated 2027-01-01 or later, with the id “a” or “b”."
    )
    assert describe_limits(EVERYTHING, match_articles(EVERYTHING, KNOWN)) == ""
    assert Filter(articles=tuple("abcdef")).described == "with the id “a”, “b”, “c”, “d” or 2 more"


def test_articles_are_named_by_their_titles_where_all_have_one() -> None:
    both = Filter(publishers=("Coast News",), articles=("a", "b", "c"))
    titled = {key: replace(one, title=f"The {key}") for key, one in KNOWN.items()}
    assert match_articles(both, titled).asked == "by “Coast News”, titled “The a”, “The b” or “The c”"
    same = {key: replace(one, title="The light") for key, one in KNOWN.items()}
    assert match_articles(Filter(articles=("a", "b")), same).asked == "titled “The light”"
    half = {**titled, "b": KNOWN["b"]}
    assert match_articles(Filter(articles=("a", "b")), half).asked == "with the id “a” or “b”"
    long = {"a": replace(KNOWN["a"], title="x" * 500)}
    assert match_articles(Filter(articles=("a",)), long).asked == f"titled “{'x' * 79}…”"


# Searching


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("filtered")
    with Index.open(folder, embedder=embedder(), settings=SETTINGS) as index:
        index.add([placed(number) for number in range(40)])
        index.add([placed(number) for number in range(40, 44)])  # newer than the snapshot
        yield index


def vector_hits(
    index: Index, question: PreparedQuestion, *, articles: frozenset[str] | None, limit: int
) -> list[tuple[str, int, float]]:
    """The nearest chunks of these articles: article id, start and cosine."""
    with index.reading():
        scope = index.scope(question, articles)
        hits = scope.backend.vector_search(question.vector, limit=limit, among=scope.chunk_ids)
    return [(hit.article_id, hit.start, hit.cosine) for hit in hits]


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
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(vector_search, "FEW", 0)
            patch.setattr(exact_search, "_BLOCK", 3)
            found = scope.backend.vector_search(asked.vector, limit=size, among=scope.chunk_ids)
    # A snapshot reckons in single precision: at the end it chooses among all but equal ones, filter or not.
    assert [one.cosine for one in found] == pytest.approx([one.cosine for one in compared], abs=1e-6)
    clear = compared[-1].cosine + 1e-6 if compared else 0.0
    assert [one for one in found if one.cosine > clear] == [one for one in compared if one.cosine > clear]
    assert scope.chunk_ids is not None
    assert {one.id for one in found} <= scope.chunk_ids
    assert len(compared) == min(size, len(scope.chunk_ids))


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


# Asking

BRIDGE = "The Larkwater bridge cost {} million pounds to build, the council said."
STORIES = (
    Article(
        id="bay",
        title="The bridge",
        text=BRIDGE.format(12),
        publisher="Bay Post",
        date=date(2026, 3, 2),
    ),
    Article(
        id="coast",
        title="The bridge",
        text=BRIDGE.format(19)[:-1] + " after a long meeting.",
        publisher="Coast News",
        date=date(2026, 5, 20),
    ),
    Article(id="undated", title="The harbour", text="The harbour of Vell was dug in 1902.", publisher="Vell"),
)
COST = "What did the Larkwater bridge cost?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stories")
    for one in STORIES:
        day_line = f"date: {one.date}\n" if one.date else ""
        head = f"---\ntitle: {one.title}\npublisher: {one.publisher}\n{day_line}---\n"
        (folder / f"{one.id}.md").write_text(head + one.text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def bot(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    with Chatbot.open(corpus=folder, index=tmp_path_factory.mktemp("stories-index"), model="quotes") as bot:
        yield bot


def test_two_articles_that_disagree_are_both_shown_with_their_dates(bot: Chatbot) -> None:
    answer = bot.ask(COST)
    assert {citation.article_id for citation in answer.citations} == {"bay", "coast"}
    shown = str(answer)
    for words in ("12 million", "19 million", "2026-03-02", "2026-05-20"):
        assert words in shown
    said = "The articles differ: 12 million pounds (Bay Post, 2026-03-02) and 19 million pounds (Coast News, 2026-05-20, the newer)."  # noqa: E501
    assert [one.described for one in answer.differing] == [said]
    assert said in shown
    assert said not in answer.text
    assert bot.ask(COST, within=Filter(publishers=("Bay Post",))).differing == ()


def test_the_latest_of_two_articles_comes_first_where_it_is_asked_for(bot: Chatbot) -> None:
    answer = bot.ask("What did the Larkwater bridge cost most recently?")
    assert [citation.article_id for citation in answer.citations] == ["coast", "bay"]
    assert bot.ask(COST).citations[0].article_id == "bay"


@pytest.mark.parametrize(
    ("within", "words"),
    [
        (Filter(publishers=("Bay Post",)), "12 million"),
        (Filter(publishers=("coast news",)), "19 million"),
        (Filter(after=MAY), "19 million"),
        (Filter(before=MAY), "12 million"),
        (Filter(articles=("coast",)), "19 million"),
    ],
)
def test_only_the_articles_that_match_answer(bot: Chatbot, within: Filter, words: str) -> None:
    answer = bot.ask(COST, within=within)
    assert not answer.abstained
    assert words in answer.text
    kept = bot.index.admitted(within).articles
    assert {item.article_id for item in answer.evidence} <= kept
    assert {hit.chunk.article_id for hit in bot.retrieve(COST, limit=9, within=within)} == kept


def test_a_refusal_says_that_the_search_was_limited(bot: Chatbot) -> None:
    answer = bot.ask("Who won the chess championship in Brazil?", within=Filter(publishers=("Coast News",)))
    assert answer.abstained
    assert answer.text.startswith("The articles do not say.")
    assert answer.text.endswith("Only 1 article by “Coast News” was searched.")
    assert {item.article_id for item in answer.evidence} == {"coast"}


def test_where_no_article_matches_the_answer_says_so(bot: Chatbot) -> None:
    events = list(bot.stream(COST, within=Filter(after=date(2027, 1, 1))))
    assert isinstance(events[0], Retrieved)
    assert events[0].abstained
    assert isinstance(events[-1], Finished)
    answer = events[-1].answer
    assert answer.abstained
    assert answer.text == (
        "The articles do not say. No article matches: none is dated 2027-01-01 or later. "
        "1 article has no date and can match no range of dates."
    )
    assert (answer.evidence, answer.citations, answer.confidence) == ((), (), 0.0)
    assert {"retrieve", "evidence", "write", "total"} <= answer.timings.keys()


def test_a_summary_is_of_the_matching_articles(bot: Chatbot) -> None:
    answer = bot.ask("Summarise the articles.", within=Filter(publishers=("Vell",)))
    assert {citation.article_id for citation in answer.citations} == {"undated"}


def test_a_model_that_finds_no_answer_is_reported_with_what_was_searched(bot: Chatbot) -> None:
    writer = Writer(
        name="scripted",
        model=ScriptedChat(replies=["NOT IN THE ARTICLES"]),
        small=False,
        context_tokens=4096,
    )
    answer = Chatbot(bot.index, writer=writer).ask(COST, within=Filter(articles=("bay",)))
    assert answer.abstained
    assert answer.text.endswith("Only 1 article titled “The bridge” was searched.")


def test_an_answer_keeps_which_articles_were_asked_and_says_so_once(bot: Chatbot) -> None:
    within = Filter(publishers=("Bay Post",))
    first, *_, last = bot.stream(COST, within=within)
    assert isinstance(first, Retrieved)
    assert isinstance(last, Finished)
    assert first.limited == last.answer.limited == "Only 1 article by “Bay Post” was searched."
    assert last.answer.within == within
    assert str(last.answer).count(last.answer.limited) == 1
    declined = bot.ask("Who sank the Titanic?", within=within)
    assert declined.abstained
    assert str(declined).count(declined.limited) == 1
    assert bot.ask(COST).limited == ""


def test_an_unknown_name_or_no_filter_at_all_is_one_clear_line(bot: Chatbot) -> None:
    with pytest.raises(SettingsError, match="did you mean 'Coast News'"):
        bot.ask(COST, within=Filter(publishers=("Coast Newz",)))
    with pytest.raises(SettingsError, match=r"within is a dict: give a rag\.Filter"):
        bot.ask(COST, within={"after": MAY})  # type: ignore[arg-type]


def test_ask_and_the_runnable_take_a_filter(bot: Chatbot, folder: Path, private_home: Path) -> None:
    within = Filter(articles=("bay",))
    assert "12 million" in as_runnable(bot).invoke({"question": COST, "within": within}).text
    assert "12 million" in ask(COST, corpus=folder, model="quotes", within=within).text
