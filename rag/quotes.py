"""An answer made of the articles' own words: which sentences to quote, and the text that quotes them."""

from collections.abc import Iterator, Sequence

from rag.evidence import Found, with_list
from rag.question import breadth
from rag.schema import Citation, Cited, Delta, Evidence, Span
from rag.words import Word, content

# Further sentences are quoted where they rank within this of the first (ranks span about 0 to 1.3).
_MARGIN = 0.15
_FACT_SENTENCES = 3  # and one more where several articles speak to the question
# A further sentence says nothing new where it shares more than this of its words, or of the other's, with one chosen.
_REPEATED = 0.7
# A sentence that gains so much from its heading is found by that: the question is about the section.
_BY_HEADING = 0.15
_SECTION_SENTENCES = 5


def chosen(question: str, found: Sequence[Found], *, limit: int) -> tuple[Found, ...]:
    """Of ``found``, best first, the sentences that make the answer, in the order to be read.

    One fact takes the best sentence and those that rank close behind it. A question that a heading names takes
    the section's sentences; one for several things takes the whole list that the best sentence belongs to, or
    else up to ``limit`` sentences, in article order.
    """
    if not found:
        return ()
    best = found[0]
    close = [item for item in found if item.rank >= best.rank - _MARGIN]
    wide = breadth(question) != "fact"
    listed = with_list(best) if wide or _introduces(best) else (best,)
    if len(listed) > 1:
        return listed
    if wide:
        return _in_order(close[:limit])
    section = [item for item in close if _section(item) == _section(best)]
    if best.line.heading is not None and best.headed > _BY_HEADING and len(section) > 1:
        return _in_order(section[:_SECTION_SENTENCES])
    several = len({item.article.id for item in close}) > 1
    return _different(close, limit=_FACT_SENTENCES + several)


def _different(found: Sequence[Found], *, limit: int) -> tuple[Found, ...]:
    """The first ``limit`` that are not one another over again: articles on one event copy from each other.

    Two that give different numbers in the same words disagree, and neither is the other over again.
    """
    kept: list[tuple[Found, tuple[Word, ...]]] = []
    for item in found:
        said = content(item.line.span.of(item.article.text))
        if not any(_repeats(said, other) for _, other in kept):
            kept.append((item, said))
        if len(kept) == limit:
            break
    return tuple(item for item, _ in kept)


def _repeats(said: Sequence[Word], other: Sequence[Word]) -> bool:
    one, two = ({word.term for word in words} for words in (said, other))
    if len(one & two) <= _REPEATED * max(1, min(len(one), len(two))):
        return False
    numbers = [{word.norm for word in words if word.number} for words in (said, other)]
    return not (numbers[0] - numbers[1] and numbers[1] - numbers[0])


def _in_order(found: Sequence[Found]) -> tuple[Found, ...]:
    """The best one's article first, each article in reading order."""
    first = found[0].article.id
    return tuple(sorted(found, key=lambda item: (item.article.id != first, item.article.id, item.at)))


def _section(found: Found) -> tuple[str, Span | None]:
    return found.article.id, found.line.heading


def _introduces(found: Found) -> bool:
    return found.line.span.of(found.article.text).endswith((":", "：")) and found.line.kind != "item"


def quoted(evidence: Sequence[Evidence]) -> Iterator[Delta | Cited]:
    """The evidence as an answer: each passage between quotation marks with its label, then its citation.

    Several passages make a list. What stands between “ and ” is the article's, character for character.
    """
    bullet = "- " if len(evidence) > 1 else ""
    at = 0
    for number, item in enumerate(evidence):
        opening = ("\n" if number else "") + bullet + "“"
        start = at + len(opening)
        text = f"{opening}{item.text}” [{item.label}]"
        at += len(text)
        yield Delta(text)
        yield Cited(quotation(item, Span(start, start + len(item.text))))


def quotation(item: Evidence, claim: Span) -> Citation:
    """The citation of a passage quoted whole: it stands in the article because it was cut from it."""
    return Citation(
        label=item.label,
        claim=claim,
        article_id=item.article_id,
        span=item.span,
        quote=item.text,
        located="exact",
        support="supported",
        verbatim=True,
    )
