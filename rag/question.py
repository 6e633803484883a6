"""What a question asks for: a number, a date, a person, a place; one fact, a list, or the whole story."""

from functools import lru_cache
from typing import Literal

import regex

from rag.errors import QuestionError
from rag.schema import Span
from rag.words import Word, content, is_name, terms, words

Expected = Literal["number", "date", "person", "place", "name", "anything"]
Breadth = Literal["fact", "list", "summary"]

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
# "Which retailer …", "what social media app …": something that has a name, and is asked for by its kind.
_NAME = regex.compile(
    r"\bwhich\b|\bwhat (?!kinds?\b|types?\b|sorts?\b|is\b|are\b|was\b|were\b|did\b|do\b|does\b|has\b|have\b|had\b"
    r"|can\b|will\b|would\b|could\b|should\b|if\b|happen)\p{L}",
    regex.IGNORECASE,
)
_NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve hundred thousand million billion trillion half "
    "third quarter dozen twice once percent".split()
)
_CALENDAR = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday century decade today yesterday tomorrow".split()
)
_BEFORE_QUANTITIES = frozenset(
    "about above after almost approximately around at before below between by early exactly from just late least mid "
    "more most nearly only over past roughly since some than to under until up within".split()
)
_NUMBERED = frozenset(
    terms(
        "act apartment article bay bus case chapter class clause division episode exit figure flat flight floor gate "
        "grade highway level lot lane page paragraph part phase platform port room route rule season section sector "
        "stage step table tower type unit version volume ward zone"
    )
)
# "Which one did Version 7 replace?": what goes by another number is what is wanted.
_ASKS_ANOTHER = frozenset(
    terms(
        "another other else previous previously earlier former formerly next later than before after besides instead "
        "unlike replace succeed successor predecessor precede follow surpass exceed beat overtake compare differ "
        "difference versus"
    )
)
_JOINED = (" ", "\u00a0", "-", " #", " №")  # between a thing and the number it goes by
_YEAR = regex.compile(r"(?:1\d{3}|20\d\d)s?$|\d{1,2}(?:st|nd|rd|th)$")


@lru_cache(maxsize=1024)
def expected(question: str) -> Expected:
    """The kind of words that would answer ``question`` (Li and Roth 2002, "Learning Question Classifiers", coarse)."""
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


def offers(kind: Expected, sentence: str, question: str) -> bool:
    """Whether ``sentence`` holds words of that kind which the question does not hold itself."""
    asked = {word.term for word in words(question)}
    new = [word for word in words(sentence) if word.term not in asked]
    if kind == "number":
        return any(word.number or word.norm in _NUMBER_WORDS for word in new)
    if kind == "date":
        return any(word.norm in _CALENDAR or _YEAR.match(word.norm) for word in new)
    if kind in ("person", "place"):
        return any(is_name(word) for word in new)
    if kind == "name":
        return any(is_name(word) or word.number for word in new)
    return False


def others(sentence: str, question: str) -> tuple[str, ...]:
    """What ``question`` calls by a number, where ``sentence`` tells of another by that word: asked of Port 7, Port 9.

    Nothing where the sentence has the number 7 as well, or the question may want another: "what came before Port 7?"
    Days of a month are no such things.
    """
    asked = _numbered(question)
    if not asked or any(word.term in _ASKS_ANOTHER for word in words(question)):
        return ()
    said = {thing for thing, _, _ in _numbered(sentence)}
    numbers = {word.norm for word in words(sentence) if word.number}
    return tuple(
        span.of(question) for thing, number, span in asked if thing in said and number not in numbers
    )


@lru_cache(maxsize=1024)
def _numbered(text: str) -> tuple[tuple[str, str, Span], ...]:
    """What goes by a number: the term of the word before it, the number, and both as they stand."""
    found = words(text)
    return tuple(
        (thing.term, label.norm, Span(thing.span.start, label.span.end))
        for thing, label, after in zip(found, found[1:], (*found[2:], None), strict=False)
        if label.number and _goes_by(thing, label, after, text)
    )


def _goes_by(thing: Word, label: Word, after: Word | None, text: str) -> bool:
    """Whether a number is what the word before it goes by, and not a quantity, of what stands after it, or a day."""
    if thing.number or thing.function or thing.norm in _CALENDAR or thing.norm in _BEFORE_QUANTITIES:
        return False
    if text[thing.span.end : label.span.start] not in _JOINED or text[label.span.end :].startswith("%"):
        return False
    counts = after is not None and not after.function and text[label.span.end : after.span.start] in _JOINED
    return thing.term in _NUMBERED or is_name(thing) or not counts


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


def checked(question: object, *, limit: int) -> str:
    """``question`` on one line without outer space. Raises ``QuestionError`` where it cannot be asked."""
    if not isinstance(question, str):
        raise QuestionError(f"the question is a {type(question).__name__}: give a string")
    # A lone surrogate comes from a terminal that did not send UTF-8; it can be stored nowhere.
    asked = " ".join(question.encode("utf-8", "replace").decode().replace("\0", " ").split())
    if len(asked) > limit:
        raise QuestionError(f"the question has {len(asked)} characters, the limit is {limit}: shorten it")
    if not words(asked):
        raise QuestionError(f"the question {asked!r:.40} holds no words: ask one in words")
    return asked
