"""Whether one quantity follows from others: the same value in any wording, with a bound that may be said of it."""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from fractions import Fraction

import regex

from rag.text.quantities import Bound, Quantity
from rag.text.quantity_patterns import SCALES


class _Relation(Enum):
    """How a claimed quantity relates to a cited one, where there is no more to say."""

    FOLLOWS = "follows"
    UNRELATED = "unrelated"  # another value, unit or kind: no sign that the two are of one thing


_Finding = _Relation | str  # a string: the two are of one thing, and it says how they differ


def missing(claim: Quantity, evidence: Sequence[Quantity]) -> str:
    """Why ``claim`` does not follow from ``evidence``, or an empty string where it does."""
    reason = f"‘{claim.text.strip()}’ is not in the cited words"
    for cited in evidence:
        finding = _compare(claim, cited)
        if finding is _Relation.FOLLOWS:
            return ""
        if isinstance(finding, str):
            reason = finding
    return reason


def same(claim: Quantity, cited: Quantity) -> bool:
    """Whether two quantities have the same value, whatever their bounds."""
    return _compare(replace(claim, bound="about"), replace(cited, bound="exact")) is _Relation.FOLLOWS


def _compare(claim: Quantity, cited: Quantity) -> _Finding:
    match claim.kind:
        case "date":
            follows = _date_follows(claim, cited)
        case "vague":
            follows = _vague_follows(claim, cited)
        case "number" if cited.kind == "date":
            follows = claim.unit == "" and _is_year(claim, cited)
        case kind if kind != cited.kind or not _same_unit(claim.unit, cited.unit):
            follows = False
        case _:
            return _compare_amounts(claim, cited)
    return _Relation.FOLLOWS if follows else _Relation.UNRELATED


def _compare_amounts(claim: Quantity, cited: Quantity) -> _Finding:
    low, high = _in_unit_of(claim, cited)
    if (low, high) == (cited.low, cited.high):
        if _bound_follows(claim.bound, cited.bound):
            return _Relation.FOLLOWS
        return f"the cited words say ‘{_with_bound(cited)}’, not ‘{_with_bound(claim)}’"
    if low != high:
        return _Relation.UNRELATED
    if cited.low != cited.high:
        return _compare_with_range(claim, low, cited)
    rounded = claim.bound == "about" and _rounds(claim.text, low, cited)
    return _Relation.FOLLOWS if rounded else _Relation.UNRELATED


_BOUND_WORDS = {"exact": "", "over": "more than ", "least": "at least ", "under": "less than ", "most": "up to ", "about": "about "}  # fmt: skip # noqa: E501


def _with_bound(quantity: Quantity) -> str:
    return _BOUND_WORDS[quantity.bound] + quantity.text.strip()


def _in_unit_of(claim: Quantity, cited: Quantity) -> tuple[Fraction, Fraction]:
    """The ends of ``claim`` in the unit of ``cited``: of a percentage and a part (``half``) either may be the other."""
    factor = Fraction(1)
    if claim.unit == "%" and cited.unit == "part":
        factor = Fraction(1, 100)
    elif claim.unit == "part" and cited.unit == "%":
        factor = Fraction(100)
    return claim.low * factor, claim.high * factor


def _compare_with_range(claim: Quantity, value: Fraction, cited: Quantity) -> _Finding:
    """A single value against a range: ``at least`` its low end and ``at most`` its high end follow."""
    if value == cited.low and claim.bound == "least":
        return _Relation.FOLLOWS
    if value == cited.high and claim.bound == "most":
        return _Relation.FOLLOWS
    if value in (cited.low, cited.high):
        return f"‘{claim.text.strip()}’ is one end of ‘{cited.text.strip()}’"
    return _Relation.UNRELATED


def _bound_follows(claim: Bound, cited: Bound) -> bool:
    """Whether a number with one bound may be said of the same number with another.

    ``over 100,000`` makes ``100,000`` true, as that many there are; ``up to $4 billion`` does not make ``$4
    billion`` true.
    """
    if claim in (cited, "about"):
        return True
    return {
        "exact": cited in ("about", "over", "least"),
        "over": False,
        "under": False,
        "least": cited in ("exact", "over"),
        "most": cited in ("exact", "under"),
    }[claim]


def _same_unit(claim: str, cited: str) -> bool:
    """Whether units agree. A claim may leave out the unit, unless the number is a share."""
    return (
        claim == cited
        or (claim == "" and cited not in ("%", "point", "part"))
        or {claim, cited} == {"%", "part"}
    )


def _date_follows(claim: Quantity, cited: Quantity) -> bool:
    """Whether each part of a date that the claim gives is that of the cited date; a bare number may be a year."""
    if cited.kind == "number":
        return cited.unit == "" and _is_year(cited, claim)
    if cited.kind != "date":
        return False
    if "decade" in (claim.unit, cited.unit):
        return claim.unit == "decade" and cited.date[0] // 10 == claim.date[0] // 10
    return all(part in (0, cited_part) for part, cited_part in zip(claim.date, cited.date, strict=True))


def _is_year(number: Quantity, date: Quantity) -> bool:
    """Whether a number is the year of a date that gives only a year."""
    return date.date[1:] == (0, 0) and number.low == number.high == date.date[0]


def _vague_follows(claim: Quantity, cited: Quantity) -> bool:
    """Whether ``tens of millions`` follows: from a vaguer number with the same scales, or from one of that size."""
    if cited.kind == "vague":
        return claim.scales == cited.scales[len(cited.scales) - len(claim.scales) :]
    if cited.kind != "number" or len(claim.scales) > 1:
        return False
    return 2 * SCALES[claim.scales[0]] <= cited.low < 1000 * SCALES[claim.scales[0]]


def _rounds(text: str, value: Fraction, cited: Quantity) -> bool:
    """Whether ``value`` is ``cited`` rounded to fewer digits, at least two where there are two: 120 for 122, not 100.

    ``text`` is how the value was written: its digits say how far it was rounded.
    """
    if not value or not cited.low:
        return False
    digits = len(regex.sub(r"\P{Nd}+", "", text).strip("0"))
    return digits >= 2 and abs(value - cited.low) / abs(cited.low) <= Fraction(1, 2 * 10 ** (digits - 1))
