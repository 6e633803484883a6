"""Reads the day that a field gives, in the forms that tables and heads of files have it."""

import re
from datetime import date

_MONTHS = {
    name[:3]: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(),
        start=1,
    )
}

_TIME = r"(?:(?:[Tt]|,?[ ]+)[ ]*[0-9]{1,2}:[0-9]{2}[0-9:.,A-Za-z+/_ -]*)?"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})([-/.])[ ]?([0-9]{{1,2}})\2[ ]?([0-9]{{1,2}})\.?{_TIME}")
_YEAR_NAME = re.compile(rf"([0-9]{{4}})[ -]([A-Za-z]{{3,9}})\.?[ -]([0-9]{{1,2}}){_TIME}")
_BASIC = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T[0-9]{4,6}Z?")
_CHINESE = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_CLOCK = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +([0-9]{1,2}) [0-9:]{8} (?:[A-Z]{2,5} )?([0-9]{4})")
_YEAR_LAST = re.compile(rf"([0-9]{{1,2}})([-/.])[ ]?([0-9]{{1,2}})\2[ ]?([0-9]{{4}}){_TIME}")
_WEEKDAY = r"(?:[A-Za-z]{3,9}\.?,?[ ]+)?"

_DAY_MONTH = re.compile(
    rf"{_WEEKDAY}([0-9]{{1,2}})(?:st|nd|rd|th|\.)?[ -](?:of )?([A-Za-z]{{3,9}})\.?,?[ -]([0-9]{{4}}){_TIME}"
)

_MONTH_DAY = re.compile(
    rf"{_WEEKDAY}([A-Za-z]{{3,9}})\.?[ ]([0-9]{{1,2}})(?:st|nd|rd|th)?,?[ ]([0-9]{{4}}){_TIME}"
)

# As Excel shows a day, and as the oldest mail and feeds write the time.
_SHORT_YEAR = re.compile(
    rf"{_WEEKDAY}([0-9]{{1,2}})"
    rf"(?:-([A-Za-z]{{3,9}})-([0-9]{{2}}){_TIME}|[ ]([A-Za-z]{{3,9}})[ ]([0-9]{{2}})(?=[ ]){_TIME})"
)


def read_day(text: str) -> date | None:
    """The day as written; ``None`` where it is none, or may be one of two: 01/05/2024 is in May or in January.

    Read are 2023-12-07 and the like with or without a time, 31.12.2024, 12/31/2024, 31 December 2024, Dec 31, 2024,
    2024-Dec-31, 31-Dec-24, 20241231T100000Z, 2024年12月31日 and Tue Dec 31 10:00:00 2024.
    """
    plain = text.strip()
    try:
        if match := _BASIC.fullmatch(plain) or _CHINESE.fullmatch(plain):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _YEAR_NAME.fullmatch(plain):
            return date(int(match[1]), _month(match[2]), int(match[3]))
        if match := _CLOCK.fullmatch(plain):
            return date(int(match[3]), _month(match[1]), int(match[2]))
        if match := _SHORT_YEAR.fullmatch(plain):
            year = int(match[3] or match[5])
            century = 2000 if year < 69 else 1900  # as programs read two figures
            return date(century + year, _month(match[2] or match[4]), int(match[1]))
        if match := _YEAR_FIRST.fullmatch(plain):
            return date(int(match[1]), int(match[3]), int(match[4]))
        if match := _YEAR_LAST.fullmatch(plain):
            return _year_last(int(match[1]), int(match[3]), int(match[4]), dotted=match[2] == ".")
        if match := _DAY_MONTH.fullmatch(plain):
            return date(int(match[3]), _month(match[2]), int(match[1]))
        if match := _MONTH_DAY.fullmatch(plain):
            return date(int(match[3]), _month(match[1]), int(match[2]))
        return date.fromisoformat(plain)
    except ValueError:
        return None


def _year_last(first: int, second: int, year: int, *, dotted: bool) -> date | None:
    """With full stops the day is first; with other signs that is known only where one number is no month."""
    if dotted or first > 12 or first == second:
        return date(year, second, first)
    return date(year, first, second) if second > 12 else None


def _month(name: str) -> int:
    number = _MONTHS.get(name[:3].lower())
    if number is None:
        raise ValueError(name)
    return number
