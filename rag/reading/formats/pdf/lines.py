"""Pieces of text side by side to a line: spaces, cells, and what is raised."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.reading.formats.pdf.pdfium import Piece
from rag.reading.formats.raised import raised_text

_SPACE = 0.12  # of the height: a wider gap between two pieces is a space
_CELL = 1.4  # heights: a wider gap is that between two cells
_SMALL = 0.88  # of the line's height: what is raised is smaller than that
_LIGATURES = str.maketrans(dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)))


# Dingbats that typefaces of symbols keep in the private area, and the rest of that area, which no reader can name.
_PRIVATE = str.maketrans(
    {
        **dict.fromkeys(range(0xE000, 0xF900), ""),
        **dict.fromkeys((0xF0B7, 0xF0A7, 0xF0D8, 0xF076, 0xF06C), "•"),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column: its words, its box and the height of its font. ``cells`` are its parts with wide gaps."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    height: float
    cells: tuple[str, ...]
    first_word: float  # the width of its first word: had that fitted, it would stand on the line before


def make_line(pieces: Sequence[Piece]) -> Line:
    """The line that these pieces make. There is at least one, and all overlap in height."""
    in_order = sorted(pieces, key=lambda piece: piece.left)
    if _is_right_to_left("".join(piece.text for piece in in_order)):
        in_order.reverse()
    main = max(in_order, key=lambda piece: (round(piece.height * len(piece.text), 1), len(piece.text)))
    cells = _cells(in_order, main)
    text = " ".join(cells)
    left, right = min(p.left for p in in_order), max(p.right for p in in_order)
    width = right - left
    first = text.split(" ", 1)[0]
    return Line(
        text=text,
        left=left,
        right=right,
        top=main.top,
        bottom=main.bottom,
        height=main.height,
        cells=cells,
        first_word=width * len(first) / max(len(text), 1),
    )


def _is_right_to_left(text: str) -> bool:
    return sum("\u0590" <= c <= "\u08ff" for c in text) * 2 > len(text)


def _cells(pieces: Sequence[Piece], main: Piece) -> tuple[str, ...]:
    """The text of each part of a line, with raised figures made powers or left out."""
    cells: list[str] = [""]
    previous: Piece | None = None
    for index, piece in enumerate(pieces):
        text = piece.text.translate(_LIGATURES).translate(_PRIVATE)
        gap = 0.0 if previous is None else max(piece.left - previous.right, previous.left - piece.right)
        is_raised = _is_raised(piece, main)
        if is_raised and gap < 0.5 * main.height:
            after = pieces[index + 1].text if index + 1 < len(pieces) else ""
            text = raised_text(cells[-1], text, after)
        elif gap > _CELL * main.height:
            cells.append("")
        elif previous is not None and gap > _SPACE * main.height and not _is_initial(previous, piece):
            cells[-1] += " "
        cells[-1] += text
        previous = piece
    kept = (" ".join(cell.split()) for cell in cells)
    return tuple(cell for cell in kept if cell)


def _is_initial(piece: Piece, following: Piece) -> bool:
    """Whether it is the large first letter of a chapter, and the word goes on behind it."""
    is_letter = len(piece.text) == 1 and piece.text.isupper()
    return is_letter and piece.height > 1.3 * following.height and following.text[0].islower()


def _is_raised(piece: Piece, main: Piece) -> bool:
    """Whether it is set smaller than the line, and higher."""
    if piece is main or piece.height > _SMALL * main.height or len(piece.text) > 40:
        return False
    return main.bottom - piece.bottom > 0.25 * main.height and piece.top - main.top < 0.1 * main.height
