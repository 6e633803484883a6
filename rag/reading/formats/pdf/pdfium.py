"""The text of a PDF's pages as pieces with their boxes. The only file that imports ``pypdfium2``.

PDFium, the library of a browser, finds characters where others find names of glyphs or nothing, and takes a third of
the time. It may be called by one thread at a time.
"""

import math
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import byref
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import ArticleError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage


_ONE_AT_A_TIME = threading.Lock()
_SIZE_CHANGE = 0.12  # of the height: what is smaller or larger by more is a piece of its own
_GAP = 1.0  # heights of white space between two pieces: a space between two words is a third
_SHIFT = 0.35  # of the height: what stands higher or lower by more is a piece of its own
_LINE_HYPHENS = frozenset((0x02, 0xAD, 0xFFFE))  # what PDFium gives for a hyphen at the end of a line
_SAMPLE = 40  # characters of a page whose direction is asked
_FEWEST_TURNED = 4  # characters
_Angle = Callable[[int], int]  # of the character of an index, in quarters of a turn
_WHITE = frozenset((0, 0x09, 0x0A, 0x0D, 0x20, 0xA0))
_PASSWORD, _SECURITY = 4, 5  # PDFium's numbers of errors


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one size on one line. The box is in points, from the upper left corner of the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Of the font, from its lowest to its highest point: the same for all letters of a size."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Page:
    """The pieces of a page in the order of drawing; ``turned`` is text that runs in another direction than most."""

    pieces: tuple[Piece, ...]
    turned: tuple[str, ...]
    height: float  # in points


class Pdf:
    """An open file."""

    def __init__(self, document: "PdfDocument") -> None:
        self._document = document

    def __len__(self) -> int:
        return len(self._document)

    @property
    def title(self) -> str:
        """The title in the metadata; it may be empty."""
        return str(self._document.get_metadata_value("Title") or "")

    def page(self, index: int, *, most_chars: int) -> Page | None:
        """The page of this index; ``None`` where it holds over ``most_chars`` characters.

        Raises a ``RuntimeError`` of the library for a page that is damaged.
        """
        page = self._document[index]
        try:
            return _read(page, most_chars)
        finally:
            page.close()


@contextmanager
def open_pdf(data: bytes, source: str) -> Iterator[Pdf]:
    """The file. Raises ``ArticleError`` for one that is locked or damaged."""
    import pypdfium2

    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(data)
            len(document)
        except pypdfium2.PdfiumError as fault:
            if getattr(fault, "err_code", None) in (_PASSWORD, _SECURITY) or "assword" in str(fault):
                why = "is locked by a password: save it without one, as by printing to a file"
                raise ArticleError(source, why) from fault
            why = f"is no whole PDF ({fault!s:.80}): fetch or save it again"
            raise ArticleError(source, why) from fault
        try:
            yield Pdf(document)
        finally:
            document.close()


def _read(page: "PdfPage", most_chars: int) -> Page | None:
    from pypdfium2 import raw

    if raw.FPDFPage_CountObjects(page.raw) > most_chars:
        return None
    text_page = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(text_page.raw)
        if count > most_chars:
            return None
        handle, rect = text_page.raw, raw.FS_RECTF()

        def angle(index: int) -> int:
            return (
                round(float(raw.FPDFText_GetCharAngle(handle, index)) * -2 / math.pi) % 4
            )  # given clockwise

        direction = _direction(count, angle)
        place = _Place(direction, *page.get_bbox())
        reader = _PieceReader(place)
        pointer, code_of, box_of = byref(rect), raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
        for index in range(count):
            code = code_of(handle, index)
            if code in _WHITE:
                reader.space(is_break=code == 0x0A)
            elif box_of(handle, index, pointer):
                reader.add(code, index, rect.left, rect.right, rect.top, rect.bottom)
        reader.finish()
        turned = reader.take_turned(angle, direction)
        return Page(tuple(reader.pieces), turned, place.height)
    finally:
        text_page.close()


