"""Numbers, amounts and dates as values that can be compared: ``$6 billion`` is ``6,000 million dollars``.

English number words, scales, currencies, percentages, common units, ordinals, ranges and dates. What is not
understood (``GPT-4o``, ``1.5.2``) is left to be compared as a word.
"""

from dataclasses import dataclass, replace
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


# exact: said as it is; over, least, under, most: a bound; about: an estimate.
Bound = Literal["exact", "over", "least", "under", "most", "about"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, a range of numbers (``low`` to ``high``), a date, an ordinal or a vague count (``tens of
    millions``).

    ``unit`` is a currency sign, ``%``, ``point`` (percentage points), ``part`` (of a whole), a unit's name,
    or empty for a bare number. ``date`` is year, month, day; 0 where not said; ``unit`` is ``decade`` for
    ``1990s``. ``scales`` are the words of a vague count. ``led`` is the word before it, in lower case.
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

    @property
    def family(self) -> str:
        """Quantities of one family may be mistaken for each other: years, dollars, days, shares, bare
        counts.
        """
        return self.kind if self.kind != "number" else "%" if self.unit in ("point", "part") else self.unit


_LED = regex.compile(r"([\p{L}]+)\s*$")


_RANGE = regex.compile(r"\s?[-–—−]\s?|\s(?:to|through)\s")


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of ``text`` in order; none overlaps another."""
    taken: list[Span] = []
    found: list[Quantity] = []
    scales: dict[int, int] = {}

    def keep(quantity: Quantity | None) -> None:
        if quantity is not None and not any(quantity.span.overlaps(span) for span in near(quantity.span)):
            taken.append(quantity.span)
            found.append(quantity)

    def near(span: Span) -> list[Span]:
        return places.get(span.start // 64, []) + places.get(span.end // 64, [])

    places: dict[int, list[Span]] = {}
    for pattern, read in ((DATE, _date), (NUMBER, _number), (VAGUE, _vague), (ORDINAL, _ordinal)):
        for match in pattern.finditer(text):
            count = len(found)
            keep(read(match, scales))
            for quantity in found[count:]:
                for cell in range(quantity.span.start // 64, quantity.span.end // 64 + 1):
                    places.setdefault(cell, []).append(quantity.span)
    found.sort(key=lambda quantity: quantity.span)
    return tuple(_joined([_led(quantity, text) for quantity in found], text, scales))


def _date(match: regex.Match[str], scales: dict[int, int]) -> Quantity | None:
    span = Span(match.start(), match.end())
    if match.group("decade"):
        return Quantity(span, match.group(), "date", unit="decade", date=(int(match.group("decade")), 0, 0))
    named = (match.group("m") or "").casefold().strip(".")
    month = (
        int(named)
        if named.isdecimal()
        else next(i for i, name in enumerate(MONTHS, 1) if name.startswith(named))
    )
    year, day = int(match.group("y") or 0), int(match.group("d") or 0)
    if not 1 <= month <= 12 or day > 31:
        return None
    return Quantity(span, match.group(), "date", date=(year, month, day))


def _number(match: regex.Match[str], scales: dict[int, int]) -> Quantity | None:
    digits, words, part = match.group("digits"), match.group("words"), match.group("part")
    before, after = (
        (match.group("before") or "").strip().casefold(),
        (match.group("after") or "").strip(" -").casefold(),
    )
    span = Span(match.start(), match.end())
    if words and words.casefold() == "one" and not (match.group("scale") or after):
        return None  # mostly a pronoun: "one of the largest"
    if words and not after and words.casefold() in SCALES:
        return None  # "hundred" alone is a vague count
    value = _value(digits, words, part)
    if match.group("sign"):
        value = -value
    if match.group("ordinal"):
        return Quantity(span, match.group(), "ordinal", value, value)
    factor = 1
    for scale in regex.findall(r"\p{L}+", match.group("scale") or ""):
        factor *= SCALES[scale.casefold()]
    unit, size = _unit(before, after)
    plain_year = digits is not None and len(digits) == 4 and digits.isdecimal() and 1000 <= value < 2200
    if plain_year and not (
        before or after or match.group("scale") or match.group("sign") or match.group("plus")
    ):
        return Quantity(span, match.group(), "date", date=(int(value), 0, 0))
    if part and factor == 1 and not unit:
        unit = "part"
    scales[span.start] = factor
    value *= factor * size
    bound: Bound = "least" if match.group("plus") else "exact"
    return Quantity(span, match.group(), "number", value, value, unit, bound)


def _value(digits: str | None, words: str | None, part: str | None) -> Fraction:
    if digits:
        return Fraction("".join(str(int(c)) if c.isdecimal() else c for c in digits.replace(",", "")))
    if part:
        pieces = regex.findall(r"\p{L}+", part.casefold())
        if pieces[0] == "half":
            return Fraction(1, 2)
        return Fraction(NUMBERS.get(pieces[0], 1), PARTS[pieces[1].removesuffix("s")])
    total = current = 0
    for word in regex.findall(r"\p{L}+", (words or "").casefold()):
        if word in ("a", "an"):
            current = 1
        elif word in NUMBERS:
            current += NUMBERS[word]
        elif word in ("hundred", "dozen"):
            current = max(current, 1) * SCALES[word]
        elif word in SCALES:
            total, current = total + max(current, 1) * SCALES[word], 0
    return Fraction(total + current)


def _unit(before: str, after: str) -> tuple[str, int]:
    """The unit's name and how many of it the words make: ``years`` is 12 of ``month``."""
    if after in ("%", "pct") or (after.startswith("per") and "point" not in after):
        return "%", 1
    if "point" in after or after == "pp":
        return "point", 1
    last = regex.split(r"[\s.]+", after)[-1]
    for name in (last, last.removesuffix("s")):
        if name in CURRENCY:
            return CURRENCY[name], 1
    if before:
        return CURRENCY.get(before, CURRENCY.get(before[-1], before)), 1
    for name in (last, last.removesuffix("s")):
        if name in UNIT:
            return UNIT[name]
    return "", 1


def _vague(match: regex.Match[str], scales: dict[int, int]) -> Quantity:
    words = tuple(
        word.removesuffix("s") for word in regex.findall(r"\p{L}+", match.group().casefold()) if word != "of"
    )
    return Quantity(Span(match.start(), match.end()), match.group(), "vague", scales=words)


def _ordinal(match: regex.Match[str], scales: dict[int, int]) -> Quantity:
    value = Fraction(ORDINALS.index(match.group().casefold()) + 1)
    return Quantity(Span(match.start(), match.end()), match.group(), "ordinal", value, value)


def _led(quantity: Quantity, text: str) -> Quantity:
    """``quantity`` with its bound and the word before it, read from the words in front."""
    front = text[max(0, quantity.span.start - 28) : quantity.span.start]
    word = _LED.search(front)
    led = word.group(1).casefold() if word else ""
    bound = quantity.bound
    if bound == "exact" and quantity.kind == "number":
        bound = cast(Bound, next((name for name, pattern in BOUNDS if pattern.search(front)), "exact"))
        if bound == "exact" and regex.match(r"\s(?:or (?:more|so)|plus)\b", text, pos=quantity.span.end):
            bound = "least"
    return replace(quantity, bound=bound, led=led)


def _joined(found: list[Quantity], text: str, scales: dict[int, int]) -> list[Quantity]:
    """Ranges made one: ``18-24 months``, ``between 5 and 7 percent``; years stay apart."""
    out: list[Quantity] = []
    for quantity in found:
        before = out[-1] if out else None
        if before is None or not _makes_range(before, quantity, text):
            out.append(quantity)
            continue
        low, unit = _like(before, quantity, scales), quantity.unit or before.unit
        if before.led == "from":  # a movement: each end is said by itself
            out[-1:] = [replace(before, low=low, high=low, unit=unit), quantity]
            continue
        span = Span(before.span.start, quantity.span.end)
        out[-1] = replace(before, span=span, text=span.of(text), low=low, high=quantity.high, unit=unit)
    return out


def _makes_range(first: Quantity, second: Quantity, text: str) -> bool:
    if first.kind != "number" or second.kind != "number" or first.low != first.high:
        return False
    gap = text[first.span.end : second.span.start]
    joined = _RANGE.fullmatch(gap) is not None or (first.led == "between" and gap == " and ")
    return joined and _units_agree(first.unit, second.unit)


def _units_agree(first: str, second: str) -> bool:
    """Whether two ends may make a range: ``18-24 months`` and ``$6-7 billion`` name the unit once."""
    return first in ("", second) or (second == "" and first in CURRENCY.values())


def _like(first: Quantity, second: Quantity, scales: dict[int, int]) -> Fraction:
    """The first end of a range in the scale and unit of the second: the 18 of ``18-24 months``."""
    factor = scales.get(second.span.start, 1)
    value = first.low
    if scales.get(first.span.start, 1) == 1 and factor > 1 and abs(value) < factor:
        value *= factor
    if not first.unit and second.unit in UNITS and factor == 1:
        digits = regex.match(r"[\p{Nd}.,]*\p{Nd}", second.text)
        own = _value(digits.group().strip("."), None, None) if digits else Fraction(0)
        value *= second.high / own if own else 1
    return value
