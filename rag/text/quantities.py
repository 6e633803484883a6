"""Numbers, amounts and dates as values that can be compared: ``$6 billion`` is ``6,000 million dollars``.

Understood are English number words, scales, currencies, percentages, common units, ordinals, ranges and dates. What is
not understood (``GPT-4o``, ``1.5.2``) gives no quantity and is left to be compared as a word.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from typing import Literal, cast

import regex

from rag.schema import Span
from rag.text.quantity_patterns import (
    BOUNDS,
    CURRENCY,
    DATE,
    MONTHS,
    NUMBER,
    NUMBERS,
    ORDINAL,
    ORDINALS,
    PARTS,
    SCALES,
    UNIT,
    UNITS,
    VAGUE,
)

Kind = Literal["number", "date", "ordinal", "vague"]


# exact: the value itself; over, least, under, most: a bound of the value; about: an estimate.
Bound = Literal["exact", "over", "least", "under", "most", "about"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, a range of numbers, a date, an ordinal or a vague count (``tens of millions``).

    ``low`` and ``high`` are the ends of a range, and equal for a single number; they count the smallest unit of the
    family, so that ``2 years`` is 24 of ``month``. ``unit`` is a currency sign, ``%``, ``point`` (percentage points),
    ``part`` (of a whole), a unit's name, or empty for a bare number. ``date`` is year, month, day, with 0 for what is
    not given; ``unit`` is ``decade`` for ``1990s``. ``scales`` are the words of a vague count. ``led`` is the word
    before the quantity, in lower case. ``factor`` is the product of the scale words: 10**9 for ``$6 billion``.
    """

    span: Span
    text: str
    kind: Kind
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    unit: str = ""
    bound: Bound = "exact"
    date: tuple[int, int, int] = (0, 0, 0)
    scales: tuple[str, ...] = ()
    led: str = ""
    factor: int = field(default=1, compare=False)

    @property
    def family(self) -> str:
        """Quantities of one family may be mistaken for each other: years, dollars, days, shares, bare counts."""
        return self.kind if self.kind != "number" else "%" if self.unit in ("point", "part") else self.unit


