"""Attribution: citation recall and precision of single answers, counted by hand."""

from dataclasses import replace

import pytest

from rag.evaluation.attribution import Attribution, measure_attribution
from rag.schema import Answer, Evidence, Span


def passages(*texts: str) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(label=label, article_id="orrin", span=Span(0, len(text)), text=text, score=0.5)
        for label, text in enumerate(texts, 1)
    )


KELLER = "The lighthouse at Orrin was built in 1871 by Maria Keller."
TALL = "The lighthouse at Orrin stands 42 metres tall."
VELL = "The harbour of Vell was dug by convicts."


def answer_citing(text: str, *texts: str) -> Answer:
    return Answer(question="", standalone_question="", text=text, evidence=passages(*texts))


@pytest.mark.parametrize(
    ("text", "statements", "carried", "citations", "needed"),
    [
        (f"“{KELLER}” [1]", 1, 1, 1, 1),
        (f"{KELLER}", 1, 0, 0, 0),  # true, and cites nothing
        ("The lighthouse at Orrin was built in 1901 by Maria Keller [1].", 1, 0, 1, 0),
        (
            "The lighthouse at Orrin was built in 1871 by Maria Keller [1][3].",
            1,
            1,
            2,
            1,
        ),  # [3] is superfluous
        ("The lighthouse at Orrin was built in 1871 and stands 42 metres tall [1][2].", 1, 1, 2, 2),
        ("The lighthouse at Orrin was built in 1871 and stands 42 metres tall [1].", 1, 0, 1, 0),
        ("The lighthouse at Orrin was built in 1871 [1]. It is lovely inside.", 2, 1, 1, 1),
        ("The lighthouse at Orrin was built in 1871 [9].", 1, 0, 1, 0),  # there is no such passage
        (f"Here is what is said:\n- “{KELLER}” [1]\n- “{TALL}” [2]", 2, 2, 2, 2),
    ],
)
def test_citations_are_attributed_as_in_alce(
    text: str, statements: int, carried: int, citations: int, needed: int
) -> None:
    assert measure_attribution(answer_citing(text, KELLER, TALL, VELL)) == Attribution(
        statements=statements, carried=carried, citations=citations, needed=needed
    )


def test_two_passages_that_each_carry_a_statement_are_both_needed() -> None:
    answer = answer_citing("The lighthouse at Orrin was built in 1871 [1][2].", KELLER, f"In short: {KELLER}")
    assert measure_attribution(answer) == Attribution(statements=1, carried=1, citations=2, needed=2)


def test_a_refusal_is_not_measure_attribution() -> None:
    assert (
        measure_attribution(replace(answer_citing(KELLER, KELLER), outcome="not_in_articles"))
        == Attribution()
    )
