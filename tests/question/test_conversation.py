import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question.conversation import (
    NO_EARLIER_ANSWER,
    NO_TRANSLATION,
    REPLIES,
    TurnKind,
    read_turn,
    searched_turns,
)
from rag.question.scope import breadth, summary_topic
from rag.schema import Turn

GARAGE = (
    Turn(question="Who founded the garage?", answer="“Mira Holt founded the garage in 1994.” [1]"),
    Turn(
        question="How big is the battery of the Plover?", answer="“Its battery holds 75 kilowatt hours.” [1]"
    ),
)

QUESTIONS = (
    "What can you do about rising rents?",
    "Who are you voting for, said Smith?",
    "Help for Ukraine: how much?",
    "Is that right of way public?",
    "How about hello kitty?",
    "What is Hello World?",
    "What is Thanksgiving?",
    "why?",
    "When?",
    "how many?",
    "no",
    "Hello Kitty",
    "Great Britain?",
    "Good Friday agreement",
    "Goodbye Lenin: who directed it?",
    "Hi-Fi prices?",
    "Nice is where?",
    "Cool runnings: who starred?",
    "Morning sickness causes",
    "Thanks for what?",
    "Who said thanks?",
    "No Thanks album",
    "What is Ciao?",
    "What is a good day's wage?",
    "Are you sure-footed goats?",
    "How does the pump work?",
    "How does this work?",
    "Tell me more about Dojo",
    "continue the lease: what terms?",
    "More than 100 GPUs?",
    "What else did Musk found?",
    "Is it true that rents rise?",
    "Why do you say that rents rise?",
    "Really, how big is it?",
    "Source code licence?",
    "What is the word for dog in German?",
    "How many books are published in German?",
    "Who speaks German?",
    "Translate hello into French",
    "Repeat offenders: how many?",
    "Summarise the news about security",
    "What is the policy about parental leave?",
    "What does the report say about GPUs?",
    "What is the conclusion of the trial?",
)

TURNS: dict[TurnKind, tuple[str, ...]] = {
    "greeting": (
        "hello", "Hi there!", "good morning", "HEY", "hey 👋", "Hallo", "bonjour", "Hello!!!", "hi, how are you?",
        "Good evening everyone", "hola",
    ),
    "thanks": (
        "thanks!", "Thank you very much", "great", "ok cool", "that helps", "danke", "merci beaucoup", "gracias",
        "grazie", "👍 thanks", "ok", "Thanks, that's very helpful!", "perfect, thank you so much", "got it",
        "Thanks a lot for your help", "wow", "no thanks", "awesome 🎉", "thx", "ありがとう",
    ),
    "goodbye": (
        "bye", "Goodbye!", "see you later", "thanks, bye", "tschüss", "good night", "that's all for today", "ciao",
        "ok thanks bye",
    ),
    "capabilities": (
        "what can you do?", "who are you?", "WHO ARE YOU", "help", "Help!", "what can I ask?", "What can I ask you?",
        "what are you?", "Are you a bot?", "how do I use this?", "hi, what can you do?", "How do you work?",
        "What questions can you answer?", "do you speak German?",
    ),
    "overview": (
        "what is this about?", "hi! what is this about?", "TLDR please", "tl;dr", "What topics are covered?",
        "summarise the articles in three bullets", "What are these documents about?", "Summarise this",
    ),
    "more": (
        "tell me more", "go on", "more details please", "can you elaborate?", "Tell me more about it", "more",
        "anything else?", "Continue.", "please explain further", "what else?", "Explain it like I'm five",
    ),
    "doubt": (
        "are you sure?", "really?", "is that right?", "why do you say that?", "Is that true?", "says who?", "sources?",
        "ARE YOU SURE ABOUT THAT??", "how do you know?", "that's wrong", "No, that can't be right", "Really? 🤔",
    ),
    "language": (
        "in German please", "auf Deutsch", "can you say that in French?", "translate that into Spanish", "en français",
        "auf deutsch bitte", "in Spanish", "please answer in Italian", "Can you translate it to Polish?",
        "French please",
    ),
    "repeat": ("can you repeat the first answer?", "say that again", "repeat that please", "what did you say?"),
    "correction": ("no, I meant the Kestrel", "I meant the Kestrel", "sorry, I meant who owns it?", "no, the Kestrel"),
}  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_never_swallowed(question: str) -> None:
    intent = read_turn(question, GARAGE)
    assert (intent.kind, intent.question, intent.reply) == ("question", question, "")


@pytest.mark.parametrize(("kind", "typed"), [(kind, typed) for kind, all_ in TURNS.items() for typed in all_])
def test_what_is_said_besides_questions_is_told_apart(kind: TurnKind, typed: str) -> None:
    intent = read_turn(typed, GARAGE)
    assert intent.kind == kind
    assert bool(intent.question) != bool(intent.reply)


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("hi, who founded Anthropic?", "who founded Anthropic?"),
        ("Hi who built it?", "who built it?"),
        ("thanks! and when was it founded?", "and when was it founded?"),
        ("Great, and when?", "and when?"),
        ("Who built it? Thanks!", "Who built it?"),
        ("Thank you. Who owns it, please?", "Who owns it, please?"),
        ("Hello 👋 where is it?", "where is it?"),
        ("ok thanks, how many GPUs?", "how many GPUs?"),
        ("Danke! Who built it?", "Who built it?"),
        ("good morning, what is “Colossus”?", "what is “Colossus”?"),
    ],
)
def test_a_pleasantry_beside_a_question_is_taken_off(typed: str, question: str) -> None:
    intent = read_turn(typed, GARAGE)
    assert (intent.kind, intent.question) == ("question", question)


