"""Conversations as they are kept: apart from each other, whole, and still there after a restart."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.chatbot import Chatbot
from rag.schema import Answer
from ui.web.access.visitors import browser, user
from ui.web.conversation import saved
from ui.web.conversation.saved import Chats
from ui.web.refusal import Refusal

ANNA, BERT = browser("anna"), user("bert")
START = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Clock:
    """Goes on by a second whenever it is read."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    made = Chats(tmp_path / "chats.db", now=Clock())
    yield made
    made.close()


def answer(text: str) -> Answer:
    return Answer(question="q", standalone_question="q", text=text, model="quotes")


def keep(chats: Chats, chat: str, text: str, *, instead: str | None = None) -> str:
    kept = chats.keep(ANNA, chat, question=text, answer=answer(text), stopped=False, instead=instead)
    return kept.id


def test_an_answer_is_read_again_as_it_was_after_a_restart(tmp_path: Path, shipped: Chatbot) -> None:
    given_answer = shipped.ask("How long did Colossus take to build?")
    assert given_answer.citations
    first = Chats(tmp_path / "chats.db")
    chat = first.begin(ANNA, title="Colossus")
    kept = first.keep(ANNA, chat, question="How long?", answer=given_answer, stopped=False, instead=None)
    first.close()

    second = Chats(tmp_path / "chats.db")
    again = second.read(ANNA, chat)
    second.close()
    assert again == (kept,)
    assert again[0].answer == given_answer


def test_another_visitors_conversation_does_not_exist(chats: Chats) -> None:
    chat = chats.begin(ANNA, title="mine")
    turn = keep(chats, chat, "secret")
    assert chats.listing(BERT) == ()
    for reach in (
        lambda: chats.read(BERT, chat),
        lambda: chats.turn(BERT, turn),
        lambda: chats.rename(BERT, chat, "yours"),
        lambda: chats.delete(BERT, chat),
        lambda: chats.rate(BERT, turn, liked=True, note=""),
        lambda: chats.keep(BERT, chat, question="x", answer=answer("x"), stopped=False, instead=None),
    ):
        with pytest.raises(Refusal, match="there is no such") as refused:
            reach()
        assert refused.value.status == 404
    assert [kept.question for kept in chats.read(ANNA, chat)] == ["secret"]
    assert chats.listing(ANNA)[0].title == "mine"


def test_conversations_are_listed_with_the_last_changed_first(chats: Chats) -> None:
    first, second = chats.begin(ANNA, title="first"), chats.begin(ANNA, title="second")
    empty = chats.begin(ANNA, title="never asked")
    keep(chats, first, "a")
    keep(chats, second, "b")
    keep(chats, first, "c")
    listed = chats.listing(ANNA)
    assert [(item.id, item.turns) for item in listed] == [(first, 2), (second, 1)]
    assert empty not in {item.id for item in listed}
    assert listed[0].changed > listed[1].changed


def test_a_question_asked_instead_of_another_takes_its_place_and_that_of_all_after_it(chats: Chats) -> None:
    chat = chats.begin(ANNA, title="x")
    keep(chats, chat, "one")
    two = keep(chats, chat, "two")
    keep(chats, chat, "three")
    keep(chats, chat, "two, mended", instead=two)
    assert [kept.question for kept in chats.read(ANNA, chat)] == ["one", "two, mended"]


def test_deleting_a_conversation_deletes_its_answers_and_what_was_said_of_them(chats: Chats) -> None:
    chat, other = chats.begin(ANNA, title="x"), chats.begin(ANNA, title="y")
    turn, left = keep(chats, chat, "gone"), keep(chats, other, "left")
    chats.rate(ANNA, turn, liked=False, note="no")
    chats.rate(ANNA, left, liked=True, note="yes")
    chats.delete(ANNA, chat)
    with pytest.raises(Refusal):
        chats.turn(ANNA, turn)
    assert [item.note for item in chats.feedback()] == ["yes"]


def test_conversations_are_found_by_title_question_and_answer(chats: Chats) -> None:
    light, ferry = chats.begin(ANNA, title="The Light"), chats.begin(ANNA, title="Ferry")
    for chat, question, said in (
        (light, "Who built it?", "Käthe “Keller”"),
        (ferry, "How many?", "240 people"),
    ):
        chats.keep(ANNA, chat, question=question, answer=answer(said), stopped=False)
    for words, found in (
        ("light", [light]),
        ("WHO built", [light]),
        ("KÄTHE ferry", []),
        ("ferry 240", [ferry]),
        ("citations", []),
        ("", [ferry, light]),
    ):
        assert [one.id for one in chats.listing(ANNA, words)] == found, words
    assert chats.listing(BERT, "light") == ()


def test_a_rating_is_changed_and_taken_back(chats: Chats) -> None:
    chat = chats.begin(BERT, title="x")
    kept = chats.keep(BERT, chat, question="why?", answer=answer("so"), stopped=False, instead=None)
    chats.rate(BERT, kept.id, liked=True, note="good\ud800")
    (said,) = chats.feedback()
    assert (said.name, said.liked, said.note, said.question, said.answer.text) == (
        "bert",
        True,
        "good?",
        "why?",
        "so",
    )
    chats.rate(BERT, kept.id, liked=False, note="")
    assert [item.liked for item in chats.feedback()] == [False]
    chats.rate(BERT, kept.id, liked=None, note="left over")
    assert list(chats.feedback()) == []
    assert chats.turn(BERT, kept.id).note == ""


