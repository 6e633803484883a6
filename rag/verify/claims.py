"""The statements of an answer and the marks that bind them to their evidence.

A mark is ``[1]``, ``[1][2]``, ``[1, 2]``, ``[1-3]``, ``[^1]``, ``【1】`` or ``【1†source】``: a label of one to
three digits. It belongs to the sentence it stands in or, after a full stop, to the sentence before; at the
head of a line it belongs to the sentence that follows. ``[sic]`` and ``[2023]`` are no marks, and neither is
anything in brackets between “ and ”: there the article is speaking.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

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


_LINE = regex.compile(r"[^\n\r\u2028\u2029]+")


_SPOKEN = regex.compile(r"[\p{L}\p{N}]")


_WORD = regex.compile(r"[\p{L}\p{N}]")


_QUOTE_LIMIT = 4000  # characters between “ and ” beyond which the pair is taken for a slip


_RANGE_LIMIT = 20  # labels that [1-20] may stand for; a wider range names its two ends only


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer.

    ``span`` is its place in the answer, without its closing marks and outer space; ``text`` is it without
    marks and Markdown emphasis, ``raw`` without marks alone. ``labels`` are those of its marks, each once, in
    order. ``heading`` is set for a heading or a lead-in (``Here are the key points:``), which states nothing
    by itself.
    """

    span: Span
    text: str
    raw: str
    labels: tuple[int, ...] = ()
    heading: bool = False


@dataclass(frozen=True, slots=True)
class _Cut:
    """Something taken out of the answer: a mark with its labels, or emphasis without any."""

    span: Span
    labels: tuple[int, ...]
    at: int  # where it stood, in the text without cuts


class _Bare:
    """An answer without marks and emphasis, which remembers where each character stood."""

    def __init__(self, text: str) -> None:
        pieces: list[str] = []
        self.starts: list[int] = []  # in the bare text, of each piece
        self.places: list[int] = []  # in the answer, of each piece
        self.cuts: list[_Cut] = []
        size = done = 0
        for found, labels in _cuts(text):
            piece = text[done : found.start]
            if labels:
                piece = piece.rstrip(" \t\u00a0")
            if piece:
                self.starts.append(size)
                self.places.append(done)
                pieces.append(piece)
                size += len(piece)
            self.cuts.append(_Cut(found, labels, size))
            done = found.end
            if labels and size and _WORD.match(text, done):
                self.starts.append(size)
                self.places.append(done - 1)
                pieces.append(" ")
                size += 1
        self.starts.append(size)
        self.places.append(done)
        pieces.append(text[done:])
        self.text = "".join(pieces)

    def place(self, at: int) -> int:
        """Where character ``at`` of the bare text stands in the answer."""
        piece = bisect_right(self.starts, at) - 1
        return self.places[piece] + at - self.starts[piece]


def claims(text: str) -> tuple[Claim, ...]:
    """The statements of an answer in order, each with the labels of its marks.

    An answer that is nothing but marks is one claim with an empty ``text``, so that no citation is lost.
    """
    bare = _Bare(text)
    spans, lines = _statements(bare.text)
    marks = [cut for cut in bare.cuts if cut.labels]
    if not spans:
        if not marks:
            return ()
        labels = tuple(dict.fromkeys(label for mark in marks for label in mark.labels))
        return (Claim(Span(marks[0].span.start, marks[-1].span.end), "", "", labels),)
    bound: list[dict[int, None]] = [{} for _ in spans]
    starts = [span.start for span in spans]
    for mark in marks:
        bound[_owner(mark.at, starts, lines)].update(dict.fromkeys(mark.labels))
    ends = [mark.span.end for mark in marks]
    return tuple(
        _claim(text, bare, span, tuple(labels), marks, ends)
        for span, labels in zip(spans, bound, strict=True)
    )


def complete_claims(text_so_far: str) -> tuple[Claim, ...]:
    """The statements that more text cannot change: every one before the last, once the next has begun.

    A mark may still follow a full stop, so a statement waits until a whole word of the next one has come.
    What is returned for a beginning of an answer is the beginning of what ``claims`` returns for the whole.
    """
    end = max(text_so_far.rfind(space) for space in " \t\n") + 1
    text = text_so_far[:end]
    opened = max(
        text.rfind("[", end - 200 if end > 200 else 0), text.rfind("【", end - 200 if end > 200 else 0)
    )
    if opened >= 0 and not regex.search(r"[\]】]", text[opened:]):
        text = text[:opened]
    unclosed = [at for at in _open_quotes(text) if len(text) - at <= _QUOTE_LIMIT]
    return claims(text[: unclosed[0]] if unclosed else text)[:-1]


