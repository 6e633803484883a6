"""Families of words (``compete``, ``competitor``) and groups of synonyms, both by their stems."""

from functools import lru_cache

from rag.text.antonyms import poles
from rag.text.synonyms import SYNONYMS
from rag.text.words import terms

# What may be added to a stem without leaving its family of words: compete, competition, competitor.
_ENDINGS = frozenset(
    "a al an ance ant at ate ation ator e ed en ence ent er ers ess est ful i ian ic ical ing ion ish ism ist it ity "
    "ive is iz ize less ly ment n ness or ori ous r s ship th ur ure y".split()
)


# Endings that a second ending may follow: competit-or, competit-ion.
_SECOND_ENDINGS = ("or", "ion", "al")
STEM_START = 4  # letters that two stems of one family share at least


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
    if long == f"{short}e" and short.endswith("u"):
        return True  # "sue", whose past has the stem "su"
    common = _common_length(short, long)
    if common < STEM_START or len(short) - common > 3 or len(long) - common > 5:
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