def _direction(count: int, angle: _Angle) -> int:
    """The direction of most text on a page, in quarters of a turn against the clock, by a sample of its characters.

    Whether the page itself is to be shown turned does not matter: its text is read as it runs.
    """
    sample = Counter(angle(index) for index in range(0, count, max(1, count // _SAMPLE)))
    return sample.most_common(1)[0][0] if sample else 0


class _Place:
    """Turns the coordinates of a page, as it is stored, so that its text runs from left to right."""

    def __init__(self, direction: int, left: float, bottom: float, right: float, top: float) -> None:
        self._direction = direction
        self._left, self._bottom, self._right, self._top = left, bottom, right, top

    @property
    def height(self) -> float:
        """Of the page, as its text runs."""
        return self._right - self._left if self._direction % 2 else self._top - self._bottom

    def box(self, left: float, right: float, top: float, bottom: float) -> tuple[float, float, float, float]:
        """Left, right, top and bottom from the upper left corner."""
        if self._direction == 1:
            return bottom - self._bottom, top - self._bottom, left - self._left, right - self._left
        if self._direction == 2:
            return self._right - right, self._right - left, bottom - self._bottom, top - self._bottom
        if self._direction == 3:
            return self._top - top, self._top - bottom, self._right - right, self._right - left
        return left - self._left, right - self._left, self._top - top, self._top - bottom


class _PieceReader:
    """Collects characters into pieces, and the index of the first character of each."""

    def __init__(self, place: _Place) -> None:
        self.pieces: list[Piece] = []
        self._firsts: list[int] = []
        self._place = place
        self._chars: list[str] = []
        self._first = 0
        self._box = (0.0, 0.0, 0.0, 0.0)
        self._is_lettered = (
            False  # whether the box has the height of a letter; a bracket may be of a larger font
        )
        self._space = False
        self._surrogate = 0

    def space(self, *, is_break: bool) -> None:
        """White space, which PDFium also finds between words that are only set apart."""
        self._space = True
        if is_break:
            self.finish()

    def add(self, code: int, index: int, *box: float) -> None:
        """A character and its box as the page stores it."""
        if 0xD800 <= code < 0xDC00:
            self._surrogate = code
            return
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((self._surrogate - 0xD800) << 10) + code - 0xDC00 if self._surrogate else 0xFFFD
        self._surrogate = 0
        char = "-" if code in _LINE_HYPHENS else chr(code)
        left, right, top, bottom = self._place.box(*box)
        if self._chars and self._is_apart(left, top, bottom):
            self.finish()
        if not self._chars:
            self._first, self._box = index, (left, right, top, bottom)
            self._is_lettered = char.isalnum()
        else:
            first = self._box
            if not self._is_lettered and char.isalnum():
                first, self._is_lettered = (*first[:2], top, bottom), True
            self._box = (min(first[0], left), max(first[1], right), first[2], first[3])
            if self._space:
                self._chars.append(" ")
        self._space = False
        self._chars.append(char)

    def _is_apart(self, left: float, top: float, bottom: float) -> bool:
        first_left, last_right, first_top, first_bottom = self._box
        height = max(first_bottom - first_top, 1.0)
        return (
            abs((bottom - top) - height) > _SIZE_CHANGE * height
            or abs(bottom - first_bottom) > _SHIFT * height
            or left - last_right > _GAP * height
            or left < first_left - height
        )

    def finish(self) -> None:
        """End the piece."""
        if self._chars:
            left, right, top, bottom = self._box
            self.pieces.append(Piece("".join(self._chars), left, right, top, bottom))
            self._firsts.append(self._first)
            self._chars = []

    def take_turned(self, angle: _Angle, direction: int) -> tuple[str, ...]:
        """Take out the pieces that run in another direction: they are many of a letter or two, side by side."""
        short = [index for index, piece in enumerate(self.pieces) if len(piece.text) <= 2]
        if len(short) < _FEWEST_TURNED:
            return ()
        turned = {index for index in short if angle(self._firsts[index]) != direction}
        text = "".join(self.pieces[index].text for index in sorted(turned))
        self.pieces = [piece for index, piece in enumerate(self.pieces) if index not in turned]
        return (text,) if text else ()
