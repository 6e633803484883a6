"""Answers from the articles that a filter matches, and what they say of the limit."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rag import Filter, ask
from rag.chatbot import Chatbot
from rag.errors import SettingsError
from rag.events import Finished, Retrieved
from rag.langchain import as_runnable
from rag.models.writers import Writer
from rag.schema import Article
from tests.support.language_model import ScriptedChat

MAY = date(2026, 5, 1)
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
        context_tokens=4096,
    )
    answer = Chatbot(bot.index, writer=writer).ask(COST, within=Filter(articles=("bay",)))
    assert answer.abstained
    assert "Only 1 article titled “The bridge” was searched." in str(answer)


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