_WORD_BEFORE = regex.compile(r"([\p{L}]+)\s*$")
_RANGE = regex.compile(r"\s?[-–—−]\s?|\s(?:to|through)\s")
_LETTERS = regex.compile(r"\p{L}+")
_BOUND_CHARS = 28  # looked at in front of a quantity for its bound: "in excess of a total of"
_CELL_CHARS = 64


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Find the quantities of ``text``, in order; none overlaps another.

    Where patterns overlap, dates win over numbers, numbers over vague counts, and these over ordinals.
    """
    accepted = _NonOverlapping()
    readers: tuple[tuple[regex.Pattern[str], Callable[[regex.Match[str]], Quantity | None]], ...] = (
        (DATE, _date),
        (NUMBER, _number),
        (VAGUE, _vague),
        (ORDINAL, _ordinal),
    )
    for pattern, read in readers:
        for match in pattern.finditer(text):
            if (quantity := read(match)) is not None:
                accepted.add(quantity)
    in_order = sorted(accepted.quantities, key=lambda quantity: quantity.span)
    return tuple(_join_ranges([_with_context(quantity, text) for quantity in in_order], text))


class _NonOverlapping:
    """Quantities that do not overlap.

    Spans are indexed by cells of 64 characters, so that adding one does not compare it with all others.
    """

    def __init__(self) -> None:
        self.quantities: list[Quantity] = []
        self._cells: dict[int, list[Span]] = {}

    def add(self, quantity: Quantity) -> None:
        """Accept ``quantity`` unless it overlaps one that is accepted already."""
        first, last = quantity.span.start // _CELL_CHARS, quantity.span.end // _CELL_CHARS
        neighbours = (*self._cells.get(first, ()), *self._cells.get(last, ()))
        if any(quantity.span.overlaps(span) for span in neighbours):
            return
        self.quantities.append(quantity)
        for cell in range(first, last + 1):
            self._cells.setdefault(cell, []).append(quantity.span)


def _date(match: regex.Match[str]) -> Quantity | None:
    """The date of a match of ``DATE``; ``None`` where the calendar has no such month or day."""
    span = Span(match.start(), match.end())
    if match.group("decade"):
        return Quantity(span, match.group(), "date", unit="decade", date=(int(match.group("decade")), 0, 0))
    month = _month((match.group("m") or "").casefold().strip("."))
    year, day = int(match.group("y") or 0), int(match.group("d") or 0)
    if not 1 <= month <= 12 or day > 31:
        return None
    return Quantity(span, match.group(), "date", date=(year, month, day))


def _month(name: str) -> int:
    """The number of a month that is given in digits, by its name or by the beginning of that."""
    if name.isdecimal():
        return int(name)
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name))


def _number(match: regex.Match[str]) -> Quantity | None:
    """The number, year or ordinal of a match of ``NUMBER``; ``None`` for words that only look like a number."""
    span = Span(match.start(), match.end())
    digits, number_words, part, scale = match.group("digits", "words", "part", "scale")
    before = (match.group("before") or "").strip().casefold()
    after = (match.group("after") or "").strip(" -").casefold()
    if number_words and not after and _is_no_count(number_words.casefold(), scaled=bool(scale)):
        return None
    value = _value(digits, number_words, part) * (-1 if match.group("sign") else 1)
    if match.group("ordinal"):
        return Quantity(span, match.group(), "ordinal", value, value)
    if digits and _is_year(digits) and not any(match.group("before", "after", "scale", "sign", "plus")):
        return Quantity(span, match.group(), "date", date=(int(value), 0, 0))
    factor = _scale_factor(scale or "")
    unit, unit_size = _unit(before, after)
    if part and factor == 1 and not unit:
        unit = "part"
    value *= factor * unit_size
    bound: Bound = "least" if match.group("plus") else "exact"
    return Quantity(span, match.group(), "number", value, value, unit, bound, factor=factor)


def _is_no_count(number_words: str, *, scaled: bool) -> bool:
    """Whether number words without a unit count nothing.

    ``one`` is mostly a pronoun ("one of the largest"); a scale word alone is a vague count ("a hundred").
    """
    return (number_words == "one" and not scaled) or number_words in SCALES


def _is_year(digits: str) -> bool:
    """Whether digits without unit, sign and scale are a year from 1000 to 2199."""
    return len(digits) == 4 and digits.isdecimal() and 1000 <= int(digits) < 2200


def _scale_factor(scale: str) -> int:
    """The product of scale words: 10**9 for ``thousand million``, 1 for none."""
    return math.prod(SCALES[word.casefold()] for word in _LETTERS.findall(scale))


def _value(digits: str | None, number_words: str | None, part: str | None) -> Fraction:
    """The value of the one of the three that is given, without scale and unit."""
    if digits:
        return _digits_value(digits)
    if part:
        return _part_value(part.casefold())
    return _words_value((number_words or "").casefold())


def _digits_value(digits: str) -> Fraction:
    """The value of digits of any script, with thousands commas and a decimal point."""
    return Fraction("".join(str(int(char)) if char.isdecimal() else char for char in digits.replace(",", "")))


def _part_value(part: str) -> Fraction:
    """The value of a part of a whole: 2/3 for ``two-thirds``."""
    numerator, *denominator = _LETTERS.findall(part)
    if numerator == "half":
        return Fraction(1, 2)
    return Fraction(NUMBERS.get(numerator, 1), PARTS[denominator[0].removesuffix("s")])


def _words_value(number_words: str) -> Fraction:
    """The value of number words: 122 for ``one hundred and twenty-two``.

    A hundred or a dozen multiplies what stands before it since the last larger scale; a larger scale closes that group.
    """
    total = group = 0
    for word in _LETTERS.findall(number_words):
        if word in ("a", "an"):
            group = 1
        elif word in NUMBERS:
            group += NUMBERS[word]
        elif word in ("hundred", "dozen"):
            group = max(group, 1) * SCALES[word]
        elif word in SCALES and total and not group:  # "two thousand million"
            total *= SCALES[word]
        elif word in SCALES:
            total, group = total + max(group, 1) * SCALES[word], 0
    return Fraction(total + group)


def _unit(before: str, after: str) -> tuple[str, int]:
    """The unit's name and its size in the smallest unit of its family: ``years`` is 12 of ``month``.

    ``before`` is the currency in front of the number, ``after`` the unit behind it; either may be empty.
    """
    if after in ("%", "pct") or (after.startswith("per") and "point" not in after):
        return "%", 1
    if "point" in after or after == "pp":
        return "point", 1
    last = regex.split(r"[\s.]+", after)[-1]
    singular = last.removesuffix("s")
    if currency := CURRENCY.get(last, CURRENCY.get(singular)):
        return currency, 1
    if before:
        return CURRENCY.get(before, CURRENCY.get(before[-1], before)), 1
    return UNIT.get(last, UNIT.get(singular, ("", 1)))


def _vague(match: regex.Match[str]) -> Quantity:
    """The vague count of a match of ``VAGUE``."""
    scales = tuple(
        word.removesuffix("s") for word in _LETTERS.findall(match.group().casefold()) if word != "of"
    )
    return Quantity(Span(match.start(), match.end()), match.group(), "vague", scales=scales)


def _ordinal(match: regex.Match[str]) -> Quantity:
    """The ordinal word of a match of ``ORDINAL``."""
    value = Fraction(ORDINALS.index(match.group().casefold()) + 1)
    return Quantity(Span(match.start(), match.end()), match.group(), "ordinal", value, value)


def _with_context(quantity: Quantity, text: str) -> Quantity:
    """``quantity`` with the word before it and its bound, which is read from the words around it."""
    front = text[max(0, quantity.span.start - _BOUND_CHARS) : quantity.span.start]
    word = _WORD_BEFORE.search(front)
    bound = quantity.bound
    if bound == "exact" and quantity.kind == "number":
        bound = cast(Bound, next((name for name, pattern in BOUNDS if pattern.search(front)), "exact"))
        if bound == "exact" and regex.match(r"\s(?:or (?:more|so)|plus)\b", text, pos=quantity.span.end):
            bound = "least"
    return replace(quantity, bound=bound, led=word.group(1).casefold() if word else "")


def _join_ranges(in_order: list[Quantity], text: str) -> list[Quantity]:
    """Make one quantity of the two ends of a range: ``18-24 months``, ``between 5 and 7 percent``.

    Years stay apart. The ends of a movement (``from 5% to 6%``) stay apart too, as a text may give either alone; the
    first gets the scale and unit of the second.
    """
    joined: list[Quantity] = []
    for quantity in in_order:
        first = joined[-1] if joined else None
        if first is None or not _is_range(first, quantity, text):
            joined.append(quantity)
            continue
        low, unit = _low_end(first, quantity), quantity.unit or first.unit
        if first.led == "from":
            joined[-1:] = [replace(first, low=low, high=low, unit=unit), quantity]
        else:
            span = Span(first.span.start, quantity.span.end)
            joined[-1] = replace(first, span=span, text=span.of(text), low=low, high=quantity.high, unit=unit)
    return joined


def _is_range(first: Quantity, second: Quantity, text: str) -> bool:
    """Whether two neighbouring quantities are the ends of one range."""
    if first.kind != "number" or second.kind != "number" or first.low != first.high:
        return False
    gap = text[first.span.end : second.span.start]
    linked = _RANGE.fullmatch(gap) is not None or (first.led == "between" and gap == " and ")
    return linked and _units_agree(first.unit, second.unit)


def _units_agree(first: str, second: str) -> bool:
    """Whether two ends may make a range: ``18-24 months`` and ``$6-7 billion`` name the unit once."""
    return first in ("", second) or (second == "" and first in CURRENCY.values())


def _low_end(first: Quantity, second: Quantity) -> Fraction:
    """The first end of a range in the scale and unit of the second: the 18 of ``18-24 months``."""
    value = first.low
    if first.factor == 1 and second.factor > 1 and abs(value) < second.factor:
        value *= second.factor
    if not first.unit and second.unit in UNITS and second.factor == 1:
        digits = regex.match(r"[\p{Nd}.,]*\p{Nd}", second.text)
        count = _digits_value(digits.group().strip(".")) if digits else Fraction(0)
        value *= second.high / count if count else 1  # the size of the unit
    return value
