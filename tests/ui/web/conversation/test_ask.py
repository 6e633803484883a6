"""A visitor's question as the page gets it: which articles were asked is kept with what came of it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rag.chatbot import QUOTES
from rag.filters import EVERYTHING, Filter
from rag.index.index import Index
from rag.models.embedders import open_embedder
from rag.schema import Article
from rag.settings import Settings
from ui.web.access.visitors import browser
from ui.web.conversation.ask import Event, Talk
from ui.web.conversation.chatbots import Desk
from ui.web.conversation.saved import Chats
from ui.web.library.visitor_articles import Shelves

ANNA = browser("anna")
COST = "What did the Larkwater bridge cost?"
SETTINGS = Settings()


class Place:
    """What a question needs: articles, conversations, and who answers."""

    def __init__(self, folder: Path, base: Index) -> None:
        self.chats = Chats(folder / "chats.db")
        self.shelves = Shelves(folder / "visitors", base=base, settings=SETTINGS)
        desk = Desk(self.shelves, model=QUOTES, settings=SETTINGS)
        self.talk = Talk(desk=desk, chats=self.chats, shelves=self.shelves, settings=SETTINGS)

    def ask(self, *, within: Filter = EVERYTHING, conversation: str = "") -> list[Event]:
        return list(self.talk.ask(ANNA, COST, conversation=conversation, model="", instead="", within=within))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with Index.open(tmp_path / "base", embedder=open_embedder("minilm"), settings=SETTINGS) as base:
        for name, cost, when in (("Bay Post", 12, date(2026, 3, 2)), ("Coast News", 19, date(2026, 5, 20))):
            text = f"The Larkwater bridge cost {cost} million pounds to build, the council said."
            base.add([Article(id=name, title="The bridge", text=text, publisher=name, date=when)])
        made = Place(tmp_path, base)
        yield made
        made.chats.close()
        made.shelves.close()


def kinds(events: list[Event]) -> list[object]:
    return [event["kind"] for event in events]


def test_only_the_articles_chosen_answer_and_a_reload_shows_which(place: Place) -> None:
    within = Filter(publishers=("coast news",), after=date(2026, 5, 1))
    events = place.ask(within=within)
    said = "Only 1 article by “coast news”, dated 2026-05-01 or later was searched."
    assert next(event for event in events if event["kind"] == "evidence")["limited"] == said
    (kept,) = place.chats.read(ANNA, str(events[0]["conversation"]))
    assert "19 million" in kept.answer.text
    assert "12 million" not in kept.answer.text
    assert kept.answer.within == within
    shown = place.talk.turn(ANNA, kept)
    assert shown["within"] == {
        "publishers": ["coast news"],
        "after": "2026-05-01",
        "before": None,
        "articles": [],
    }


def test_a_visitors_own_articles_can_be_asked_alone(place: Place) -> None:
    place.shelves.paste(ANNA, "My notes", "The Larkwater bridge cost 25 million pounds to build, I heard.")
    (mine,) = [item.id for item in place.shelves.listing(ANNA) if item.own]
    events = place.ask(within=Filter(articles=(mine,)))
    (kept,) = place.chats.read(ANNA, str(events[0]["conversation"]))
    assert {citation.article_id for citation in kept.answer.citations} == {mine}
    assert kept.answer.limited == "Only 1 article titled “My notes” was searched."


def test_the_quotes_are_named_before_a_word_is_written(place: Place) -> None:
    events = place.ask()
    evidence = next(event for event in events if event["kind"] == "evidence")
    assert evidence["reading"] is False  # no model is there to wait for
    (kept,) = place.chats.read(ANNA, str(events[0]["conversation"]))
    assert evidence["quotes"] == list(kept.answer.quotes)
    assert kept.answer.quotes


def test_where_no_article_matches_the_answer_says_so_and_is_kept(place: Place) -> None:
    events = place.ask(within=Filter(before=date(1999, 12, 31)))
    assert kinds(events)[-2:] == ["done", "follow"]
    (kept,) = place.chats.read(ANNA, str(events[0]["conversation"]))
    assert kept.answer.abstained
    assert kept.answer.text == (
        "The articles do not say. No article matches: none is dated 1999-12-31 or earlier."
    )


def test_a_name_that_no_article_has_is_a_line_and_begins_no_conversation(place: Place) -> None:
    (said,) = place.ask(within=Filter(publishers=("Coast Newz",)))
    assert said["kind"] == "error"
    assert "did you mean 'Coast News'" in str(said["message"])
    assert place.chats.listing(ANNA) == ()


def test_what_was_stopped_keeps_which_articles_were_asked(place: Place) -> None:
    within = Filter(publishers=("Coast News",))
    events = place.talk.ask(ANNA, COST, conversation="", model="", instead="", within=within)
    chat = ""
    for event in events:
        chat = chat or str(event["conversation"])
        if event["kind"] == "pieces":
            break
    events.close()
    (kept,) = place.chats.read(ANNA, chat)
    assert kept.stopped
    assert kept.answer.within == within
    assert kept.answer.limited == "Only 1 article by “Coast News” was searched."


def test_what_was_stopped_before_a_word_was_written_keeps_its_sources(place: Place) -> None:
    events = place.talk.ask(ANNA, COST, conversation="", model="", instead="", within=EVERYTHING)
    start = next(events)
    assert next(events)["kind"] == "evidence"
    events.close()
    (kept,) = place.chats.read(ANNA, str(start["conversation"]))
    assert kept.stopped
    assert kept.answer.text == ""
    assert "12 million" in " ".join(source.text for source in kept.answer.sources)


def test_questions_offered_next_are_answered_by_the_articles_asked(place: Place) -> None:
    for within in (EVERYTHING, Filter(publishers=("Bay Post",))):
        events = place.ask(within=within)
        for question in events[-1]["questions"]:  # type: ignore[union-attr]
            found = list(
                place.talk.ask(ANNA, str(question), conversation="", model="", instead="", within=within)
            )
            assert not next(event for event in found if event["kind"] == "evidence")["abstained"]
