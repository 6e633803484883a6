"""What is counted over rows: every value here is worked out by hand, or by another library."""

import math
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import auc as area_under
from sklearn.metrics import ndcg_score

from rag.evaluation.attribution import Attribution, attributed
from rag.evaluation.measures.abstention import curves
from rag.evaluation.measures.curves import auc, risk_coverage, roc
from rag.evaluation.measures.metric import GROUPS, Metric
from rag.evaluation.measures.registry import MEASURES, SET_MEASURES, metrics
from rag.evaluation.measures.retrieval import ndcg
from rag.evaluation.questions import Kind, Question
from rag.evaluation.results import QuestionResult
from rag.schema import Answer, Citation, Evidence, Span


def row(
    kind: Kind = "answerable",
    *,
    text: str = "In 1871.",
    gold: bool = False,
    declined: bool = False,
    confidence: float = 0.5,
    articles: Sequence[str] = (),
    seconds: float | None = None,
) -> QuestionResult:
    return QuestionResult(
        question=Question(id="q", question="When?", kind=kind, answers=("1871",), articles=tuple(articles)),
        answer=Answer(
            question="When?",
            standalone_question="When?",
            text=text,
            abstained=declined,
            confidence=confidence,
            timings={} if seconds is None else {"total": seconds},
        ),
        contains_gold=gold,
        passage_rank=None,
        exact_quotes=0,
    )


def counted(name: str, *rows: QuestionResult) -> Metric:
    (found,) = [metric for metric in metrics(rows) if metric.name == name]
    return found


def test_names_are_unique_and_every_group_has_some() -> None:
    every = metrics(())
    assert len({metric.name for metric in every}) == len(every) == len(MEASURES) + len(SET_MEASURES)
    assert {metric.group for metric in every} == set(GROUPS)
    assert all(math.isnan(metric.value) and metric.total == 0 for metric in every)
    assert every[0].name == "answer holds gold"


# --- retrieval ---------------------------------------------------------------------------------------------


def ranked(
    *ranks: int, relevant: int, string: int | None = None, article: int | None = None
) -> QuestionResult:
    found = row(articles=["orrin"])
    return replace(
        found, chunk_ranks=ranks, relevant_chunks=relevant, string_rank=string, article_rank=article
    )


ROWS = (
    ranked(1, 4, relevant=2, string=1, article=1),
    ranked(3, relevant=3, string=2, article=2),
    ranked(relevant=1, string=None, article=1),
    ranked(relevant=0, string=6, article=1),  # the gold span is cut in two: a miss
    replace(row(), string_rank=20),  # names no article
    row("adversarial", articles=["orrin"]),
)


@pytest.mark.parametrize(
    ("name", "hits", "total"),
    [
        ("chunk recall@1", 1, 4),
        ("chunk recall@3", 2, 4),
        ("chunk recall@20", 2, 4),
        ("MRR", 1 + 1 / 3, 4),
        ("gold in chunks@1", 1, 5),
        ("gold in chunks@3", 2, 5),
        ("gold in chunks@10", 3, 5),
        ("gold in chunks@20", 4, 5),
        ("article recall@1", 3, 4),
        ("article recall@3", 4, 4),
    ],
)
def test_retrieval_is_counted_over_answerable_questions_that_can_take_part(
    name: str, hits: float, total: int
) -> None:
    found = counted(name, *ROWS)
    assert found.total == total
    assert found.hits == pytest.approx(hits)
    assert found.value == pytest.approx(hits / total)


def test_gain_is_discounted_by_the_logarithm_of_the_rank() -> None:
    first = (1 + 1 / math.log2(5)) / (1 + 1 / math.log2(3))
    second = (1 / 2) / (1 + 1 / math.log2(3) + 1 / 2)
    assert counted("nDCG@10", *ROWS).value == pytest.approx((first + second + 0 + 0) / 4)


@given(
    st.integers(1, 30).flatmap(
        lambda size: st.tuples(
            st.lists(st.booleans(), min_size=size, max_size=size).filter(any), st.integers(1, 20)
        )
    )
)
def test_gain_agrees_with_scikit_learn(drawn: tuple[list[bool], int]) -> None:
    relevant, cutoff = drawn
    if len(relevant) == 1:
        relevant = [*relevant, False]  # it refuses to rank a single item
    ranks = [rank for rank, is_relevant in enumerate(relevant, 1) if is_relevant]
    theirs = ndcg_score([relevant], [np.arange(len(relevant), 0, -1)], k=cutoff)
    assert ndcg(ranks, relevant=len(ranks), cutoff=cutoff) == pytest.approx(theirs)


