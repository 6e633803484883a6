"""Hard-wrapped paragraphs: which lines are one, though the text breaks them."""

from collections.abc import Iterator
from itertools import pairwise

from rag.schema import Span
from rag.text.lines.marks import CLOSED, HASHES, LOWER_CASE_START, is_row, starts_block

_WRAPPED_CHARS = 100  # at most, in every line of a hard-wrapped text
_BROKEN_CHARS = 40  # more than these in a line that breaks off without a mark: it was wrapped


def unwrap(text: str, lines: list[Span]) -> list[list[Span]]:
    """Group the lines into blocks: each for itself but for those of hard-wrapped paragraphs."""
    paragraphs: list[list[Span]] = [[lines[0]]]
    for before, line in pairwise(lines):
        apart = (
            _has_blank_line(text, before, line)
            or starts_block(line.of(text))
            or HASHES.match(before.of(text))
        )
        if apart:
            paragraphs.append([line])
        else:
            paragraphs[-1].append(line)
    if _is_wrapped(text, lines):
        return paragraphs
    return [group for paragraph in paragraphs for group in _unwrap_paragraph(text, paragraph)]


def _is_wrapped(text: str, lines: list[Span]) -> bool:
    """Whether a text is hard-wrapped: no line is long, and a third or more break off inside a sentence."""
    if len(lines) < 2 or max(len(line.of(text).rstrip()) for line in lines) > _WRAPPED_CHARS:
        return False
    broken = sum(
        _breaks_off(text, a) and not _has_blank_line(text, a, b) and not starts_block(b.of(text))
        for a, b in pairwise(lines)
    )
    return broken * 3 >= len(lines)


def _unwrap_paragraph(text: str, lines: list[Span]) -> Iterator[list[Span]]:
    """The lines of a paragraph in groups: all in one where it is hard-wrapped, as every line is as full as can be.

    Where it is not, a line that goes on in small letters is joined to the one that breaks off.
    """
    if _is_filled(text, lines):
        yield lines
        return
    group = [lines[0]]
    for before, line in pairwise(lines):
        if _goes_on(before.of(text), line.of(text)):
            group.append(line)
        else:
            yield group
            group = [line]
    yield group


def _goes_on(line: str, following: str) -> bool:
    """Whether a line that breaks off goes on in small letters in the next."""
    ended = CLOSED.search(line.rstrip()) and not line.rstrip().endswith(",")
    return (
        len(line) > _BROKEN_CHARS
        and not ended
        and not is_row(line)
        and bool(LOWER_CASE_START.match(following))
    )


def _is_filled(text: str, lines: list[Span]) -> bool:
    """Whether the next line's first word had no room in any line, and a third or more break off inside a sentence."""
    shown = [line.of(text).rstrip() for line in lines]
    width = max(map(len, shown))
    if len(lines) < 2 or width > _WRAPPED_CHARS or any(is_row(line) for line in shown):
        return False
    full = all(
        len(a) > _BROKEN_CHARS and len(a) + 1 + len(b.split(maxsplit=1)[0]) > width
        for a, b in pairwise(shown)
    )
    if len(lines) == 2 and len(shown[0]) < len(shown[1]):  # as a heading is above its paragraph
        return False
    return full and sum(_breaks_off(text, line) for line in lines[:-1]) * 3 >= len(lines)


def _breaks_off(text: str, line: Span) -> bool:
    """Whether a line is long enough to have been wrapped, and ends without a mark."""
    return len(line) > _BROKEN_CHARS and not CLOSED.search(line.of(text).rstrip())


def _has_blank_line(text: str, before: Span, after: Span) -> bool:
    """Whether there is a blank line between two lines."""
    between = text[before.end : after.start]
    return between.count("\n") > 1 or between.count("\r") > 1
