"""An answer made of the articles' own words: which sentences to quote, and the text that quotes them."""

from collections.abc import Iterator, Sequence

from rag.schema import Citation, Cited, Delta, Evidence, Span


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