def labels_of(mark: str) -> tuple[int, ...]:
    """The labels in the inside of a mark: ``1, 3-5`` is 1, 3, 4, 5."""
    found: list[int] = []
    span = False
    for piece in _LABEL.findall(mark):
        if not piece.isdecimal():
            span = True
            continue
        label = int(piece)
        if span and found and found[-1] < label <= found[-1] + _RANGE_LIMIT:
            found += range(found[-1] + 1, label)
        found.append(label)
        span = False
    return tuple(found)


def _cuts(text: str) -> Iterator[tuple[Span, tuple[int, ...]]]:
    quoted = _pairs(text)
    opens = [pair.start for pair in quoted]
    found: list[tuple[Span, tuple[int, ...]]] = []
    for match in _MARK.finditer(text):
        pair = bisect_right(opens, match.start()) - 1
        if pair < 0 or quoted[pair].end <= match.start():
            found.append((Span(match.start(), match.end()), labels_of(match.group("labels"))))
    marks = [span.start for span, _ in found]
    for match in _EMPHASIS.finditer(text):
        before = bisect_right(marks, match.start()) - 1
        if before < 0 or found[before][0].end <= match.start():
            found.append((Span(match.start(), match.end()), ()))
    yield from sorted(found)


def _statements(text: str) -> tuple[list[Span], list[Span]]:
    """The sentences that say something, and the lines they stand in.

    Line by line, as a later line must not change how an earlier one is read while the answer is being
    written. Sentences between one “ and its ” are one statement.
    """
    lines = [Span(match.start(), match.end()) for match in _LINE.finditer(text)]
    found = [span.shift(line.start) for line in lines for span in sentences(line.of(text))]
    quoted = _pairs(text)
    opens = [pair.start for pair in quoted]
    merged: list[Span] = []
    for span in found:
        pair = bisect_left(opens, span.start) - 1
        if merged and pair >= 0 and quoted[pair].end > span.start and merged[-1].end > quoted[pair].start:
            merged[-1] = Span(merged[-1].start, span.end)
        elif _SPOKEN.search(text, span.start, span.end):
            merged.append(span)
    return merged, lines


def _owner(at: int, starts: list[int], lines: list[Span]) -> int:
    """The index of the statement that a mark at ``at`` belongs to."""
    before = bisect_left(starts, at) - 1
    line = bisect_right(lines, at, key=lambda span: span.start) - 1
    heads_line = line >= 0 and lines[line].start <= at <= lines[line].end
    if before < 0:
        return 0
    follows = before + 1 < len(starts) and starts[before + 1] < lines[line].end
    return before + 1 if heads_line and follows and starts[before] < lines[line].start else before


def _claim(
    text: str, bare: _Bare, span: Span, labels: tuple[int, ...], marks: list[_Cut], ends: list[int]
) -> Claim:
    start, end = bare.place(span.start), bare.place(span.end - 1) + 1
    # The marks that close the statement, with the full stop after them, are left out of its span.
    last = bisect_right(ends, end) - 1
    while (
        last >= 0 and marks[last].span.start > start and not _SPOKEN.search(text, marks[last].span.end, end)
    ):
        end = marks[last].span.start
        last -= 1
    end = start + len(text[start:end].rstrip())
    raw = _SPACED_MARK.sub("", text[start:end])
    said = span.of(bare.text)
    return Claim(Span(start, end), said, raw, labels, heading=_leads(text, start, end, said))


def _leads(text: str, start: int, end: int, said: str) -> bool:
    """Whether a statement is a heading (``#``, or a line in bold without a full stop) or ends in a colon."""
    if said.endswith((":", "：")):
        return True
    head = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    before = text[head:start].strip() if start - head <= 12 else "-"
    after = text[end : end + 4].split("\n")[0].strip()
    if before.startswith("#"):
        return True
    return before.endswith("**") and after in ("**", "**:") and not regex.search(r"[.!?。！？]$", said)


def _pairs(text: str) -> list[Span]:
    """The outermost ranges from “ to its ”, both included, in order."""
    opened: list[int] = []
    found: list[Span] = []
    for match in regex.finditer("[“”]", text):
        if match.group() == "“":
            opened.append(match.start())
        elif opened:
            start = opened.pop()
            if match.end() - start <= _QUOTE_LIMIT:
                while found and found[-1].start > start:
                    found.pop()
                found.append(Span(start, match.end()))
    return found


def _open_quotes(text: str) -> list[int]:
    opened: list[int] = []
    for match in regex.finditer("[“”]", text):
        if match.group() == "“":
            opened.append(match.start())
        elif opened:
            opened.pop()
    return opened
