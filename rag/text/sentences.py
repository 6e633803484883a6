"""Segment a text into blocks (headings, paragraphs, list items, table rows) and these into sentences, as spans."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.schema import Span
from rag.text.lines.marks import BULLET, CLOSED, HASHES, LOWER_CASE_START, ROW_MARK, Kind, is_row, kind_of_row
from rag.text.lines.wrapping import unwrap


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table row. ``span`` excludes its mark (``#``, ``-``, ``A:``) and outer space.

    A question that a block answers is the heading of that.
    """

    span: Span
    kind: Kind


_LINE = regex.compile(r"[^\n\r\u2028\u2029]+")
_HEADING_CHARS, _HEADING_WORDS = 100, 14  # at most, in a plain line that is a heading
# What a list of questions and answers puts before each.
_LABEL = regex.compile(
    r"\s*[*_]{0,3}(?:Q|A|Question|Answer|QUESTION|ANSWER)\s?\d{0,3}\s?:[*_]{0,3}\s+(?=\S)|\s*Q\s?\d{0,3}\.\s+(?=\S)"
)
_ANSWER = regex.compile(r"A\s?\d{0,3}\.\s+(?=\S)")
_QUESTION = regex.compile(r"[?？][*_]{0,3}$")
_QUESTION_CHARS = 200  # at most, in a question that is a heading
_NO_LETTERS = regex.compile(r"[\s\p{P}\p{S}]*$")


@lru_cache(maxsize=64)
def blocks(text: str) -> tuple[Block, ...]:
    """List the blocks of ``text`` in order; together they hold every word, and none overlaps another.

    A line is a block unless the text, or its paragraph, is hard-wrapped. Headings are those of Markdown, and short
    lines without a closing mark above a longer line or a list.
    """
    lines = [Span(m.start(), m.end()) for m in _LINE.finditer(text) if m.group().strip()]
    groups = unwrap(text, lines) if lines else []
    first_lines = [group[0] for group in groups]
    candidates = (
        _block(text, Span(group[0].start, group[-1].end), following)
        for group, following in zip(groups, (*first_lines[1:], None), strict=False)
    )
    return tuple(_questions_as_headings(text, [block for block in candidates if block is not None]))


def _questions_as_headings(text: str, found: list[Block]) -> Iterator[Block]:
    """The blocks, with each question that the next one answers as its heading; ``A.`` before an answer is its mark."""
    answers = False
    for block, following in zip(found, [*found[1:], None], strict=False):
        is_answer, mark = answers, _ANSWER.match(text, block.span.start, block.span.end) if answers else None
        answers = _is_answered(text, block, following)
        span = Span(mark.end(), block.span.end) if mark else block.span
        kind: Kind = "paragraph" if block.kind == "heading" and is_answer else block.kind
        yield Block(span, "heading" if answers else kind)


def _is_answered(text: str, block: Block, following: Block | None) -> bool:
    """Whether a block is a question alone, and the next one what answers it."""
    if following is None or block.kind not in ("paragraph", "item"):
        return False
    if following.kind == "heading" and not _is_short_answer(text, following):
        return False
    asked = block.span.of(text)
    return (
        len(asked) <= _QUESTION_CHARS
        and _QUESTION.search(asked) is not None
        and not _QUESTION.search(following.span.of(text))
        and len(_block_sentences(asked)) == 1
    )


def _is_short_answer(text: str, heading: Block) -> bool:
    """Whether a line without the mark of a heading, taken for one as it has no full stop, holds over a sentence."""
    is_marked = text[: heading.span.start].rstrip(" \t").endswith("#")
    return not is_marked and len(_block_sentences(heading.span.of(text))) > 1


def _block(text: str, raw: Span, following: Span | None) -> Block | None:
    """The block of the lines in ``raw``; ``None`` where it is empty. ``following`` is the first line after it."""
    line = raw.of(text)
    kind: Kind = "paragraph"
    mark = HASHES.match(line)
    if mark:
        kind = "heading"
    elif is_row(line):
        kind = kind_of_row(line, following.of(text) if following else "")
        mark = ROW_MARK.match(line) if kind != "row" else None
    elif mark := BULLET.match(line):
        kind = "item"
    else:
        mark = _LABEL.match(line)
    start = raw.start + (mark.end() if mark else 0)
    end = raw.start + len(line.rstrip("| \t")) if is_row(line) and kind != "row" else raw.end
    span = _trim(text, Span(start, end))
    if not len(span):
        return None
    if kind == "paragraph" and following is not None and _is_heading(span.of(text), following.of(text)):
        kind = "heading"
    return Block(span, kind)


def _is_heading(line: str, following: str) -> bool:
    """Whether a line without a mark is a heading: short, no closing mark, a longer line or a list below it."""
    if (
        len(line) > _HEADING_CHARS
        or len(line.split()) > _HEADING_WORDS
        or CLOSED.search(line)
        or LOWER_CASE_START.match(line)
        or _NO_LETTERS.match(line)
    ):
        return False
    return bool(BULLET.match(following)) or len(following) > len(line)


def _trim(text: str, span: Span) -> Span:
    """``span`` without outer space; empty where it is all space."""
    piece = span.of(text)
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, max(start, span.start + len(piece.rstrip())))


