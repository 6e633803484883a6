"""rag.verify.citations.rules.denial."""

from rag.text.negation import clauses, softened
from rag.text.quantities import Quantity
from rag.verify.analysed_text import AnalysedText
from rag.verify.comparison import Comparison
from rag.verify.quantity_match import same


def _denials(case: Comparison) -> str:
    """A word affirmed in the claim must not stand denied wherever the evidence has it.

    The other way half of the words of a denied clause are enough: its subject often stands outside the clause
    that the evidence denies (``For developers, this changes nothing``).
    """
    mine = case.mine
    agrees = {
        i: any(
            case.theirs[place.text].denied[place.word] ^ place.turned == mine.denied[i] for place in places
        )
        for i, places in case.found.items()
        if places and i in mine.keys
    }
    for i, agreed in agrees.items():
        if not agreed and not mine.denied[i]:
            return f"‘{mine.words[i].text}’ is denied in the cited words"
    for clause in clauses(mine.text):
        shared = [i for i in clause.words if i in agrees]
        affirmed = [i for i in shared if not agrees[i]]
        if clause.denied and len(affirmed) * 2 > len(shared):
            return f"‘{mine.words[affirmed[-1]].text}’ is affirmed in the cited words"
    return _denied_numbers(case)


def _denied_numbers(case: Comparison) -> str:
    for quantity in case.mine.quantities:
        sides = {
            _denied_at(reading, other)
            for reading in case.theirs
            for other in reading.quantities
            if same(quantity, other)
        }
        if sides == {True} and not _denied_at(case.mine, quantity):
            return f"‘{quantity.text.strip()}’ is denied in the cited words"
    return ""


def _denied_at(reading: AnalysedText, quantity: Quantity) -> bool:
    at = next((i for i, word in enumerate(reading.words) if word.span.overlaps(quantity.span)), None)
    return at is not None and reading.denied[at]


def _left_open(case: Comparison) -> str:
    """A statement of what the evidence says only may be. ``reportedly`` and ``likely`` may be dropped,
    ``may`` not.

    Only what follows the hedge in its clause is left open: ``regulators watching the industry may object``.
    """
    mine = case.mine
    if softened(mine.text):
        return ""
    hedged: dict[tuple[int, int], str] = {}
    for number, reading in enumerate(case.theirs):
        for clause in clauses(reading.text):
            for word in clause.hedges[:1]:
                start = next(i for i in clause.words if reading.words[i].text == word)
                hedged |= {(number, i): word for i in clause.words if i > start}
    left_open = [
        hedged[places[0].text, places[0].word]
        for i, places in case.found.items()
        if places and i in mine.keys and all((place.text, place.word) in hedged for place in places)
    ]
    if len(left_open) >= 2 or (left_open and len(left_open) * 3 >= len(mine.keys)):
        return f"the cited words say ‘{left_open[0]}’"
    return ""
