"""Hyphens at the ends of lines: whether one breaks a word or is the word's own, by the other words of the document."""

import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_HYPHENATED = re.compile(r"[^\W_][-\u2010]$")
_BROKEN = re.compile(r"([^\W\d_]+(?:[-\u2010][^\W\d_]+)*)[-\u2010]$")
_SUSPENDED = re.compile(r"(?:and|or|to|und|oder|bis|et|ou|y|o|e)\b")  # pre- and post-war
_OWN = frozenset(("cross", "half", "non", "self", "well"))  # the hyphen behind these is the word's own
_ENOUGH = 1_000  # different words: of fewer, one that is missing says nothing


def is_hyphenated(text: str) -> bool:
    """Whether a line ends with a hyphen directly behind a letter or digit."""
    return bool(_HYPHENATED.search(text))


class Hyphens:
    """Knows the words of a document, those that stand whole on a line."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words = Counter[str]()
        goes_on = False
        for line in lines:
            words = _WORD.findall(line.lower())
            ends = is_hyphenated(line)
            self._words.update(words[goes_on : len(words) - ends])
            goes_on = ends

    def between(self, before: str, after: str) -> tuple[bool, str]:
        """What parts two lines, the first of which ends with a hyphen.

        Whether that hyphen is to go, and the white space: none but in "pre- and post-war". It goes where the
        document has the word without it more often than with it, or has, of many words, neither half by itself.
        """
        if _SUSPENDED.match(after):
            return False, " "
        first, second = _BROKEN.search(before), _WORD.match(after)
        if not (first and second and after[0].islower()):
            return False, ""
        return self._is_break(first[1].lower(), second[0].lower()), ""

    def _is_break(self, first: str, second: str) -> bool:
        whole, own = self._words[first + second], self._words[f"{first}-{second}"]
        if whole or own:
            return whole > own
        last = re.split(r"[-\u2010]", first)[-1]
        stands_alone = self._words[last] or self._words[second] or last in _OWN
        return len(self._words) >= _ENOUGH and not stands_alone
