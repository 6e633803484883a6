"""rag.question.expected_answer.scope."""

from typing import Literal

import regex

from rag.text.words import content, terms

Breadth = Literal["fact", "list", "summary"]


_ASKS_SUMMARY = regex.compile(
    r"\b(?:summari[sz]e|summary|sum up|overview|tl;?dr|gist|outline|recap"
    r"|main (?:points?|ideas?|messages?|topics?|story)|key (?:points?|takeaways?|messages?|facts?|findings?)|takeaways?"
    r"|in a nutshell|nutshell|highlights)\b"
    r"|\bwhat(?:'s| is| are| do| does)?\b.{0,20}\b(?:articles?|story|text|piece|this)\b.{0,12}\babout\b"
    r"|\btell me (?:about|more about) (?:the |this |these )?(?:articles?|story|piece)\b",
    regex.IGNORECASE,
)


_ASKS_LIST = regex.compile(
    r"^(?:list|name|enumerate|give)\b"
    r"|\b(?:what|which) (?:are|were) (?:the |some |all )?(?:\w+ ){0,2}?\p{L}{3,}(?<!s)s\b"
    r"|\b(?:implications?|consequences|benefits|advantages|disadvantages|drawbacks|reasons|risks|effects|impacts?"
    r"|concerns|challenges|examples|pros and cons|ways|factors)\b",
    regex.IGNORECASE,
)


# Words that say "summarise" and nothing of the subject: what remains beside them is the topic.
_SUMMARY_WORDS = frozenset(
    terms(
        "summarise summarize summary sum overview tl dr tldr gist outline recap main point idea message topic story "
        "key takeaway fact finding nutshell highlight article text piece news page document content entire whole "
        "short brief sentence paragraph word bullet few one two three five ten write read tell cover happened please"
    )
)


# "Now" as the first word only takes up the conversation: "now, who built it?"
_ASKS_NEWEST = regex.compile(r"\b(?:latest|newest|most recent(?:ly)?)\b|(?<=\S\s+)\bnow\b", regex.IGNORECASE)


def asks_newest(question: str) -> bool:
    """Whether ``question`` wants what is so now, or the last of several things by time."""
    return _ASKS_NEWEST.search(question) is not None


_COUNTS = {word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}


_COUNT = regex.compile(
    rf"\b(?P<number>[1-9]\d?|{'|'.join(_COUNTS)})\s+(?:\p{{L}}+\s+)?"
    r"(?:bullets?|points?|sentences?|lines?|takeaways?|facts?|things)\b",
    regex.IGNORECASE,
)


def breadth(question: str) -> Breadth:
    """Whether ``question`` wants one fact, several things of a kind, or the story as a whole."""
    if _ASKS_SUMMARY.search(question):
        return "summary"
    return "list" if _ASKS_LIST.search(question) else "fact"


def topic(question: str) -> tuple[str, ...]:
    """The terms of a summary question that name its subject; none where the whole article is meant."""
    rest = _COUNT.sub(" ", question)
    return tuple(word.term for word in content(rest) if word.term not in _SUMMARY_WORDS)


def count(question: str) -> int | None:
    """How many points or sentences a question asks for, as in "in three bullets"; ``None`` where it does not say."""
    said = _COUNT.search(question)
    if said is None:
        return None
    number = said["number"].casefold()
    return _COUNTS[number] if number in _COUNTS else int(number)