def test_gain_is_0_where_nothing_is_relevant() -> None:
    assert ndcg((), relevant=0, cutoff=10) == 0


# --- answers, evidence, citations --------------------------------------------------------------------------


def test_a_declined_answer_scores_nothing() -> None:
    rows = (row(text="1871", gold=True), row(text="The articles do not say 1871.", declined=True))
    assert counted("answer F1", *rows).value == 0.5
    assert counted("exact match", *rows).value == 0.5
    assert counted("answer words", *rows).value == 1


def test_passages_count_by_their_label() -> None:
    rows = [replace(row(), passage_rank=rank) for rank in (1, 3, 4, 6, None)]
    shares = [counted(f"gold in passages@{k}", *rows).hits for k in (1, 3, 5)]
    assert shares == [1, 2, 3]
    assert counted("evidence holds gold", *rows).hits == 4


def passages(*texts: str) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(label=at, article_id="orrin", span=Span(0, len(text)), text=text, score=0.5)
        for at, text in enumerate(texts, 1)
    )


KELLER = "The lighthouse at Orrin was built in 1871 by Maria Keller."
TALL = "The lighthouse at Orrin stands 42 metres tall."
VELL = "The harbour of Vell was dug by convicts."


def answered(text: str, *texts: str) -> Answer:
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
def test_citations_are_attributed_as_alce_has_it(
    text: str, statements: int, carried: int, citations: int, needed: int
) -> None:
    assert attributed(answered(text, KELLER, TALL, VELL)) == Attribution(
        statements=statements, carried=carried, citations=citations, needed=needed
    )


def test_two_passages_that_each_carry_a_statement_are_both_needed() -> None:
    said = answered("The lighthouse at Orrin was built in 1871 [1][2].", KELLER, f"In short: {KELLER}")
    assert attributed(said) == Attribution(statements=1, carried=1, citations=2, needed=2)


def test_a_refusal_is_not_attributed() -> None:
    assert attributed(replace(answered(KELLER, KELLER), abstained=True)) == Attribution()


def test_citation_recall_and_precision_are_pooled_over_answers() -> None:
    rows = (
        replace(row(), attribution=Attribution(statements=4, carried=3, citations=5, needed=2)),
        replace(row(), attribution=Attribution(statements=1, carried=1, citations=1, needed=1)),
    )
    assert counted("citation recall", *rows).value == 4 / 5
    assert counted("citation precision", *rows).value == 3 / 6


def test_a_statement_is_supported_by_any_of_its_citations() -> None:
    one = Citation(
        label=1, claim=Span(0, 4), article_id="a", span=Span(0, 1), quote="x", located="exact", support="supported"
    )  # fmt: skip
    other = replace(one, label=2, support="unsupported")
    last = replace(other, claim=Span(5, 8))
    said = replace(row(), answer=replace(row().answer, citations=(other, one, last)), exact_quotes=2)
    assert (counted("statement supported", said).hits, counted("statement supported", said).total) == (1, 2)
    assert counted("quote is the slice", said).value == 2 / 3


# --- abstaining --------------------------------------------------------------------------------------------

# By confidence: right, declined rightly on a far-off question, wrong (no gold), right, and a near miss answered.
ASKED = (
    row(gold=True, confidence=0.9),
    row("out_of_corpus", declined=True, confidence=0.2),
    row(confidence=0.6),
    row(gold=True, confidence=0.4),
    row("out_of_corpus", confidence=0.4),
    row(declined=True, confidence=0.1),
    row("adversarial", confidence=0.6),
)


