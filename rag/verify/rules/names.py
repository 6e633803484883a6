"""Names: one is missing from the evidence, or stands with other words there."""

from collections.abc import Sequence

from rag.verify.analysed_text import CROSSING, AnalysedText
from rag.verify.comparison import Comparison

_MARGIN = 2.0  # how much closer another name must stand before the claim is called mixed up


def name_missing(comparison: Comparison) -> str:
    """A name, or a word with digits, is not among the evidence's words."""
    claim = comparison.claim
    for i in sorted(claim.possible_names | claim.digits):
        if i not in comparison.matches:
            return f"‘{claim.words[i].text}’ is not in the cited words"
    return ""


def name_moved(comparison: Comparison) -> str:
    """A name of the claim stands with other words in the evidence.

    A name that the claim leaves out and that stands much closer to the claim's words in the evidence is the
    one that belongs there. Names in one list (``Google and Amazon``) belong together.
    """
    claim = comparison.claim
    for i in sorted(claim.possible_names):
        context = _context(claim, i)
        for number in range(len(comparison.evidence) if context else 0):
            if rival := _closer_name(comparison, i, context, number):
                return f"in the cited words ‘{rival}’ goes with these words, not ‘{claim.words[i].text}’"
    return ""


_Context = tuple[tuple[str, int], ...]  # terms around a name, each with its distance in words


def _context(claim: AnalysedText, name: int) -> _Context:
    """The keys in the segment of a name that are no names."""
    segments = claim.segments
    return tuple(
        (claim.words[j].term, abs(name - j))
        for j in claim.keys
        if segments[j] == segments[name] and j not in claim.possible_names
    )


def _closer_name(comparison: Comparison, name: int, context: _Context, number: int) -> str:
    """The name in passage ``number`` that stands much closer to ``context`` than ``name`` does; empty if none."""
    claim, passage = comparison.claim, comparison.evidence[number]
    occurrences = {j for j, word in enumerate(passage.words) if word.term == claim.words[name].term}
    if name in claim.heads and occurrences.isdisjoint(passage.names):
        return ""  # "Demand" may be no name at all
    own_lists = [group for group in passage.name_lists if not occurrences.isdisjoint(group)]
    rivals = _rivals(claim, passage, own_lists)
    if not own_lists or not rivals:
        return ""

    def closeness(group: tuple[int, ...], *, across: bool) -> float:
        return _closeness(comparison, context, number, group, across=across)

    best = max(rivals, key=lambda group: closeness(group, across=False))
    own_closeness = max(closeness(group, across=True) for group in own_lists)
    if closeness(best, across=False) > _MARGIN * own_closeness:
        return passage.words[best[0]].text
    return ""


def _rivals(
    claim: AnalysedText, passage: AnalysedText, own_lists: Sequence[tuple[int, ...]]
) -> list[tuple[int, ...]]:
    """The lists of names of which the claim has none, without acronyms."""
    claim_names = {claim.words[i].term for i in claim.possible_names}
    return [
        group
        for group in passage.name_lists
        if group not in own_lists
        and all(passage.words[j].term not in claim_names for j in group)
        and not all(passage.words[j].text.isupper() for j in group)  # "GPU" names no one
    ]


def _closeness(
    comparison: Comparison, context: _Context, number: int, group: tuple[int, ...], *, across: bool
) -> float:
    """How close the words of ``context`` stand to a list of names: higher is closer.

    Unless ``across`` is set, only words in one segment with the names count.
    """
    segments = comparison.evidence[number].segments
    total = 0.0
    for term, distance in context:
        gaps = [
            abs(place.word - j) + CROSSING * abs(segments[place.word] - segments[j])
            for place in comparison.lookup.same_meaning(term)
            if place.text == number and place.word not in group
            for j in group
            if across or segments[place.word] == segments[j]
        ]
        if gaps:
            total += 1 / (distance * min(gaps))
    return total
