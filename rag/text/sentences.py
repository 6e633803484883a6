"""The shape of a text: its blocks (headings, paragraphs, list items, rows) and their sentences, as spans."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import regex

from rag.schema import Span

Kind = Literal["heading", "paragraph", "item", "row"]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table row. ``span`` leaves out marks (``#``, ``-``) and outer space."""

    span: Span
    kind: Kind


_LINE = regex.compile(r"[^\n\r\u2028\u2029]+")


_HASHES = regex.compile(r"\s{0,3}#{1,6}\s+(?=\S)")


_BULLET = regex.compile(r"\s*(?:[-*+•◦▪●‣–—]|\d{1,3}[.)]|\(?[a-zA-Z]\))\s+(?=\S)")


_RULE = regex.compile(r"[\s\p{P}\p{S}]*$")


_ENDS = regex.compile(r"[\p{Sentence_Terminal}:;,…][\"'”’»)\]]*$")


_OPENS_LOW = regex.compile(r"\s*\p{Ll}")


@lru_cache(maxsize=64)
def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of ``text`` in order; together they hold every word, and they never overlap.

    A line is a block of its own unless the text is hard-wrapped. Headings are Markdown ones, and short lines
    without a full stop that stand over running text or a list.
    """
    lines = [Span(m.start(), m.end()) for m in _LINE.finditer(text) if m.group().strip()]
    groups = _unwrap(text, lines) if _is_wrapped(text, lines) else [[line] for line in lines]
    found: list[Block] = []
    for index, group in enumerate(groups):
        following = groups[index + 1][0] if index + 1 < len(groups) else None
        block = _block(text, Span(group[0].start, group[-1].end), following)
        if block is not None:
            found.append(block)
    return tuple(found)


def _block(text: str, raw: Span, following: Span | None) -> Block | None:
    line = raw.of(text)
    kind: Kind = "paragraph"
    mark = _HASHES.match(line)
    if mark:
        kind = "heading"
    elif _is_row(line):
        kind = "row"
    elif mark := _BULLET.match(line):
        kind = "item"
    start = raw.start + (mark.end() if mark else 0)
    span = _trim(text, Span(start, raw.end))
    if not len(span):
        return None
    if kind == "paragraph" and following is not None and _is_heading(span.of(text), following.of(text)):
        kind = "heading"
    return Block(span, kind)


def _is_row(line: str) -> bool:
    """Whether a line is a table's: at least two bars or two tabs."""
    return (
        line.count("\t") > 1
        or line.count(" | ") > 1
        or (line.lstrip().startswith("|") and line.count("|") > 1)
    )


def _is_heading(line: str, following: str) -> bool:
    """A plain line that reads as a heading: short, no closing mark, something longer or a list below it."""
    if (
        len(line) > 100
        or len(line.split()) > 14
        or _ENDS.search(line)
        or _OPENS_LOW.match(line)
        or _RULE.match(line)
    ):
        return False
    return bool(_BULLET.match(following)) or len(following) > len(line)


def _is_wrapped(text: str, lines: list[Span]) -> bool:
    """Whether line ends are a typewriter's: no line is long and many break in mid-sentence."""
    if len(lines) < 2 or max(len(line.of(text).rstrip()) for line in lines) > 100:
        return False
    broken = sum(
        not _ENDS.search(a.of(text).rstrip())
        and len(a) > 40
        and not _gap(text, a, b)
        and not _starts_block(b.of(text))
        for a, b in pairwise(lines)
    )
    return broken * 3 >= len(lines)


def _unwrap(text: str, lines: list[Span]) -> list[list[Span]]:
    groups: list[list[Span]] = [[lines[0]]]
    for before, line in pairwise(lines):
        if _gap(text, before, line) or _starts_block(line.of(text)) or _HASHES.match(before.of(text)):
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def _gap(text: str, before: Span, after: Span) -> bool:
    """Whether a blank line stands between two lines."""
    between = text[before.end : after.start]
    return between.count("\n") > 1 or between.count("\r") > 1


def _starts_block(line: str) -> bool:
    return bool(_HASHES.match(line) or _BULLET.match(line) or _is_row(line))


def _trim(text: str, span: Span) -> Span:
    """``span`` without outer space; empty where it is all space."""
    piece = span.of(text)
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, max(start, span.start + len(piece.rstrip())))


