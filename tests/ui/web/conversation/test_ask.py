"""A visitor's question as the page gets it: which articles were asked is kept with what came of it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Event

import pytest

from rag.chatbot import QUOTES
from rag.errors import SettingsError
from rag.filters import EVERYTHING, Filter
from rag.index.index import Index
from rag.models.embedders import open_embedder
from rag.schema import Article
from rag.settings import Settings
from ui.web.access.visitors import browser
from ui.web.conversation.ask import Talk, Underway
from ui.web.conversation.chatbots import Desk
from ui.web.conversation.saved import Chats
from ui.web.conversation.slots import Slots
from ui.web.library.visitor_articles import Shelves

ANNA = browser("anna")
COST = "What did the Larkwater bridge cost?"
SETTINGS = Settings()


class Place:
    """What a question needs: articles, conversations, and who answers."""

    def __init__(self, folder: Path, base: Index) -> None:
        self.chats = Chats(folder / "chats.db")
        self.shelves = Shelves(folder / "visitors", base=base, settings=SETTINGS)
        self.slots = Slots(at_once=1, waiting=1)
        desk = Desk(self.shelves, model=QUOTES, settings=SETTINGS, slots=self.slots)
        self.talk = Talk(desk=desk, chats=self.chats, settings=SETTINGS)

    def ask(self, *, within: Filter = EVERYTHING) -> list[Underway]:
        return list(self.talk.ask(ANNA, COST, within=within, stop=Event()))


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


def test_only_the_articles_chosen_answer_and_that_is_kept(place: Place) -> None:
    within = Filter(publishers=("coast news",), after=date(2026, 5, 1))
    states = place.ask(within=within)
    said = "Only 1 article by “coast news”, dated 2026-05-01 or later was searched."
    assert next(state for state in states if state.stage == "writing").answer.limited == said
    (kept,) = place.chats.read(ANNA, states[0].conversation)
    assert "19 million" in kept.answer.text
    assert "12 million" not in kept.answer.text
    assert kept.answer.within == within
    assert states[-1].turn == kept.id


def test_a_visitors_own_articles_can_be_asked_alone(place: Place) -> None:
    place.shelves.paste(ANNA, "My notes", "The Larkwater bridge cost 25 million pounds to build, I heard.")
    (mine,) = [item.id for item in place.shelves.listing(ANNA) if item.own]
    states = place.ask(within=Filter(articles=(mine,)))
    (kept,) = place.chats.read(ANNA, states[0].conversation)
    assert {citation.article_id for citation in kept.answer.citations} == {mine}
    assert kept.answer.limited == "Only 1 article titled “My notes” was searched."


def test_the_quotes_are_named_before_a_word_is_written(place: Place) -> None:
    states = place.ask()
    assert "reading" not in [state.stage for state in states]  # no model is there to wait for
    first = next(state for state in states if state.answer.quotes)
    assert first.answer.text == ""
    assert first.answer.quotes == states[-1].answer.quotes


def test_where_no_article_matches_the_answer_says_so_and_is_kept(place: Place) -> None:
    states = place.ask(within=Filter(before=date(1999, 12, 31)))
    (kept,) = place.chats.read(ANNA, states[0].conversation)
    assert kept.answer.abstained
    assert kept.answer.text == (
        "The articles do not say. No article matches: none is dated 1999-12-31 or earlier."
    )


def test_a_name_that_no_article_has_is_a_line_and_begins_no_conversation(place: Place) -> None:
    with pytest.raises(SettingsError, match="did you mean 'Coast News'"):
        place.ask(within=Filter(publishers=("Coast Newz",)))
    assert place.chats.listing(ANNA) == ()


@pytest.mark.parametrize("by_button", [True, False])
def test_what_was_stopped_keeps_what_came_and_which_articles_were_asked(
    place: Place, *, by_button: bool
) -> None:
    within = Filter(publishers=("Coast News",))
    stop = Event()
    states = place.talk.ask(ANNA, COST, within=within, stop=stop)
    chat = next(states).conversation
    assert next(state for state in states if state.answer.quotes).answer.text == ""
    if by_button:
        stop.set()
        assert [state.stopped for state in states] == [True]
    else:
        states.close()
    (kept,) = place.chats.read(ANNA, chat)
    assert kept.stopped
    assert kept.answer.within == within
    assert kept.answer.limited == "Only 1 article by “Coast News” was searched."
    assert "19 million" in " ".join(source.text for source in kept.answer.sources)


def test_a_question_in_the_place_of_another_takes_what_came_after_it_away(place: Place) -> None:
    first = place.ask()[-1]
    list(place.talk.ask(ANNA, "And who said so?", conversation=first.conversation, stop=Event()))
    list(place.talk.ask(ANNA, COST, conversation=first.conversation, instead=first.turn, stop=Event()))
    (kept,) = place.chats.read(ANNA, first.conversation)
    assert kept.question == COST
    assert kept.id != first.turn


def test_questions_offered_next_are_answered_by_the_articles_asked(place: Place) -> None:
    for within in (EVERYTHING, Filter(publishers=("Bay Post",))):
        for question in place.talk.follow_ups(ANNA, place.ask(within=within)[-1].answer):
            *_, last = place.talk.ask(ANNA, question, within=within, stop=Event())
            assert not last.answer.abstained


def test_a_question_waits_for_a_place_and_can_be_stopped_meanwhile(place: Place) -> None:
    stop = Event()
    states = place.talk.ask(ANNA, COST, stop=stop)
    with place.slots.place():
        waiting = [next(states) for _ in range(3)]
        assert [(state.stage, state.changed) for state in waiting] == [
            ("searching", True),
            ("searching", False),
            ("searching", False),
        ]
        stop.set()
        *_, last = states
    assert (last.stopped, last.answer.text) == (True, "")
    assert place.ask()[-1].stage == "whole"  # the place is there for the next


def test_a_question_that_waited_is_answered_when_the_place_is_free(place: Place) -> None:
    states = place.talk.ask(ANNA, COST, stop=Event())
    with place.slots.place():
        next(states)
        assert not next(states).changed
    *_, last = states
    assert (last.stage, last.stopped) == ("whole", False)
    assert "million" in last.answer.text
