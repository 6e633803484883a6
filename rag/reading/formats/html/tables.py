"""Tables of a page: one that lays out the page becomes its blocks, the cells of any other become one line each.

The search for the article drops a table whole if a heading or a table stands in it.
"""

import copy
import re
from typing import TYPE_CHECKING

from rag.reading.formats.html.flow import HEADINGS, holds_block, make_one_line, words

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_PARTS = ("thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col")
_HEADINGS = HEADINGS[:4]
_LAYOUT = ("article", "section", "main", "form")
_CELL_CHARS = 1_000  # a longer cell is a column of the page
_HEADED_CHARS = 200  # a longer cell in a table with headings is a part of the page
_NESTED_CHARS = 300  # a shorter table in a cell is part of that cell's words
_STACK_LINES = 3  # so many short lines in a cell are a list
_STACK_CHARS = 70  # of a line
_STACKED = frozenset(("div", "p"))
_WRAPPERS = _STACKED | {"span", "font", "center"}
_REPEATED_CHARS = 80  # a longer cell stands for its rows, but is not said in each
_MOST_TALL = 8  # side by side: a page of such cells alone would grow a hundredfold
_MOST_ROWS = 200  # that one cell may stand in
_CONTINUED = re.compile(r"[a-z(]")
_OPEN_END = re.compile(r"[,:;&/–-]$")


def normalise_table(table: "HtmlElement") -> None:
    """Make a table that lays out a page ``div`` elements, and each cell of another one line.

    Tables in it have to be in this form already.
    """
    rows = [own for row in own_parts(table, "tr") if (own := _filled_cells(row))]
    cells = own_parts(table, "td", "th")
    if _is_layout(table, rows, cells):
        for part in own_parts(table, *_PARTS):
            part.tag = "div"
        table.tag = "div"
        return
    _move_name(table, rows)
    _repeat_tall_cells(own_parts(table, "tr"))
    rows = [own for row in own_parts(table, "tr") if (own := _filled_cells(row))]
    cells = own_parts(table, "td", "th")
    for row in rows:
        _separate_stacks(row)
    for cell in cells:
        if cell.tag in ("td", "th"):
            make_one_line(cell)


def own_parts(table: "HtmlElement", *tags: str) -> list["HtmlElement"]:
    """The parts of a table that are not those of a table in it."""
    return [part for part in table.iterdescendants(*tags) if next(part.iterancestors("table"), None) is table]


def _filled_cells(row: "HtmlElement") -> list["HtmlElement"]:
    return [cell for cell in row.iterchildren("td", "th") if words(cell)]


def _is_layout(table: "HtmlElement", rows: list[list["HtmlElement"]], cells: list["HtmlElement"]) -> bool:
    if table.get("role") in ("presentation", "none"):
        return True
    if next(table.iterdescendants(*_LAYOUT), None) is not None or len(cells) <= 1:
        return True
    if any(len(words(cell)) > _CELL_CHARS for cell in cells):
        return True
    return _has_headings_of_page(table, rows, cells) or _holds_tables_of_page(table, rows)


def _has_headings_of_page(
    table: "HtmlElement", rows: list[list["HtmlElement"]], cells: list["HtmlElement"]
) -> bool:
    """Whether headings in it are of the page: those in its caption, a ``th`` or alone in a cell name its data."""
    headed = [cell for cell in cells if next(cell.iterdescendants(*_HEADINGS), None) is not None]
    if not headed:
        return False
    is_grid = sum(len(row) > 1 for row in rows) > 1
    if not is_grid or any(len(words(cell)) > _HEADED_CHARS for cell in cells):
        return True
    return any(
        cell.tag != "th" and words(cell) != words(next(cell.iterdescendants(*_HEADINGS))) for cell in headed
    )


def _holds_tables_of_page(table: "HtmlElement", rows: list[list["HtmlElement"]]) -> bool:
    """Whether tables in it are the page's: long ones, and those in rows that hold nothing else."""
    inner = list(table.iterdescendants("table"))
    if not inner:
        return False
    if len(rows) == 1 or any(len(words(one)) > _NESTED_CHARS for one in inner):
        return True
    holding = [[next(cell.iterdescendants("table"), None) is not None for cell in row] for row in rows]
    return any(all(row) for row in holding)


