from hypothesis import given
from hypothesis import strategies as st

from rag.answer.quotes import quoted
from rag.evidence.selection import select_sentences
from rag.evidence.sentences import ScoredSentence
from rag.schema import Article, Cited, Delta, Evidence, Span
from rag.text.outline import outline
from rag.verify.citations import verify

TEXT = """Why The Deal Is Odd
The two firms have fought for years in court. Their founders do not speak. Each sells what the other sells.
What Follows
- Prices fall.
- Labs benefit.
"""
ARTICLE = Article(id="a", title="A", text=TEXT)


def found(at: int, rank: float, headed: float = 0.0, article: Article = ARTICLE) -> ScoredSentence:
    return ScoredSentence(article=article, at=at, match=rank, headed=headed, alike=rank, near=rank, rank=rank)


def texts(items: tuple[ScoredSentence, ...]) -> list[str]:
    return [item.line.span.of(item.article.text) for item in items]


def test_one_fact_takes_the_best_and_what_ranks_close_behind() -> None:
    assert [
        item.at for item in select_sentences("Who?", [found(3, 0.9), found(1, 0.85), found(2, 0.5)], limit=7)
    ] == [
        3,
        1,
    ]


def test_what_repeats_a_sentence_already_chosen_is_left_out() -> None:
    text = (
        "Finland is the happiest country, the report says.\nThe happiest country is Finland, says the report.\n"
        "Denmark is second.\n"
    )
    twice = Article(id="f", title="A", text=text)
    ranked = [found(0, 0.9, article=twice), found(1, 0.89, article=twice), found(2, 0.85, article=twice)]
    assert [item.at for item in select_sentences("Which is happiest?", ranked, limit=7)] == [0, 2]


def test_the_same_words_with_another_number_are_no_repetition() -> None:
    text = "The bridge cost 12 million pounds.\nThe bridge cost 19 million pounds.\nThe bridge cost 12 million.\n"
    three = Article(id="b", title="A", text=text)
    ranked = [found(at, 0.9 - at / 100, article=three) for at in range(3)]
    assert [item.at for item in select_sentences("What did it cost?", ranked, limit=7)] == [0, 1]


def test_one_sentence_more_is_quoted_where_several_articles_speak_to_the_question() -> None:
    text = "Prices fall.\nLabs benefit.\nCourts sit.\nDeals close.\nRain comes.\n"
    one, other = (Article(id=id, title=id, text=text) for id in "ab")
    alone = [found(at, 0.9 - at / 100, article=one) for at in range(5)]
    assert len(select_sentences("Who?", alone, limit=7)) == 3
    assert len(select_sentences("Who?", [*alone[:4], found(4, 0.89, article=other)], limit=7)) == 4


def test_a_question_for_several_things_takes_the_whole_list() -> None:
    assert texts(select_sentences("What are the effects?", [found(6, 0.9)], limit=7)) == [
        "Prices fall.",
        "Labs benefit.",
    ]


def test_a_question_that_a_heading_names_takes_its_section_in_reading_order() -> None:
    ranked = [found(3, 0.9, headed=0.7), found(1, 0.88, headed=0.7), found(2, 0.87, headed=0.7)]
    assert [item.at for item in select_sentences("Why is the deal odd?", ranked, limit=7)] == [1, 2, 3]


def test_nothing_found_nothing_chosen() -> None:
    assert select_sentences("Who?", [], limit=7) == ()


@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
        min_size=1,
        max_size=5,
    )
)
def test_every_quote_stands_in_the_text_where_its_citation_says(passages: list[str]) -> None:
    article = "\n".join(passages)
    evidence, at = [], 0
    for label, passage in enumerate(passages, start=1):
        span = Span(at, at + len(passage))
        evidence.append(Evidence(label=label, article_id="a", span=span, text=passage, score=1.0))
        at += len(passage) + 1
    events = list(quoted(evidence))
    text = "".join(event.text for event in events if isinstance(event, Delta))
    cited = [event.citation for event in events if isinstance(event, Cited)]
    assert len(cited) == len(passages)
    for citation in cited:
        assert citation.claim.of(text) == citation.quote == citation.span.of(article)
        assert citation.verified


def test_the_verifier_agrees_with_what_is_quoted() -> None:
    lines = [line for line in outline(TEXT) if line.kind != "heading"]
    evidence = [
        Evidence(label=n, article_id="a", span=line.span, text=line.span.of(TEXT), score=1.0)
        for n, line in enumerate(lines, 1)
    ]
    text = "".join(event.text for event in quoted(evidence) if isinstance(event, Delta))
    citations = verify(text, evidence)
    assert [citation.label for citation in citations] == [1, 2, 3, 4, 5]
    assert all(citation.verified and citation.verbatim for citation in citations)
