"""An article as a reader takes it in: each sentence with the words that it leans on."""

from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.schema import Span
from rag.text.sentences import Block, Kind, blocks, readable

# A sentence that opens so cannot be understood, or matched, without the one before it.
_LEANS = regex.compile(
    r"[\"'“‘(]*(?:he|she|it|they|this|that|these|those|his|her|its|their|such|both|also|another|however|in addition"
    r"|additionally|for example|as a result|thus|therefore|yet|but|and|so|then|instead"
    r"|the (?:company|companies|firm|group|deal|agreement|facility|former|latter|two|three|same))\b",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an article with its surroundings.

    ``before`` is the sentence ahead of it in the same paragraph, or the line that introduces its list; ``leans``
    says that it is not to be understood without that one. ``heading`` is the heading it stands under.
    """

    span: Span
    kind: Kind
    before: Span | None
    leans: bool
    heading: Span | None

    @property
    def whole(self) -> Span:
        """The sentence, with the one before where it leans on that and they are neighbours."""
        return Span(self.before.start, self.span.end) if self.leans and self.before is not None else self.span


@lru_cache(maxsize=512)
def outline(text: str) -> tuple[Line, ...]:
    """The sentences of ``text`` in order, headings included."""
    lines: list[Line] = []
    heading: Span | None = None
    intro: Span | None = None
    spans = iter(readable(text))
    span = next(spans, None)
    for block in blocks(text):
        before: Span | None = None
        if block.kind == "heading":
            heading, intro = block.span, None
        elif block.kind != "item":
            intro = None
        while span is not None and block.span.holds(span):
            lines.append(
                _line(text, block, span, before or (intro if block.kind == "item" else None), heading)
            )
            before = span
            span = next(spans, None)
        if block.kind == "paragraph" and text.endswith((":", "："), block.span.start, block.span.end):
            intro = before
    return tuple(lines)


def _line(text: str, block: Block, span: Span, before: Span | None, heading: Span | None) -> Line:
    if block.kind == "heading":
        return Line(span, block.kind, None, leans=False, heading=None)
    near = before is not None and not text[before.end : span.start].strip()
    leans = near and bool(_LEANS.match(text, span.start))
    return Line(span, block.kind, before, leans, heading)


def members(lines: tuple[Line, ...], at: int) -> tuple[int, ...]:
    """The places of the list that ``lines[at]`` introduces, heads or belongs to; none where there is no list."""
    start = at
    if lines[at].kind != "item":
        start = at + 1
    while start > 0 and lines[start - 1].kind == "item" and lines[at].kind == "item":
        start -= 1
    end = start
    while end < len(lines) and lines[end].kind == "item":
        end += 1
    return tuple(range(start, end))
