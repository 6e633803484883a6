"""Workbooks (XLSX): the sheets in their order, each with its rows as they are shown; formulas as their values."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from rag.reading.cleaning import one_line
from rag.reading.formats.blocks import Block
from rag.reading.formats.document import Document, document_of_blocks
from rag.reading.formats.office.package import bare_tag, open_parts, parse, related, relationships
from rag.reading.formats.office.xlsx_formats import Format, formats_of, is_struck
from rag.reading.formats.raised import join_raised
from rag.reading.formats.zip_archive import Archive

_COLUMN = re.compile(r"[A-Z]{1,3}")
_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,8}):[A-Z]{1,3}([0-9]{1,8})")
_REPEATED_CHARS = 80  # a longer cell stands for its rows, but is not said in each
_MOST_COLUMNS = 200  # of a row that is read

_RELATIONSHIP = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)


def read_xlsx(data: bytes, source: str) -> Document:
    """An XLSX file as Markdown, a heading and a table for each sheet; what is hidden or struck out is left.

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
    mac = any(bare_tag(e) == "workbookPr" and e.get("date1904") in ("1", "true") for e in root)
    book = _Book(strings, formats_of(parse(archive, related(archive, main, "styles"))), mac)
    for sheet in root.iter():
        if bare_tag(sheet) != "sheet" or sheet.get("state", "visible") != "visible":
            continue
        part = parts.get(next((id for key in _RELATIONSHIP if (id := sheet.get(key))), ""))
        tree = parse(archive, part.part) if part else None
        rows = list(_rows(tree, book)) if tree is not None else []
        if rows:
            yield "heading", f"## {one_line(sheet.get('name', ''))}"
        yield from (("row", f"| {' | '.join(row)} |") for row in rows)


def _text(element: "Element[str]") -> str:
    """The text of a string, without its reading in another script and what is struck out in it."""
    pieces: list[tuple[str, bool]] = []
    for part in element:
        if bare_tag(part) == "t":
            pieces.append((part.text or "", False))
        elif bare_tag(part) == "r":
            font = next((inner for inner in part if bare_tag(inner) == "rPr"), None)
            if font is None or not is_struck(font):
                raised = font is not None and any(inner.get("val") == "superscript" for inner in font)
                pieces += ((inner.text or "", raised) for inner in part if bare_tag(inner) == "t")
    return one_line(join_raised(pieces))


def _strings(root: "Element[str] | None") -> list[str]:
    return [_text(element) for element in root if bare_tag(element) == "si"] if root is not None else []


@dataclass(frozen=True, slots=True)
class _Book:
    """What the cells of all sheets refer to."""

    strings: Sequence[str]
    formats: Sequence[Format]
    mac: bool  # days are counted from 1904


def _rows(sheet: "Element[str]", book: _Book) -> Iterator[list[str]]:
    hidden, tall = _hidden_columns(sheet), _tall_cells(sheet)
    above: dict[int, tuple[int, str]] = {}  # by column, the last row of a cell over several, and its words
    for index, row in enumerate((e for e in sheet.iter() if bare_tag(e) == "row"), start=1):
        written = row.get("r", "")
        number = int(written) if written.isdecimal() and len(written) < 9 else index
        cells: dict[int, str] = {}
        following = 0
        for cell in row:
            column = _column(cell.get("r", ""), following)
            following = column + 1
            if column < _MOST_COLUMNS and column not in hidden:
                cells[column] = _value(cell, book)
                if (last := tall.get((number, column))) and len(cells[column]) <= _REPEATED_CHARS:
                    above[column] = last, cells[column]
        for column, (last, words) in above.items():
            if number <= last and any(cells.values()):
                cells[column] = cells.get(column) or words
        shown = [
            cells.get(column, "") for column in range(max(cells, default=-1) + 1) if column not in hidden
        ]
        while shown and not shown[-1]:
            shown.pop()
        if shown and row.get("hidden") not in ("1", "true"):
            yield shown


def _hidden_columns(sheet: "Element[str]") -> frozenset[int]:
    hidden = set[int]()
    for column in (e for e in sheet.iter() if bare_tag(e) == "col" and e.get("hidden") in ("1", "true")):
        first, last = column.get("min", ""), column.get("max", "")
        if first.isdecimal() and last.isdecimal():
            hidden.update(range(int(first) - 1, min(int(last), _MOST_COLUMNS)))
    return frozenset(hidden)


def _tall_cells(sheet: "Element[str]") -> dict[tuple[int, int], int]:
    """The last row of each cell that stands in several, by its first row and column."""
    tall: dict[tuple[int, int], int] = {}
    for merged in (e for e in sheet.iter() if bare_tag(e) == "mergeCell"):
        if match := _AREA.fullmatch(merged.get("ref", "")):
            tall[int(match[2]), _column(match[1], 0)] = int(match[3])
    return tall


def _column(reference: str, following: int) -> int:
    """The index of a cell's column by its reference, as ``B7``; the one that follows where it has none."""
    match = _COLUMN.match(reference)
    if match is None:
        return following
    index = 0
    for letter in match[0]:
        index = index * 26 + ord(letter) - ord("A") + 1
    return max(index - 1, following)


def _value(cell: "Element[str]", book: _Book) -> str:
    style = cell.get("s", "0")
    index = int(style) if style.isdecimal() else 0
    shown_as = book.formats[index] if index < len(book.formats) else Format()
    if shown_as.struck:
        return ""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return next((_text(inner) for inner in cell if bare_tag(inner) == "is"), "")
    written = next((inner.text or "" for inner in cell if bare_tag(inner) == "v"), "")
    if kind == "s":
        return book.strings[int(written)] if written.isdecimal() and int(written) < len(book.strings) else ""
    if kind == "b":
        return "TRUE" if written == "1" else "FALSE"
    if kind != "n" or not written:
        return one_line(written)
    try:
        number = float(written)
    except ValueError:
        return one_line(written)
    return shown_as.show(number, mac=book.mac) if abs(number) < 1e15 else written
