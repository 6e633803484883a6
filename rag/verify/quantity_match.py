"""Whether one quantity follows from others: the same value in any wording, with a bound that may be said of
it.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import regex

from rag.text.quantities import Bound, Quantity
from rag.text.quantity_patterns import SCALES


def missing(claim: Quantity, evidence: Sequence[Quantity]) -> str:
    """Why ``claim`` does not follow from ``evidence``, or an empty string where it does."""
    reason = f"‘{claim.text.strip()}’ is not in the cited words"
    for other in evidence:
        fault = _fault(claim, other)
        if fault == "":
            return ""
        if fault != "other":
            reason = fault
    return reason


def same(claim: Quantity, other: Quantity) -> bool:
    """Whether two quantities have the same value, whatever their bounds."""
    return _fault(replace(claim, bound="about"), replace(other, bound="exact")) == ""


def _fault(claim: Quantity, other: Quantity) -> str:
    """Empty where ``claim`` follows from ``other``; ``other`` where they are different things; else the
    difference.
    """
    if claim.kind == "date":
        return "" if _dated(claim, other) else "other"
    if claim.kind == "vague":
        return "" if _loosely(claim, other) else "other"
    if claim.kind == "number" and other.kind == "date":
        return (
            ""
            if claim.unit == "" and other.date[1:] == (0, 0) and claim.low == claim.high == other.date[0]
            else "other"
        )
    if claim.kind != other.kind or not _same_unit(claim.unit, other.unit):
        return "other"
    percent = Fraction(1, 100) if claim.unit == "%" and other.unit == "part" else 1
    percent = Fraction(100) if claim.unit == "part" and other.unit == "%" else percent
    low, high = claim.low * percent, claim.high * percent
    if (low, high) == (other.low, other.high):
        if _follows(claim.bound, other.bound):
            return ""
        return f"the cited words say ‘{other.text.strip()}’ with another bound than ‘{claim.text.strip()}’"
    if other.low != other.high and low == high:
        if low == other.low and claim.bound == "least":
            return ""
        if low == other.high and claim.bound == "most":
            return ""
        if low in (other.low, other.high):
            return f"‘{claim.text.strip()}’ is one end of ‘{other.text.strip()}’"
    return "" if claim.bound == "about" and low == high and _rounds(claim.text, low, other) else "other"


def _follows(claim: Bound, evidence: Bound) -> bool:
    """Whether a number with one bound may be said of the same number with another.

    ``over 100,000`` makes ``100,000`` true, as that many there are; ``up to $4 billion`` does not make ``$4
    billion`` true.
    """
    if claim == evidence or claim == "about":
        return True
    return {
        "exact": evidence in ("about", "over", "least"),
        "over": False,
        "under": False,
        "least": evidence in ("exact", "over"),
        "most": evidence in ("exact", "under"),
    }[claim]


def _same_unit(claim: str, other: str) -> bool:
    return (
        claim == other
        or (claim == "" and other not in ("%", "point", "part"))
        or {claim, other} == {"%", "part"}
    )


def _dated(claim: Quantity, other: Quantity) -> bool:
    if other.kind == "number":
        return claim.date[1:] == (0, 0) and other.unit == "" and other.low == other.high == claim.date[0]
    if other.kind != "date":
        return False
    if "decade" in (claim.unit, other.unit):
        return claim.unit == "decade" and other.date[0] // 10 == claim.date[0] // 10
    return all(mine in (0, theirs) for mine, theirs in zip(claim.date, other.date, strict=True))


def _loosely(claim: Quantity, other: Quantity) -> bool:
    if other.kind == "vague":
        return claim.scales == other.scales[len(other.scales) - len(claim.scales) :]
    if other.kind != "number" or len(claim.scales) > 1:
        return False
    return 2 * SCALES[claim.scales[0]] <= other.low < 1000 * SCALES[claim.scales[0]]


def _rounds(said: str, value: Fraction, other: Quantity) -> bool:
    """Whether ``value`` is ``other`` rounded to fewer digits, at least two where there are two: 120 for 122,
    not 100.
    """
    if other.low != other.high or not value or not other.low:
        return False
    digits = len(regex.sub(r"\P{Nd}+", "", said).strip("0"))
    return digits >= 2 and abs(value - other.low) / abs(other.low) <= Fraction(1, 2 * 10 ** (digits - 1))
