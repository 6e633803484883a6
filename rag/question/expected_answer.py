"""The expected answer type of a question: a number, a date, a person, a place, a name."""

from functools import lru_cache
from typing import Literal

import regex

from rag.text.names import sentence_names
from rag.text.quantity_patterns import MONTHS, WEEKDAYS
from rag.text.words import words

Expected = Literal["number", "date", "person", "place", "name", "anything"]

_NUMBER = regex.compile(
    r"\bhow (?:many|much|long|far|old|tall|big|large|fast|often|few|high|deep|wide|late)\b"
    r"|\bwhat(?:'s| is| was| were| are)? (?:the )?(?:percentage|percent|number|amount|share|proportion|price|cost)\b"
    r"|\b(?:number|percentage|population|price|amount|valuation) of\b",
    regex.IGNORECASE,
)

_DATE = regex.compile(
    r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade)\b|\bhow long ago\b", regex.IGNORECASE
)

_PERSON = regex.compile(r"\bwho(?:m|se)?\b", regex.IGNORECASE)

_PLACE = regex.compile(
    r"\bwhere\b|\b(?:what|which) (?:country|city|state|place|region|town|continent)\b", regex.IGNORECASE
)


# "Which retailer …", "what social media app …": the question gives the kind of thing and wants its name.
_NAME = regex.compile(
    r"\bwhich\b|\bwhat (?!kinds?\b|types?\b|sorts?\b|is\b|are\b|was\b|were\b|did\b|do\b|does\b|has\b|have\b|had\b"
    r"|can\b|will\b|would\b|could\b|should\b|if\b|happen)\p{L}",
    regex.IGNORECASE,
)

_NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve hundred thousand million billion trillion half "
    "third quarter dozen twice once percent".split()
)

CALENDAR_WORDS = frozenset((*MONTHS, *WEEKDAYS, "century", "decade", "today", "yesterday", "tomorrow"))

_YEAR = regex.compile(r"(?:1\d{3}|20\d\d)s?$|\d{1,2}(?:st|nd|rd|th)$")


@lru_cache(maxsize=1024)
def expected_answer_type(question: str) -> Expected:
    """Classify ``question`` by the kind of words that would answer it, ``anything`` where no pattern matches.

    The types are the coarse ones of Li and Roth 2002, "Learning Question Classifiers".
    """
    if _DATE.search(question):
        return "date"
    if _NUMBER.search(question):
        return "number"
    if _PERSON.search(question):
        return "person"
    if _PLACE.search(question):
        return "place"
    if _NAME.search(question):
        return "name"
    return "anything"


def has_answer_type(kind: Expected, sentence: str, question: str) -> bool:
    """Whether ``sentence`` has a word of the type ``kind`` that ``question`` does not have; never for ``anything``."""
    asked = {word.term for word in words(question)}
    fresh = [(i, word) for i, word in enumerate(words(sentence)) if word.term not in asked]
    if kind == "number":
        return any(word.number or word.norm in _NUMBER_WORDS for _, word in fresh)
    if kind == "date":
        return any(word.norm in CALENDAR_WORDS or _YEAR.match(word.norm) for _, word in fresh)
    if kind == "anything":
        return False
    named = sentence_names(sentence)
    return any(i in named or (kind == "name" and word.number) for i, word in fresh)