@pytest.mark.parametrize(
    "question",
    [
        "What is this article about?", "What is the document about?", "What is this document about?",
        "What is this paper about?", "What's this PDF about?", "What’s this PDF about?", "What is the report about?",
        "What is this file about?", "What is the handbook about?", "What is this policy about?", "What is it about?",
        "what's in here?", "Summarize the document", "Summarize this", "Give me a summary of the policy", "TLDR",
        "Can you give an overview of this handbook?", "What are the key points of the document?",
        "What topics does it cover?", "What do these documents say?", "Explain this document to me",
        "Tell me about this document", "Explain it like I'm five", "Give me the conclusion",
    ],
)  # fmt: skip
def test_a_question_about_the_document_is_searched_as_a_summary_of_everything(question: str) -> None:
    intent = read_turn(question)
    assert intent.kind == "overview"
    assert breadth(intent.question) == "summary"
    assert summary_topic(intent.question) == ()


def test_a_whole_document_is_not_translated() -> None:
    intent = read_turn("Translate the document into French", GARAGE)
    assert (intent.kind, intent.language, intent.question, intent.reply) == (
        "language",
        "French",
        "",
        NO_TRANSLATION,
    )


@pytest.mark.parametrize("typed", ["tell me more", "are you sure?", "in German please", "repeat that"])
def test_without_an_earlier_answer_a_turn_about_it_says_so(typed: str) -> None:
    assert read_turn(typed).reply == NO_EARLIER_ANSWER
    assert read_turn(typed, [Turn(question="Hi", answer=REPLIES["greeting"])]).reply == NO_EARLIER_ANSWER


@pytest.mark.parametrize("typed", ["tell me more", "are you sure?", "in German please", "repeat that"])
def test_a_turn_about_the_answer_is_the_question_before_that_was_searched(typed: str) -> None:
    history = [*GARAGE, Turn(question="and the Kestrel?"), Turn(question="Thanks!"), Turn(question="go on")]
    assert read_turn(typed, history).question == "How big is the battery of the Kestrel?"


def test_the_first_answer_is_that_of_the_first_question() -> None:
    assert read_turn("Can you repeat the first answer?", GARAGE).question == GARAGE[0].question
    assert read_turn("repeat the fifth answer", GARAGE).reply == "There is no fifth answer yet."


def test_a_correction_asks_the_question_before_of_what_was_meant() -> None:
    intent = read_turn("no, I meant the Kestrel", GARAGE)
    assert intent.question == "How big is the battery of the Kestrel?"


@pytest.mark.parametrize(
    ("typed", "kind", "question", "language"),
    [
        ("auf Deutsch, bitte", "language", GARAGE[1].question, "German"),
        ("Who built it? In German, please", "question", "Who built it?", "German"),
        ("Summarise this in French", "overview", "Summarise this", "French"),
    ],
)
def test_the_language_of_the_answer_is_named(typed: str, kind: str, question: str, language: str) -> None:
    intent = read_turn(typed, GARAGE)
    assert (intent.kind, intent.question, intent.language) == (kind, question, language)


def test_it_may_be_the_thing_that_was_asked_about() -> None:
    assert read_turn("Summarise it in two sentences", GARAGE).kind == "question"
    assert (
        read_turn("Summarise it in two sentences", [Turn(question="What is this about?")]).kind == "overview"
    )
    assert read_turn("How does this work?").kind == "capabilities"
    assert read_turn("ciao").kind == "greeting"


def test_pleasantries_are_no_turns_that_were_searched() -> None:
    history = [Turn(question="Hi"), *GARAGE, Turn(question="thanks"), Turn(question="And the Kestrel?")]
    assert [turn.question for turn in searched_turns(history)] == [
        *(turn.question for turn in GARAGE),
        "How big is the battery of the Kestrel?",
    ]


@given(
    st.text(max_size=60),
    st.lists(st.sampled_from(["hi", "go on", "and it?", "Who is Mira Holt?", "no"]), max_size=6),
)
def test_every_turn_has_a_question_or_a_reply(typed: str, asked: list[str]) -> None:
    intent = read_turn(typed, [Turn(question=question) for question in asked])
    assert (intent.question == "") == bool(intent.reply) or not typed.strip()


@pytest.mark.parametrize(
    "piece", ["ok ", "thanks great ", "hello there ", "can you please ", "no, sorry ", "! "]
)
def test_a_long_turn_is_read_at_once(piece: str) -> None:
    started = time.perf_counter()
    assert read_turn(piece * (2000 // len(piece)) + "x?", GARAGE).kind == "question"
    assert time.perf_counter() - started < 2


def test_the_pronouns_of_the_turns_before_are_kept() -> None:
    history = [
        Turn(question="Who manages the hotel?", answer="“Petra Lind manages the hotel.” [1]"),
        Turn(question="Where did she study?", answer="“She studied in Uppsala.” [1]"),
    ]
    genders: dict[str, str] = {}
    searched = searched_turns(history, genders)
    assert searched[-1].question == "Where did Petra Lind study?"
    assert genders == {"Petra Lind": "f"}


def test_a_question_that_was_completed_is_not_completed_again() -> None:
    history = [
        Turn(question="When is it open on Saturdays?", answer="“It is open from 9 to 13.” [1]"),
        Turn(question="and on weekdays?", answer="“It is open from 8 to 18.” [1]"),
    ]
    assert searched_turns(history)[-1].question == "When is it open on weekdays?"
