"""Quoted words: where they are located in a passage, and whether they may stand alone."""

import pytest

from rag.schema import Evidence, Span
from rag.verify.citations import verify
from rag.verify.quoting.verbatim import judge_verbatim
from tests.support.evidence import passages, verified


def test_a_verbatim_quotation_is_located_to_the_letter() -> None:
    evidence = passages("First, some rain.", "It was cold. The “old” king sued Apple. He won.")
    (citation,) = verify("“The “old” king sued Apple.” [2]", evidence)
    assert citation.verified
    assert citation.verbatim
    assert (citation.located, citation.quote) == ("exact", "The “old” king sued Apple.")
    (citation,) = verify('the "old" King sued Apple [2]', evidence)
    assert (citation.located, citation.verbatim, citation.quote) == (
        "normalized",
        True,
        "The “old” king sued Apple.",
    )


def test_quoted_words_inside_a_statement_must_stand_in_the_cited_passage() -> None:
    evidence = passages("The board called it a pragmatic infrastructure arrangement.")
    assert verified("The board called it “a pragmatic infrastructure arrangement” [1].", evidence)
    assert verified("The board called it “a pragmatic … arrangement” [1].", evidence)
    (citation,) = verify("The board called it “an infrastructure arrangement, pragmatic” [1].", evidence)
    assert (citation.located, citation.support) == ("missing", "unsupported")


def test_a_quotation_across_two_articles_is_missing() -> None:
    other = Evidence(label=2, article_id="b", span=Span(0, 18), text="Snow fell on Oslo.", score=1.0)
    evidence = [*passages("Rain fell on Rome."), other]
    found = verify("“Rain fell on Rome. Snow fell on Oslo.” [1][2]", evidence)
    assert [(c.article_id, c.located, c.support) for c in found] == [
        ("a", "missing", "unsupported"),
        ("b", "missing", "unsupported"),
    ]


@pytest.mark.parametrize(
    ("text", "quote", "reason"),
    [
        ("The firm has disclosed its terms.", "has disclosed its terms", ""),
        (
            "No firm has disclosed its terms.",
            "has disclosed its terms",
            "what denies the quoted words is left out",
        ),
        ("It may have excess capacity.", "have excess capacity", "the cited words say ‘may’"),
        ("It may have excess capacity.", "may have excess capacity", ""),
    ],
)
def test_a_quotation_may_not_leave_out_what_denies_or_hedges_it(text: str, quote: str, reason: str) -> None:
    start = text.index(quote)
    support = "unsupported" if reason else "supported"
    assert judge_verbatim(text, Span(start, start + len(quote))) == (support, reason)
