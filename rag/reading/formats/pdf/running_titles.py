"""Running headers, footers and page numbers: lines in the margin that come again on most pages.

A line is in the margin if more white parts it from the text than parts the lines of the text. Of lines with a number
only those are left out whose number counts the pages, and names nothing else. What may be a line of the text stays, at
least once.
"""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median

from rag.reading.formats.pdf.columns import Column
from rag.reading.formats.pdf.lines import Line

_EDGE_LINES = 3  # at the head and at the foot of a page, that may be running titles
_EDGE = 0.08  # of the height of a page
_APART = 1.7  # times the usual distance of two lines
_SMALLER = 0.85  # times the height of the text: so small a line needs to stand less far apart
_FEWEST_PAGES = 3
_NUMBER = re.compile(r"[0-9]+|(?<![^\W_])[ivxlc]+(?![^\W_])")

_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|p\.?|s\.?|pag(?:e|ina)\.?)?\W*([0-9]{1,4}|[ivxlc]{1,7})\W*(?:(?:of|von|de|/)\W*[0-9]+)?\W*",
    re.I,
)

_NAMED = re.compile(r"[^\W\d_]+\.?\s(?:no\.?\s?|nr\.?\s?|#)?[0-9]+", re.I)


def running_lines(pages: Sequence[Sequence[Column]], heights: Sequence[float]) -> set[int]:
    """The identities of the lines to leave out, of pages of these heights in points."""
    by_key: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for line in _margin(page):
            by_key[_NUMBER.sub("0", line.text)].append((number, line))
    found = set[int]()
    most = max(_FEWEST_PAGES, -(-len(pages) // 3))
    for same in by_key.values():
        if len({number for number, _ in same}) < most:
            continue
        at_edge = all(_is_at_edge(line, heights[number]) for number, line in same)
        if len({line.text for _, line in same}) == 1:  # kept once where it may be a line of the text
            found.update(id(line) for _, line in (same if at_edge else same[1:]))
        elif _counts_pages(same) and all(
            _PAGE_NUMBER.fullmatch(line.text) or (at_edge and not _is_named(line)) for _, line in same
        ):
            found.update(id(line) for _, line in same)
    return found


def _is_at_edge(line: Line, height: float) -> bool:
    return line.bottom < _EDGE * height or line.top > (1 - _EDGE) * height


def _is_named(line: Line) -> bool:
    """Whether it names what the page is about: "Week 3" on the third page is no page number."""
    return len(line.cells) == 1 and bool(_NAMED.fullmatch(line.text))


def _counts_pages(same: Sequence[tuple[int, Line]]) -> bool:
    """Whether a number in the lines grows by one from page to page, on nearly all of them."""
    offsets = Counter[tuple[int, int]]()
    for number, line in same:
        for place, match in enumerate(_NUMBER.finditer(line.text)):
            if (value := _value(match[0])) is not None:
                offsets[place, value - number] += 1
    return bool(offsets) and offsets.most_common(1)[0][1] >= 0.8 * len(same)


def _value(number: str) -> int | None:
    if number.isdigit():
        return int(number)
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
    digits = [values[c] for c in number]
    return sum(-d if d < max(digits[i:], default=0) else d for i, d in enumerate(digits))


def _margin(page: Sequence[Column]) -> list[Line]:
    """The lines above and below the text of a page that stand apart from it."""
    lines = sorted((line for column in page for line in column), key=lambda line: (line.top, line.left))
    rows: list[list[Line]] = []
    for line in lines:
        if rows and line.top < rows[-1][0].bottom - 0.5 * rows[-1][0].height:
            rows[-1].append(line)
        else:
            rows.append([line])
    if len(rows) < 2:
        return [line for row in rows for line in row if _PAGE_NUMBER.fullmatch(line.text)]
    steps = [below[0].top - above[0].top for above, below in itertools.pairwise(rows)]
    usual = min(median(steps), 1.3 * median(line.height for line in lines))
    head, foot = _apart(rows, steps, usual), _apart(rows[::-1], steps[::-1], usual)
    kept = min(len(rows) - 1, head), min(len(rows) - 1, foot)
    return [line for row in [*rows[: kept[0]], *rows[len(rows) - kept[1] :]] for line in row]


def _apart(rows: Sequence[Sequence[Line]], steps: Sequence[float], usual: float) -> int:
    """How many rows at the start stand apart from those after them."""
    for count in range(min(_EDGE_LINES, len(rows) // 2), 0, -1):  # the text is the greater part
        text = rows[count][0].height
        heights = [line.height for row in rows[:count] for line in row]
        is_apart = steps[count - 1] > _APART * usual and max(heights) <= 1.3 * text
        if is_apart or (max(heights) < _SMALLER * text and steps[count - 1] > usual):
            return count
    return 1 if rows and all(_PAGE_NUMBER.fullmatch(line.text) for line in rows[0]) else 0
