"""The noun phrases of a question: where one ends, the last and the first of a text, and what was counted."""

import regex

from rag.text.lexicon import FILLERS, IRREGULAR, LIGHT_WORDS
from rag.text.words import Word, words

_PARTICLES = frozenset("along up out off back down".split())  # inside a noun phrase: "the drag along right"
_MOST_PLACES = 4
_WITH_VERB = 2  # ends of a phrase of one word: its start and its end
_AFTER_AUXILIARY = regex.compile(
    r"\b(?:do|does|did|can|could|will|would|shall|should|must|may|might)\s+(?:(?:the|an?|our|this|that)\s+)?$",
    regex.IGNORECASE,
)
_VERB_AHEAD = regex.compile(
    r"\s+\p{L}*(?:ed|en)\b|\s+(?!(?:in|on|at|to|for|of|from|by|with|there|here|about|under|over|after"
    r"|before|during|since)\b)\p{L}"
)
_NOUNS = frozenset("people men women children lives halves death deaths wife husband dead".split())
VERBS = (IRREGULAR.keys() - _NOUNS) | frozenset(
    "cost costs last lasts weigh weighs measure measures close closes open opens mean means".split()
)


def noun_phrase(text: str) -> str:
    """The last noun phrase with "the" or "our" of ``text``, with a small "the"; empty where it has none."""
    found = ""
    for match in regex.finditer(r"\b(?:the|our)\s+", text, regex.IGNORECASE):
        end = phrase_end(text, match.end())
        if end > match.end():
            found = text[match.start() : end]
    return f"{found[:1].lower()}{found[1:]}"


def first_noun(text: str) -> str:
    """The first noun phrase with an article, without it: "night" of "How much is a night for a dog?"."""
    article = regex.search(r"\b(?:the|an?)\s+", text, regex.IGNORECASE)
    return text[article.end() : phrase_end(text, article.end())] if article else ""


def counted_things(question: str) -> str:
    """The things whose number was asked: "the mechanics" of "How many mechanics are there?"."""
    match = regex.search(r"\bhow many\s+", question, regex.IGNORECASE)
    end = phrase_end(question, match.end()) if match else 0
    return f"the {question[match.end() : end]}" if match and end > match.end() else ""


def phrase_end(text: str, start: int) -> int:
    """Where the noun phrase at ``start`` ends, its article not counted: before a verb or a function word."""
    ends = [start]
    for place, word in enumerate(word for word in words(text) if word.span.start >= start):
        if place and word.norm in _PARTICLES and _goes_on(text, word):
            ends.append(word.span.end)
            continue
        if place > _MOST_PLACES or text[ends[-1] : word.span.start].strip(" -") or word.function:
            break
        if word.norm in FILLERS or (place and (word.norm in LIGHT_WORDS or _is_verb(text, word))):
            break
        ends.append(word.span.start + len(word.text.removesuffix("'s").removesuffix("’s")))
        if ends[-1] < word.span.end:
            break
    if (
        len(ends) > _WITH_VERB
        and _AFTER_AUXILIARY.search(text[:start])
        and not _VERB_AHEAD.match(text, ends[-1])
    ):
        ends.pop()  # "does the investor appoint?": what stands last is the verb
    return ends[-1]


def _is_verb(text: str, word: Word) -> bool:
    """Whether a word inside a phrase is the verb that ends it."""
    if word.text[:1].isupper():
        return False
    inflected = word.norm.endswith("s") and not word.norm.endswith("ss") and has_object(text, word)
    return word.norm in VERBS or word.norm.endswith("ed") or inflected


def _goes_on(text: str, particle: Word) -> bool:
    """Whether a particle stands before a noun that ends the phrase: "right" of "the drag along right"."""
    following = next((word for word in words(text) if word.span.start > particle.span.start), None)
    return (
        following is not None
        and text[particle.span.end : following.span.start] in (" ", "-")
        and not following.function
        and not following.number
    )


def has_object(text: str, word: Word) -> bool:
    """Whether a word in -s is followed by a number, an article or a preposition, as a verb is: "employs 14"."""
    return bool(
        regex.match(
            r"\s+(?:\d|the\b|a\b|an\b|its\b|his\b|her\b|their\b|on\b|in\b|at\b|from\b|to\b)",
            text[word.span.end :],
        )
    )
