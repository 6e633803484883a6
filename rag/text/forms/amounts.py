"""Whether texts mention a number, a date or a weekday that a question names: "in 1995", "50 million crowns"."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from rag.schema import Span
from rag.text.quantities import Quantity, quantities
from rag.text.quantity_patterns import MONTHS, WEEKDAYS
from rag.text.words import Word, words

_LEAST = 10  # below it a number counts what is asked for: "the top 5", "two reasons"
_DECADE = 10
_BEFORE_BOUNDS = frozenset(
    "about around nearly almost roughly some over under above below than least most up".split()
)


@lru_cache(maxsize=512)
def amounts(question: str) -> tuple[Quantity, ...]:
    """The dates and exact numbers of a question that narrow what is asked about; not those that are part of a name."""
    return tuple(
        amount
        for amount in quantities(question)
        if amount.bound == "exact"
        and amount.led not in _BEFORE_BOUNDS
        and (
            amount.kind == "date"
            or (amount.kind == "number" and (amount.low >= _LEAST or amount.unit == "%"))
            or (amount.kind == "ordinal" and amount.text[:1].isdigit() and "century" not in amount.text)
        )
        and not _is_named(question, amount.span)
    )


def mentions_amount(amount: Quantity, text: str, *, near: str = "") -> bool:
    """Whether ``text`` has a number or date, or has none of the kind and ``near``, what stands around it, has it."""
    others = _of_the_kind(amount, text)
    if any(_is_same(amount, other) for other in others) or _is_label_of(near, amount):
        return True
    return not others and (
        any(_is_same(amount, other) for other in quantities(near)) or _has_month(near, amount)
    )


def _is_label_of(text: str, amount: Quantity) -> bool:
    """Whether a title or heading has the number behind the word that it has in the question: "Invoice 4711"."""
    return amount.kind == "number" and any(
        (thing.norm, label.norm) == (amount.led, amount.text) for thing, label in pairwise(words(text))
    )


def _has_month(text: str, amount: Quantity) -> bool:
    """Whether ``text`` has the month that ``amount`` is, if it is no more than that: "Report for May"."""
    year, month, day = amount.date
    if amount.kind != "date" or year or day or not month:
        return False
    return any(word.norm == MONTHS[month - 1] and word.text[:1].isupper() for word in words(text))


def names_another(amount: Quantity, text: str) -> bool:
    """Whether ``text`` has other numbers or dates of the kind, and not this one."""
    others = _of_the_kind(amount, text)
    return bool(others) and not any(_is_same(amount, other) for other in others)


def other_weekdays(question: str, texts: Iterable[str]) -> tuple[Word, ...]:
    """The weekdays of ``question`` that none of ``texts`` names, where one of them names another."""
    said = {_weekday(word) for text in texts for word in words(text)} - {""}
    return tuple(word for word in words(question) if said and _weekday(word) and _weekday(word) not in said)


def _weekday(word: Word) -> str:
    norm = word.norm.removesuffix("s")
    return norm if norm in WEEKDAYS else ""


def _of_the_kind(amount: Quantity, text: str) -> list[Quantity]:
    return [other for other in quantities(text) if other.family == amount.family]


def _is_same(amount: Quantity, other: Quantity) -> bool:
    if amount.kind != other.kind:
        return False
    if amount.kind == "date":
        return _is_same_date(amount, other)
    return other.low <= amount.high and amount.low <= other.high


def _is_same_date(asked: Quantity, other: Quantity) -> bool:
    """Whether one date lies in the other; what one of them leaves out, the other may have."""
    if "decade" in (asked.unit, other.unit):
        return asked.date[0] // _DECADE == other.date[0] // _DECADE
    return all(mine in (0, its) or its == 0 for mine, its in zip(asked.date, other.date, strict=True))


def _is_named(question: str, span: Span) -> bool:
    """Whether a number belongs to a name, as in "Windows 10": a word with a capital stands before it."""
    before = [word.span for word in words(question) if word.span.end <= span.start]
    return (
        bool(before)
        and before[-1].start > 0
        and question[before[-1].start].isupper()
        and question[before[-1].end : span.start] in (" ", "-")
    )
