"""The kind of a turn: a question, or what a person says besides, such as a greeting, "go on" and "are you sure?"."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import regex

from rag.question import phrases
from rag.question.followup import ask_about, completed
from rag.question.pleasantries import Pleasantry, pleasantry, without_pleasantries
from rag.question.scope import asks_overview
from rag.schema import Turn

TurnKind = Literal[
    "question",
    "greeting",
    "thanks",
    "goodbye",
    "capabilities",
    "overview",
    "more",
    "doubt",
    "language",
    "repeat",
    "correction",
    "address",
]

REPLIES: dict[Pleasantry | Literal["capabilities"], str] = {
    "greeting": "Hello! Ask me anything about the articles.",
    "thanks": "You are welcome. Ask on if you like.",
    "goodbye": "Goodbye!",
    "capabilities": (
        "Ask me anything about the articles, in your own words; follow-up questions work too. Each statement of an "
        "answer shows the words of the articles that it rests on, so that you can check it. Where the articles do not "
        "say, I say so."
    ),
}

NO_EARLIER_ANSWER = "There is no earlier answer yet. Ask a question about the articles first."
NO_ADDRESSES = "I do not open addresses. Add the page to the articles, and then ask about it."
NO_TRANSLATION = "I do not translate whole documents. Ask a question about the articles instead."
_ADDRESS = regex.compile(r"(?:https?://|\bwww\.)\S+", regex.IGNORECASE)
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1, "previous": -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnIntent:
    """What a turn wants.

    ``question`` is the question to search, and empty where nothing is searched; then ``reply`` is the text to show.
    For the kind ``question`` it is what was typed, without pleasantries, and may lean on the conversation; for the
    other kinds it stands alone. ``language`` is the English name of the language to answer in, or empty.
    """

    kind: TurnKind
    question: str = ""
    language: str = ""
    reply: str = ""


def read_turn(question: str, history: Sequence[Turn] = ()) -> TurnIntent:
    """Tell what ``question`` wants. Turns are oldest first, as they were typed. In doubt it is a question."""
    return _read(question.strip(), searched_turns(history))


def searched_turns(history: Sequence[Turn], genders: dict[str, str] | None = None) -> tuple[Turn, ...]:
    """The turns of ``history`` that asked something, each with a question that stands alone.

    This is the history to give to ``standalone_question`` and to ``rewrite_messages``: greetings and thanks are no
    subjects of a conversation. ``genders`` gets the pronouns that the names were called by, which those questions no
    longer have.
    """
    genders = {} if genders is None else genders
    searched: list[Turn] = []
    for turn in history:
        intent = _read(turn.question.strip(), searched)
        if intent.question:
            asked = intent.question
            if intent.kind == "question":
                asked = completed(asked, searched, genders)
            searched.append(Turn(question=asked, answer=turn.answer))
    return tuple(searched)


def _read(typed: str, searched: Sequence[Turn]) -> TurnIntent:
    """The intent of ``typed`` after turns that all stand alone."""
    polite = pleasantry(typed)
    if polite is not None:
        if polite == "goodbye" and not searched and phrases.CIAO.fullmatch(phrases.plain(typed)):
            polite = "greeting"
        return TurnIntent(kind=polite, reply=REPLIES[polite])
    if _ADDRESS.search(typed):
        return TurnIntent(kind="address", reply=NO_ADDRESSES)
    bare = without_pleasantries(typed)
    intent = _read_phrase(bare, searched)
    if intent is not None:
        return intent
    asked, language = phrases.split_language(bare)
    overview = _read_overview(asked, searched, language)
    if overview is not None:
        return overview
    if language and not phrases.names_answer_language(bare):
        asked, language = bare, ""
    return TurnIntent(kind="question", question=asked, language=language)


def _read_phrase(bare: str, searched: Sequence[Turn]) -> TurnIntent | None:
    """The intent of a turn that is wholly one of the known phrases."""
    said = phrases.plain(bare)
    if said.count(" ") >= phrases.MOST_WORDS:
        return None
    if phrases.CAPABILITIES.fullmatch(said) or (not searched and phrases.HOW_IT_WORKS.fullmatch(said)):
        return TurnIntent(kind="capabilities", reply=REPLIES["capabilities"])
    if phrases.TRANSLATES_ALL.fullmatch(said):
        return TurnIntent(kind="language", language=phrases.language_of(said), reply=NO_TRANSLATION)
    if phrases.MORE.fullmatch(said) or (searched and phrases.SIMPLER.fullmatch(said)):
        return _again("more", searched)
    if phrases.DOUBT.fullmatch(said):
        return _again("doubt", searched)
    if phrases.LANGUAGE.fullmatch(said):
        return _again("language", searched, language=phrases.language_of(said))
    repeated = phrases.REPEAT.fullmatch(said)
    if repeated is not None:
        return _repeat(repeated["which"] or "last", searched)
    corrected = phrases.CORRECTION.match(bare)
    if corrected is not None and searched:
        return _correct(corrected["meant"], searched)
    return None


def _again(kind: TurnKind, searched: Sequence[Turn], *, language: str = "") -> TurnIntent:
    """The question before once more, or the reply that there is none."""
    if not searched:
        return TurnIntent(kind=kind, language=language, reply=NO_EARLIER_ANSWER)
    return TurnIntent(kind=kind, question=searched[-1].question, language=language)


def _repeat(which: str, searched: Sequence[Turn]) -> TurnIntent:
    """The question whose answer is to be shown again, or the reply that there is no such."""
    place = _ORDINALS[which]
    if not -len(searched) <= place < len(searched):
        return TurnIntent(
            kind="repeat", reply=NO_EARLIER_ANSWER if not searched else f"There is no {which} answer yet."
        )
    return TurnIntent(kind="repeat", question=searched[place].question)


def _correct(meant: str, searched: Sequence[Turn]) -> TurnIntent:
    """The question before, asked of what was meant; or what was meant where that is a question itself."""
    if phrases.CLAUSE.match(meant):
        return TurnIntent(kind="correction", question=completed(meant, searched, {}))
    return TurnIntent(kind="correction", question=ask_about(meant.rstrip("?!. "), searched[-1].question))


def _read_overview(asked: str, searched: Sequence[Turn], language: str) -> TurnIntent | None:
    """The intent of a question about the articles as a whole; ``None`` for one with a topic."""
    if not asks_overview(asked):
        return None
    if phrases.POINTS_BACK.search(asked) and searched and not asks_overview(searched[-1].question):
        return None  # "Summarise it" after a question about a thing: the thing
    return TurnIntent(kind="overview", question=asked, language=language)