# A sentence may end at a terminal mark, with its closing quotes, brackets and notes ("[1]", "[citation needed]").
# ``_is_end`` decides whether it does.
_END = regex.compile(r"[\p{Sentence_Terminal}…]+[\"'”’»)\]」』】）]*(?:\[[^\[\]\n]{1,24}\])*")
_UNSPACED_ENDS = "。！？｡"
_NOT_SPACE = regex.compile(r"\S")


# Characters looked back for the word before a full stop, and ahead for the word after it. Without a limit, a line of a
# million characters is read a million times.
_LONGEST_WORD = 40
_AHEAD = 100
_LONGEST_SENTENCE = 2000  # characters, of a sentence that can be read
_LAST_WORD = regex.compile(r"(?:\p{L}\.)*[\p{L}\p{M}]+$")


# The first character of the next word, and the rest of that word.
_NEXT = regex.compile(r"\s+[\"'“‘«(\[]*([^\s\"'“‘«(\[])(\S*)")


# Abbreviations whose full stop never ends a sentence.
_NEVER_LAST = frozenset("mr mrs ms dr prof gen sen rep gov lt col capt sgt rev hon st mt messrs pres vs cf al approx ed eds".split())  # fmt: skip # noqa: E501


# Abbreviations whose full stop may end a sentence.
_MAYBE_LAST = frozenset("inc corp co ltd jr sr etc dept est jan feb mar apr jun jul aug sep sept oct nov dec ave blvd e.g i.e a.m p.m u.s u.k u.n d.c ph.d".split())  # fmt: skip # noqa: E501


# Words that are abbreviations before a number only.
_BEFORE_NUMBER = frozenset(("no", "nos", "fig", "vol", "pp", "sec", "ch", "art"))


# After an abbreviation that may end a sentence, one of these words shows that it did.
_STARTERS = frozenset("the a an it he she they we i this that these those in on at but and yet however its his her their our there when while after before as for if".split())  # fmt: skip # noqa: E501


@lru_cache(maxsize=256)
def sentences(text: str) -> tuple[Span, ...]:
    """List the sentences of ``text`` in order, without outer space; a heading or a table row is one sentence.

    Together they hold every word of the text, none crosses a block, and none overlaps another.
    """
    spans: list[Span] = []
    for block in blocks(text):
        if block.kind in ("heading", "row"):
            spans.append(block.span)
        else:
            spans += (span.shift(block.span.start) for span in _block_sentences(block.span.of(text)))
    return tuple(spans)


def readable_sentences(text: str) -> tuple[Span, ...]:
    """List the sentences of ``text``, with those of more than 2,000 characters cut, at a space if they have one.

    Nobody reads a quote of that length.
    """
    return tuple(piece for span in sentences(text) for piece in _pieces(text, span))


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """``span`` in pieces of at most 2,000 characters, without outer space."""
    start = span.start
    while span.end - start > _LONGEST_SENTENCE:
        head = text[start : start + _LONGEST_SENTENCE]
        space = max(head.rfind(char) for char in (" ", "\n", "\t"))
        cut = start + (space if space > 0 else _LONGEST_SENTENCE)
        if len(piece := _trim(text, Span(start, cut))):
            yield piece
        start = cut
    if len(piece := _trim(text, Span(start, span.end))):
        yield piece


def _block_sentences(text: str) -> list[Span]:
    """The sentences of the text of one block."""
    spans: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        if match.end() > start and _is_end(text, match.start(), match.end(), start):
            spans.append(_trim(text, Span(start, match.end())))
            start = match.end()
    if text[start:].strip():
        spans.append(_trim(text, Span(start, len(text))))
    return [span for span in spans if len(span)]


def _is_end(text: str, mark: int, end: int, start: int) -> bool:
    """Whether the sentence that begins at ``start`` ends at ``end``, with the terminal mark at ``mark``."""
    if not _NOT_SPACE.search(text, start, mark):
        return False
    if text[mark] in _UNSPACED_ENDS:
        return True
    following = _NEXT.match(text, end, end + _AHEAD)
    if following is None:
        return text[end : end + _AHEAD].isspace() or end == len(text)
    first, rest = following.groups()
    if first.islower() and not any(char.isupper() for char in rest):
        # "Is it over?" he asked. A small letter continues the sentence, unless it begins a name such as xAI.
        return False
    if text[mark] != "." or end > mark + 1:
        return True
    return _is_full_stop(text, mark, start, next_word=first + rest)


def _is_full_stop(text: str, mark: int, start: int, *, next_word: str) -> bool:
    """Whether a ``.`` before ``next_word`` ends the sentence, and is not that of an abbreviation or a number."""
    match = _LAST_WORD.search(text, max(start, mark - _LONGEST_WORD), mark)
    if match is None:
        # "1. Colossus" is numbering; "in 2023. He" is an end.
        return mark - start > _LONGEST_WORD or not text[start:mark].strip().lstrip("([“\"'").isdigit()
    last_word = match.group()
    folded = last_word.casefold()
    if folded in _NEVER_LAST:
        return False
    if folded in _BEFORE_NUMBER:
        return not next_word[0].isdigit()
    is_initial = len(last_word) == 1 and last_word.isupper()
    if folded in _MAYBE_LAST or is_initial or "." in last_word:
        return next_word.strip(".,:;!?\"'”’").casefold() in _STARTERS
    return True
