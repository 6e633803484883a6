"""The one thing in which a refused statement differs from the words it cites."""

from rag.schema import Contrary, Evidence, Span
from rag.text.quantities import Quantity
from rag.verify.analysed_text import analyse
from rag.verify.claims import Claim
from rag.verify.quantity_match import missing
from rag.verify.support import without_lead_in
from rag.verify.syntax.fault import Fault


def contrary(claim: Claim, passage: Evidence, number: int, fault: Fault | None) -> Contrary | None:
    """Where a refused claim and passage ``number`` differ; ``None`` where it is in nothing single, or elsewhere."""
    text = without_lead_in(claim.text)
    lead = len(claim.text) - len(text)
    if fault is None or not text:
        return None
    found = _differing_number(text, passage.text)
    if found is None and fault.claim and fault.cited and fault.passage == number:
        found = fault.claim, fault.cited
    if found is None or _has_number(found[0], text) != _has_number(found[1], passage.text):
        return None  # a place stands for no number
    mine, words = found
    return Contrary(claim=claim.place(mine.shift(lead)), words=words.shift(passage.span.start))


def _differing_number(claim: str, cited: str) -> tuple[Span, Span] | None:
    """The one number of a claim that does not follow, and the one of its kind that stands in its place."""
    others = analyse(cited).quantities
    wrong = [quantity for quantity in analyse(claim).quantities if missing(quantity, others)]
    if len(wrong) != 1:
        return None
    rivals = [other for other in others if other.family == wrong[0].family and not _is_given(other, claim)]
    return (wrong[0].span, rivals[0].span) if len(rivals) == 1 else None


def _has_number(part: Span, text: str) -> bool:
    return any(quantity.span.overlaps(part) for quantity in analyse(text).quantities)


def _is_given(other: Quantity, claim: str) -> bool:
    return not missing(other, analyse(claim).quantities)
