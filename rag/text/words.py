"""Words with their places, and the terms that stand for them in the keyword index."""

import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import regex
import Stemmer  # type: ignore[import-not-found, unused-ignore]

from rag.schema import Span
from rag.text.lexicon import FUNCTION_WORDS, IRREGULAR

# Scripts written without spaces, where a run of letters is no word.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"


_WORD = regex.compile(
    rf"""(?P<run>[{_UNSPACED}][{_UNSPACED}\p{{M}}ー]*)
    | (?P<dotted>(?:\p{{Lu}}\.){{2,}})
    | (?P<number>\p{{Nd}}+(?:[.,]\p{{Nd}}+)*[\p{{L}}\p{{M}}\p{{N}}--[{_UNSPACED}]]*)
    | (?P<word>[\p{{L}}\p{{N}}--[{_UNSPACED}]][\p{{L}}\p{{M}}\p{{N}}\u00ad--[{_UNSPACED}]]*(?:['’ʼ]\p{{L}}+)*)
    """,
    regex.VERBOSE | regex.VERSION1,
)


POSSESSIVE = regex.compile(r"['’ʼ]s?$")


_ACCENT = regex.compile(r"(?<=\p{Latin})\p{Mn}+")


# Folded, the country would be the pronoun; only the capitals tell them apart.
_CAPITALS = dict.fromkeys(("US", "U.S.", "USA", "U.S.A."), "usa")


# The stemmer keeps the word it works on in itself: threads that shared one would spoil each other's.
_own = threading.local()


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands: ``norm`` is it without case, accents and possessive; ``term`` its stem.

    ``norm`` of a number has no thousands commas: ``100,000`` is ``100000``.
    """

    span: Span
    text: str
    norm: str
    term: str

    @property
    def function(self) -> bool:
        """A word that carries no subject matter (``the``, ``is``, ``what``)."""
        return self.norm in FUNCTION_WORDS

    @property
    def number(self) -> bool:
        """Starts with a digit."""
        return self.norm[:1].isdigit()


def is_name(word: Word) -> bool:
    """Whether ``word`` looks like a name, or a part of one: it has a capital though no sentence begins with it."""
    return word.span.start > 0 and not word.function and any(char.isupper() for char in word.text)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[Word, ...]:
    """The words of ``text`` in order. In unspaced scripts, each pair of neighbouring characters is a word."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        if match.lastgroup == "run":
            found += _pairs(match.group(), match.start())
            continue
        raw = match.group()
        norm = _norm(raw)
        if norm:
            found.append(Word(Span(match.start(), match.end()), raw, norm, _term(norm)))
    return tuple(found)


def terms(text: str) -> tuple[str, ...]:
    """The terms of ``text`` in order, function words included: what the keyword index stores."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        if match.lastgroup == "run":
            found += (pair.term for pair in _pairs(match.group(), 0))
        elif term := _term(_norm(match.group())):
            found.append(term)
    return tuple(found)


def content(text: str) -> tuple[Word, ...]:
    """The words of ``text`` that carry its subject matter."""
    return tuple(word for word in words(text) if not word.function)


def _pairs(run: str, at: int) -> list[Word]:
    if len(run) == 1:
        return [Word(Span(at, at + 1), run, run, run)]
    return [
        Word(Span(at + i, at + i + 2), run[i : i + 2], run[i : i + 2], run[i : i + 2])
        for i in range(len(run) - 1)
    ]


@lru_cache(maxsize=65536)
def _norm(raw: str) -> str:
    if raw in _CAPITALS:
        return _CAPITALS[raw]
    plain = unicodedata.normalize("NFKC", raw.replace("\u00ad", "")).replace("’", "'").replace("ʼ", "'")
    plain = POSSESSIVE.sub("", plain.casefold()).replace("i\u0307", "i")
    plain = _ACCENT.sub("", unicodedata.normalize("NFD", plain))
    plain = unicodedata.normalize("NFC", plain)
    if plain[:1].isdigit():
        return plain.replace(",", "")
    return plain.replace(".", "")


@lru_cache(maxsize=65536)
def _term(norm: str) -> str:
    if not norm.isascii() or not norm.isalpha():
        return norm
    if not hasattr(_own, "stemmer"):
        _own.stemmer = Stemmer.Stemmer("english", 0)
    return str(_own.stemmer.stemWord(IRREGULAR.get(norm, norm)))
