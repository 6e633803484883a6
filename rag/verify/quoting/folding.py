"""Search for words in a text that ignores case, quotation marks, dashes, spaces, soft hyphens and ligatures.

A text is folded: differences that a reader would not call a change of words are taken away. Each folded character keeps
the range of the original text that it came from, so that a match is given back as a slice of the original.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.schema import Span

_CLUSTER = regex.compile(r"\X")
_SPACES = regex.compile(r"[\s\p{Zs}]+")


# Soft hyphen, zero-width space, joiners, word joiner, byte order mark, direction marks: invisible to a reader.
_INVISIBLE = regex.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")

_PLAIN = {
    **dict.fromkeys("‘’‚‛′`´ʼ＇", "'"),
    **dict.fromkeys("“”„‟″«»＂", '"'),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
}


@dataclass(frozen=True, slots=True)
class Folded:
    """``text`` folded; character ``i`` of it came from ``origins[i]``, a range of the original text."""

    text: str
    origins: tuple[Span, ...]

    def origin(self, start: int, end: int) -> Span:
        """The range of the original text behind ``text[start:end]``; ``start < end``."""
        return Span(self.origins[start].start, self.origins[end - 1].end)


@lru_cache(maxsize=1024)
def fold(text: str) -> Folded:
    """Fold case, quotation marks, dashes, runs of space, invisible characters and compatibility forms.

    Works a grapheme cluster at a time (Unicode annex 29): NFKC of a lone code point would miss an accent
    that follows it. A dash between spaces folds with its spaces, so that ``a — b`` and ``a—b`` are equal.
    """
    out: list[str] = []
    origins: list[Span] = []
    for match in _CLUSTER.finditer(text):
        span = Span(match.start(), match.end())
        for char in _cluster(match.group()):
            if char == " " and (not out or out[-1] in " -"):
                continue
            if char == "-" and out and out[-1] == " ":
                out.pop()
                origins.pop()
            out.append(char)
            origins.append(span)
    if out and out[-1] == " ":
        out.pop()
        origins.pop()
    return Folded("".join(out), tuple(origins))


@lru_cache(maxsize=8192)
def _cluster(cluster: str) -> str:
    visible = _INVISIBLE.sub("", cluster)
    plain = unicodedata.normalize("NFKC", "".join(_PLAIN.get(char, char) for char in visible)).casefold()
    # İ casefolds to i and a combining dot, which no one types.
    plain = unicodedata.normalize("NFKC", plain).replace("i\u0307", "i")
    return _SPACES.sub(" ", "".join(_PLAIN.get(char, char) for char in plain))


@dataclass(frozen=True, slots=True)
class Match:
    """Where some words stand: ``exact`` when character for character, else equal after folding."""

    span: Span
    exact: bool


def find(needle: str, text: str) -> Match | None:
    """Find the first place where ``needle`` stands in ``text`` as whole words; an exact match is preferred.

    ``rose`` is not found in ``arose``, ``23`` not in ``1923``, ``$6`` not in ``$6.5``. An empty or blank needle
    is found nowhere.
    """
    stripped = needle.strip()
    span = _find_whole(stripped, text)
    if span is not None:
        return Match(span, exact=True)
    folded = fold(text) if stripped else Folded("", ())
    span = _find_whole(fold(stripped).text, folded.text, folded.origins)
    return None if span is None else Match(folded.origin(span.start, span.end), exact=False)


def _find_whole(needle: str, text: str, origins: Sequence[Span] = ()) -> Span | None:
    """The first place where ``needle`` stands in ``text`` as whole words, character for character.

    ``origins`` are those of a folded text: a place does not begin or end inside what one character was folded to.
    """
    start = text.find(needle) if needle else -1
    while start >= 0:
        end = start + len(needle)
        if not any(_cuts_word(text, offset) or _cuts_origin(origins, offset) for offset in (start, end)):
            return Span(start, end)
        start = text.find(needle, start + 1)
    return None


def _cuts_origin(origins: Sequence[Span], offset: int) -> bool:
    """Whether the characters on both sides of ``offset`` came from one: "1" and "⁄" from "¼"."""
    return 0 < offset < len(origins) and origins[offset - 1] == origins[offset]


_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]")


# Scripts written without spaces: a word may start anywhere.
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")


def _cuts_word(text: str, offset: int) -> bool:
    """Whether a cut at ``offset`` falls inside a word or a number."""
    if offset == 0 or offset == len(text):
        return False
    left, right = text[offset - 1], text[offset]
    if _UNSPACED.match(left) or _UNSPACED.match(right):
        return False
    if (_WORD.match(left) and _WORD.match(right)) or unicodedata.combining(right):
        return True
    return _cuts_number(text, offset)


def _cuts_number(text: str, offset: int) -> bool:
    """Whether the character before or after ``offset`` is a point or comma between two digits."""
    if text[offset - 1] in ".,":
        before, after = offset - 2, offset
    elif text[offset] in ".,":
        before, after = offset - 1, offset + 1
    else:
        return False
    return before >= 0 and after < len(text) and text[before].isdigit() and text[after].isdigit()
