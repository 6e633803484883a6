"""An answer's text as the pieces that a page shows: words, numbered chips, line breaks and list items."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rag.schema import Answer, Span

_GAP = re.compile(r"\n[ \t\n]*")
_BULLET = re.compile(r"[-•*][ \t]+")
# A label has one to three digits, as in ``rag.verify.claims``: [2023] is a year.
_MARK = re.compile(r"\[([1-9][0-9]{0,2})\]")
_LAST_MARKS = re.compile(r"(?:\[[1-9][0-9]{0,2}\][ \t]*)+(?=\n|\Z)")
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


def pieces(text: str, *, ends: Iterable[int] = (), verbatim: Iterable[Span] = ()) -> tuple[Piece, ...]:
    """The pieces of an answer, whose texts in order make it; neighbouring words of one voice are one piece.

    ``ends`` is where its statements end: a quotation that was left open ends there too. ``verbatim`` are the ranges
    that were cut from articles: whatever marks and quotation marks these have are the articles' own.
    """
    found: list[Piece] = []
    for piece in _Scanner(text, verbatim).scan(ends):
        last = found[-1] if found else None
        if isinstance(piece, Words) and isinstance(last, Words) and last.quoted == piece.quoted:
            found[-1] = Words(last.text + piece.text, piece.quoted)
        else:
            found.append(piece)
    return tuple(found)


class _Scanner:
    def __init__(self, text: str, verbatim: Iterable[Span]) -> None:
        self._text = text
        self._verbatim = {span.start: span for span in verbatim if len(span)}
        self._starts = sorted(self._verbatim)
        self._depth = 0  # quotation marks that are open
        self._fresh = True  # at the head of a line, where a bullet may stand
        self._closed = False  # only blanks since the last ”

    def scan(self, ends: Iterable[int]) -> Iterator[Piece]:
        at = 0
        for end in (*sorted({*ends}), len(self._text)):
            while at < end:
                piece = self._piece(at, end)
                at += len(piece.text)
                self._fresh = isinstance(piece, Break)
                yield piece
            self._depth = 0

    def _piece(self, at: int, end: int) -> Piece:
        """The piece that begins at ``at``; words of it reach to ``end`` at most."""
        text = self._text
        if cut := self._verbatim.get(at):
            self._closed = False
            return Words(cut.of(text), quoted=True)
        if self._fresh or text[at] == "\n":
            gap = _GAP.match(text, at)
            after = gap.end() if gap else at
            if not self._depth and (bullet := _BULLET.match(text, after)):
                return Item(text[at : bullet.end()])
            if gap:
                return Break(gap.group())
        # Between “ and ” the article speaks, and its brackets are no marks. But an article may leave a quotation
        # open, so that ours seems open too: marks right after a ” at the end of a line are ours.
        if self._depth and self._closed and _LAST_MARKS.match(text, at):
            self._depth = 0
        if not self._depth and (mark := _MARK.match(text, at)):
            return Chip(int(mark[1]))
        return self._words(at, end)

    def _words(self, at: int, end: int) -> Words:
        run = _WORDS.match(self._text, at, min([end, *(start for start in self._starts if start > at)]))
        said = run.group() if run else self._text[at]
        self._depth += said == "“"
        words = Words(said, quoted=self._depth > 0)
        if said == "”":
            self._depth = max(0, self._depth - 1)
        self._closed = said == "”" or (self._closed and not said.strip(" \t"))
        return words


def answer_pieces(answer: Answer, text: str) -> tuple[Piece, ...]:
    """The pieces of ``text``, the text of ``answer`` or its beginning."""
    claims = [citation.claim for citation in answer.citations]
    cut = (citation.claim for citation in answer.citations if citation.verbatim)
    return pieces(
        text, ends=statement_ends(text, claims), verbatim=(one for one in cut if one.end <= len(text))
    )


def statement_ends(text: str, claims: Iterable[Span]) -> tuple[int, ...]:
    """Where statements end for a reader: behind the closing quotation mark and the marks that follow each claim."""
    closings = (_CLOSING.match(text, claim.end) for claim in claims)
    return tuple(sorted({closing.end() for closing in closings if closing}))
