"""The pieces of a page to lines, column by column.

Columns are parted by a strip of white that few pieces cross. Those that do, a headline or a wide figure's words,
part the page into bands; in each band the left column is read before the right one.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from statistics import median

from rag.reading.formats.pdf.lines import Line, make_line
from rag.reading.formats.pdf.pdfium import Piece

_GUTTER = 0.6  # heights of a letter: the least width of white between columns
_COLUMN_LINES = 4  # fewer lines side by side are no columns
_COLUMN_CHARS = 15  # half of a column's lines have more: shorter ones are cells of a table
_MOST_PIECES = 5_000  # of a page whose layout is looked for: what holds more is a map or a plan
_MARK_CHARS, _MARK_GAP = 2, 0.3  # of a note's mark, and heights of white between it and its word
_CROSSING = 0.35  # of all pieces may cross the white between two columns
Column = tuple[Line, ...]


def page_columns(pieces: Sequence[Piece]) -> tuple[Column, ...]:
    """The columns of a page in the order of reading, each with its lines from top to bottom."""
    if len(pieces) > _MOST_PIECES:
        return (tuple(make_line([piece]) for piece in pieces),)
    return tuple(
        column for group in _in_reading_order(_without_shadows(pieces), 0) if (column := _lines(group))
    )


def _without_shadows(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, of which those that are drawn twice, a little apart, as shadows or to look bold, stand once."""
    drawn: dict[str, list[Piece]] = {}
    kept = []
    for piece in pieces:
        same = drawn.setdefault(piece.text, [])
        near = 0.4 * piece.height
        if not any(abs(p.left - piece.left) < near and abs(p.top - piece.top) < near for p in same):
            same.append(piece)
            kept.append(piece)
    return kept


def _in_reading_order(pieces: list[Piece], depth: int) -> list[list[Piece]]:
    gutter = _gutter(pieces) if depth < 3 else None
    if gutter is None:
        return [pieces] if pieces else []
    crossing = sorted((p for p in pieces if p.left < gutter < p.right), key=lambda p: p.top)
    groups: list[list[Piece]] = []
    rest = [p for p in pieces if not p.left < gutter < p.right]
    while crossing:
        wide = [crossing.pop(0)]
        before = [p for p in rest if _middle(p) < wide[0].top]
        rest = [p for p in rest if not _middle(p) < wide[0].top]
        # Wide pieces that follow one another, and what stands beside them on a line, are one column.
        while crossing and not any(wide[-1].bottom <= _middle(p) < crossing[0].top for p in rest):
            wide.append(crossing.pop(0))
        beside = [p for p in rest if any(w.top <= _middle(p) <= w.bottom for w in wide)]
        beside += _rows_below(wide[-1].bottom, [p for p in rest if p not in beside], gutter)
        rest = [p for p in rest if p not in beside]
        groups += _side_by_side(before, gutter, depth)
        end = max(p.bottom for p in [*wide, *beside])
        beside += [p for p in crossing if p.top < end]
        crossing = [p for p in crossing if p.top >= end]
        groups.append([*wide, *beside])
    return groups + _side_by_side(rest, gutter, depth)


def _rows_below(top: float, pieces: Sequence[Piece], gutter: float) -> list[Piece]:
    """The rows of a table as wide as both columns that begins at ``top``: short cells on both sides of the gutter.

    The last of them has three cells or more, as the headings of two sections may stand side by side.
    """
    below = sorted((p for p in pieces if _middle(p) >= top), key=lambda p: p.top)
    full = 0.6 * (gutter - min((p.left for p in below), default=gutter))
    rows: list[Piece] = []
    kept = 0
    while below:
        row = [p for p in below if _middle(p) < below[0].bottom]
        both = min(p.left for p in row) < gutter < max(p.left for p in row)
        if not both or any(p.right - p.left > full for p in row):
            break
        rows += row
        kept = len(rows) if len(row) >= 3 else kept
        below = [p for p in below if p not in row]
    return rows[:kept]


def _side_by_side(pieces: list[Piece], gutter: float, depth: int) -> list[list[Piece]]:
    left = [p for p in pieces if p.right <= gutter]
    right = [p for p in pieces if p.left >= gutter]
    return _in_reading_order(left, depth + 1) + _in_reading_order(right, depth + 1)


