"""Words of a text with their spans, normal forms and stems; the stems are the terms of the keyword index."""

import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex
import Stemmer  # type: ignore[import-not-found, unused-ignore]

from rag.schema import Span
from rag.text.lexicon import FUNCTION_WORDS, IRREGULAR

# Scripts that are written without spaces, so that a run of letters is not a word.
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"

_WORD = regex.compile(
    rf"""(?P<run>[{UNSPACED}][{UNSPACED}\p{{M}}ー]*)
    | (?P<dotted>\p{{Lu}}\.(?:\x20?\p{{Lu}}\.)+)
    | (?P<number>\p{{Nd}}+(?:[.,]\p{{Nd}}+)*[\p{{L}}\p{{M}}\p{{N}}--[{UNSPACED}]]*)
    | (?P<word>[\p{{L}}\p{{N}}--[{UNSPACED}]][\p{{L}}\p{{M}}\p{{N}}\u00ad--[{UNSPACED}]]*(?:['’ʼ]\p{{L}}+)*)
    """,
    regex.VERBOSE | regex.VERSION1,
)

POSSESSIVE = regex.compile(r"['’ʼ]s?$")
_ACCENT = regex.compile(r"(?<=\p{Latin})\p{Mn}+")


# In lower case the country would be the pronoun "us": only the capitals tell them apart.
_CAPITALS = dict.fromkeys(("US", "U.S.", "USA", "U.S.A."), "usa")


# A stemmer holds the word that it works on: threads that shared one would get each other's stems.
_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: ``norm`` is its text without case, accents and possessive; ``term`` is its stem.

    The ``norm`` of a number has no thousands commas: ``100,000`` is ``100000``.
    """

    span: Span
    text: str
    norm: str
    term: str

    @property
    def function(self) -> bool:
        """Whether it is a function word, without subject matter (``the``, ``is``, ``what``)."""
        return self.norm in FUNCTION_WORDS

    @property
    def number(self) -> bool:
        """Whether it starts with a digit."""
        return self.norm[:1].isdigit()


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[Word, ...]:
    """List the words of ``text`` in order. In unspaced scripts each pair of neighbouring characters is a word."""
    sequence: list[Word] = []
    for match in _WORD.finditer(text):
        if match.lastgroup == "run":
            sequence += _pairs(match.group(), match.start())
            continue
        raw = match.group()
        norm = _norm(raw)
        if norm:
            sequence.append(Word(Span(match.start(), match.end()), raw, norm, _term(norm)))
    return tuple(sequence)


def terms(text: str) -> tuple[str, ...]:
    """List the terms of ``text`` in order, function words included, as the keyword index stores them.

    They are the terms of ``words(text)``, made without the spans.
    """
    sequence: list[str] = []
    for match in _WORD.finditer(text):
        if match.lastgroup == "run":
            sequence += (pair.term for pair in _pairs(match.group(), 0))
        elif term := _term(_norm(match.group())):
            sequence.append(term)
    return tuple(sequence)


def content(text: str) -> tuple[Word, ...]:
    """List the words of ``text`` that are no function words."""
    return tuple(word for word in words(text) if not word.function)


def quoted_list(names: Sequence[str]) -> str:
    """Some words or names in quotation marks: ``“a”, “b” or “c”``."""
    quoted = [f"“{' '.join(name.split())}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _pairs(run: str, offset: int) -> list[Word]:
    """The pairs of neighbouring characters of a run that begins at ``offset``; the character where it is alone."""
    if len(run) == 1:
        return [Word(Span(offset, offset + 1), run, run, run)]
    return [
        Word(Span(offset + i, offset + i + 2), run[i : i + 2], run[i : i + 2], run[i : i + 2])
        for i in range(len(run) - 1)
    ]


@lru_cache(maxsize=65536)
def _norm(raw: str) -> str:
    """The normal form of a word: NFKC, case folded, without soft hyphens, possessive, and accents on Latin letters."""
    bare = POSSESSIVE.sub("", raw).replace(" ", "")
    if bare in _CAPITALS:
        return _CAPITALS[bare]
    norm = unicodedata.normalize("NFKC", raw.replace("\u00ad", "")).replace("’", "'").replace("ʼ", "'")
    norm = POSSESSIVE.sub("", norm.casefold()).replace("i\u0307", "i")
    norm = _ACCENT.sub("", unicodedata.normalize("NFD", norm))
    norm = unicodedata.normalize("NFC", norm)
    return norm.replace(",", "") if norm[:1].isdigit() else norm.replace(".", "").replace(" ", "")


@lru_cache(maxsize=65536)
def _term(norm: str) -> str:
    """The Snowball stem of a normal form; words of other scripts, or with digits, are their own stem."""
    if not norm.isascii() or not norm.isalpha():
        return norm
    if not hasattr(_thread, "stemmer"):
        _thread.stemmer = Stemmer.Stemmer("english", 0)
    return str(_thread.stemmer.stemWord(IRREGULAR.get(norm, norm)))
