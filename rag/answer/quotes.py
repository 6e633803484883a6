"""An answer in the articles' own words: each passage between quotation marks, with its citation."""

from collections.abc import Generator, Sequence

from rag.events import Cited, Delta
from rag.schema import Citation, Evidence, Span
from rag.system.tracing import spanned_stream


@spanned_stream("write", lambda _: {"pincite.result": "quotes"})
def quote_passages(evidence: Sequence[Evidence], *, lead: str = "") -> Generator[Delta | Cited, None, None]:
    """Quote the evidence as an answer: each passage between “ and ” with its label, then its citation.

    ``lead`` are words before the first passage, such as "Dated 4 May 2021:".

    Several passages make a list. What stands between “ and ” is the article's, character for character.
    """
    bullet = "- " if len(evidence) > 1 else ""
    length = 0  # of the answer so far
    if lead:
        said = lead + ("\n" if bullet else " ")
        length = len(said)
        yield Delta(said)
    for number, passage in enumerate(evidence):
        opening = ("\n" if number else "") + bullet + "“"
        start = length + len(opening)
        text = f"{opening}{passage.text}” [{passage.label}]"
        length += len(text)
        yield Delta(text)
        yield Cited(_citation(passage, Span(start, start + len(passage.text))))


def _citation(passage: Evidence, claim: Span) -> Citation:
    """The citation of a passage quoted whole. It needs no check, as its text was cut from the article."""
    return Citation(
        label=passage.label,
        claim=claim,
        article_id=passage.article_id,
        span=passage.span,
        quote=passage.text,
        located="exact",
        support="quoted",
        verbatim=True,
    )
