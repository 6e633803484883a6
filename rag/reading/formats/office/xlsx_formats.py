"""How a workbook shows its numbers: as days, times, shares, with a currency or a unit, or with leading zeros."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from rag.reading.cleaning import one_line
from rag.reading.formats.office.package import bare_tag

_EPOCHS = (
    datetime(1899, 12, 30),
    datetime(1904, 1, 1),
)  # of Windows and of old Macintoshes; without a time zone
_DAY_FORMATS = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))  # that Excel has built in
_TIME_FORMATS = frozenset((*range(18, 22), 45, 46, 47))
_PERCENT_FORMATS = frozenset((9, 10))
_DATE_CODE = re.compile(r"[yd]|mmm", re.I)
_TIME_CODE = re.compile(r"h|s|\[m+\]", re.I)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.I)
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]\-]*)[^\]]*\]|\[[^\]]*\]|([€£$¥])')
_NO_CODE = re.compile(
    r'"[^"]*"|\\.|[_*].|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.I
)  # text, filling, colours, conditions
_DIGITS = re.compile(r"General|[0#?](?:[0#?.,E+-]*[0#?])?", re.I)
_SCALED = re.compile(r"[0#?],+(?![0#?])|/")  # thousands left out, or a fraction
_UNIT_CHARS = 12


@dataclass(frozen=True, slots=True)
class Format:
    """What a style makes of a number. ``kind`` is ``"day"``, ``"time"``, ``"percent"`` or nothing."""

    kind: str = ""
    before: str = ""  # a currency
    behind: str = ""  # a currency or a unit
    digits: int = 0  # at least so many, with zeros before them
    elapsed: bool = False  # a time that goes on beyond a day
    struck: bool = False

    def show(self, number: float, *, mac: bool = False) -> str:
        """The number as text; ``mac`` says that days are counted from 1904."""
        if self.kind == "day" and 0 < number < 2_958_466:  # the last day of the year 9999
            moment = _EPOCHS[mac] + timedelta(seconds=round(number * 86_400))
            return moment.date().isoformat() if number == int(number) else moment.strftime("%Y-%m-%d %H:%M")
        if self.kind == "time" and 0 <= number < 1_000_000:
            minutes, seconds = divmod(round(number * 86_400), 60)
            hours = minutes // 60 if self.elapsed else minutes // 60 % 24
            return f"{hours}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
        if self.kind == "percent":
            return f"{round(number * 100, 6):.10g}%"
        plain = f"{abs(number):.15g}".rjust(self.digits, "0")
        return f"{'-' * (number < 0)}{self.before}{plain}{self.behind}"


def formats_of(styles: "Element[str] | None") -> list[Format]:
    """The formats of the styles of a workbook, in their order."""
    if styles is None:
        return []
    codes = {e.get("numFmtId"): e.get("formatCode", "") for e in styles.iter() if bare_tag(e) == "numFmt"}
    struck = [is_struck(font) for part in styles if bare_tag(part) == "fonts" for font in part]
    return [
        _format(codes.get(id := style.get("numFmtId", "0"), ""), id, struck=_at(struck, style.get("fontId")))
        for part in styles
        if bare_tag(part) == "cellXfs"
        for style in part
    ]


def is_struck(font: "Element[str]") -> bool:
    """Whether text in this font is struck out."""
    return any(bare_tag(inner) == "strike" and inner.get("val", "1") in ("1", "true") for inner in font)


def _at(struck: list[bool], index: str | None) -> bool:
    return bool(index and index.isdecimal() and int(index) < len(struck) and struck[int(index)])


def _format(code: str, id: str, *, struck: bool) -> Format:
    code = code.partition(";")[0]  # of positive numbers
    plain = _NO_CODE.sub("", code)
    number = int(id) if id.isdecimal() else 0
    if number in _DAY_FORMATS or _DATE_CODE.search(plain):
        return Format("day", struck=struck)
    if number in _TIME_FORMATS or _TIME_CODE.search(plain.replace("General", "")):
        return Format("time", elapsed=number == 46 or bool(_ELAPSED.search(code)), struck=struck)
    if number in _PERCENT_FORMATS or "%" in plain:
        return Format("percent", struck=struck)
    if _SCALED.search(plain):
        return Format(struck=struck)
    before, behind = _literals(code)
    digits = len(plain) if plain.strip("0") == "" else 0
    return Format("", before, behind, digits, struck=struck)


def _literals(code: str) -> tuple[str, str]:
    """What a format writes before and behind the digits, with a space between a number and a word."""
    hidden = _LITERAL.sub(lambda match: "\0" * len(match[0]), re.sub(r"[_*].", "\0\0", code))
    digits = _DIGITS.search(hidden)
    if digits is None:
        return "", ""
    before = "".join(_written(code[: digits.start()]))
    behind = "".join(_written(code[digits.end() :]))
    if len(before) > _UNIT_CHARS or len(behind) > _UNIT_CHARS:
        return "", ""
    return before + " " * before[-1:].isalpha(), " " * behind[:1].isalpha() + behind


def _written(code: str) -> Iterator[str]:
    for match in _LITERAL.finditer(re.sub(r"[_*].", "", code)):
        yield one_line(next((group for group in match.groups() if group), ""))
