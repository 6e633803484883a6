"""Compares two runs over the same questions: the difference of each measure, its interval, and an exact test.

Both tests are paired by question, as most of the variance between questions is common to both runs.
"""

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.errors import QuestionError, SettingsError
from rag.evaluation.measures.metric import Counted, Group, Measure, SetMeasure, Unit
from rag.evaluation.measures.registry import MEASURES, SET_MEASURES
from rag.evaluation.results import QuestionResult
from rag.evaluation.run import Report

_Resamples = NDArray[np.intp]  # indices of rows, shape (resamples, rows)
_Values = NDArray[np.float64]
_Pairs = Sequence[tuple[QuestionResult, QuestionResult]]

_SET_RESAMPLES = 999  # the most for a SetMeasure, as each resample calls Python
_BATCH_ROWS = 2**20  # rows of the resamples in memory at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class McNemar:
    """McNemar's exact test: the questions on which the two runs disagree, and the probability of so uneven a split.

    ``only_a`` counts the questions for which the measure is yes in A alone, ``only_b`` in B alone. ``p`` is two-sided
    and exact: the binomial test of an even split (McNemar 1947; exact form: Fagerland, Lydersen and Laake 2013,
    section 2.3). 1 if the runs disagree on none.
    """

    only_a: int
    only_b: int
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One measure in both runs. ``difference`` is ``b - a``, in the measure's own unit; shares are 0 to 1.

    ``low`` and ``high`` bound 95% of the differences over resampled ``questions`` (percentile bootstrap, Efron and
    Tibshirani 1993, section 13.3); both are NaN if fewer than two questions take part. ``mcnemar`` is ``None`` unless
    the measure is yes or no for each question.
    """

    name: str
    group: Group
    meaning: str
    unit: Unit
    lower_is_better: bool
    a: float
    b: float
    difference: float
    low: float
    high: float
    questions: int
    mcnemar: McNemar | None

    @property
    def clear(self) -> bool:
        """Whether the interval excludes 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs, named by their models: the number of common questions, the ids in one run alone, the differences.

    ``differences`` has the measures that are counted in both runs, in the order given.
    """

    a: str
    b: str
    paired: int
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    differences: tuple[Difference, ...]
    seed: int
    resamples: int


def compare(
    a: Report,
    b: Report,
    *,
    measures: Sequence[Measure | SetMeasure] = (*MEASURES, *SET_MEASURES),
    seed: int = 20,
    resamples: int = 9999,
) -> Comparison:
    """Pair the rows of two reports by question id and compare every measure over the pairs.

    Resamples depend on ``seed`` (0 or more) and on the number of questions alone, so that exchanging the two reports
    reverses each sign; a ``SetMeasure`` gets 999 at most. Raises ``QuestionError`` if a report has an id twice, if an
    id is of different questions, or if no id is in both; ``SettingsError`` for fewer than one resample.
    """
    if resamples < 1:
        raise SettingsError(f"resamples={resamples!r} is out of range: give 1 or more")
    rows_a, rows_b = _rows_by_id(a, "A"), _rows_by_id(b, "B")
    pairs = [(row, rows_b[id]) for id, row in rows_a.items() if id in rows_b]
    _require_same_questions(pairs)
    differences = (_difference(measure, pairs, seed=seed, resamples=resamples) for measure in measures)
    return Comparison(
        a=a.model,
        b=b.model,
        paired=len(pairs),
        only_a=tuple(id for id in rows_a if id not in rows_b),
        only_b=tuple(id for id in rows_b if id not in rows_a),
        differences=tuple(difference for difference in differences if difference is not None),
        seed=seed,
        resamples=resamples,
    )


def _rows_by_id(report: Report, side: str) -> Mapping[str, QuestionResult]:
    rows: dict[str, QuestionResult] = {}
    for row in report.rows:
        if row.question.id in rows:
            raise QuestionError(
                f"the id {row.question.id!r} stands twice in {side}: give each question its own"
            )
        rows[row.question.id] = row
    return rows


def _require_same_questions(pairs: _Pairs) -> None:
    """Raise ``QuestionError`` if there are no pairs, or the rows of a pair are of different questions."""
    if not pairs:
        raise QuestionError("no question id is in both reports: compare two runs of one question set")
    for row_a, row_b in pairs:
        if row_a.question.question != row_b.question.question:
            raise QuestionError(
                f"the id {row_a.question.id!r} is {row_a.question.question!r:.60} in A and "
                f"{row_b.question.question!r:.60} in B: compare two runs of one question set"
            )


def _difference(
    measure: Measure | SetMeasure, pairs: _Pairs, *, seed: int, resamples: int
) -> Difference | None:
    """Compare one measure over the pairs; ``None`` if it counts nothing in one of the runs."""
    if not all(measure.over(rows).total for rows in zip(*pairs, strict=True)):
        return None
    if isinstance(measure, Measure):
        pairs = [pair for pair in pairs if any(measure.count(row) is not None for row in pair)]
    value_in_a = _over_resamples(measure, [row for row, _ in pairs])
    value_in_b = _over_resamples(measure, [row for _, row in pairs])
    all_rows = np.arange(len(pairs))
    a, b = float(value_in_a(all_rows)), float(value_in_b(all_rows))
    if math.isnan(a) or math.isnan(b):
        return None
    count = resamples if isinstance(measure, Measure) else min(resamples, _SET_RESAMPLES)
    low, high = _interval(
        lambda indices: value_in_b(indices) - value_in_a(indices),
        len(pairs),
        seed=seed,
        resamples=count,
    )
    return Difference(
        name=measure.name,
        group=measure.group,
        meaning=measure.meaning,
        unit=measure.unit,
        lower_is_better=measure.lower_is_better,
        a=a,
        b=b,
        difference=b - a,
        low=low,
        high=high,
        questions=len(pairs),
        mcnemar=_mcnemar(measure, pairs) if isinstance(measure, Measure) and measure.yes_no else None,
    )


def _over_resamples(
    measure: Measure | SetMeasure, rows: Sequence[QuestionResult]
) -> Callable[[_Resamples], _Values]:
    """Return a function from indices of ``rows``, along the last axis, to the measure over those rows.

    A ``Measure`` is summed as arrays; a ``SetMeasure`` is called once for each resample.
    """
    if isinstance(measure, Measure):
        counts: list[Counted] = [measure.count(row) or (0, 0) for row in rows]
        hits, totals = np.array(counts, dtype=np.float64).reshape(-1, 2).T
        return lambda indices: _ratio(hits[indices].sum(axis=-1), totals[indices].sum(axis=-1))
    evaluate = measure.evaluate
    return lambda indices: np.apply_along_axis(
        lambda resample: float(evaluate([rows[index] for index in resample])[0]), -1, indices
    )


def _ratio(hits: _Values, totals: _Values) -> _Values:
    """Return the quotients; NaN where the total is 0."""
    return np.divide(hits, totals, out=np.full_like(totals, np.nan), where=totals != 0)


def _interval(
    statistic: Callable[[_Resamples], _Values], questions: int, *, seed: int, resamples: int
) -> tuple[float, float]:
    """Return the middle 95% of ``statistic`` over resampled questions, leaving out resamples without a value.

    Not BCa: its acceleration is undefined if no question differs, which is common for two versions of one system.
    """
    if questions < 2:
        return math.nan, math.nan
    from scipy.stats import DegenerateDataWarning, bootstrap

    with warnings.catch_warnings():
        # Some resamples have nothing to count. scipy then has no interval; it is computed here from the others.
        warnings.simplefilter("ignore", DegenerateDataWarning)
        result = bootstrap(
            (np.arange(questions),),  # indices, the same in both runs: they are paired
            lambda resampled, axis: statistic(resampled),
            n_resamples=resamples,
            batch=max(1, _BATCH_ROWS // questions),
            vectorized=True,
            method="percentile",
            rng=np.random.default_rng(seed),
        )
    distribution = result.bootstrap_distribution
    distribution = distribution[~np.isnan(distribution)]
    if not distribution.size:
        return math.nan, math.nan
    low, high = np.quantile(distribution, (0.025, 0.975))
    return float(low), float(high)


def _mcnemar(measure: Measure, pairs: _Pairs) -> McNemar:
    from scipy.stats import binomtest

    counts = [(measure.count(row_a), measure.count(row_b)) for row_a, row_b in pairs]
    outcomes = [(bool(count_a[0]), bool(count_b[0])) for count_a, count_b in counts if count_a and count_b]
    only_a, only_b = outcomes.count((True, False)), outcomes.count((False, True))
    disagreeing = only_a + only_b
    p = float(binomtest(only_a, disagreeing, 0.5).pvalue) if disagreeing else 1.0
    return McNemar(only_a=only_a, only_b=only_b, p=p)
