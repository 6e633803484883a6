"""What the years in brackets after a name say of it: ``the Dutch Revolt (1568–1609)`` began in 1568."""

import regex

from rag.verify.analysed_text import analyse
from rag.verify.quantity_match import missing
from rag.verify.syntax.arguments import AGENT, PATIENT, arguments
from rag.verify.syntax.modality.context import context
from rag.verify.syntax.parsed_sentence import ParsedSentence
from rag.verify.syntax.phrases import Comparing, carries_phrase

_YEARS = regex.compile(r"\s?\((?:c\. ?)?(?P<first>\d{3,4})\s?[–-]\s?(?P<last>\d{2,4})\)")
_BEGINS = frozenset("begin start commence bear found".split())
_ENDS = frozenset("end finish conclude die cease".split())


def carried_by_years(both: Comparing, p: int, s: ParsedSentence) -> int | None:
    """The token whose years in brackets carry that something began or ended in a year; ``None`` where none do."""
    claim = both.claim
    lemma = claim.tokens[p].lemma
    if lemma not in _BEGINS | _ENDS or context(claim, p).denied:
        return None
    own = arguments(claim, p)
    dates = [a.token for a in own if claim.quantity[a.token] >= 0 and a.role in ("in", "adverb")]
    subjects = [a.token for a in own if a.role in (AGENT, PATIENT) and a.token not in dates]
    if not dates or not subjects or len(own) != len(dates) + len(subjects):
        return None
    for e, token in enumerate(s.tokens):
        years = _YEARS.match(s.text, token.span.end)
        if years is None or not all(carries_phrase(both, c, s, e) for c in subjects):
            continue
        year = years["first"] if lemma in _BEGINS else _whole(years["first"], years["last"])
        given = analyse(f"in {year}").quantities
        if all(not missing(claim.analysed.quantities[claim.quantity[d]], given) for d in dates):
            both.covered |= {p, *dates}
            both.turned.add(claim.word[p])  # the brackets say it without the word
            return e
    return None


def _whole(first: str, last: str) -> str:
    """The last year of ``1914–18`` in four digits."""
    return first[: len(first) - len(last)] + last
