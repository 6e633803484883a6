"""rag.verify.citations.lookup."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.text.antonyms import poles
from rag.text.lexicon import SYNONYMS
from rag.text.words import terms
from rag.verify.analysed_text import AnalysedText

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


_DENYING_PREFIXES = ("un", "non", "dis", "in", "im", "ir")


@dataclass(frozen=True, slots=True)
class WordPlace:
    """One word of the evidence that stands for one of the claim. ``turned``: ``undisclosed`` for
    ``disclosed``.
    """

    text: int  # which of the evidence texts
    word: int
    turned: bool = False


class Lookup:
    """The words of some evidence, found by term, by family and by synonym."""

    def __init__(self, evidence: Sequence[AnalysedText]) -> None:
        self._by_term: dict[str, list[WordPlace]] = {}
        self._by_group: dict[int, list[str]] = {}
        self._by_start: dict[str, list[str]] = {}
        for number, reading in enumerate(evidence):
            for i, word in enumerate(reading.words):
                self._by_term.setdefault(word.term, []).append(WordPlace(number, i))
        for term in self._by_term:
            for group in groups(term):
                self._by_group.setdefault(group, []).append(term)
            self._by_start.setdefault(term[:4], []).append(term)

    @property
    def terms(self) -> frozenset[str]:
        """Every term of the evidence."""
        return frozenset(self._by_term)

    def exact(self, term: str) -> tuple[WordPlace, ...]:
        """Where the term itself stands."""
        return tuple(self._by_term.get(term, ()))

    def kin(self, term: str) -> tuple[WordPlace, ...]:
        """Where the term or one of its family stands."""
        near = [other for other in self._by_start.get(term[:4], ()) if related(term, other)]
        return tuple(place for other in near for place in self._by_term[other])

    def alike(self, term: str) -> tuple[WordPlace, ...]:
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

    def _turned(self, term: str) -> tuple[WordPlace, ...]:
        for prefix in _DENYING_PREFIXES:
            other = term.removeprefix(prefix) if term.startswith(prefix) else prefix + term
            if len(other) > 3 and other in self._by_term:
                return tuple(WordPlace(place.text, place.word, turned=True) for place in self._by_term[other])
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
