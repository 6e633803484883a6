"""An answer's text as the pieces that a page shows: words, numbered chips, line breaks and list items.

The pieces come as the text streams. What may still become a mark, a break or a bullet is held back until it is
one or cannot be, so that nothing shown is ever taken back.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rag.schema import Span

_GAP = re.compile(r"\n[ \t\n]*")
_BULLET = re.compile(r"[-•*][ \t]+")
_HALF_BULLET = re.compile(r"[-•*]?[ \t]*\Z")
# A label has one to three digits, as in ``rag.verify.claims``: [2023] is a year.
_MARK = re.compile(r"\[([1-9][0-9]{0,2})\]")
_HALF_MARK = re.compile(r"\[(?:[1-9][0-9]{0,2})?\Z")
_LAST_MARKS = re.compile(r"(?:\[[1-9][0-9]{0,2}\][ \t]*)+(?=\n|\Z)")
_HALF_LAST_MARKS = re.compile(r"(?:\[[1-9][0-9]{0,2}\][ \t]*)*(?:\[(?:[1-9][0-9]{0,2})?)?\Z")
_NEXT_LINE = re.compile(r"\n[ \t\n]*[-•*]?[ \t]*\Z")
_WORDS = re.compile(r"[^\n\[“”]+")
_CLOSING = re.compile(r"(?:[ \t]*”)?[.,;:!?]*(?:[ \t]*\[[0-9]{1,3}\])*[.!?]*")


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one voice: the articles' where ``quoted``, quotation marks included; else the writer's."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A mark such as ``[2]``."""

    label: int

    @property
    def text(self) -> str:
        """The mark as it stands in the answer."""
        return f"[{self.label}]"


@dataclass(frozen=True, slots=True)
class Break:
    """A new line begins; ``text`` is one line end or more, with the blanks around them."""

    text: str = "\n"


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list begins, on a new line; ``text`` is the line ends before it and its bullet."""

    text: str = "\n- "


Piece = Words | Chip | Break | Item


class Pieces:
    """Takes an answer's text as it comes and gives back what can be shown of it.

    However the text is cut, the pieces are the same once ``merged``. Their texts in order make the answer's.
    """

    def __init__(self) -> None:
        self._held = ""
        self._ready: list[Piece] = []  # cut off when a statement ended, not given back yet
        self._depth = 0  # quotation marks that are open
        self._fresh = True  # at the head of a line, where a bullet may stand
        self._closed = False  # only blanks since the last ”

    def feed(self, text: str) -> tuple[Piece, ...]:
        """The next piece of text; what can be shown by now."""
        self._held += text
        return self._given(self._cut(whole=False))

    def settle(self) -> None:
        """A statement has ended, and with it any quotation that was left open."""
        # What begins the next line belongs to the next statement.
        tail = _NEXT_LINE.search(self._held)
        begun = tail.group() if tail else ""
        self._held = self._held[: len(self._held) - len(begun)]
        self._ready += self._cut(whole=True)
        self._held = begun
        self._depth = 0

    def finish(self) -> tuple[Piece, ...]:
        """The answer has ended: the rest."""
        return self._given(self._cut(whole=True))

    def _given(self, more: Iterable[Piece]) -> tuple[Piece, ...]:
        given = merged((*self._ready, *more))
        self._ready.clear()
        return given

    def _cut(self, *, whole: bool) -> Iterator[Piece]:
        held, at = self._held, 0
        while at < len(held):
            piece = self._piece(held, at, whole=whole)
            if piece is None:
                break
            at += len(piece.text)
            self._fresh = isinstance(piece, Break)
            yield piece
        self._held = held[at:]

    def _piece(self, held: str, at: int, *, whole: bool) -> Piece | None:
        """The piece that begins at ``at``; ``None`` where more text is needed to tell."""
        if self._fresh or held[at] == "\n":
            line = self._line(held, at, whole=whole)
            if line is None or line.text:
                return line
        if held[at] == "[":
            return self._mark(held, at, whole=whole)
        return self._words(held, at)

    def _line(self, held: str, at: int, *, whole: bool) -> Break | Item | None:
        """What begins a line here; a break without text where nothing does."""
        gap = _GAP.match(held, at)
        after = gap.end() if gap else at
        bullet = None if self._depth else _BULLET.match(held, after)
        if not whole and _HALF_BULLET.match(held, after):
            return None
        return Item(held[at : bullet.end()]) if bullet else Break(held[at:after])

    def _mark(self, held: str, at: int, *, whole: bool) -> Piece | None:
        # Between “ and ” the article speaks, and its brackets are no marks. But an article may leave a quotation
        # open, so that ours seems open too: marks right after a ” at the end of a line are ours.
        if self._depth and self._closed:
            last = _LAST_MARKS.match(held, at)
            if not whole and _HALF_LAST_MARKS.match(held, at):
                return None
            if last:
                self._depth = 0
        if self._depth:
            return self._said("[")
        if mark := _MARK.match(held, at):
            return Chip(int(mark[1]))
        if not whole and _HALF_MARK.match(held, at):
            return None
        return self._said("[")

    def _words(self, held: str, at: int) -> Words:
        if held[at] == "“":
            self._depth += 1
            return self._said("“")
        if held[at] == "”":
            said = Words("”", quoted=self._depth > 0)
            self._depth = max(0, self._depth - 1)
            self._closed = True
            return said
        run = _WORDS.match(held, at)
        return self._said(run.group() if run else held[at])

    def _said(self, text: str) -> Words:
        self._closed = self._closed and not text.strip(" \t")
        return Words(text, quoted=self._depth > 0)


def merged(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The same pieces, with neighbouring words of one voice put together."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if isinstance(piece, Words) and isinstance(last, Words) and last.quoted == piece.quoted:
            found[-1] = Words(last.text + piece.text, piece.quoted)
        else:
            found.append(piece)
    return tuple(found)


def pieces(text: str, *, ends: Iterable[int] = ()) -> tuple[Piece, ...]:
    """The pieces of a whole answer: those that streamed, merged. ``ends`` is where its statements ended."""
    cutting = Pieces()
    found: list[Piece] = []
    done = 0
    for end in sorted({*ends}):
        found += cutting.feed(text[done:end])
        cutting.settle()
        done = max(done, end)
    found += cutting.feed(text[done:])
    return merged((*found, *cutting.finish()))


def statement_ends(text: str, claims: Iterable[Span]) -> tuple[int, ...]:
    """Where statements end for a reader: behind the closing quotation mark and the marks that follow each claim."""
    closings = (_CLOSING.match(text, claim.end) for claim in claims)
    return tuple(sorted({closing.end() for closing in closings if closing}))
