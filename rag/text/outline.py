"""The outline of an article: each sentence with its heading and the sentence that it needs to be understood."""

from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.schema import Span
from rag.text.sentences import Block, Kind, blocks, readable_sentences

# A sentence that begins so cannot be understood, or matched, without the one before it.
_ANAPHORIC_OPENING = regex.compile(
    r"[\"'“‘(]*(?:he|she|it|they|this|that|these|those|his|her|its|their|such|both|also|another|however|in addition"
    r"|additionally|for example|as a result|thus|therefore|yet|but|and|so|then|instead"
    r"|the (?:company|companies|firm|group|deal|agreement|facility|former|latter|two|three|same))\b",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an article with its context.

    ``before`` is the preceding sentence of the same paragraph, or the line that introduces the sentence's list.
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
    spans = iter(readable_sentences(text))
    span = next(spans, None)
    for block in blocks(text):
        if block.kind == "heading":
            heading, introduction = block.span, None
        elif block.kind != "item":
            introduction = None
        before = introduction
        asked: Span | None = None  # the sentence before, where it is a question that this one answers
        while span is not None and block.span.holds(span):
            following = next(spans, None)
            if block.kind != "heading" and _asks(text, block, span, following):
                asked = span
                lines.append(Line(span, "heading", None, leans=False, heading=None))
            else:
                lines.append(_line(text, block, span, None if asked else before, asked or heading))
                asked = None
            before = span
            span = following
        if block.kind == "paragraph" and text.endswith((":", "："), block.span.start, block.span.end):
            introduction = before
    return tuple(lines)


def _asks(text: str, block: Block, span: Span, following: Span | None) -> bool:
    """Whether a sentence is a question that the next one of its block answers."""
    return (
        following is not None
        and block.span.holds(following)
        and text.endswith(("?", "？"), span.start, span.end)
        and not text.endswith(("?", "？"), following.start, following.end)
    )


def _line(text: str, block: Block, span: Span, before: Span | None, heading: Span | None) -> Line:
    """The line of one sentence. It leans on ``before`` only where nothing but space stands between the two."""
    if block.kind == "heading":
        return Line(span, block.kind, None, leans=False, heading=None)
    adjacent = before is not None and not text[before.end : span.start].strip()
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
