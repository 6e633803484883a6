"""The words of the evidence, found by term, by family of words (``compete``, ``competitor``) and by synonym."""

from collections.abc import KeysView, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.text.antonyms import poles
from rag.text.synonyms import SYNONYMS
from rag.text.words import terms
from rag.verify.analysed_text import AnalysedText

# What may be added to a stem without leaving its family of words: compete, competition, competitor.
_ENDINGS = frozenset(
    "a al an ance ant at ate ation ator e ed en ence ent er ers ess est ful i ian ic ical ing ion ish ism ist it ity "
    "ive is iz ize less ly ment n ness or ori ous r s ship th ur ure y".split()
)


# Endings that a second ending may follow: competit-or, competit-ion.
_SECOND_ENDINGS = ("or", "ion", "al")
_DENYING_PREFIXES = ("un", "non", "dis", "in", "im", "ir")
_STEM_START = 4  # letters that two stems of one family share at least


@dataclass(frozen=True, slots=True)
class WordPlace:
    """One word of the evidence that stands for a word of the claim.

    ``turned`` is set where one is the other's denial: ``undisclosed`` for ``disclosed``.
    """

    text: int  # index of the evidence passage
    word: int  # index into the passage's words
    turned: bool = False


class Lookup:
    """Finds the places of words in some evidence."""

    def __init__(self, evidence: Sequence[AnalysedText]) -> None:
        self._by_term: dict[str, list[WordPlace]] = {}
        self._by_group: dict[int, list[str]] = {}
        self._by_start: dict[str, list[str]] = {}
        for number, passage in enumerate(evidence):
            for i, word in enumerate(passage.words):
                self._by_term.setdefault(word.term, []).append(WordPlace(number, i))
        for term in self._by_term:
            for group in synonym_groups(term):
                self._by_group.setdefault(group, []).append(term)
            self._by_start.setdefault(term[:_STEM_START], []).append(term)

    @property
    def terms(self) -> KeysView[str]:
        """Every term of the evidence, in order of first occurrence: a reason that names one is always the same."""
        return self._by_term.keys()

    def exact(self, term: str) -> tuple[WordPlace, ...]:
        """The places of the term itself."""
        return tuple(self._by_term.get(term, ()))

    def same_family(self, term: str) -> tuple[WordPlace, ...]:
        """The places of the term and of its family of words."""
        family = [other for other in self._by_start.get(term[:_STEM_START], ()) if related(term, other)]
        return tuple(place for other in family for place in self._by_term[other])

    def same_meaning(self, term: str) -> tuple[WordPlace, ...]:
        """The places of the term's family; where there are none, of its synonyms, or else of its denial."""
        return self.same_family(term) or self._synonyms(term) or self._denials(term)

    def _synonyms(self, term: str) -> tuple[WordPlace, ...]:
        others = dict.fromkeys(
            other for group in synonym_groups(term) for other in self._by_group.get(group, ())
        )
        return tuple(place for other in others for place in self._by_term[other])

    def _denials(self, term: str) -> tuple[WordPlace, ...]:
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
    common = _common_length(short, long)
    if common < _STEM_START or len(short) - common > 3 or len(long) - common > 5:
        return False
    ending = long[common:]
    if common == len(short):
        return ending in _ENDINGS or any(
            ending.endswith(second) and ending.removesuffix(second) in _ENDINGS for second in _SECOND_ENDINGS
        )
    return common >= 5 and short[common:] in _ENDINGS and ending in _ENDINGS


def _common_length(short: str, long: str) -> int:
    """How many letters at their beginning two words share."""
    return next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))


@lru_cache(maxsize=1)
def _lexicon_groups() -> dict[str, tuple[int, ...]]:
    groups: dict[str, list[int]] = {}
    for number, synonyms in enumerate(SYNONYMS):
        for term in set(terms(synonyms)):
            groups.setdefault(term, []).append(number)
    return {term: tuple(numbers) for term, numbers in groups.items()}


@lru_cache(maxsize=16384)
def synonym_groups(term: str) -> tuple[int, ...]:
    """The groups of synonyms that a stem is in; words at one pole of antonyms are synonyms too, numbered below zero."""
    return _lexicon_groups().get(term, ()) + tuple(-1 - 2 * pair - side for pair, side in poles(term))
