"""Which words a number goes with.

All the words of a claim may stand in the evidence and still be put together wrongly: ``raised $24 billion at
a $6 billion valuation``. Words that belong together stand close together, in the same piece of a sentence.
"""

from collections.abc import Sequence

import regex

from rag.text.quantities import Quantity
from rag.verify.analysed_text import CROSSING, AnalysedText, segments
from rag.verify.comparison import Comparison
from rag.verify.lookup import Lookup
from rag.verify.quantity_match import missing, same

_MARGIN = 1.5  # how much better another number must fit before the claim is called mixed up


_BEFORE, _AFTER = 3, 2  # words around a number that fix its place


_PREPOSITIONS = {
    "from": "to",
    "to": "from",
    "before": "after",
    "after": "before",
    "since": "until",
    "until": "since",
}


def number_moved(claim: AnalysedText, evidence: Sequence[AnalysedText], lookup: Lookup) -> str:
    """Why a number of the claim goes with other words in the evidence; empty where none does."""
    for quantity in claim.quantities:
        context = _context(claim, quantity)
        for number, reading in enumerate(evidence):
            own = [other for other in reading.quantities if same(quantity, other)]
            others = [q for q in reading.quantities if q.family == quantity.family and q not in own]
            if own and (reason := _moved(quantity, own)):
                return reason
            if not own or not others or any(_in_place(claim, quantity, reading, other) for other in own):
                continue
            mine = max(_fit(context, number, reading, other, lookup) for other in own)
            best = max(others, key=lambda other: _fit(context, number, reading, other, lookup))
            theirs = _fit(context, number, reading, best, lookup)
            if theirs > _MARGIN * mine + 0.05 and not _listed(claim, quantity, best):
                return f"in the cited words ‘{best.text.strip()}’ goes with these words, not ‘{quantity.text.strip()}’"
    return ""


def _in_place(claim: AnalysedText, quantity: Quantity, reading: AnalysedText, other: Quantity) -> bool:
    """Whether the very same words stand around a number on both sides, three before it and two after."""
    return _beside(claim, quantity) == _beside(reading, other)


def _beside(reading: AnalysedText, quantity: Quantity) -> tuple[tuple[str, ...], tuple[str, ...]]:
    first = _index(reading, quantity)
    last = next(
        (i for i in range(first, len(reading.words)) if reading.words[i].span.start >= quantity.span.end),
        len(reading.words),
    )
    terms = [word.term for word in reading.words]
    return tuple(terms[max(0, first - _BEFORE) : first]), tuple(terms[last : last + _AFTER])


def _listed(claim: AnalysedText, quantity: Quantity, best: Quantity) -> bool:
    """Whether the number that fits better stands right beside this one in the claim too: ``2015 and
    2018``.
    """
    return any(
        same(best, other) and other.span != quantity.span and side_by_side(claim, other, quantity)
        for other in claim.quantities
    )


def side_by_side(claim: AnalysedText, other: Quantity, quantity: Quantity) -> bool:
    """Two numbers with nothing but a joint between them (``2015 and 2018``) share their words."""
    first, second = sorted((other.span, quantity.span))
    between = claim.text[first.end : second.start].casefold()
    return regex.fullmatch(r"[\s,;–-]*(?:and|or|to|through|until)?\s*(?:in)?\s*", between) is not None


def _moved(quantity: Quantity, own: Sequence[Quantity]) -> str:
    contrary = _PREPOSITIONS.get(quantity.led)
    if contrary and all(other.led == contrary for other in own):
        return f"the cited words say ‘{contrary} {own[0].text.strip()}’, not ‘{quantity.led} {quantity.text.strip()}’"
    return ""


def _context(claim: AnalysedText, quantity: Quantity) -> tuple[tuple[str, int], ...]:
    """The terms of the claim that go with a number, each with its distance in words."""
    at = _index(claim, quantity)
    parts = segments(claim)
    if not parts:
        return ()
    here = parts[min(at, len(parts) - 1)]
    for piece in (here, here + 1, here - 1):
        found = tuple(
            (claim.words[i].term, max(1, abs(i - at)))
            for i in claim.keys
            if parts[i] == piece and not _inside(claim, i, quantity)
        )
        if found:
            return found
    return ()


def _inside(reading: AnalysedText, i: int, quantity: Quantity) -> bool:
    return quantity.span.overlaps(reading.words[i].span)


def _index(reading: AnalysedText, quantity: Quantity) -> int:
    """The index of the first word of a quantity."""
    return next((i for i, word in enumerate(reading.words) if word.span.end > quantity.span.start), 0)


def _fit(
    context: Sequence[tuple[str, int]], number: int, reading: AnalysedText, quantity: Quantity, lookup: Lookup
) -> float:
    """How close the words of ``context`` stand to ``quantity`` in the evidence: higher is closer."""
    at = _index(reading, quantity)
    parts = segments(reading)
    total = 0.0
    for term, distance in context:
        places = [place.word for place in lookup.alike(term) if place.text == number]
        if places:
            gap = min(max(1, abs(i - at)) + CROSSING * abs(parts[i] - parts[at]) for i in places)
            total += 1 / (distance * gap)
    return total


_PAIR = frozenset(("both", "neither", "pair", "couple", "two", "either"))


def _numbers(case: Comparison) -> str:
    known = [quantity for reading in case.theirs for quantity in reading.quantities]
    counted = {word.norm for reading in case.theirs for word in reading.words}
    for quantity in case.mine.quantities:
        # "the two companies" only points back.
        pointing = quantity.text.casefold() == "two" and quantity.led in (
            "the",
            "these",
            "their",
            "its",
            "both",
        )
        if not (pointing and counted & _PAIR) and (reason := missing(quantity, known)):
            return reason
    return ""
