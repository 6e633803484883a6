"""rag.question.expected_answer.numbered_things."""

from functools import lru_cache

from rag.question.expected_answer import _CALENDAR
from rag.schema import Span
from rag.text.words import Word, is_name, terms, words

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


def other_numbered_things(sentence: str, question: str) -> tuple[str, ...]:
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
