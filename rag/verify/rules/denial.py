"""Denials and hedges: the claim affirms what the evidence denies, or states what the evidence leaves open."""

from rag.text.negation import clauses, is_hedged
from rag.text.quantities import Quantity
from rag.verify.analysed_text import AnalysedText
from rag.verify.comparison import Comparison
from rag.verify.quantity_match import same


def denial_differs(comparison: Comparison) -> str:
    """A word or number is denied on one side alone.

    A word that the claim affirms must not be denied wherever the evidence has it. The other way round, a fault needs
    more than half of the words of a denied clause: its subject often stands outside the clause that the evidence
    denies (``For developers, this changes nothing``).
    """
    agreements = _agreements(comparison)
    return (
        _affirmed_but_denied(comparison, agreements)
        or _denied_but_affirmed(comparison, agreements)
        or _number_denied(comparison)
    )


def _agreements(comparison: Comparison) -> dict[int, bool]:
    """For each key with a place in the evidence, whether it is denied, or affirmed, on both sides at any place."""
    claim, evidence = comparison.claim, comparison.evidence
    return {
        i: any(evidence[place.text].denied[place.word] ^ place.turned == claim.denied[i] for place in places)
        for i, places in comparison.matches.items()
        if places and i in claim.keys
    }


def _affirmed_but_denied(comparison: Comparison, agreements: dict[int, bool]) -> str:
    claim = comparison.claim
    for i, agrees in agreements.items():
        if not agrees and not claim.denied[i]:
            return f"‘{claim.words[i].text}’ is denied in the cited words"
    return ""


def _denied_but_affirmed(comparison: Comparison, agreements: dict[int, bool]) -> str:
    claim = comparison.claim
    for clause in clauses(claim.text):
        shared = [i for i in clause.words if i in agreements]
        affirmed = [i for i in shared if not agreements[i]]
        if clause.denied and len(affirmed) * 2 > len(shared):
            return f"‘{claim.words[affirmed[-1]].text}’ is affirmed in the cited words"
    return ""


def _number_denied(comparison: Comparison) -> str:
    for quantity in comparison.claim.quantities:
        denials = {
            _is_denied(passage, other)
            for passage in comparison.evidence
            for other in passage.quantities
            if same(quantity, other)
        }
        if denials == {True} and not _is_denied(comparison.claim, quantity):
            return f"‘{quantity.text.strip()}’ is denied in the cited words"
    return ""


def _is_denied(text: AnalysedText, quantity: Quantity) -> bool:
    return any(text.denied[i] for i in text.words_of(quantity)[:1])


def hedge_dropped(comparison: Comparison) -> str:
    """The claim states what the evidence says only may be. ``reportedly`` and ``likely`` may be dropped, ``may`` not.

    Only what follows the hedge in its clause is left open: ``regulators watching the industry may object``.
    """
    claim = comparison.claim
    if is_hedged(claim.text):
        return ""
    hedges = _hedged_words(comparison)
    left_open = [
        hedges[places[0].text, places[0].word]
        for i, places in comparison.matches.items()
        if places and i in claim.keys and all((place.text, place.word) in hedges for place in places)
    ]
    if len(left_open) >= 2 or (left_open and len(left_open) * 3 >= len(claim.keys)):
        return f"the cited words say ‘{left_open[0]}’"
    return ""


def _hedged_words(comparison: Comparison) -> dict[tuple[int, int], str]:
    """The hedge before each hedged word of the evidence, by passage and word."""
    hedges: dict[tuple[int, int], str] = {}
    for number, passage in enumerate(comparison.evidence):
        for clause in clauses(passage.text):
            for hedge in clause.hedges[:1]:
                start = next(i for i in clause.words if passage.words[i].text == hedge)
                hedges |= {(number, i): hedge for i in clause.words if i > start}
    return hedges
