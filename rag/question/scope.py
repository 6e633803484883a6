"""The scope of a question: one fact, a list or a summary; the newest; how many points."""

from typing import Literal

import regex

from rag.question.lookup.other_languages import asks_overview_elsewhere
from rag.question.lookup.whole import ANY_WHOLE, NAMED, POINTED_AT, WHOLE_OR_PART
from rag.text.words import content, terms

Breadth = Literal["fact", "list", "summary"]


_NAMED_WHOLE = regex.compile(
    rf"\b(?:(?:the|that|those)\s+(?:whole\s+|entire\s+)?{WHOLE_OR_PART}"
    rf"|(?:this|these|your|my|our)\s+(?:whole\s+|entire\s+)?{ANY_WHOLE})\b",
    regex.IGNORECASE,
)


# Questions about the articles as a whole, which end where their pattern ends: "the policy about leave" is a topic.
_ASKS_OVERVIEW = regex.compile(
    rf"\bwhat(?:'s|’s|\s+is|\s+are)\s+(?:it|this|that|all\s+this|(?:the|your)\s+{WHOLE_OR_PART}|(?:this|these)\s+{ANY_WHOLE})"
    r"\s+(?:all\s+)?about\W*$"
    rf"|\bwhat(?:'s|’s|\s+is)\s+(?:all\s+)?in\s+(?:here|it|{POINTED_AT})\W*$"
    r"|\b(?:what|which)\s+(?:topics?|subjects?|themes?|areas?|issues?)\s+(?:(?:does|do)\s+"
    rf"(?:it|this|they|these|you|{POINTED_AT})\s+(?:cover|discuss|deal\s+with|treat|contain)"
    rf"|(?:are|is)\s+(?:covered|discussed|there|in\s+(?:here|it|{POINTED_AT})))(?:\s+(?:here|in\s+(?:here|it"
    rf"|{POINTED_AT})))?\W*$"
    rf"|\bwhat\s+(?:do|does)\s+(?:this|these|{POINTED_AT})\s+(?:say|cover|contain|discuss|tell\s+(?:me|us))\W*$"
    rf"|\bexplain\s+(?:to\s+me\s+)?(?:it|this|{POINTED_AT})(?:\s+to\s+me)?"
    r"(?:\s+(?:simply|briefly|in\s+simple\s+(?:terms|words)|like\s+(?:i['’]?m|i\s+am|i\s+was"
    r"|i\s+were)\s+(?:five|5|a\s+child)))?\W*$"
    rf"|\b(?:tell\s+me|talk)\s+(?:more\s+)?about\s+(?:{POINTED_AT})\W*$|\bdescribe\s+(?:{POINTED_AT})\W*$"
    rf"|\b(?:give\s+me|what\s+(?:is|are)|what['’]s)\s+the\s+conclusions?(?:\s+of\s+(?:this|it|{POINTED_AT}))?\W*$"
    r"|^\W*eli5\W*$"
    rf"|^\W*what\s+(?:should|must|do|can)\s+i\s+(?:(?:need|have)\s+to\s+)?(?:know|learn|take\s+away)"
    rf"(?:\s+(?:about|from)\s+(?:it|this|{POINTED_AT}))?\W*$"
    rf"|^\W*what(?:['’]s|\s+is)\s+(?:most\s+)?important(?:\s+(?:here|in\s+(?:it|this|{POINTED_AT})))?\W*$"
    r"|^\W*what\s+happened(?:\s+here)?\W*$"
    rf"|^\W*(?:list|name|what(?:['’]s|\s+is|\s+are))\s+(?:all\s+)?(?:the\s+|its\s+)?(?:main\s+)?(?:topics?|subjects?|themes?)"
    rf"(?:\s+(?:of|in)\s+(?:it|this|{NAMED}))?\W*$"
    rf"|^\W*(?:what|which)\s+(?:topics|subjects|themes|information)\s+(?:(?:are|is)\s+in\s+{NAMED}"
    rf"|(?:does|do)\s+{NAMED}\s+(?:contain|have|give|cover|include))\W*$"
    rf"|^\W*describe\s+{NAMED}(?:\s+(?:briefly|in\s+\w+\s+\w+))?\W*$",
    regex.IGNORECASE,
)

