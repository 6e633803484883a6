"""Lines to paragraphs. A line runs on if the first word of the next would not have fitted behind it.

That is asked of the lines of its own block: lines of one size at one distance, which share a right edge.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from rag.reading.formats.pdf.columns import Column
from rag.reading.formats.pdf.contents import plain
from rag.reading.formats.pdf.front import front_lines
from rag.reading.formats.pdf.hyphens import Hyphens, is_hyphenated
from rag.reading.formats.pdf.lines import Line

_STEP = 1.35  # times the usual distance of two lines: more parts two blocks
_SIZES = 0.1  # of the height: lines that differ by more are of two blocks
_PROSE = 0.6  # of a block's lines are broken by the edge: with fewer it is a list or verses
_INDENT = 0.6  # heights of a letter
_NEAR = 0.15  # of the width: lines that end so near to one another share an edge
_LARGER = 1.12  # times the height of the text: letters of a heading
_HEADING_LINES, _HEADING_CHARS = 2, 120
_PROSE_CHARS = 40  # shorter lines in a wider column are a list or verses
_LONG = 0.7  # of a column's width
_CELL_CHARS = 40  # half of a table's cells have fewer: longer ones are columns of text
_SENTENCE_END = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
_BULLETS = "-*•◦▪●‣–○■□➢✓"
_ITEM_MARK = re.compile(rf"[{_BULLETS}]|\(?(?:\d{{1,3}}|[a-z]|[ivx]{{1,4}})[.)]")
_ITEM_START = re.compile(rf"(?:{_ITEM_MARK.pattern})\s|•")
_HEADING = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?\s+[^\W\d_]")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line with its page, its block and what holds for that."""

    line: Line
    page: int
    block: int
    edge: float
    left: float
    is_prose: bool
    is_row: bool
    is_heading: bool

    @property
    def text(self) -> str:
        """The line as Markdown."""
        if self.is_heading:
            return f"## {self.line.text}"
        return f"| {' | '.join(self.line.cells)} |" if self.is_row else self.line.text


def join_pages(pages: Sequence[Sequence[Column]], headings: Collection[str] = ()) -> str:
    """All pages as one text: a line feed after a paragraph, a space where one runs on, a form feed between pages.

    Rows of a table come out as ``| … |``, and headings as ``## …``: short lines in larger letters, and those of a
    table of contents, whose titles ``headings`` gives as ``contents.plain`` writes them.
    """
    placed = list(_place(pages, headings))
    if not placed:
        return ""
    hyphens = Hyphens(each.line.text for each in placed)
    parts = ["\f" * placed[0].page, placed[0].text]
    for before, after in pairwise(placed):
        page_breaks = "\f" * (after.page - before.page)
        if runs_on := _runs_on(before, after):
            space = _space(before.text, after.text)
            if is_hyphenated(before.text) and not page_breaks:
                is_break, space = hyphens.between(before.text, after.line.text)
                parts[-1] = parts[-1][:-1] if is_break else parts[-1]
            parts.append(page_breaks or space)
        else:
            parts.append("\n" + page_breaks)
        parts.append(after.line.text if runs_on else after.text)
    return "".join(parts)


def _space(before: str, after: str) -> str:
    """A space, but none between two characters of a script without spaces."""
    return "" if "\u3000" <= before[-1] <= "\u9fff" and "\u3000" <= after[0] <= "\u9fff" else " "


def _place(pages: Sequence[Sequence[Column]], headings: Collection[str]) -> Iterator[_Placed]:
    count = 0
    body = body_height(pages)
    front = front_lines(pages)
    for number, page in enumerate(pages):
        for column in page:
            rows = _rows(column)
            column_edge = _edge(column)
            for block in _blocks(column, rows):
                edge = _block_edge(block, column_edge)
                prose = len(block) > 1 and _is_prose(block, edge)
                left = min(line.left for line in block)
                for line in block:
                    row = id(line) in rows
                    heading = not row and (plain(line.text) in headings or _is_heading(block, line, body))
                    heading = heading and id(line) not in front
                    yield _Placed(line, number, count, edge, left, prose, row, heading)
                count += 1


def body_height(pages: Sequence[Sequence[Column]]) -> float:
    """The height of the letters in which most of the text is set."""
    heights = Counter[float]()
    for page in pages:
        for column in page:
            for line in column:
                heights[round(line.height, 1)] += len(line.text)
    return heights.most_common(1)[0][0] if heights else 0.0