# A sentence may end at a terminal mark with its closing quotes, brackets and notes ("[1]", "[citation needed]");
# whether it does is decided below.
_END = regex.compile(r"[\p{Sentence_Terminal}…]+[\"'”’»)\]」』】）]*(?:\[[^\[\]\n]{1,24}\])*")


_UNSPACED_ENDS = "。！？｡"


_SEEN = regex.compile(r"\S")


# Characters looked back for the word before a full stop. Without a bound, a line of a million is read a million times.
_LONGEST_WORD = 40


_LONGEST = 2000  # characters in a sentence that can be read


_AHEAD = 100  # likewise looked ahead, for the word after it


_LAST_WORD = regex.compile(r"(?:\p{L}\.)*[\p{L}\p{M}]+$")


_NEXT = regex.compile(r"\s+[\"'“‘«(\[]*([^\s\"'“‘«(\[])(\S*)")


_ALWAYS = frozenset("mr mrs ms dr prof gen sen rep gov lt col capt sgt rev hon st mt messrs pres vs cf al approx ed eds".split())  # fmt: skip # noqa: E501


_OFTEN = frozenset("inc corp co ltd jr sr etc dept est jan feb mar apr jun jul aug sep sept oct nov dec ave blvd e.g i.e a.m p.m u.s u.k u.n d.c ph.d".split())  # fmt: skip # noqa: E501


_NUMBERED = frozenset(
    ("no", "nos", "fig", "vol", "pp", "sec", "ch", "art")
)  # an abbreviation before a number only


# After an abbreviation that may or may not end a sentence, one of these words says that it did.
_STARTERS = frozenset("the a an it he she they we i this that these those in on at but and yet however its his her their our there when while after before as for if".split())  # fmt: skip # noqa: E501


@lru_cache(maxsize=256)
def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of ``text`` in order, without outer space; a heading or a table row is one sentence.

    Together they hold every word of the text, none crosses a block, and they never overlap.
    """
    found: list[Span] = []
    for block in blocks(text):
        if block.kind in ("heading", "row"):
            found.append(block.span)
        else:
            found += (span.shift(block.span.start) for span in _in_block(block.span.of(text)))
    return tuple(found)


def readable(text: str) -> tuple[Span, ...]:
    """The sentences of ``text``, with what runs on for more than 2,000 characters cut, at a space if it has one.

    Nobody reads a quote of that length.
    """
    return tuple(piece for span in sentences(text) for piece in _pieces(text, span))


def _pieces(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    while span.end - start > _LONGEST:
        head = text[start : start + _LONGEST]
        space = max(head.rfind(sign) for sign in (" ", "\n", "\t"))
        cut = start + (space if space > 0 else _LONGEST)
        if len(piece := _trim(text, Span(start, cut))):
            yield piece
        start = cut
    if len(rest := _trim(text, Span(start, span.end))):
        yield rest


def _in_block(text: str) -> list[Span]:
    found: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        if match.end() > start and _is_end(text, match.start(), match.end(), start):
            found.append(_trim(text, Span(start, match.end())))
            start = match.end()
    if text[start:].strip():
        found.append(_trim(text, Span(start, len(text))))
    return [span for span in found if len(span)]


def _is_end(text: str, mark: int, end: int, start: int) -> bool:
    if not _SEEN.search(text, start, mark):
        return False
    if text[mark] in _UNSPACED_ENDS:
        return True
    following = _NEXT.match(text, end, end + _AHEAD)
    if following is None:
        return text[end : end + _AHEAD].isspace() or end == len(text)
    first, rest = following.groups()
    if first.islower() and not any(char.isupper() for char in rest):
        # "Is it over?" he asked. A small letter carries the sentence on, unless it opens a name such as xAI.
        return False
    if text[mark] != "." or end > mark + 1:
        return True
    before = _LAST_WORD.search(text, max(start, mark - _LONGEST_WORD), mark)
    if before is None:
        # "1. Colossus" is numbering; "in 2023. He" is an end.
        return mark - start > _LONGEST_WORD or not text[start:mark].strip().lstrip("([“\"'").isdigit()
    word = before.group()
    upcoming = (first + rest).strip(".,:;!?\"'”’").casefold()
    if word.casefold() in _ALWAYS:
        return False
    if word.casefold() in _NUMBERED:
        return not first.isdigit()
    if word.casefold() in _OFTEN or (len(word) == 1 and word.isupper()) or "." in word:
        return upcoming in _STARTERS
    return True
