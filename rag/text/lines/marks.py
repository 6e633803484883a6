"""Marks of a line: those of headings, items and table rows."""

from typing import Literal

import regex

Kind = Literal["heading", "paragraph", "item", "row"]

HASHES = regex.compile(r"\s{0,3}#{1,6}\s+(?=\S)")
_ITEM = r"(?:[-*+•·◦▪●‣■➢✓–—]|\d{1,3}[.)]|\(?[a-zA-Z]\))"
BULLET = regex.compile(rf"\s*{_ITEM}\s+(?=\S)")
BETWEEN_ITEMS = regex.compile(rf"[\s|]*{_ITEM}?\s*")  # what may stand between two items of a list
_SIGN = regex.compile(r"[•·◦▪●‣■➢✓]\s+\S")
ROW_MARK = regex.compile(r"[|\s]*[•·◦▪●‣■➢✓]?\s*")
CLOSED = regex.compile(r"[\p{Sentence_Terminal}:;,…][\"'”’»)\]]*$")
LOWER_CASE_START = regex.compile(r"\s*\p{Ll}")


def kind_of_row(line: str, following: str) -> Kind:
    """The kind of a row: one whose only words begin with a bullet is an item, and one above that, its introduction."""
    only = _only_cell(line)
    if _SIGN.match(only):
        return "item"
    leads = only.endswith((":", "：")) and is_row(following) and _SIGN.match(_only_cell(following))
    return "paragraph" if leads else "row"


def _only_cell(row: str) -> str:
    """The words of a row that has but one cell with words; else nothing."""
    cells = [words for cell in row.replace("\t", "|").split("|") if (words := cell.strip())]
    return cells[0] if len(cells) == 1 else ""


def is_row(line: str) -> bool:
    """Whether a line is a table row: it has at least two bars or two tabs."""
    return (
        line.count("\t") > 1
        or line.count(" | ") > 1
        or (line.lstrip().startswith("|") and line.count("|") > 1)
    )


def starts_block(line: str) -> bool:
    """Whether a line has the mark of a heading or an item, or is a table row."""
    return bool(HASHES.match(line) or BULLET.match(line) or is_row(line))
