"""Whether a text gives a value of some kind: a sum of money, a number, a time, a name.

Each function takes the words that do not count, as the question has them already.
"""

from collections.abc import Sequence
from itertools import pairwise

import regex

from rag.text.lines.marks import is_row
from rag.text.names import sentence_names
from rag.text.quantities import Quantity, quantities
from rag.text.quantity_patterns import CURRENCY, MONTHS, NUMBERS, WEEKDAYS
from rag.text.words import Word, words

PRICES = (
    "price",
    "cost",
    "fee",
    "fare",
    "toll",
    "salary",
    "wage",
    "rent",
    "tuition",
    "deposit",
    "revenue",
    "turnover",
    "income",
    "profit",
    "budget",
    "valuation",
    "surcharge",
)
_PRICED = frozenset(
    (*PRICES, "pay", "paid", "charge", "charged", "earn", "sold", "worth", "spent", "rate", "fine")
)
_FREE = regex.compile(
    r"\b(?:free|nothing|gratis|complimentary|waived|unpaid|(?:no|without(?: a)?|any) (?:charge|cost|fee|payment)s?)\b",
    regex.IGNORECASE,
)
_MONEY = frozenset(
    "crown krone kroner krona kronor franc peso ruble rouble won real dinar lira shekel zloty forint dirham shilling "
    "penny pence rand riyal baht guilder mark florin thaler ducat money koruna naira rupiah taka bitcoin coin credit "
    "token grand buck quid".split()
).union(CURRENCY)
# What a number may be told by without digits, besides the number words.
_COUNTING = frozenset(
    "no none nobody single both pair couple dozen dozens several once twice thrice half quarter third double triple "
    "zero never".split()
).union(NUMBERS)
_ONE = frozenset(("one", "half"))
_FRACTIONS = frozenset("half third quarter fifth tenth twentieth hundredth twice double triple".split())
_DAYS = frozenset(
    "today tomorrow yesterday tonight morning noon midday afternoon evening night midnight weekend weekday spring "
    "summer autumn winter easter christmas ramadan daily hourly nightly immediately already soon dawn dusk sunset "
    "sunrise holiday century decade millennium".split()
).union(MONTHS, WEEKDAYS)
# What else tells when, how long or how often.
_COUNTED_TIMES = frozenset("day week month quarter year".split())  # "the third working day"
_TIMES = _DAYS.union(
    "second minute hour day week fortnight month quarter year decade century season semester term now currently ago "
    "after before until till when once upon during while since whenever later earlier eventually finally next last "
    "recent recently annual annually yearly monthly weekly overnight always never often rarely sometimes regularly "
    "twice every each fall birthday anniversary permanent permanently indefinitely forever temporary prompt promptly "
    "instantly deadline start beginning end age first war era period early late still yet lifetime anytime "
    "simultaneously onwards".split()
)
_CLOCK = regex.compile(
    r"\b\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\b|o['’]clock)|\b\d{1,2}:\d\d\b", regex.IGNORECASE
)
_YEAR = regex.compile(r"\b(?:1\d{3}|20\d\d)s?\b")
_TIME_UNITS = ("second", "month")  # the families of units from seconds to weeks, and from months to centuries
_ENDS_NAME = regex.compile(r"\p{L}[\p{L}\p{N}]*-$")


def gives_money(text: str, known: str) -> bool:
    """Whether ``text`` gives a sum of money or a share, or says that nothing is to be paid."""
    if _FREE.search(text):
        return True
    fresh = _fresh(text, known)
    return bool(fresh) if is_row(text) else any(_is_sum(text, one) for one in fresh) or _is_sum_in_words(text)


def gives_amount(text: str, known: str) -> bool:
    """Whether ``text`` gives a sum of money, or so much of a unit that is not one of time."""
    measured = (one for one in _fresh(text, known) if one.kind == "number" and one.unit)
    return gives_money(text, known) or any(one.unit not in _TIME_UNITS for one in measured)


def gives_number(text: str, known: str) -> bool:
    """Whether ``text`` gives a number that ``known`` does not have, in digits or words, or says that there is none."""
    return bool(_fresh(text, known)) or any(word.norm in _COUNTING for word in words(text))


def gives_day_or_hour(text: str, known: str) -> bool:
    """Whether ``text`` gives a date, a day, an hour, or so many of them: "on the third working day of the month"."""
    has_ordinal = any(one.kind == "ordinal" for one in quantities(text))
    if has_ordinal and any(word.norm in _COUNTED_TIMES for word in words(text)):
        return True
    return _gives_time(text, known, _DAYS)


def gives_time(text: str, known: str) -> bool:
    """Whether ``text`` tells when something is, how long or how often, in any words for it."""
    if any(one.kind == "ordinal" for one in quantities(text)):
        return True
    return _gives_time(text, known, _TIMES)


def gives_name(text: str, known: str) -> bool:
    """Whether ``text`` gives a name that ``known`` does not have."""
    named, there = sentence_names(text), {word.norm for word in words(known)}
    return any(
        word.norm not in there and (i in named or (word.text[:1].isupper() and not word.function))
        for i, word in enumerate(words(text))
    )


def _gives_time(text: str, known: str, telling: frozenset[str]) -> bool:
    if _CLOCK.search(text) or _YEAR.search(text):
        return True
    if any(one.kind == "date" or one.unit in _TIME_UNITS for one in _fresh(text, known)):
        return True
    return _has_any(words(text), telling)


def _is_sum(text: str, one: Quantity) -> bool:
    """Whether a quantity may be one of money: of a currency, a share, or a number that counts nothing else."""
    if one.kind == "vague" or one.unit == "%" or one.unit in CURRENCY.values():
        return True
    if one.kind != "number" or one.unit:
        return False
    row = words(text)
    after = next((word for word in row if word.span.start >= one.span.end), None)
    if after is not None and after.norm.removesuffix("s") in _MONEY:
        return True
    return not _counts(text, one, after) and _has_any(row, _PRICED)


def _is_sum_in_words(text: str) -> bool:
    """Whether a text gives "one crown", "half a crown" or, of a price, "a tenth" of another."""
    row = words(text)
    ones = any(
        one.norm in _ONE and after.norm.removesuffix("s") in _MONEY
        for one, after in pairwise(word for word in row if word.norm not in ("a", "an"))
    )
    return ones or (_has_any(row, _PRICED) and any(word.norm in _FRACTIONS for word in row))


def _counts(text: str, one: Quantity, after: Word | None) -> bool:
    """Whether the word behind a number is what it counts."""
    return after is not None and not after.function and not text[one.span.end : after.span.start].strip()


def _has_any(row: Sequence[Word], wanted: frozenset[str]) -> bool:
    """Whether one of the words is wanted, in the singular or the plural."""
    return any(word.norm in wanted or word.norm.removesuffix("s") in wanted for word in row)


def _fresh(text: str, known: str) -> list[Quantity]:
    """The quantities of ``text`` that ``known`` does not have, without the ends of names: "SNB22-3"."""
    there = {one.text.casefold() for one in quantities(known)}
    return [
        one
        for one in quantities(text)
        if one.text.casefold() not in there and not _ENDS_NAME.search(text, 0, one.span.start)
    ]