def _move_name(table: "HtmlElement", rows: list[list["HtmlElement"]]) -> None:
    """Put what names the whole table before it: its caption, and a first row that is one heading.

    As the first row it would be taken for the names of the columns.
    """
    names = own_parts(table, "caption")
    if len(rows) > 1 and len(rows[0]) == 1 and next(rows[0][0].iterdescendants(*_HEADINGS), None) is not None:
        names += rows.pop(0)
    for name in names:
        name.tag, name.tail = "div" if holds_block(name) else "p", None
        table.addprevious(name)


def _repeat_tall_cells(rows: list["HtmlElement"]) -> None:
    """Put a cell that stands in several rows into each of them: a row by itself is what is quoted."""
    tall: dict[int, tuple[HtmlElement, int]] = {}  # by column: the cell, and in how many rows it still stands
    for row in rows:
        column, place, below = 0, 0, dict[int, tuple["HtmlElement", int]]()
        while place < len(row) or column in tall:
            if column in tall:
                cell, left = tall.pop(column)
                row.insert(place, copy.deepcopy(cell))
            else:
                cell, left = row[place], _span(row[place], "rowspan")
                if len(words(cell)) <= _REPEATED_CHARS:
                    cell.attrib.pop("rowspan", None)
                else:
                    left = 1
            if left > 1 and len(below) < _MOST_TALL:
                below[column] = cell, left - 1
            column, place = column + _span(cell, "colspan"), place + 1
        tall = below


def _span(cell: "HtmlElement", name: str) -> int:
    written = (cell.get(name) or "").strip()
    return (
        min(int(written), _MOST_ROWS) if written.isdecimal() and 0 < len(written) < 6 and int(written) else 1
    )


# --- lines in a cell ---------------------------------------------------------------------------------------


def _separate_stacks(row: list["HtmlElement"]) -> None:
    """A semicolon between the lines of a cell that is a list: three or more, or as many as beside it, with figures."""
    stacks = [(cell, lines) for cell in row if cell.tag == "td" and (lines := _stacked_lines(cell))]
    for cell, lines in stacks:
        parallel = [other for one, other in stacks if one is not cell and len(other) == len(lines)]
        figures = any(all(re.search(r"\d", line) for line in one) for one in (lines, *parallel))
        if len(lines) >= _STACK_LINES or (parallel and figures):
            _join_lines(cell)


def _stacked_lines(cell: "HtmlElement") -> list[str]:
    """The lines of a cell that is a stack of short ones, each of which stands for itself; else none."""
    holder = _holder(cell)
    lines = [""]
    for child in holder:
        if child.tag in _STACKED:
            lines += [words(child), ""]
        elif child.tag == "br":
            lines.append("")
        else:
            lines[-1] += words(child)
        lines[-1] += (child.tail or "").strip()
    lines[0] = (holder.text or "").strip() + lines[0]
    lines = [line for line in lines if line]
    stands = all(
        len(line) <= _STACK_CHARS and not _CONTINUED.match(line) and not _OPEN_END.search(line)
        for line in lines
    )
    return lines if len(lines) > 1 and stands else []


def _holder(cell: "HtmlElement") -> "HtmlElement":
    """The element whose children are the cell's lines."""
    holder = cell
    while len(holder) == 1 and holder[0].tag in _WRAPPERS and not (holder.text or "").strip():
        holder = holder[0]
    return holder


def _join_lines(cell: "HtmlElement") -> None:
    """Make each line an item, of which ``make_one_line`` makes what it makes of any list."""
    holder = _holder(cell)
    children, item = list(holder), holder.makeelement("li")
    item.text, holder.text = holder.text, None
    items = [item]
    for child in children:
        if child.tag in _STACKED or child.tag == "br":
            items.append(holder.makeelement("li"))
            items[-1].text, child.tail = child.tail, None
            holder.remove(child)
            if child.tag != "br":
                child.tag = "li"
                items.insert(-1, child)
        else:
            items[-1].append(child)
    holder.extend(item for item in items if words(item))
