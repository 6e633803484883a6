"""Where the words that a claim quotes stand in a passage: exactly, after folding, or not at all."""

from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.schema import Evidence, Located, Span
from rag.text.words import words
from rag.verify.claims import Claim
from rag.verify.quoting.folding import Match, find

_QUOTED = regex.compile(r'“([^“”]*(?:“[^“”]*”[^“”]*)*)”|(?<![\p{L}\p{N}])"([^"\n]*)"')
_QUOTATION_MARKS = '"“”«» \t'
_OUTER = regex.compile(r"^[\s\"“”«»]+|[\s\"“”«».,;:!?…]+$")
_OMITTED = regex.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|…|\.{3,4})\s*")


# Between the letters of a word these divide it for ``words``, but not for a reader.
_INVISIBLE = regex.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
QUOTE_WORDS = 3  # words between quotation marks from which on they are taken for the article's own


@dataclass(frozen=True, slots=True)
class QuoteLocation:
    """Where the words that a claim quotes stand in one passage.

    ``whole`` is set where the claim is nothing but the passage's words; ``span`` is then their range in the passage.
    """

    located: Located
    span: Span | None = None
    whole: bool = False


def locate(claim: Claim, passage: Evidence) -> QuoteLocation:
    """Locate the words that a claim quotes in a passage. A claim that quotes nothing is ``exact``."""
    for statement in dict.fromkeys((claim.text, claim.raw)):
        stripped = (statement.strip(), statement.strip(_QUOTATION_MARKS), _OUTER.sub("", statement))
        for needle in dict.fromkeys(stripped):
            match = _find(needle, passage.text) if _QUOTED.fullmatch(needle) is None else None
            if match is not None and words(needle):
                return QuoteLocation("exact" if match.exact else "normalized", match.span, whole=True)
    located: Located = "exact"
    for quotation in _quotations(claim.text):
        match_kind = _locate_quotation(quotation, passage.text)
        if match_kind == "missing":
            return QuoteLocation("missing")
        located = "normalized" if match_kind == "normalized" else located
    return QuoteLocation(located)


def _quotations(text: str) -> tuple[str, ...]:
    """What stands between quotation marks and is long enough to be the article's words."""
    quoted = (match.group(1) or match.group(2) or "" for match in _QUOTED.finditer(text))
    return tuple(quotation for quotation in quoted if len(words(quotation)) >= QUOTE_WORDS)


def _locate_quotation(quotation: str, text: str) -> Located:
    """How quoted words stand in a text; where some are left out (…), the pieces must stand there in order."""
    match = _find(quotation, text) or _find(_OUTER.sub("", quotation), text)
    if match is not None:
        return "exact" if match.exact else "normalized"
    pieces = [piece for piece in _OMITTED.split(quotation) if words(piece)]
    if len(pieces) < 2:
        return "missing"
    start = 0
    for piece in pieces:
        match = _find(_OUTER.sub("", piece), text[start:])
        if match is None:
            return "missing"
        start += match.span.end
    return "normalized"


def _find(needle: str, text: str) -> Match | None:
    """``folding.find``, skipped where the text lacks a word of the needle."""
    if not _INVISIBLE.search(needle) and not _INVISIBLE.search(text):
        norms = _norms(text)
        if any(word.norm not in norms for word in words(needle)[1:-1]):
            return None
    return find(needle, text)


@lru_cache(maxsize=1024)
def _norms(text: str) -> frozenset[str]:
    return frozenset(word.norm for word in words(text))
