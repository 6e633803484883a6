"""What stands around a passage and says what it speaks of: title, heading, lead, the sentences near it, the date."""

from bisect import bisect_left, bisect_right
from datetime import date

from rag.question.premises import Cited
from rag.schema import Article, Span
from rag.text.outline import outline

_LEAD, _BEFORE, _AFTER = 2, 3, 1  # sentences: of the article's beginning, before a passage, after it


def cited_words(article: Article, span: Span) -> Cited:
    """The passage at ``span`` of ``article`` with what stands around it."""
    lines = outline(article.text)
    first = bisect_right(lines, span.start, key=lambda line: line.span.end)
    last = bisect_left(lines, span.end, key=lambda line: line.span.start)
    near = {*range(min(_LEAD, first)), *range(max(0, first - _BEFORE), first), *range(last, last + _AFTER)}
    above = lines[first].heading if first < len(lines) else None
    heading = above.of(article.text) if above else ""
    first_row = lines[first].before if first < len(lines) and lines[first].kind == "row" else None
    around = [article.title, article.publisher, _day(article.date), heading]
    around += [first_row.of(article.text)] if first_row else []
    around += [lines[i].span.of(article.text) for i in sorted(near) if i < len(lines)]
    return Cited(span.of(article.text), "\n".join(filter(None, around)), article.text, article.title, heading)


def _day(day: date | None) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}" if day else ""
