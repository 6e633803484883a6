"""Where the words that a claim quotes stand in a passage."""

from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.schema import Evidence, Located, Span
from rag.text.words import words
from rag.verify.claims import Claim
from rag.verify.folding import Match, find

_QUOTED = regex.compile(r'“([^“”]*(?:“[^“”]*”[^“”]*)*)”|(?<![\p{L}\p{N}])"([^"\n]*)"')


_MARKS = '"“”«» \t'


_OUTER = regex.compile(r"^[\s\"“”«»]+|[\s\"“”«».,;:!?…]+$")


_OMITTED = regex.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|…|\.{3,4})\s*")


# Between the letters of a word these part it for ``words`` but not for a reader.
_INVISIBLE = regex.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


QUOTE_WORDS = 3  # words between quotation marks from which they are taken for the article's


@dataclass(frozen=True, slots=True)
class QuoteLocation:
    """What a claim quotes, and where that stands in one passage; ``span`` is within the passage."""

    located: Located
    span: Span | None = None
    whole: bool = False


def locate(claim: Claim, passage: Evidence) -> QuoteLocation:
    """Where the words that a claim quotes stand in a passage."""
    for said in dict.fromkeys((claim.text, claim.raw)):
        for needle in dict.fromkeys((said.strip(), said.strip(_MARKS), _OUTER.sub("", said))):
            match = _find(needle, passage.text) if _QUOTED.fullmatch(needle) is None else None
            if match is not None and words(needle):
                return QuoteLocation("exact" if match.exact else "normalized", match.span, whole=True)
    located: Located = "exact"
    for quoted in _quotations(claim.text):
        place = _place(quoted, passage.text)
        if place == "missing":
            return QuoteLocation("missing")
        located = "normalized" if place == "normalized" else located
    return QuoteLocation(located)


def _quotations(text: str) -> tuple[str, ...]:
    """What stands between quotation marks and is long enough to be the article's words."""
    found = (match.group(1) or match.group(2) or "" for match in _QUOTED.finditer(text))
    return tuple(quoted for quoted in found if len(words(quoted)) >= QUOTE_WORDS)


def _place(quoted: str, text: str) -> Located:
    """How quoted words stand in a text; where some are left out (…), the pieces must stand there in order."""
    match = _find(quoted, text) or _find(_OUTER.sub("", quoted), text)
    if match is not None:
        return "exact" if match.exact else "normalized"
    pieces = [piece for piece in _OMITTED.split(quoted) if words(piece)]
    at = 0
    for piece in pieces if len(pieces) > 1 else ():
        found = _find(_OUTER.sub("", piece), text[at:])
        if found is None:
            return "missing"
        at += found.span.end
    return "normalized" if len(pieces) > 1 else "missing"


def _find(needle: str, text: str) -> Match | None:
    """``fold.find``, spared where the text lacks a word of the needle."""
    if not _INVISIBLE.search(needle) and not _INVISIBLE.search(text):
        there = _norms(text)
        if any(word.norm not in there for word in words(needle)[1:-1]):
            return None
    return find(needle, text)


@lru_cache(maxsize=1024)
def _norms(text: str) -> frozenset[str]:
    return frozenset(word.norm for word in words(text))
