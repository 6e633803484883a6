"""The outline of an article: each sentence with its heading and the sentence that it needs to be understood."""

from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.schema import Span
from rag.text.lines.marks import BETWEEN_ITEMS, Kind
from rag.text.sentences import Block, blocks, readable_sentences

_CLAUSE = regex.compile(r"\d{1,3}(?:\.\d{1,3})+\.?\s")
# A sentence that begins so cannot be understood, or matched, without the one before it; also behind the number of a
# clause: "1.2 It is due on Monday."
_ANAPHORIC_OPENING = regex.compile(
    r"(?:\d{1,3}(?:\.\d{1,3})*[.)]?\s+)?[\"'“‘(]*"
    r"(?:he|she|it|they|this|that|these|those|his|her|its|their|such|both|also|another|however|in addition"
    r"|additionally|for example|as a result|thus|therefore|yet|but|and|so|then|instead"
    r"|the (?:company|companies|firm|group|deal|agreement|facility|former|latter|two|three|same))\b",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an article with its context.

    ``before`` is the preceding sentence of the same paragraph, the line that introduces the sentence's list, or where
    none does, the item or the numbered clause above; of a table's row it is the table's first row.
    ``leans`` says that the sentence cannot be understood without ``before``. ``heading`` is the heading above it.
    All spans are of the article's text. A heading is a line too, without context; so is a question that the next
    sentence answers.
    """

    span: Span
    kind: Kind
    before: Span | None
    leans: bool
    heading: Span | None

    @property
    def whole(self) -> Span:
        """The span of the sentence, and of the one before it where it leans on that."""
        return Span(self.before.start, self.span.end) if self.leans and self.before is not None else self.span


@lru_cache(maxsize=512)
def outline(text: str) -> tuple[Line, ...]:
    """List the sentences of ``text`` in order, headings included."""
    lines: list[Line] = []
    heading: Span | None = None
    introduction: Span | None = None  # of the list whose items come next
    above: Block | None = None  # the block before
    head: Span | None = None  # the first row of a table
    spans = iter(readable_sentences(text))
    span = next(spans, None)
    for block in blocks(text):
        if block.kind == "heading":
            heading, introduction = block.span, None
        elif block.kind != "item":
            introduction = None
        is_row = above is not None and above.kind == block.kind == "row" and _adjoins(text, above, block)
        head = head if is_row else None
        before = head if is_row else introduction
        if before is None and above is not None and _follows(text, above, block):
            before = above.span
        asked: Span | None = None  # the sentence before, where it is a question that this one answers
        while span is not None and block.span.holds(span):
            following = next(spans, None)
            if block.kind != "heading" and _asks(text, block, span, following):
                asked = span
                lines.append(Line(span, "heading", None, leans=False, heading=None))
            else:
                lines.append(_line(text, block, span, None if asked else before, asked or heading))
                asked = None
            before = head or span
            span = following
        if block.kind == "paragraph" and text.endswith((":", "："), block.span.start, block.span.end):
            introduction = before
        if block.kind == "row" and head is None:
            head = block.span
        above = block
    return tuple(lines)


def _adjoins(text: str, above: Block, block: Block) -> bool:
    """Whether there is no blank line between two rows: a table ends at one."""
    return text.count("\n", above.span.end, block.span.start) < 2


def _follows(text: str, above: Block, block: Block) -> bool:
    """Whether a block is the next item of a list, or the next numbered clause."""
    items = above.kind == block.kind == "item"
    return items or all(
        _CLAUSE.match(text, one.span.start) and one.kind != "heading" for one in (above, block)
    )


def _asks(text: str, block: Block, span: Span, following: Span | None) -> bool:
    """Whether a sentence is a question that the next one of its block answers."""
    return (
        following is not None
        and block.span.holds(following)
        and text.endswith(("?", "？"), span.start, span.end)
        and not text.endswith(("?", "？"), following.start, following.end)
    )


def _line(text: str, block: Block, span: Span, before: Span | None, heading: Span | None) -> Line:
    """The line of one sentence. It leans on ``before`` only where nothing but space, or an item's mark, is between."""
    if block.kind == "heading":
        return Line(span, block.kind, None, leans=False, heading=None)
    adjacent = before is not None and BETWEEN_ITEMS.fullmatch(text, before.end, span.start) is not None
    leans = adjacent and bool(_ANAPHORIC_OPENING.match(text, span.start))
    return Line(span, block.kind, before, leans, heading)


def list_items(lines: tuple[Line, ...], index: int) -> tuple[int, ...]:
    """The indices of the items of a list that ``lines[index]`` introduces, heads or belongs to.

    Empty where there is no such list.
    """
    start = index
    if lines[index].kind == "item":
        while start > 0 and lines[start - 1].kind == "item":
            start -= 1
    else:
        start += 1
    end = start
    while end < len(lines) and lines[end].kind == "item":
        end += 1
    return tuple(range(start, end))
