"""Evidence for tests of the verifier: passages from given texts, sentences of the shipped article, and comparisons."""

from rag.schema import Evidence, Span
from rag.text.outline import outline
from rag.verify.citations import verify
from tests.benchmarks import verify_edits

SHIPPED = verify_edits.ARTICLE.read_text("utf-8").split("---", 2)[2]


def passages(*texts: str, article: str = "a") -> list[Evidence]:
    """Each text as a passage of one article that holds them line by line, labelled from 1."""
    evidence, start = [], 0
    for label, text in enumerate(texts, 1):
        span = Span(start, start + len(text))
        evidence.append(Evidence(label=label, article_id=article, span=span, text=text, score=1.0))
        start += len(text) + 1
    return evidence


def shipped(*openings: str) -> list[Evidence]:
    """Sentences of the shipped article that hold the given words, labelled from 1, as evidence has them."""
    lines = [line for line in outline(SHIPPED) if line.kind != "heading"]
    spans = [next(line.whole for line in lines if words in line.span.of(SHIPPED)) for words in openings]
    return [
        Evidence(label=label, article_id="shipped", span=span, text=span.of(SHIPPED), score=1.0)
        for label, span in enumerate(spans, 1)
    ]


def verified(text: str, evidence: list[Evidence]) -> bool:
    """Whether an answer has citations and all of them are verified."""
    citations = verify(text, evidence)
    return bool(citations) and all(citation.verified for citation in citations)