@pytest.mark.parametrize(
    ("name", "value", "total"),
    [
        ("answerable declined", 1 / 4, 4),
        ("out of corpus declined", 1 / 2, 2),
        ("near misses declined", 0, 1),
        ("declining precision, out of corpus", 1 / 2, 2),
        ("declining F1, out of corpus", 2 * (1 / 2) * (1 / 2) / (1 / 2 + 1 / 2), 4),
        ("declining precision, near misses", 0, 1),
        ("declining F1, near misses", 0, 2),
        # pairs with 0.2: 0.9, 0.6, 0.4 win, 0.1 loses; with 0.4: 0.9, 0.6 win, 0.4 ties, 0.1 loses
        ("confidence AUC, out of corpus", (3 + 2.5) / 8, 6),
        # with 0.6: 0.9 wins, 0.6 ties
        ("confidence AUC, near misses", 1.5 / 4, 5),
        # answered, surest first: right; wrong; then right and wrong together. Risks 0, 1/2, 2/4, 2/4
        ("risk-coverage area, out of corpus", (0 + 1 / 2 + 2 / 4 + 2 / 4) / 4, 6),
        # right; then two wrong together; then right. Risks 0, 2/3, 2/3, 2/4
        ("risk-coverage area, near misses", (0 + 2 / 3 + 2 / 3 + 2 / 4) / 4, 5),
    ],
)
def test_declining_is_measured_for_each_kind_apart(name: str, value: float, total: int) -> None:
    found = counted(name, *ASKED)
    assert found.value == pytest.approx(value)
    assert found.total == total


def test_without_questions_to_decline_there_is_nothing_to_tell_apart() -> None:
    every = {metric.name: metric.value for metric in metrics(ASKED[:1])}
    assert math.isnan(every["confidence AUC, out of corpus"])
    assert math.isnan(every["risk-coverage area, near misses"])
    assert math.isnan(every["declining F1, near misses"])
    # One that was declined wrongly says nothing of a kind that was never asked.
    assert counted("declining precision, near misses", ASKED[0], ASKED[5]).total == 0
    assert [curve.points for curve in curves(ASKED[:1])] == [(), (), (), ()]


def test_the_curves_end_where_their_definition_says() -> None:
    ranking, risks, *_ = curves(ASKED)
    assert (ranking.points[0], ranking.points[-1]) == ((0, 0), (1, 1))
    assert [*risks.points] == [(1 / 6, 0), (2 / 6, 1 / 2), (4 / 6, 2 / 4)]  # a third was declined
    assert risks.lower_is_better


OUTCOMES = st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.5, 0.9]), st.booleans()), min_size=1, max_size=12)


@given(OUTCOMES, st.randoms())
def test_order_does_not_change_a_curve(outcomes: list[tuple[float, bool]], random: Random) -> None:
    points, area = risk_coverage(outcomes, asked=20)
    shuffled = [*outcomes]
    random.shuffle(shuffled)
    assert risk_coverage(shuffled, asked=20) == (points, area)
    assert 0 <= area <= 1
    assert points[-1] == (len(outcomes) / 20, sum(wrong for _, wrong in outcomes) / len(outcomes))


SCORES = st.lists(st.sampled_from([0.0, 0.2, 0.2000001, 0.7, 1.0]), min_size=1, max_size=9)


@given(SCORES, SCORES)
def test_the_auc_is_the_share_of_pairs_won_and_the_area_under_the_curve(
    positives: list[float], negatives: list[float]
) -> None:
    won = sum((a > b) + (a == b) / 2 for a in positives for b in negatives)
    assert auc(positives, negatives) == pytest.approx(won / (len(positives) * len(negatives)))
    points = roc(positives, negatives)
    assert area_under([x for x, _ in points], [y for _, y in points]) == pytest.approx(
        auc(positives, negatives)
    )


# --- cost --------------------------------------------------------------------------------------------------


def test_times_are_quantiles_over_the_questions_timed() -> None:
    rows = [*(row(seconds=second) for second in (4.0, 1.0, 2.0, 3.0)), row()]
    assert counted("seconds, total, median", *rows).value == 2.5
    assert counted("seconds, total, 95th percentile", *rows).value == pytest.approx(3.85)
    assert counted("seconds, total, median", *rows).total == 4
    assert math.isnan(counted("seconds, write, median", *rows).value)


def test_tokens_are_means_and_memory_is_the_peak() -> None:
    rows = [
        replace(row(), tokens_in=300, tokens_out=20, peak_mb=250.0),
        replace(row("adversarial"), tokens_in=100, tokens_out=0, peak_mb=260.5),
    ]
    assert counted("tokens read", *rows).value == 200
    assert counted("tokens written", *rows).value == 10
    assert counted("peak memory", *rows).value == 260.5
