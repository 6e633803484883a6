"""Cuts an article into chunks: whole sentences up to a number of tokens, each a slice of the article's text."""

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from rag.schema import Article, Chunk, Span
from rag.text.sentences import Block, blocks, sentences
from rag.text.tokens import LONGEST, count_tokens, count_up_to


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, a list item or a table row: it is cut only if it alone is longer than a chunk."""

    span: Span
    tokens: int  # counted up to the limit of a chunk; any greater number is given as the limit plus one
    heading: bool


def split_into_chunks(article: Article, *, chunk_tokens: int, overlap_tokens: int) -> tuple[Chunk, ...]:
    """Cut ``article`` into chunks of at most ``chunk_tokens`` tiktoken tokens (cl100k_base).

    Cuts fall between sentences; a list item or a table row stays whole; a heading is in the chunk of the text
    below it. Neighbouring chunks share whole sentences of at most ``overlap_tokens`` tokens. Only a sentence longer
    than a chunk is cut, at a space if it has one. Every word of the article is in a chunk.
    """
    text = article.text
    units = [part for unit in _units(text, chunk_tokens) for part in _split_unit(text, unit, chunk_tokens)]
    chunks: list[Chunk] = []
    first = 0
    while first < len(units):
        last = _last_unit(text, units, first, chunk_tokens)
        span = Span(units[first].span.start, units[last].span.end)
        chunks.append(Chunk(article.id, span, span.of(text)))
        first = last + 1 if last + 1 == len(units) else _next_first_unit(units, first, last, overlap_tokens)
    return tuple(chunks)


def _units(text: str, limit: int) -> list[_Unit]:
    """List the units of ``text`` in order; the sentences of a list item or a table row are one unit."""
    blocks_by_start = {block.span.start: block for block in blocks(text)}
    units: list[_Unit] = []
    item: Block | None = None
    for span in sentences(text):
        block = blocks_by_start.get(span.start)
        if item is not None and item.span.holds(span) and block is not item:
            whole = Span(units[-1].span.start, span.end)
            tokens = units[-1].tokens
            if tokens <= limit:
                tokens = count_up_to(whole.of(text), limit)
            units[-1] = _Unit(whole, tokens, heading=False)
            continue
        item = block if block is not None and block.kind == "item" else None
        heading = block is not None and block.kind == "heading"
        units.append(_Unit(span, count_up_to(span.of(text), limit), heading))
    return units


def _last_unit(text: str, units: Sequence[_Unit], first: int, limit: int) -> int:
    """Return the last unit of the chunk that begins with ``first``; headings at its end go to the next chunk."""
    last, total = first, units[first].tokens
    while last + 1 < len(units):
        # One token is allowed for the space between; the sum is then checked on the slice itself.
        total += units[last + 1].tokens + 1
        if total > limit:
            break
        last += 1
    while last > first and count_tokens(text[units[first].span.start : units[last].span.end]) > limit:
        last -= 1
    trimmed = last
    while trimmed > first and units[trimmed].heading and trimmed + 1 < len(units):
        trimmed -= 1
    return last if units[trimmed].heading else trimmed


def _next_first_unit(units: Sequence[_Unit], first: int, last: int, overlap: int) -> int:
    """Return the first unit of the next chunk: back by at most ``overlap`` tokens, never across a heading."""
    start, total = last + 1, 0
    while start - 1 > first and not units[start].heading and not units[start - 1].heading:
        total += units[start - 1].tokens
        if total > overlap:
            break
        start -= 1
    return start


_SPACE = regex.compile(r"\s+")


def _split_unit(text: str, unit: _Unit, limit: int) -> list[_Unit]:
    """Cut a unit that alone is longer than a chunk, at the last space that fits, else between characters."""
    parts: list[_Unit] = []
    span, tokens = unit.span, unit.tokens
    while tokens > limit:
        cut = _cut_offset(text, span, limit)
        head = Span(span.start, span.start + len(text[span.start : cut].rstrip()))
        parts.append(_Unit(head, count_tokens(head.of(text)), heading=False))
        space = _SPACE.match(text, cut)
        span = Span(space.end() if space else cut, span.end)
        tokens = count_up_to(span.of(text), limit)
    return [*parts, _Unit(span, tokens, unit.heading)]


def _cut_offset(text: str, span: Span, limit: int) -> int:
    """Return the greatest offset where ``text[span.start:offset]`` has at most ``limit`` tokens, found by bisection.

    If there is a space before it in the span, the offset of the last one.
    """
    low, reach = span.start + 1, limit
    # From near to far, so that what is read is in proportion to what is cut off.
    while span.start + reach < span.end and count_tokens(text[span.start : span.start + reach]) <= limit:
        low, reach = span.start + reach, reach * 2
    high = min(span.end, span.start + min(reach, limit * LONGEST))
    while low < high:
        middle = (low + high + 1) // 2
        if count_tokens(text[span.start : middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    spaces = [match.start() for match in _SPACE.finditer(text, span.start + 1, low + 1)]
    return spaces[-1] if spaces else low
