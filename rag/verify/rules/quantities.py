"""Numbers: one is missing from the evidence, or stands with other words there.

All the words of a claim may stand in the evidence and still be put together wrongly: ``raised $24 billion at
a $6 billion valuation``. Words that belong together stand close together, in the same segment of a sentence.
"""

from collections.abc import Sequence

import regex

from rag.text.quantities import Quantity
from rag.verify.analysed_text import CROSSING, AnalysedText
from rag.verify.comparison import Comparison
from rag.verify.quantity_match import missing, same

_MARGIN = 1.5  # how much better another number must fit before the claim is called mixed up


_MARGIN_ADDED = 0.05  # and by so much more, so that two numbers that hardly fit are not compared


_BEFORE, _AFTER = 3, 2  # words around a number that fix its place


_OPPOSITE_PREPOSITIONS = {
    "from": "to",
    "to": "from",
    "before": "after",
    "after": "before",
    "since": "until",
    "until": "since",
}


_PAIR_WORDS = frozenset(("both", "neither", "pair", "couple", "two", "either"))


_POINTING_WORDS = frozenset(("the", "these", "their", "its", "both"))


def number_missing(comparison: Comparison) -> str:
    """A quantity of the claim does not follow from any of the evidence's."""
    cited = [quantity for passage in comparison.evidence for quantity in passage.quantities]
    norms = {word.norm for passage in comparison.evidence for word in passage.words}
    for quantity in comparison.claim.quantities:
        # "the two companies" only points back to two that the evidence speaks of.
        pointing = quantity.text.casefold() == "two" and quantity.led in _POINTING_WORDS
        if not (pointing and norms & _PAIR_WORDS) and (reason := missing(quantity, cited)):
            return reason
    return ""


def number_moved(comparison: Comparison) -> str:
    """A number of the claim stands with other words in the evidence."""
    for quantity in comparison.claim.quantities:
        context = _context(comparison.claim, quantity)
        for number in range(len(comparison.evidence)):
            if reason := _moved_within(comparison, quantity, context, number):
                return reason
    return ""


_Context = tuple[tuple[str, int], ...]  # terms around a number, each with its distance in words


def _moved_within(comparison: Comparison, quantity: Quantity, context: _Context, number: int) -> str:
    """Why a quantity stands with other words in passage ``number``."""
    claim, passage = comparison.claim, comparison.evidence[number]
    equal = [other for other in passage.quantities if same(quantity, other)]
    rivals = [q for q in passage.quantities if q.family == quantity.family and q not in equal]
    if equal and (reason := _preposition_reversed(quantity, equal)):
        return reason
    if not equal or not rivals or any(_same_neighbours(claim, quantity, passage, q) for q in equal):
        return ""

    def fit(other: Quantity) -> float:
        return _fit(comparison, context, number, other)

    best = max(rivals, key=fit)
    if fit(best) <= _MARGIN * max(map(fit, equal)) + _MARGIN_ADDED or _beside_equal(claim, quantity, best):
        return ""
    return f"in the cited words ‘{best.text.strip()}’ goes with these words, not ‘{quantity.text.strip()}’"


def _preposition_reversed(quantity: Quantity, equal: Sequence[Quantity]) -> str:
    opposite = _OPPOSITE_PREPOSITIONS.get(quantity.led)
    if opposite and all(other.led == opposite for other in equal):
        cited = f"‘{opposite} {equal[0].text.strip()}’"
        return f"the cited words say {cited}, not ‘{quantity.led} {quantity.text.strip()}’"
    return ""


def _same_neighbours(claim: AnalysedText, quantity: Quantity, passage: AnalysedText, other: Quantity) -> bool:
    """Whether the very same words stand around a number on both sides, three before it and two after."""
    return _neighbours(claim, quantity) == _neighbours(passage, other)


def _neighbours(text: AnalysedText, quantity: Quantity) -> tuple[tuple[str, ...], tuple[str, ...]]:
    place = text.words_of(quantity)
    terms = [word.term for word in text.words]
    return tuple(terms[max(0, place.start - _BEFORE) : place.start]), tuple(
        terms[place.stop : place.stop + _AFTER]
    )


def _beside_equal(claim: AnalysedText, quantity: Quantity, best: Quantity) -> bool:
    """Whether the number that fits better stands right beside this one in the claim too: ``2015 and 2018``."""
    return any(
        same(best, other) and other.span != quantity.span and side_by_side(claim, other, quantity)
        for other in claim.quantities
    )


def side_by_side(text: AnalysedText, first: Quantity, second: Quantity) -> bool:
    """Whether only a joint stands between two numbers (``2015 and 2018``), so that they share their words."""
    before, after = sorted((first.span, second.span))
    between = text.text[before.end : after.start].casefold()
    return regex.fullmatch(r"[\s,;–-]*(?:and|or|to|through|until)?\s*(?:in)?\s*", between) is not None


def _context(claim: AnalysedText, quantity: Quantity) -> _Context:
    """The keys in the segment of a number; where it has none, those of the next segment, or of the one before."""
    segments = claim.segments
    if not segments:
        return ()
    place = claim.words_of(quantity)
    here = segments[min(place.start, len(segments) - 1)]
    for segment in (here, here + 1, here - 1):
        context = tuple(
            (claim.words[i].term, max(1, abs(i - place.start)))
            for i in claim.keys
            if segments[i] == segment and i not in place
        )
        if context:
            return context
    return ()


def _fit(comparison: Comparison, context: _Context, number: int, quantity: Quantity) -> float:
    """How close the words of ``context`` stand to a quantity of passage ``number``: higher is closer."""
    passage = comparison.evidence[number]
    segments = passage.segments
    start = passage.words_of(quantity).start
    total = 0.0
    for term, distance in context:
        places = [place.word for place in comparison.lookup.same_meaning(term) if place.text == number]
        if places:
            gap = min(max(1, abs(i - start)) + CROSSING * abs(segments[i] - segments[start]) for i in places)
            total += 1 / (distance * gap)
    return total