def _middle(piece: Piece) -> float:
    return (piece.top + piece.bottom) / 2


def _gutter(pieces: Sequence[Piece]) -> float | None:
    """The middle of the white strip between two columns; ``None`` where there are none.

    Lines of text alone are asked, as the words of a figure, the cells of a table and the parts of a formula stand
    anywhere; of the strips that as few lines cross, that is taken which the fewest of all pieces cross.
    """
    lines = [p for p in pieces if len(p.text) >= _COLUMN_CHARS]
    if len(lines) < 2 * _COLUMN_LINES:
        return None
    height = median(p.height for p in lines)
    lefts, rights = sorted(p.left for p in lines), sorted(p.right for p in lines)
    best, fewest = None, (_CROSSING * len(lines), 0)
    for at in _candidates(pieces, height):
        crossing = bisect_left(lefts, at) - bisect_right(rights, at)
        if crossing > fewest[0]:
            continue
        counts = crossing, sum(p.left < at < p.right for p in pieces)
        if counts < fewest:
            left = [p for p in lines if p.right <= at]
            right = [p for p in lines if p.left >= at]
            if _is_column(left) and _is_column(right) and _overlap(left, right):
                best, fewest = at, counts
    return best


def _candidates(pieces: Sequence[Piece], height: float) -> list[float]:
    """The middle of the white to the left of each column's edge, where at least four pieces begin."""
    edges: dict[int, int] = {}
    for piece in pieces:
        edges[round(piece.left / 3)] = edges.get(round(piece.left / 3), 0) + 1
    rights = sorted(p.right for p in pieces)
    found = []
    for edge, count in edges.items():
        start = edge * 3 - 2.0
        before = bisect_right(rights, start + 1)
        if before == 0 or count + edges.get(edge + 1, 0) < _COLUMN_LINES:
            continue
        end = rights[before - 1]
        if start - end >= _GUTTER * height:
            found.append((start + end) / 2)
        elif start - _GUTTER * height > 0:
            found.append(start - _GUTTER * height / 2)
    return found


def _is_column(pieces: Sequence[Piece]) -> bool:
    rows = {round(p.top / max(p.height, 1)) for p in pieces}
    if len(rows) < _COLUMN_LINES:
        return False
    widest = max(p.right - p.left for p in pieces)
    full = sum(len(p.text) for p in pieces if p.right - p.left > 0.6 * widest)
    return full * 2 >= sum(len(p.text) for p in pieces)


def _overlap(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    """Whether they stand side by side, not one below the other."""
    top = max(min(p.top for p in left), min(p.top for p in right))
    bottom = min(max(p.bottom for p in left), max(p.bottom for p in right))
    return bottom - top > 3 * median(p.height for p in [*left, *right])


def _lines(pieces: list[Piece]) -> Column:
    """Pieces that overlap in height, by at least half of the lower one, are one line; a note's mark by less."""
    rows: list[list[Piece]] = []
    spans: list[tuple[float, float]] = []
    for piece in sorted(pieces, key=lambda p: (-len(p.text) * p.height, p.top)):
        for index in range(len(rows) - 1, -1, -1):
            top, bottom = spans[index]
            overlap = min(bottom, piece.bottom) - max(top, piece.top)
            least = 0.0 if _is_mark(rows[index], piece) else 0.5 * min(bottom - top, piece.height)
            if overlap > least and not _covers(rows[index], piece):
                rows[index].append(piece)
                break
        else:
            rows.append([piece])
            spans.append((piece.top, piece.bottom))
    order = sorted(range(len(rows)), key=lambda index: spans[index][0])
    lines = (make_line(rows[index]) for index in order)
    return tuple(line for line in lines if line.text)


def _covers(row: Sequence[Piece], piece: Piece) -> bool:
    """Whether the piece stands where another of the row does: lines set so close that their boxes overlap."""
    return any(
        min(p.right, piece.right) - max(p.left, piece.left) > 0.5 * (piece.right - piece.left) for p in row
    )


def _is_mark(row: Sequence[Piece], piece: Piece) -> bool:
    """Whether it is a sign or two directly before or behind a word of the row, as the mark of a note is."""
    if len(piece.text) > _MARK_CHARS:
        return False
    near = _MARK_GAP * piece.height
    return any(abs(piece.left - p.right) < near or abs(p.left - piece.right) < near for p in row)
