"""Whether a text mentions a name, in whatever form: ``GPT4`` as ``GPT-4``, ``UK`` as ``Britain``, ``Musk`` alone.

A name is mentioned where all its words are, but for those that may be left out: a title, a first name before its
surname, ``Inc.``. So ``Lake Harma`` is not mentioned where only ``Lake Vorna`` is.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

import regex

from rag.text.forms.kinds import singular
from rag.text.forms.lists import COUNTRIES, FIRST_NAMES, HEADS, PLACES, SHORT, SUFFIXES, TELLING, TITLES
from rag.text.words import Word, words

_WINDOW = 6  # neighbouring words that may be one name: "United States of America" has four
_ROMAN = ("II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_COUNTS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_ENDINGS = ("st", "nd", "rd")
_NUMBERS = {name: str(n) for n, name in enumerate(_COUNTS, 1)} | {
    name: f"{n}{_ENDINGS[n - 1] if n < 4 else 'th'}" for n, name in enumerate(_ORDINALS, 1)
}
_INSIDE = frozenset("of and the for de du la le von van der".split())  # not among the letters of an acronym
_ACRONYM = regex.compile(r"\p{Lu}{2,5}s?|(?:\p{Lu}\.){2,5}")
# What a name may have besides to call those who belong to it: Florence, Florentine; Elizabeth, Elizabethan.
_OF_A_NAME = ("s", "n", "an", "ian", "ean", "ese", "ish", "ic", "i", "ine", "ite", "er")
_SHORTEST_STEM = 4
_UNNAMED = TITLES | TELLING | SUFFIXES | HEADS  # words that do not stand for a name of several words


class Mentions:
    """The names and words that some texts mention."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._rows = tuple(words(text) for text in texts)

    def missing(self, name: Sequence[Word]) -> tuple[Word, ...]:
        """The words of a name for which these texts have no form, and that may not be left out."""
        found = self._found(name)
        left = [word for i, word in enumerate(name) if i not in found]
        if not left or not found or len(found) == len(name):
            return tuple(left)
        named = [i for i in sorted(found) if name[i].norm not in _UNNAMED]
        if not named:
            return tuple(left)
        first_names = all(i < named[0] for i in range(len(name)) if i not in found) and self._alone(
            name, named[0]
        )
        return tuple(
            word
            for word in left
            if not (word.norm in TITLES | SUFFIXES or (first_names and word.norm not in TELLING))
        )

    def has_word(self, word: Word) -> bool:
        """Whether these texts have the word, or one of its stem."""
        return word.term in self.terms or bool(_forms((word,)) & self._keys)

    def spells_out(self, letters: str) -> bool:
        """Whether these texts have neighbouring words that begin with these letters: "miles per gallon" for "mpg"."""
        return 2 < len(letters) < 6 and letters in self._initials

    def _found(self, name: Sequence[Word]) -> frozenset[int]:
        """The places in ``name`` of the words that these texts have, by themselves or with their neighbours."""
        found: set[int] = set()
        for start in range(len(name)):
            for end in range(start + 1, min(len(name), start + _WINDOW) + 1):
                if not found.issuperset(range(start, end)) and self._has(name[start:end]):
                    found.update(range(start, end))
        return frozenset(found)

    def _has(self, part: Sequence[Word]) -> bool:
        if _forms(part) & self._keys:
            return True
        if len(part) == 1:
            word = part[0]
            letters = _letters(word.text)
            return (
                word.term in self.terms
                or (bool(letters) and letters in self._initials)
                or any(_of_one_name(word.norm, other) for other in self._capitalised)
            )
        return _initials(part) in self._acronyms

    def _alone(self, name: Sequence[Word], place: int) -> bool:
        """Whether the surname at ``place`` stands somewhere without a first name that is not this bearer's."""
        surname, own = name[place], {form for word in name for form in _forms((word,))}
        own_initials = {word.norm[0] for word in name[:place]}
        occurrences = [
            row[i - 1] if i else None
            for row in self._rows
            for i, word in enumerate(row)
            if word.term == surname.term and word.text[:1].isupper()
        ]
        return any(
            before is None
            or not before.text[:1].isupper()
            or before.function
            or before.norm in TITLES
            or bool(_forms((before,)) & own)
            or (len(before.norm) == 1 and before.norm in own_initials)
            for before in occurrences
        )

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms of their words."""
        return frozenset(word.term for row in self._rows for word in row)

    @cached_property
    def nouns(self) -> frozenset[str]:
        """Their words in the singular, as far as they may be nouns."""
        return frozenset(singular(word.norm) for row in self._rows for word in row)

    @cached_property
    def _keys(self) -> frozenset[str]:
        """All neighbouring words of these texts, joined, up to as many as a name has, and each without a plural."""
        joined = {
            _joined(row[start:end])
            for row in self._rows
            for start in range(len(row))
            for end in range(start + 1, min(len(row), start + _WINDOW) + 1)
        }
        single = {_letters(word.text) or _key(word).removesuffix("s") for row in self._rows for word in row}
        return frozenset(joined | single)

    @cached_property
    def _capitalised(self) -> frozenset[str]:
        return frozenset(word.norm for row in self._rows for word in row if word.text[:1].isupper())

    @cached_property
    def _acronyms(self) -> frozenset[str]:
        return frozenset(letters for row in self._rows for word in row if (letters := _letters(word.text)))

    @cached_property
    def _initials(self) -> frozenset[str]:
        """The first letters of all neighbouring words, with and without such as "of"."""
        found: set[str] = set()
        for row in self._rows:
            for kept in (row, tuple(word for word in row if word.norm not in _INSIDE)):
                letters = "".join(word.norm[0] if word.norm[0].isalpha() else "." for word in kept)
                found.update(
                    letters[start : start + size]
                    for size in range(2, 6)
                    for start in range(len(letters) - size + 1)
                )
        return frozenset(found)


@lru_cache(maxsize=64)
def mentions_of(*texts: str) -> Mentions:
    """What these texts mention; the same for the same texts, as several questions are put to each."""
    return Mentions(texts)


def _forms(part: Sequence[Word]) -> frozenset[str]:
    """Neighbouring words joined, and all that the closed lists have in their place."""
    joined = _joined(part)
    single = frozenset((joined, _letters(part[0].text))) - {""} if len(part) == 1 else frozenset((joined,))
    single |= {form.removesuffix("s") for form in single if len(form) >= _SHORTEST_STEM}
    return single.union(*(_groups().get(form, frozenset()) for form in single))


def _joined(part: Sequence[Word]) -> str:
    return "".join(_key(word) for word in part)


@lru_cache(maxsize=65536)
def _key(word: Word) -> str:
    """A word as it is compared: without signs, numbers in digits."""
    if word.text in _ROMAN:
        return str(_ROMAN.index(word.text) + 2)
    return _NUMBERS.get(word.norm) or regex.sub(r"[^\p{L}\p{N}]", "", word.norm)


def _letters(text: str) -> str:
    """The letters of an acronym in lower case, without a plural's; empty for any other word."""
    return text.replace(".", "").removesuffix("s").casefold() if _ACRONYM.fullmatch(text) else ""


def _initials(part: Sequence[Word]) -> str:
    return "".join(word.norm[0] for word in part if word.norm not in _INSIDE)


def _of_one_name(one: str, other: str) -> bool:
    """Whether one word is the other with an ending by which those who belong to a name are called."""
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST_STEM or short == long:
        return short == long
    stems = (short, short[:-1]) if short[-1] in "aeoy" else (short,)
    return any(
        long.startswith(stem) and long[len(stem) :] in _OF_A_NAME
        for stem in stems
        if len(stem) >= _SHORTEST_STEM
    )


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[str]]:
    """For each form of the closed lists all that may stand in its place."""
    groups: dict[str, set[str]] = {}
    for group in "|".join((COUNTRIES, PLACES, SHORT, FIRST_NAMES)).split("|"):
        forms = {_joined(words(form.replace("_", " "))) for form in group.split()}
        for form in forms:
            groups.setdefault(form, set()).update(forms)
    return {form: frozenset(group) for form, group in groups.items()}