_LIKE_I_AM_FIVE = regex.compile(
    r"\blike\s+(?:i['’]?m|i\s+am|i\s+was|i\s+were)\s+(?:five|5|a\s+child)\b|\beli5\b", regex.IGNORECASE
)

_ASKS_SUMMARY = regex.compile(
    r"\b(?:summari[sz]e|summary|sum up|overview|tl;?dr|gist|outline|recap"
    r"|(?:main|key|core|central|major|most important) (?:points?|ideas?|messages?|topics?|themes?|facts?|findings?"
    r"|insights?|story)"
    r"|takeaways?|synopsis|bottom line|big picture|upshot"
    r"|in a nutshell|nutshell|highlights|(?:short|brief|general) description)\b"
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


# Words of a request for a summary that do not name its topic: the other words do.
_SUMMARY_WORDS = frozenset(
    terms(
        "summarise summarize summary sum overview tl dr tldr gist outline recap main point idea message topic story "
        "key takeaway fact finding nutshell highlight article text piece news page document content entire whole "
        "short brief sentence paragraph word bullet few one two three five ten write read tell cover happened please "
        "quick quickly briefly simple simply subject theme explain describe contain conclusion here doc pdf"
        " core central major important synopsis upshot insight learn essential description general information list"
    )
)


# What these say lies in the whole phrase: a picture or a line may be a topic.
_IDIOM = regex.compile(r"\b(?:bottom line|big picture)\b", regex.IGNORECASE)


# Words for a form of answer, besides those: "the essence" and "a list" are nothing that the articles speak of.
_FORM_WORDS = _SUMMARY_WORDS | frozenset(
    terms(
        "list answer reply question version essence essential abstract argument thrust thesis moral lesson statement "
        "aspect detail information info data context example explanation translation table outline digest brief "
        "bulletpoint introduction background nugget crux meaning significance most top best short long summation"
    )
)


# "Now" as the first word is a discourse marker: "now, who built it?"
_ASKS_NEWEST = regex.compile(r"\b(?:latest|newest|most recent(?:ly)?)\b|(?<=\S\s+)\bnow\b", regex.IGNORECASE)

_NUMBER_WORDS = {
    word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)
}

_COUNT = regex.compile(
    rf"\b(?P<number>[1-9]\d?|{'|'.join(_NUMBER_WORDS)})\s+(?:\p{{L}}+\s+)?"
    r"(?:bullets?|points?|sentences?|lines?|takeaways?|facts?|things)\b",
    regex.IGNORECASE,
)


def asks_newest(question: str) -> bool:
    """Whether ``question`` asks for the present state, or for the latest of several things."""
    return _ASKS_NEWEST.search(question) is not None


def breadth(question: str) -> Breadth:
    """Classify ``question``: it asks for one fact, for several things of a kind, or for a summary."""
    if _ASKS_OVERVIEW.search(question) or _ASKS_SUMMARY.search(question) or asks_overview_elsewhere(question):
        return "summary"
    return "list" if _ASKS_LIST.search(question) else "fact"


def asks_overview(question: str) -> bool:
    """Whether ``question`` asks for a summary of everything."""
    return breadth(question) == "summary" and not summary_topic(question)


def summary_topic(question: str) -> tuple[str, ...]:
    """The terms of a summary question that name its topic; none where everything is to be summarised.

    "The policy" and the like stand for the articles, "policy" by itself for a topic.
    """
    if asks_overview_elsewhere(question):
        return ()
    named = _NAMED_WHOLE.sub(" ", _without_idioms(question))
    return tuple(word.term for word in content(named) if word.term not in _SUMMARY_WORDS)


def is_form_of_answer(phrase: str) -> bool:
    """Whether ``phrase`` names a form of answer, such as "the key points", and nothing that articles speak of."""
    return all(word.term in _FORM_WORDS for word in content(_without_idioms(phrase)))


def _without_idioms(question: str) -> str:
    """``question`` without the phrases that ask for a form of answer."""
    return _IDIOM.sub(" ", _LIKE_I_AM_FIVE.sub(" ", _COUNT.sub(" ", question)))


def requested_count(question: str) -> int | None:
    """How many points or sentences a question asks for, as in "in three bullets"; ``None`` where it gives no number."""
    match = _COUNT.search(question)
    if match is None:
        return None
    number = match["number"].casefold()
    return _NUMBER_WORDS[number] if number in _NUMBER_WORDS else int(number)
