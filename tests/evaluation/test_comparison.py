"""Two runs compared: pairing, intervals and McNemar's test, against numbers worked out by hand."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import QuestionError, SettingsError
from rag.evaluation.comparison import Difference, McNemar, compare
from rag.evaluation.measures.metric import SetMeasure
from rag.evaluation.measures.registry import MEASURES
from rag.evaluation.questions import KINDS, Kind
from rag.evaluation.results import QuestionResult
from rag.evaluation.run import Report
from tests.support.results import report, row

MEASURE = {measure.name: measure for measure in MEASURES}
# A share, a mean, and a ratio that counts nothing unless one kind of question was asked.
EACH_FORM = [MEASURE[name] for name in ("answer holds gold", "answer F1", "declining precision, near misses")]


def runs(*, both: int, a: int, b: int, neither: int = 0) -> tuple[Report, Report]:
    """Two runs that hold gold on ``both`` questions in common, on ``a`` in the first alone, on ``b`` in the second."""
    outcomes = [(True, True)] * both + [(True, False)] * a + [(False, True)] * b + [(False, False)] * neither
    left = [row(str(number), gold=in_a) for number, (in_a, _) in enumerate(outcomes)]
    right = [row(str(number), gold=in_b) for number, (_, in_b) in enumerate(outcomes)]
    return report(*left), report(*right, model="other")


def gold(a: Report, b: Report, *, resamples: int = 999) -> Difference:
    (difference,) = compare(a, b, measures=[MEASURE["answer holds gold"]], resamples=resamples).differences
    return difference


def test_mcnemars_test_counts_only_the_questions_on_which_the_two_disagree() -> None:
    mcnemar = gold(*runs(both=20, a=1, b=5, neither=4)).mcnemar
    assert mcnemar is not None
    assert (mcnemar.only_a, mcnemar.only_b) == (1, 5)
    assert mcnemar.p == pytest.approx(2 * (1 + 6) / 2**6)  # two tails: none or one of six falling to A


def test_an_even_split_is_no_evidence_at_all() -> None:
    mcnemar = gold(*runs(both=3, a=4, b=4)).mcnemar
    assert mcnemar is not None
    assert mcnemar.p == pytest.approx(1.0)


def test_the_difference_is_b_less_a_and_lies_in_its_interval() -> None:
    difference = gold(*runs(both=20, a=1, b=9, neither=10))
    assert (difference.a, difference.b) == (21 / 40, 29 / 40)
    assert difference.difference == pytest.approx(8 / 40)
    assert difference.low < difference.difference < difference.high
    assert difference.clear
    assert difference.questions == 40


def test_the_interval_is_that_of_the_normal_approximation_where_there_are_many_questions() -> None:
    difference = gold(*runs(both=300, a=40, b=60, neither=100), resamples=4999)
    mean = 20 / 500
    half = 1.96 * math.sqrt((100 / 500 - mean**2) / 500)
    assert difference.low == pytest.approx(mean - half, abs=0.004)
    assert difference.high == pytest.approx(mean + half, abs=0.004)


def test_a_run_compared_with_itself_has_no_difference_and_an_empty_interval() -> None:
    a, _ = runs(both=5, a=3, b=2)
    comparison = compare(a, a, resamples=99)
    assert comparison.differences
    for difference in comparison.differences:
        assert (difference.difference, difference.low, difference.high, difference.clear) == (0, 0, 0, False)
        assert difference.mcnemar in (None, McNemar(only_a=0, only_b=0, p=1.0))


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    a, b = runs(both=20, a=5, b=9, neither=17)
    assert compare(a, b, resamples=99) == compare(a, b, resamples=99)
    others = {compare(a, b, resamples=99, seed=seed).differences for seed in range(5)}
    assert len(others) > 1


@given(
    st.lists(
        st.tuples(st.sampled_from(KINDS), st.booleans(), st.booleans(), st.booleans(), st.booleans()),
        min_size=1,
        max_size=12,
    )
)
@settings(deadline=None)
def test_exchanging_the_runs_reverses_every_sign(
    outcomes: Sequence[tuple[Kind, bool, bool, bool, bool]],
) -> None:
    a = report(
        *(
            row(str(number), kind, gold=gold, abstained=no)
            for number, (kind, gold, _, no, _) in enumerate(outcomes)
        )
    )
    b = report(
        *(
            row(str(number), kind, gold=gold, abstained=no)
            for number, (kind, _, gold, _, no) in enumerate(outcomes)
        )
    )
    there = compare(a, b, measures=EACH_FORM, resamples=49).differences
    back = compare(b, a, measures=EACH_FORM, resamples=49).differences
    assert [difference.name for difference in there] == [difference.name for difference in back]
    for difference, reverse in zip(there, back, strict=True):
        assert (difference.a, difference.b) == (reverse.b, reverse.a)
        assert difference.difference == -reverse.difference
        assert (difference.low, difference.high) == pytest.approx((-reverse.high, -reverse.low), nan_ok=True)
        if (test := difference.mcnemar) and (reverse_test := reverse.mcnemar):
            assert (test.only_a, test.only_b) == (reverse_test.only_b, reverse_test.only_a)
            assert test.p == pytest.approx(reverse_test.p)


def test_rows_are_paired_by_id_in_any_order_and_those_alone_are_named() -> None:
    a = report(row("1", gold=True), row("2"), row("3"))
    b = report(row("4"), row("2", gold=True), row("1", gold=True))
    comparison = compare(a, b, resamples=99)
    assert (comparison.paired, comparison.only_a, comparison.only_b) == (2, ("3",), ("4",))
    assert (comparison.differences[0].a, comparison.differences[0].b) == (0.5, 1.0)


def test_one_question_has_a_difference_and_no_interval() -> None:
    difference = gold(report(row("1")), report(row("1", gold=True)))
    assert difference.difference == 1
    assert math.isnan(difference.low)
    assert math.isnan(difference.high)
    assert not difference.clear


def test_a_measure_that_either_run_does_not_count_is_left_out() -> None:
    declined = row("1", "adversarial", abstained=True)
    answered = row("1", "adversarial")
    names = [difference.name for difference in compare(report(declined), report(answered)).differences]
    assert "near misses declined" in names
    assert "near misses noted" not in names  # counted among those answered alone
    assert "answer holds gold" not in names


def test_resamples_without_anything_to_count_are_left_out() -> None:
    one_answered = [row(str(number), "adversarial", abstained=number > 0) for number in range(4)]
    another_answered = [row(str(number), "adversarial", abstained=number < 3) for number in range(4)]
    noted = next(
        difference
        for difference in compare(report(*one_answered), report(*another_answered), resamples=99).differences
        if difference.name == "near misses noted"
    )
    assert (noted.low, noted.high) == (0, 0)


def test_a_measure_of_the_rows_together_is_resampled_too() -> None:
    a, b = runs(both=10, a=1, b=9, neither=10)

    def gold_share(rows: Sequence[QuestionResult]) -> tuple[float, float]:
        return sum(result.contains_gold for result in rows) / len(rows), len(rows)

    share = SetMeasure("share", "answers", "of all", gold_share)
    (slow,) = compare(a, b, measures=(share,), resamples=500).differences
    (fast,) = compare(a, b, measures=MEASURES[:1], resamples=500).differences
    assert slow.mcnemar is None
    assert (slow.a, slow.b) == pytest.approx((fast.a, fast.b))
    assert (slow.low, slow.high) == pytest.approx((fast.low, fast.high))  # the same questions are drawn


def test_a_measure_of_the_rows_together_that_has_no_value_is_left_out() -> None:
    a, b = runs(both=1, a=1, b=1)
    nothing = SetMeasure("nothing", "answers", "of none", lambda rows: (math.nan, 0))
    assert compare(a, b, measures=(nothing,)).differences == ()


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (report(row("1")), report(row("2")), "no question id is in both"),
        (report(), report(), "no question id is in both"),
        (report(row("1"), row("1")), report(row("1")), "'1' stands twice in A"),
        (report(row("1")), report(row("1"), row("1")), "'1' stands twice in B"),
    ],
)
def test_what_cannot_be_paired_is_an_error(a: Report, b: Report, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        compare(a, b)


def test_an_id_that_stands_for_two_questions_is_an_error_that_shows_both() -> None:
    row_a = row("1")
    row_b = replace(row_a, question=replace(row_a.question, question="Who is it?"))
    with pytest.raises(QuestionError, match=r"'1' is 'What is 1\?' in A and 'Who is it\?' in B"):
        compare(report(row_a), report(row_b))


def test_at_least_one_resample_is_drawn() -> None:
    with pytest.raises(SettingsError, match="resamples=0"):
        compare(report(row("1")), report(row("1")), resamples=0)
