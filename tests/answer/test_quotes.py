from hypothesis import given
from hypothesis import strategies as st

from rag.answer.quotes import quote_passages
from rag.events import Cited, Delta
from rag.schema import Evidence, Span
from rag.text.outline import outline
from rag.verify.citations import verify

TEXT = """Why The Deal Is Odd
The two firms have fought for years in court. Their founders do not speak. Each sells what the other sells.
What Follows
- Prices fall.
- Labs benefit.
"""


@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
        min_size=1,
        max_size=5,
    )
)
def test_every_quote_stands_in_the_text_where_its_citation_says(passages: list[str]) -> None:
    article = "\n".join(passages)
    evidence, start = [], 0
    for label, passage in enumerate(passages, start=1):
        span = Span(start, start + len(passage))
        evidence.append(Evidence(label=label, article_id="a", span=span, text=passage, score=1.0))
        start += len(passage) + 1
    events = list(quote_passages(evidence))
    text = "".join(event.text for event in events if isinstance(event, Delta))
    cited = [event.citation for event in events if isinstance(event, Cited)]
    assert len(cited) == len(passages)
    for citation in cited:
        assert citation.claim.of(text) == citation.quote == citation.span.of(article)
        assert citation.support == "quoted"
        assert not citation.verified


def test_the_verifier_agrees_with_what_is_quoted() -> None:
    lines = [line for line in outline(TEXT) if line.kind != "heading"]
    evidence = [
        Evidence(label=n, article_id="a", span=line.span, text=line.span.of(TEXT), score=1.0)
        for n, line in enumerate(lines, 1)
    ]
    text = "".join(event.text for event in quote_passages(evidence) if isinstance(event, Delta))
    citations = verify(text, evidence)
    assert [citation.label for citation in citations] == [1, 2, 3, 4, 5]
    assert all(citation.verified and citation.verbatim for citation in citations)


def test_words_before_the_quotes_move_their_places_along() -> None:
    evidence = [
        Evidence(label=n, article_id="a", span=Span(0, len(text)), text=text, score=1.0)
        for n, text in enumerate(("Museum reopens", "Museum closes"), start=1)
    ]
    for passages, lead in ((evidence[:1], "Dated 18 June 2022: “"), (evidence, "Dated 18 June 2022:\n- “")):
        events = list(quote_passages(passages, lead="Dated 18 June 2022:"))
        text = "".join(event.text for event in events if isinstance(event, Delta))
        assert text.startswith(lead)
        for event in events:
            if isinstance(event, Cited):
                assert event.citation.claim.of(text) == event.citation.quote