def test_what_was_said_comes_in_its_order_with_what_came_before_in_its_conversation(chats: Chats) -> None:
    first, second = chats.begin(ANNA, title="x"), chats.begin(BERT, title="y")
    one, two = keep(chats, first, "one"), keep(chats, first, "two")
    other = chats.keep(BERT, second, question="other", answer=answer("other"), stopped=False).id
    for who, turn in ((ANNA, two), (BERT, other), (ANNA, one)):
        chats.rate(who, turn, liked=True, note="")
    said = list(chats.feedback())
    assert [item.id for item in said] == [two, other, one]
    assert [[earlier.text for earlier in item.before] for item in said] == [["one"], [], []]


def test_a_note_too_long_and_a_title_too_long_or_blank_are_refused_with_the_limit(chats: Chats) -> None:
    chat = chats.begin(ANNA, title="x")
    turn = keep(chats, chat, "a")
    with pytest.raises(Refusal, match="a note of 2001 characters: give 2000 at most"):
        chats.rate(ANNA, turn, liked=True, note="x" * 2001)
    for title in ("", "  \n ", "x" * 201):
        with pytest.raises(Refusal, match="give 1 to 200 characters"):
            chats.rename(ANNA, chat, title)
    chats.rename(ANNA, chat, "  two\n words ")
    assert chats.listing(ANNA)[0].title == "two words"


def test_a_title_made_of_a_long_question_ends_between_words(chats: Chats) -> None:
    chat = chats.begin(ANNA, title="word " * 40)
    keep(chats, chat, "a")
    title = chats.listing(ANNA)[0].title
    assert title.endswith("word…")
    assert len(title) <= 81


def test_beyond_the_limit_the_oldest_conversation_goes(chats: Chats, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "_MOST_CHATS", 3)
    for at in range(5):
        keep(chats, chats.begin(ANNA, title=f"chat {at}"), "a")
    others = chats.begin(BERT, title="of another")
    chats.keep(BERT, others, question="a", answer=answer("a"), stopped=False, instead=None)
    assert [item.title for item in chats.listing(ANNA)] == ["chat 4", "chat 3", "chat 2"]
    assert len(chats.listing(BERT)) == 1


def test_where_the_clock_was_set_back_the_newest_conversation_stays_and_leads(
    chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "_MOST_CHATS", 2)
    clock = chats._now
    assert isinstance(clock, Clock)
    for title in ("a", "b", "c"):
        keep(chats, chats.begin(ANNA, title=title), "x")
        clock.at -= timedelta(days=400)
    assert [item.title for item in chats.listing(ANNA)] == ["c", "b"]


def test_a_conversation_whose_first_answer_is_under_way_stays(
    chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "_MOST_CHATS", 2)
    keep(chats, chats.begin(ANNA, title="a"), "x")
    first, second = (chats.begin(ANNA, title=title) for title in ("b", "c"))
    keep(chats, second, "x")
    keep(chats, first, "x")
    assert [item.title for item in chats.listing(ANNA)] == ["b", "c"]


def test_a_conversation_at_its_limit_says_to_start_a_new_one(
    chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "_MOST_TURNS", 2)
    chat = chats.begin(ANNA, title="x")
    keep(chats, chat, "a")
    last = keep(chats, chat, "b")
    for full in (lambda: keep(chats, chat, "c"), lambda: chats.before(ANNA, chat)):
        with pytest.raises(Refusal, match="has 2 questions and the limit is 2: start a new one") as refused:
            full()
        assert refused.value.status == 409
    assert [one.text for one in chats.before(ANNA, chat, instead=last)] == ["a"]
    keep(chats, chat, "b again", instead=last)  # takes a place that is there already


def test_an_answer_of_another_version_loses_its_text_and_nothing_else(tmp_path: Path) -> None:
    chats = Chats(tmp_path / "chats.db")
    chat = chats.begin(ANNA, title="x")
    keep(chats, chat, "a")
    with chats._database.writing():
        chats._database.run("UPDATE turns SET answer = '{}'")
    (kept,) = chats.read(ANNA, chat)
    chats.close()
    assert kept.question == "a"
    assert "was kept by another version of Pincite" in kept.answer.text


def test_many_threads_keep_answers_at_once(chats: Chats) -> None:
    chat = chats.begin(ANNA, title="x")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda at: keep(chats, chat, f"question {at}"), range(40)))
    assert {kept.question for kept in chats.read(ANNA, chat)} == {f"question {at}" for at in range(40)}


@given(text=st.text(st.characters(codec=None), max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_can_be_kept(chats: Chats, text: str) -> None:
    chat = chats.begin(ANNA, title=text)
    kept = chats.keep(ANNA, chat, question=text, answer=answer(text), stopped=True, instead=None)
    assert kept.question == text.encode("utf-8", "replace").decode()
    assert kept.stopped


def test_an_answer_kept_before_it_said_which_articles_were_asked_is_read(chats: Chats) -> None:
    chat = chats.begin(ANNA, title="old")
    turn = keep(chats, chat, "An old answer.")
    stored = json.loads(chats._database.run("SELECT answer FROM turns WHERE id = ?", turn)[0][0])
    for name in ("within", "limited", "differing"):
        del stored[name]
    with chats._database.writing():
        chats._database.run("UPDATE turns SET answer = ? WHERE id = ?", json.dumps(stored), turn)
    assert chats.turn(ANNA, turn).answer == answer("An old answer.")
