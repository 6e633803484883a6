"""Workbooks (XLSX): the sheets in their order, each with its rows as they are shown; formulas as their values."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from rag.reading.cleaning import one_line
from rag.reading.formats.blocks import Block
from rag.reading.formats.document import Document, document_of_blocks
from rag.reading.formats.office.package import open_parts, parse, related, relationships
from rag.reading.formats.zip_archive import Archive

_EPOCH = datetime(1899, 12, 30)  # a cell has no time zone
_DAY_FORMATS = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))  # that Excel has built in
_PERCENT_FORMATS = frozenset((9, 10))
_DATE_CODE = re.compile(r"[yd]|mmm", re.I)

_NO_CODE = re.compile(
    r'"[^"]*"|\\.|\[[^\]]*\]'
)  # text, escaped characters, colours and conditions in a format

_COLUMN = re.compile(r"[A-Z]{1,3}")
_MOST_COLUMNS = 200  # of a row that is read

_RELATIONSHIP = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)


def read_xlsx(data: bytes, source: str) -> Document:
    """An XLSX file as Markdown, a heading and a table for each sheet; hidden sheets and rows are left out.

    Raises ``ArticleError`` for one that is locked, damaged or a decompression bomb.
    """
    with open_parts(data, source, suffix=".xlsx", what="workbook") as archive:
        blocks = list(_sheets(archive))
    return document_of_blocks(blocks, source, title="")


def _sheets(archive: Archive) -> Iterator[Block]:
    main = related(archive, "", "officeDocument") or "xl/workbook.xml"
    root = parse(archive, main)
    if root is None:
        raise ValueError("no sheets")
    parts = relationships(archive, main)
    strings = _strings(parse(archive, related(archive, main, "sharedStrings")))
    formats = _formats(parse(archive, related(archive, main, "styles")))
    for sheet in root.iter():
        if _bare(sheet) != "sheet" or sheet.get("state", "visible") != "visible":
            continue
        part = parts.get(next((id for key in _RELATIONSHIP if (id := sheet.get(key))), ""))
        tree = parse(archive, part.part) if part else None
        rows = list(_rows(tree, strings, formats)) if tree is not None else []
        if rows:
            yield "heading", f"## {one_line(sheet.get('name', ''))}"
        yield from (("row", f"| {' | '.join(row)} |") for row in rows)


def _bare(element: "Element[str]") -> str:
    return element.tag.rpartition("}")[2]


def _text(element: "Element[str]") -> str:
    """The text of a string, without its reading in another script."""
    return one_line(
        "".join(
            inner.text or ""
            for part in element
            for inner in ([part] if _bare(part) == "t" else part if _bare(part) == "r" else ())
            if _bare(inner) == "t"
        )
    )


def _strings(root: "Element[str] | None") -> list[str]:
    return [_text(element) for element in root if _bare(element) == "si"] if root is not None else []


def _formats(root: "Element[str] | None") -> list[str]:
    """What each style makes of a number: ``"day"``, ``"percent"`` or nothing."""
    if root is None:
        return []
    codes = {e.get("numFmtId"): e.get("formatCode", "") for e in root.iter() if _bare(e) == "numFmt"}
    kinds = []
    for styles in (e for e in root if _bare(e) == "cellXfs"):
        for style in styles:
            id = style.get("numFmtId", "0")
            code = _NO_CODE.sub("", codes.get(id, ""))
            number = int(id) if id.isdecimal() else 0
            is_day = number in _DAY_FORMATS or _DATE_CODE.search(code)
            kinds.append("day" if is_day else "percent" if number in _PERCENT_FORMATS or "%" in code else "")
    return kinds


def _rows(sheet: "Element[str]", strings: Sequence[str], formats: Sequence[str]) -> Iterator[list[str]]:
    for row in sheet.iter():
        if _bare(row) != "row" or row.get("hidden") in ("1", "true"):
            continue
        cells: list[str] = []
        for cell in row:
            column = _column(cell.get("r", ""), len(cells))
            if column < _MOST_COLUMNS:
                cells += [""] * (column - len(cells))
                cells.append(_value(cell, strings, formats))
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield cells


def _column(reference: str, following: int) -> int:
    """The index of a cell's column by its reference, as ``B7``; the one that follows where it has none."""
    match = _COLUMN.match(reference)
    if match is None:
        return following
    index = 0
    for letter in match[0]:
        index = index * 26 + ord(letter) - ord("A") + 1
    return max(index - 1, following)


def _value(cell: "Element[str]", strings: Sequence[str], formats: Sequence[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return next((_text(inner) for inner in cell if _bare(inner) == "is"), "")
    written = next((inner.text or "" for inner in cell if _bare(inner) == "v"), "")
    if kind == "s":
        return strings[int(written)] if written.isdecimal() and int(written) < len(strings) else ""
    if kind == "b":
        return "TRUE" if written == "1" else "FALSE"
    if kind != "n" or not written:
        return one_line(written)
    style = cell.get("s", "0")
    index = int(style) if style.isdecimal() else 0
    return _number(written, formats[index] if index < len(formats) else "")


def _number(written: str, kind: str) -> str:
    try:
        number = float(written)
    except ValueError:
        return one_line(written)
    if kind == "day" and 0 < number < 2_958_466:  # the last day of the year 9999
        moment = _EPOCH + timedelta(seconds=round(number * 86_400))
        return moment.date().isoformat() if number == int(number) else moment.strftime("%Y-%m-%d %H:%M")
    if kind == "percent":
        return f"{round(number * 100, 6):.10g}%"
    return f"{number:.15g}" if abs(number) < 1e15 else written
