"""The citations of an answer: which there are, what each quotes, and what is found without marks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.schema import Article, Citation, Evidence, Span
from rag.verify.citations import adds, check_claim, verify
from rag.verify.claims import claims
from tests.support.evidence import passages, verified

UNTIMED = settings(deadline=None)  # the machine may be busy


def test_two_labels_give_two_citations_and_each_must_add_something() -> None:
    both = verify(
        "Apple sued Samsung in 2011 [1][2].", passages("Apple sued Samsung in 2011.", "Rain fell in Rome.")
    )
    assert [(c.label, c.support) for c in both] == [(1, "supported"), (2, "unsupported")]


def test_two_passages_may_carry_a_claim_together() -> None:
    evidence = passages("Apple sued Samsung in 2011.", "Google paid Apple $20 billion.")
    claim = "Apple sued Samsung in 2011, and Google paid Apple $20 billion"
    assert [c.verified for c in verify(claim + " [1][2].", evidence)] == [True, True]
    assert [c.label for c in verify(claim + ".", evidence)] == [1, 2]


def test_an_unknown_label_is_kept_with_an_empty_quote() -> None:
    good, bad = verify("Apple sued Samsung [1][7].", passages("Apple sued Samsung."))
    assert good.verified
    assert (bad.label, bad.located, bad.support, bad.quote, bad.span) == (
        7, "unknown_label", "unsupported", "", Span(0, 0),
    )  # fmt: skip


def test_a_statement_that_nothing_speaks_of_gets_label_nought() -> None:
    (citation,) = verify("Bananas ripen.", passages("Apple sued Samsung."))
    assert (citation.label, citation.located, citation.support) == (0, "unknown_label", "unsupported")


@pytest.mark.parametrize("text", ["Yes.", "Here are the key points:", "## Overview\n", "It is so [1]."])
def test_what_states_nothing_is_unchecked(text: str) -> None:
    found = verify(text, passages("Apple sued Samsung."))
    assert [citation.support for citation in found] == ["unchecked"]


def test_the_quote_is_the_narrowest_run_of_sentences() -> None:
    evidence = passages("Elon Musk is a businessman. He runs xAI. xAI raised $6 billion. It rained in Rome.")
    (citation,) = verify("xAI raised $6 billion [1].", evidence)
    assert citation.quote == "xAI raised $6 billion."
    (citation,) = verify("The sum that xAI raised was $6 billion [1].", evidence)
    assert citation.quote == "xAI raised $6 billion."
    (citation,) = verify("Musk runs xAI [1].", evidence)
    assert citation.quote == "Elon Musk is a businessman. He runs xAI."


def test_a_title_is_no_evidence() -> None:
    (passage,) = passages("The firm paid $5 million.")
    titled = Evidence(
        label=1, article_id="a", span=passage.span, text=passage.text, score=1.0, title="Apple pays"
    )
    assert not verified("Apple paid $5 million [1].", [titled])


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("xAI built Colossus.", "Who built Colossus?", True),
        ("Colossus was built.", "Who built Colossus?", False),
        ("It took 122 days.", "How long did it take?", True),
        ("It took long.", "How long did it take?", False),
        ("In 2015.", "What happened in 2015?", False),
        ("In 2018.", "What happened in 2015?", True),
        ("Anthropic is renting compute.", "Is Anthropic renting compute?", True),
        ("Anthropic is not renting compute.", "Why is Anthropic renting compute?", True),
        ("Yes.", "Is Anthropic renting compute?", False),
        ("", "Why?", False),
    ],
)
def test_repeating_the_question_adds_nothing(text: str, question: str, expected: bool) -> None:
    assert adds(text, question) is expected


def test_a_repeated_question_is_not_called_supported() -> None:
    evidence = passages("xAI built Colossus in 122 days.")
    (citation,) = verify(
        "xAI built Colossus [1].", evidence, question="How long did xAI need to build Colossus?"
    )
    assert (citation.support, citation.reason) == ("unchecked", "it only repeats the question")
    assert verified("It was built in 122 days [1].", evidence)


def test_an_overlong_statement_is_refused_with_the_limit() -> None:
    (citation,) = verify("Apple sued " * 2000 + "[1]", passages("Apple sued Samsung."))
    assert citation.support == "unsupported"
    assert "too long" in citation.reason


def test_ten_thousand_marks_keep_every_label() -> None:
    text = "".join(f"[{label % 1000}]" for label in range(10_000))
    found = verify("Apple sued Samsung " + text, passages("Apple sued Samsung."))
    assert [citation.label for citation in found] == list(range(1000))
    assert sum(citation.verified for citation in found) == 1


_TEXTS = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["Musk", "xAI", " ", " ", "sued", "not", "raised", "$6 billion", "2015", "“", "”", '"', ".", "[1]", "[2]",
         "[0]", "—", ",", "\n", "may", "only", "**", "İ", "ß", "ﬁ", "\u00ad", "\0", "東京", "שלום", "(", ")", "…"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@UNTIMED
@given(_TEXTS, st.lists(_TEXTS, max_size=3), _TEXTS)
def test_every_quote_is_a_slice_of_its_article(answer: str, lines: list[str], question: str) -> None:
    article = Article(id="a", title="t", text="\n".join(lines))
    evidence = passages(*lines)
    assert all(passage.span.of(article.text) == passage.text for passage in evidence)
    found = verify(answer, evidence, question=question)
    for citation in found:
        assert citation.quote == citation.span.of(article.text)
        assert citation.claim.end <= len(answer)
        assert citation.reason or citation.support == "supported"
        assert (citation.located == "unknown_label") == (citation.article_id == "")
    assert {citation.claim for citation in found} == {claim.span for claim in claims(answer)}
    assert found == verify(answer, evidence, question=question)


def test_one_claim_is_checked_as_the_whole_answer_is() -> None:
    text = "Apple sued Samsung [1]. Rain fell."
    evidence = passages("Apple sued Samsung.", "Rain fell in Rome.")
    one_by_one: list[Citation] = [c for claim in claims(text) for c in check_claim(claim, evidence)]
    assert tuple(one_by_one) == verify(text, evidence)
