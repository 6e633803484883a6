"""Splits an answer into its claims (statements), and binds each to the marks of the passages that it cites.

A mark is ``[1]``, ``[1][2]``, ``[1, 2]``, ``[1-3]``, ``[^1]``, ``【1】`` or ``【1†source】``: a label of one to
three digits. It belongs to the sentence it stands in or, after a full stop, to the sentence before; at the
head of a line it belongs to the sentence that follows. ``[sic]`` and ``[2023]`` are no marks, and neither is
anything in brackets between “ and ”: there the article is speaking.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

import regex

from rag.schema import Span
from rag.text.sentences import sentences

_LABELS = r"\p{Nd}{1,3}(?:[ \t]{0,3}[,;、，–—-][ \t]{0,3}\p{Nd}{1,3}){0,99}"

_MARK = regex.compile(
    rf"\[{{1,2}}\^?(?P<labels>{_LABELS})\]{{1,2}}(?:\([^()\s]{{0,200}}\))?"
    rf"|【(?P<labels>{_LABELS})(?:†[^】\n]{{0,80}})?】|［(?P<labels>{_LABELS})］"
)

_SPACED_MARK = regex.compile(rf"[ \t]{{0,9}}(?:{_MARK.pattern})")

_EMPHASIS = regex.compile(
    r"(?<![\p{L}\p{N}*])\*{1,3}(?=[^\s*])|(?<=[^\s*])\*{1,3}(?![\p{L}\p{N}*])|(?<=\S)\*\*(?=\S)"
    r"|(?<![\p{L}\p{N}_])_{1,2}(?=[^\s_])|(?<=[^\s_])_{1,2}(?![\p{L}\p{N}_])|`+"
)

_LABEL = regex.compile(r"\p{Nd}+|[–—-]")

_TABLE_RULE = regex.compile(
    r"[^\n]*\n[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*(?:\n|$)"
)  # under a head

_LINE = regex.compile(r"[^\n\r\u2028\u2029]+")
_WORD = regex.compile(r"[\p{L}\p{N}]")
_QUOTE_LIMIT = 4000  # characters between “ and ” beyond which the pair is taken for a slip
_RANGE_LIMIT = 20  # labels that [1-20] may stand for; a wider range names its two ends only


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer.

    ``span`` is its range in the answer, without its closing marks and outer space; ``text`` is it without
    marks and Markdown emphasis, ``raw`` without marks alone. ``labels`` are those of its marks, each once, in
    order. ``heading`` is set for a heading, the head of a table, or a lead-in (``Here are the key points:``), which
    states nothing by itself. ``origins`` are the offsets in the answer of the characters of ``text``.
    """

    span: Span
    text: str
    raw: str
    labels: tuple[int, ...] = ()
    heading: bool = False
    origins: tuple[int, ...] = field(default=(), repr=False, compare=False)

    def place(self, part: Span) -> Span:
        """The range in the answer of a part of ``text``, which is not empty."""
        return Span(self.origins[part.start], self.origins[part.end - 1] + 1)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Something removed from the answer: a mark with its labels, or emphasis without any."""

    span: Span  # in the answer
    labels: tuple[int, ...]
    offset: int  # where it stood, in the bare text


class _BareText:
    """An answer without marks and emphasis, with the offset in the answer of each of its characters."""

    def __init__(self, text: str) -> None:
        pieces: list[str] = []
        self._starts: list[int] = []  # offsets in the bare text, of each piece
        self._origins: list[int] = []  # offsets in the answer, of each piece
        self.cuts: list[_Cut] = []
        size = done = 0
        for span, labels in _cuts(text):
            piece = text[done : span.start]
            if labels:
                piece = piece.rstrip(" \t\u00a0")
            if piece:
                self._starts.append(size)
                self._origins.append(done)
                pieces.append(piece)
                size += len(piece)
            self.cuts.append(_Cut(span, labels, size))
            done = span.end
            if labels and size and _WORD.match(text, done):
                self._starts.append(size)
                self._origins.append(done - 1)
                pieces.append(" ")
                size += 1
        self._starts.append(size)
        self._origins.append(done)
        pieces.append(text[done:])
        self.text = "".join(pieces)

    def origin(self, offset: int) -> int:
        """The offset in the answer of the character at ``offset`` of the bare text."""
        piece = bisect_right(self._starts, offset) - 1
        return self._origins[piece] + offset - self._starts[piece]


def claims(text: str) -> tuple[Claim, ...]:
    """Split an answer into its claims, in order, each with the labels of its marks.

    An answer that is nothing but marks is one claim with an empty ``text``, so that no citation is lost.
    """
    bare = _BareText(text)
    spans, lines = _statements(bare.text)
    marks = [cut for cut in bare.cuts if cut.labels]
    if not spans:
        if not marks:
            return ()
        labels = tuple(dict.fromkeys(label for mark in marks for label in mark.labels))
        return (Claim(Span(marks[0].span.start, marks[-1].span.end), "", "", labels),)
    labels_of_span: list[dict[int, None]] = [{} for _ in spans]
    starts = [span.start for span in spans]
    for mark in marks:
        labels_of_span[_owner(mark.offset, starts, lines)].update(dict.fromkeys(mark.labels))
    ends = [mark.span.end for mark in marks]
    return tuple(
        _claim(text, bare, span, tuple(labels), marks, ends)
        for span, labels in zip(spans, labels_of_span, strict=True)
    )


def labels_of(mark: str) -> tuple[int, ...]:
    """The labels in the inside of a mark: ``1, 3-5`` is 1, 3, 4, 5."""
    labels: list[int] = []
    after_dash = False
    for piece in _LABEL.findall(mark):
        if not piece.isdecimal():
            after_dash = True
            continue
        label = int(piece)
        if after_dash and labels and labels[-1] < label <= labels[-1] + _RANGE_LIMIT:
            labels += range(labels[-1] + 1, label)
        labels.append(label)
        after_dash = False
    return tuple(labels)


def _cuts(text: str) -> Iterator[tuple[Span, tuple[int, ...]]]:
    """The marks, with their labels, and the emphasis of an answer, in order; no marks inside “ and ”."""
    quoted = _quoted_ranges(text)
    opens = [pair.start for pair in quoted]
    cuts: list[tuple[Span, tuple[int, ...]]] = []
    for match in _MARK.finditer(text):
        pair = bisect_right(opens, match.start()) - 1
        if pair < 0 or quoted[pair].end <= match.start():
            cuts.append((Span(match.start(), match.end()), labels_of(match.group("labels"))))
    marks = [span.start for span, _ in cuts]
    for match in _EMPHASIS.finditer(text):
        before = bisect_right(marks, match.start()) - 1
        if before < 0 or cuts[before][0].end <= match.start():
            cuts.append((Span(match.start(), match.end()), ()))
    yield from sorted(cuts)


def _statements(text: str) -> tuple[list[Span], list[Span]]:
    """The sentences that say something, and the lines they stand in.

    Line by line, as a later line must not change how an earlier one is read while the answer is being
    written. Sentences between one “ and its ” are one statement.
    """
    lines = [Span(match.start(), match.end()) for match in _LINE.finditer(text)]
    quoted = _quoted_ranges(text)
    opens = [pair.start for pair in quoted]
    merged: list[Span] = []
    for span in (span.shift(line.start) for line in lines for span in sentences(line.of(text))):
        pair = bisect_left(opens, span.start) - 1
        if merged and pair >= 0 and quoted[pair].end > span.start and merged[-1].end > quoted[pair].start:
            merged[-1] = Span(merged[-1].start, span.end)
        elif _WORD.search(text, span.start, span.end):
            merged.append(span)
    return merged, lines


def _owner(offset: int, starts: list[int], lines: list[Span]) -> int:
    """The index of the statement that a mark at ``offset`` of the bare text belongs to."""
    before = bisect_left(starts, offset) - 1
    line = bisect_right(lines, offset, key=lambda span: span.start) - 1
    in_line = line >= 0 and lines[line].start <= offset <= lines[line].end
    if before < 0:
        return 0
    follows = before + 1 < len(starts) and starts[before + 1] < lines[line].end
    return before + 1 if in_line and follows and starts[before] < lines[line].start else before


def _claim(
    text: str, bare: _BareText, span: Span, labels: tuple[int, ...], marks: list[_Cut], ends: list[int]
) -> Claim:
    start, end = bare.origin(span.start), bare.origin(span.end - 1) + 1
    # The marks that close the statement, with the full stop after them, are left out of its span.
    last = bisect_right(ends, end) - 1
    while last >= 0 and marks[last].span.start > start and not _WORD.search(text, marks[last].span.end, end):
        end = marks[last].span.start
        last -= 1
    end = start + len(text[start:end].rstrip())
    raw = _SPACED_MARK.sub("", text[start:end])
    statement = span.of(bare.text)
    heading = _is_heading(text, start, end, statement)
    origins = tuple(bare.origin(offset) for offset in range(span.start, span.end))
    return Claim(Span(start, end), statement, raw, labels, heading=heading, origins=origins)


def _is_heading(text: str, start: int, end: int, statement: str) -> bool:
    """Whether a statement is a heading (``#``, or a line in bold without a full stop) or ends in a colon."""
    if statement.endswith((":", "：")):
        return True
    head = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    before = text[head:start].strip() if start - head <= 12 else "-"
    after = text[end : end + 4].split("\n")[0].strip()
    if before.startswith("#") or _TABLE_RULE.match(text, end):
        return True
    return before.endswith("**") and after in ("**", "**:") and not regex.search(r"[.!?。！？]$", statement)


def _quoted_ranges(text: str) -> list[Span]:
    """The outermost ranges from “ to its ”, both included, in order."""
    opened: list[int] = []
    ranges: list[Span] = []
    for match in regex.finditer("[“”]", text):
        if match.group() == "“":
            opened.append(match.start())
        elif opened:
            start = opened.pop()
            if match.end() - start <= _QUOTE_LIMIT:
                while ranges and ranges[-1].start > start:
                    ranges.pop()
                ranges.append(Span(start, match.end()))
    return ranges
