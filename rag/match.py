"""Where the words of a statement stand in the words it cites: as they are, as a relative, or as a synonym."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.lexicon import FILLERS, HEDGES, LIGHT_WORDS, NEGATORS, SYNONYMS
from rag.names import names
from rag.polarity import denials, poles
from rag.quantities import Quantity, quantities
from rag.schema import Span
from rag.words import Word, terms, words

# What may be added to a stem without leaving its family of words: compete, competition, competitor.
_ENDINGS = frozenset(
    [
        "a",
        "al",
        "an",
        "ance",
        "ant",
        "at",
        "ate",
        "ation",
        "ator",
        "e",
        "ed",
        "en",
        "ence",
        "ent",
        "er",
        "ers",
        "ess",
        "est",
        "ful",
        "i",
        "ian",
        "ic",
        "ical",
        "ing",
        "ion",
        "ish",
        "ism",
        "ist",
        "it",
        "ity",
        "ive",
        "is",
        "iz",
        "ize",
        "less",
        "ly",
        "ment",
        "n",
        "ness",
        "or",
        "ori",
        "ous",
        "r",
        "s",
        "ship",
        "th",
        "ur",
        "ure",
        "y",
    ]
)
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
_DENYING_PREFIXES = ("un", "non", "dis", "in", "im", "ir")
_IGNORED = LIGHT_WORDS | FILLERS | NEGATORS | HEDGES


@dataclass(frozen=True, slots=True)
class Reading:
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
def read(text: str) -> Reading:
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
    return Reading(
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
def pieces(reading: Reading) -> tuple[int, ...]:
    """For each word the number of its piece: pieces end at punctuation and before conjunctions."""
    out: list[int] = []
    piece = 0
    for i, word in enumerate(reading.words):
        gap = reading.text[reading.words[i - 1].span.end : word.span.start] if i else ""
        if i and (_CUT.search(gap) or word.norm in CUT_WORDS):
            piece += 1
        out.append(piece)
    return tuple(out)


@dataclass(frozen=True, slots=True)
class Place:
    """One word of the evidence that stands for one of the claim. ``turned``: ``undisclosed`` for
    ``disclosed``.
    """

    text: int  # which of the evidence texts
    word: int
    turned: bool = False


class Lookup:
    """The words of some evidence, found by term, by family and by synonym."""

    def __init__(self, evidence: Sequence[Reading]) -> None:
        self._by_term: dict[str, list[Place]] = {}
        self._by_group: dict[int, list[str]] = {}
        self._by_start: dict[str, list[str]] = {}
        for number, reading in enumerate(evidence):
            for i, word in enumerate(reading.words):
                self._by_term.setdefault(word.term, []).append(Place(number, i))
        for term in self._by_term:
            for group in groups(term):
                self._by_group.setdefault(group, []).append(term)
            self._by_start.setdefault(term[:4], []).append(term)

    @property
    def terms(self) -> frozenset[str]:
        """Every term of the evidence."""
        return frozenset(self._by_term)

    def exact(self, term: str) -> tuple[Place, ...]:
        """Where the term itself stands."""
        return tuple(self._by_term.get(term, ()))

    def kin(self, term: str) -> tuple[Place, ...]:
        """Where the term or one of its family stands."""
        near = [other for other in self._by_start.get(term[:4], ()) if related(term, other)]
        return tuple(place for other in near for place in self._by_term[other])

    def alike(self, term: str) -> tuple[Place, ...]:
        """Where the term, one of its family, a synonym or its denial stands; empty where nothing does."""
        if found := self.kin(term):
            return found
        found = tuple(
            place
            for other in dict.fromkeys(
                other for group in groups(term) for other in self._by_group.get(group, ())
            )
            for place in self._by_term[other]
        )
        return found or self._turned(term)

    def _turned(self, term: str) -> tuple[Place, ...]:
        for prefix in _DENYING_PREFIXES:
            other = term.removeprefix(prefix) if term.startswith(prefix) else prefix + term
            if len(other) > 3 and other in self._by_term:
                return tuple(Place(place.text, place.word, turned=True) for place in self._by_term[other])
        return ()


def related(a: str, b: str) -> bool:
    """Whether two stems belong to one family of words: the same, or apart by known endings only.

    >>> related("compet", "competitor"), related("market", "mark")
    (True, False)
    """
    if a == b:
        return True
    if not (a.isascii() and b.isascii() and a.isalpha() and b.isalpha()):
        return False
    short, long = sorted((a, b), key=len)
    common = 0
    while common < len(short) and short[common] == long[common]:
        common += 1
    if common < 4 or len(short) - common > 3 or len(long) - common > 5:
        return False
    if common == len(short):
        return long[common:] in _ENDINGS or any(
            long[common:] == x + y for x in _ENDINGS for y in ("or", "ion", "al")
        )
    return common >= 5 and short[common:] in _ENDINGS and long[common:] in _ENDINGS


@lru_cache(maxsize=1)
def _groups() -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for number, group in enumerate(SYNONYMS):
        for term in set(terms(group)):
            found.setdefault(term, []).append(number)
    return {term: tuple(numbers) for term, numbers in found.items()}


@lru_cache(maxsize=16384)
def groups(term: str) -> tuple[int, ...]:
    """The groups of synonyms a stem is in; words at one pole are synonyms too, numbered below zero."""
    return _groups().get(term, ()) + tuple(-1 - 2 * pair - side for pair, side in poles(term))