def _is_heading(block: Sequence[Line], line: Line, body: float) -> bool:
    """Whether a block is a heading: a line or two in larger letters, without the mark of a sentence's end."""
    short = len(block) <= _HEADING_LINES and sum(len(each.text) for each in block) <= _HEADING_CHARS
    has_words = any(c.isalpha() for c in line.text) and line.text[0] not in _BULLETS and "@" not in line.text
    return (
        short
        and has_words
        and line.height > _LARGER * body
        and not block[-1].text.endswith((".", ";", ",", "!"))
    )


def _blocks(column: Column, rows: set[int]) -> Iterator[list[Line]]:
    """Lines of one size that follow one another at one distance; rows of a table are blocks of their own."""
    steps = [b.top - a.top for a, b in pairwise(column) if b.top - a.top < 2.5 * a.height]
    usual = median(steps) if steps else 0.0
    block: list[Line] = []
    for line in column:
        if block:
            before = block[-1]
            step = line.top - before.top
            is_apart = (
                step > _STEP * min(max(usual, before.height), 2.2 * before.height) and step > usual * _STEP
            )
            if is_apart or _differ(before, line) or (id(line) in rows) != (id(before) in rows):
                yield block
                block = []
        block.append(line)
    if block:
        yield block


def _differ(a: Line, b: Line) -> bool:
    return abs(a.height - b.height) > _SIZES * max(a.height, b.height)


def _rows(column: Column) -> set[int]:
    """The identities of the lines that are rows of a table: of several cells, as is the line before or after."""
    found = set[int]()
    several = [len(line.cells) > 1 and not _ITEM_MARK.fullmatch(line.cells[0]) for line in column]
    for index, line in enumerate(column):
        beside = (index > 0 and several[index - 1]) or (index + 1 < len(column) and several[index + 1])
        if several[index] and beside and median(map(len, line.cells)) < _CELL_CHARS:
            found.add(id(line))
    return found


def _edge(lines: Sequence[Line]) -> float:
    """The right edge that at least two of the lines, and one in eight, come near to; a single wide line is none."""
    rights = sorted((line.right for line in lines), reverse=True)
    width = rights[0] - min(line.left for line in lines)
    least = max(2, len(lines) // 8)
    for index, right in enumerate(rights):
        if sum(right - other <= _NEAR * width for other in rights[index:]) >= least:
            return right
    return rights[0]


def _block_edge(block: Sequence[Line], column_edge: float) -> float:
    """Where the lines of a block end: at an edge of their own, or, if they are few or short, that of the column."""
    if len(block) > 2 and max(len(line.text) for line in block) >= _PROSE_CHARS:
        return _edge(block)
    return max(column_edge, *(line.right for line in block))


def _is_prose(block: Sequence[Line], edge: float) -> bool:
    """Whether most lines are broken by the edge."""
    broken = sum(_is_full(line, following, edge) for line, following in pairwise(block))
    return broken >= _PROSE * (len(block) - 1)


def _is_full(line: Line, following: Line, edge: float) -> bool:
    """Whether the first word of the following line does not fit behind the line."""
    if is_hyphenated(line.text):
        return line.right > edge - 2 * line.height
    return line.right + 0.2 * line.height + following.first_word > edge


def _runs_on(before: _Placed, after: _Placed) -> bool:
    a, b = before.line, after.line
    if (
        before.is_heading != after.is_heading
        or before.is_row
        or after.is_row
        or _ITEM_START.match(b.text)
        or _differ(a, b)
    ):
        return False
    ends = bool(_SENTENCE_END.search(a.text))
    full = _is_full(a, b, before.edge)
    if before.block != after.block:
        goes_on = b.text[0].islower() or (before.is_prose and after.is_prose and not _HEADING.match(b.text))
        return full and not ends and goes_on
    is_indented = b.left > max(a.left, before.left) + _INDENT * b.height and not _ITEM_START.match(a.text)
    if is_indented and ends:
        return False
    long = a.right - before.left > _LONG * (
        before.edge - before.left
    )  # broken by a count of letters, not by the edge
    if before.is_prose:
        return full or (long and not ends)
    return (full or long) and not ends and b.text[0].islower()
