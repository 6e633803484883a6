"""Folding that remembers where each character came from.

Two texts that a reader would call the same words differ in case, quotation marks, dashes, spaces, soft
hyphens, ligatures and composed accents. Folding takes those away; the origins let a match in the folded
text be given back as a slice of the original one.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.schema import Span

_CLUSTER = regex.compile(r"\X")


_SPACES = regex.compile(r"[\s\p{Zs}]+")


# Soft hyphen, zero-width space, joiners, word joiner, byte order mark, direction marks: seen by no reader.
_INVISIBLE = regex.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


_SAME = {
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
    seen = _INVISIBLE.sub("", cluster)
    plain = unicodedata.normalize("NFKC", "".join(_SAME.get(char, char) for char in seen)).casefold()
    # İ casefolds to i and a combining dot, which no one types.
    plain = unicodedata.normalize("NFKC", plain).replace("i\u0307", "i")
    return _SPACES.sub(" ", "".join(_SAME.get(char, char) for char in plain))


@dataclass(frozen=True, slots=True)
class Match:
    """Where some words stand: ``exact`` when character for character, else equal after folding."""

    span: Span
    exact: bool


def find(needle: str, text: str) -> Match | None:
    """The first place where ``needle`` stands in ``text`` as whole words; an exact match is preferred.

    ``rose`` is not found in ``arose``, ``23`` not in ``1923``, ``$6`` not in ``$6.5``. An empty or blank needle
    is found nowhere.
    """
    wanted = needle.strip()
    if not wanted:
        return None
    start = text.find(wanted)
    while start >= 0:
        if _whole(text, start, start + len(wanted)):
            return Match(Span(start, start + len(wanted)), exact=True)
        start = text.find(wanted, start + 1)
    key = fold(wanted).text
    if not key:
        return None
    folded = fold(text)
    start = folded.text.find(key)
    while start >= 0:
        if _whole(folded.text, start, start + len(key)):
            return Match(folded.origin(start, start + len(key)), exact=False)
        start = folded.text.find(key, start + 1)
    return None


_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]")


# Scripts written without spaces: a word may start anywhere.
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")


def _whole(text: str, start: int, end: int) -> bool:
    return not (_joins(text, start) or _joins(text, end))


def _joins(text: str, at: int) -> bool:
    """Whether a cut at ``at`` falls inside a word or a number."""
    if at == 0 or at == len(text):
        return False
    left, right = text[at - 1], text[at]
    if _UNSPACED.match(left) or _UNSPACED.match(right):
        return False
    if _WORD.match(left) and _WORD.match(right):
        return True
    if unicodedata.combining(right):
        return True
    inner = left if left in ".," else right if right in ".," else ""
    if not inner:
        return False
    before, after = (at - 2, at) if inner == left else (at - 1, at + 1)
    return before >= 0 and after < len(text) and text[before].isdigit() and text[after].isdigit()
