"""Where the words of a statement stand in the words it cites: as they are, as a relative, or as a synonym."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.schema import Span
from rag.text.lexicon import FILLERS, HEDGES, LIGHT_WORDS, NEGATORS
from rag.text.names import names
from rag.text.negation import denials
from rag.text.quantities import Quantity, quantities
from rag.text.words import Word, words

_CUT = regex.compile(r"[,;:()\n]|[—―]|\s[-–]\s|[.!?](?=\s)")


# Words that open another piece of a sentence.
CUT_WORDS = frozenset(
    ["and", "but", "while", "whereas", "yet", "although", "though", "when", "which", "who", "that"]
)


CROSSING = 3  # words that a cut between two pieces counts for, where distance is measured


# Phrases that join an answer together and say nothing.
_LEADS = regex.compile(
    r"\b(?:in (?:short|summary|brief|fact|addition|general|other words|particular|conclusion|essence|turn|response"
    r"|the end|the long run)|as a result|on the (?:one|other) hand|at the same time|that said|to be (?:clear|sure)"
    r"|for example)\b",
    regex.IGNORECASE,
)


_IGNORED = LIGHT_WORDS | FILLERS | NEGATORS | HEDGES


@dataclass(frozen=True, slots=True)
class AnalysedText:
    """A text read for comparison. All numbers are indices into ``words``.

    ``keys`` carry the subject matter and stand in no quantity; ``names`` and ``heads`` (capitalised only
    because they head a sentence, perhaps) are among them, ``digits`` hold digits that are no quantity
    (``4o``).
    """

    text: str
    words: tuple[Word, ...]
    keys: tuple[int, ...]
    names: frozenset[int]
    heads: frozenset[int]
    digits: frozenset[int]
    quantities: tuple[Quantity, ...]
    denied: tuple[bool, ...]
    english: bool


@lru_cache(maxsize=4096)
def analyse(text: str) -> AnalysedText:
    """``text`` read for comparison."""
    found = words(text)
    numbers = quantities(text)
    inside = _inside(found, numbers)
    called = names(text)
    sure = frozenset(called.sure) - inside
    keys = tuple(
        i
        for i, word in enumerate(found)
        if i not in inside and (i in sure or not (word.function or word.norm in _IGNORED))
    )
    leads = [Span(*match.span()) for match in _LEADS.finditer(text)]
    keys = tuple(i for i in keys if not any(found[i].span.overlaps(lead) for lead in leads))
    spaced = sum(word.function for word in found)
    return AnalysedText(
        text,
        found,
        keys,
        sure,
        frozenset(called.maybe) & frozenset(keys),
        frozenset(i for i in keys if any(char.isdigit() for char in found[i].norm)),
        numbers,
        denials(text),
        english=spaced * 6 >= len(found) and text[:1] != "" and all(found[i].norm.isascii() for i in keys),
    )


def _inside(found: tuple[Word, ...], numbers: Sequence[Quantity]) -> frozenset[int]:
    inside: set[int] = set()
    at = 0
    for number in numbers:
        while at < len(found) and found[at].span.end <= number.span.start:
            at += 1
        while at < len(found) and found[at].span.start < number.span.end:
            # "100,000-GPU": the noun stays a word of its own.
            inside.add(at)
            at += 1
    return frozenset(inside)


@lru_cache(maxsize=4096)
def segments(reading: AnalysedText) -> tuple[int, ...]:
    """For each word the number of its piece: pieces end at punctuation and before conjunctions."""
    out: list[int] = []
    piece = 0
    for i, word in enumerate(reading.words):
        gap = reading.text[reading.words[i - 1].span.end : word.span.start] if i else ""
        if i and (_CUT.search(gap) or word.norm in CUT_WORDS):
            piece += 1
        out.append(piece)
    return tuple(out)
