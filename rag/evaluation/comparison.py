"""Two runs over the same questions: which measure differs, by how much, and whether chance would do as much.

Both tests pair the runs question by question, as most of the spread between questions is common to both.
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

_Picks = NDArray[np.intp]  # places of rows, one resample a line


_Values = NDArray[np.float64]


_Pairs = Sequence[tuple[QuestionResult, QuestionResult]]


_SET_RESAMPLES = 999  # at most, where each resample calls Python


_BATCH = 2**20  # rows in the resamples that are held in memory at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class McNemar:
    """The questions on which the two disagree, and how likely so uneven a split is by chance.

    ``only_a`` counts those where the measure's answer is yes in A alone, ``only_b`` in B alone. ``p`` is two-sided
    and exact: the binomial test of an even split (McNemar 1947; exact form: Fagerland, Lydersen and Laake 2013,
    section 2.3). 1 where they disagree on none.
    """

    only_a: int
    only_b: int
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One measure in both runs. ``difference`` is ``b - a``, in the measure's own unit; shares are 0 to 1.

    ``low`` and ``high`` bound 95% of the differences over resampled ``questions`` (percentile bootstrap, Efron and
    Tibshirani 1993, section 13.3); both are NaN where fewer than two questions take part. ``mcnemar`` is there for
    measures that are yes or no for each question.
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
    """Two runs, named by their models: how many questions they share, the ids that one alone has, the differences.

    ``differences`` has the measures that are counted in both, in the order they were given.
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

    Resamples depend on ``seed`` (0 or more) and on the number of questions alone, so that turning the two round
    turns each sign round; a ``SetMeasure`` gets 999 at most. Raises ``QuestionError`` where a report has an id twice,
    where an id stands for different questions, or where none is in both; ``SettingsError`` for fewer than one resample.
    """
    if resamples < 1:
        raise SettingsError(f"resamples={resamples!r} is out of range: give 1 or more")
    left, right = _by_id(a, "A"), _by_id(b, "B")
    pairs = [(row, right[id]) for id, row in left.items() if id in right]
    _check(pairs)
    found = (_difference(measure, pairs, seed=seed, resamples=resamples) for measure in measures)
    return Comparison(
        a=a.model,
        b=b.model,
        paired=len(pairs),
        only_a=tuple(id for id in left if id not in right),
        only_b=tuple(id for id in right if id not in left),
        differences=tuple(one for one in found if one is not None),
        seed=seed,
        resamples=resamples,
    )


def _by_id(report: Report, side: str) -> Mapping[str, QuestionResult]:
    rows: dict[str, QuestionResult] = {}
    for row in report.rows:
        if row.question.id in rows:
            raise QuestionError(
                f"the id {row.question.id!r} stands twice in {side}: give each question its own"
            )
        rows[row.question.id] = row
    return rows


def _check(pairs: _Pairs) -> None:
    if not pairs:
        raise QuestionError("no question id is in both reports: compare two runs of one question set")
    for one, other in pairs:
        if one.question.question != other.question.question:
            raise QuestionError(
                f"the id {one.question.id!r} is {one.question.question!r:.60} in A and "
                f"{other.question.question!r:.60} in B: compare two runs of one question set"
            )


def _difference(
    measure: Measure | SetMeasure, pairs: _Pairs, *, seed: int, resamples: int
) -> Difference | None:
    if not all(measure.over(rows).total for rows in zip(*pairs, strict=True)):
        return None
    if isinstance(measure, Measure):
        pairs = [pair for pair in pairs if any(measure.of(row) is not None for row in pair)]
    in_a = _over_resamples(measure, [one for one, _ in pairs])
    in_b = _over_resamples(measure, [other for _, other in pairs])
    as_it_was = np.arange(len(pairs))
    a, b = float(in_a(as_it_was)), float(in_b(as_it_was))
    if math.isnan(a) or math.isnan(b):
        return None
    count = resamples if isinstance(measure, Measure) else min(resamples, _SET_RESAMPLES)
    low, high = _interval(lambda picks: in_b(picks) - in_a(picks), len(pairs), seed=seed, resamples=count)
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
) -> Callable[[_Picks], _Values]:
    """The seam: a function from places in ``rows``, along the last axis, to the measure over the rows there.

    Sums are resampled as arrays; anything else is called once for each resample.
    """
    if isinstance(measure, Measure):
        counted: list[Counted] = [measure.of(row) or (0, 0) for row in rows]
        hits, totals = np.array(counted, dtype=np.float64).reshape(-1, 2).T
        return lambda picks: _ratio(hits[picks].sum(axis=-1), totals[picks].sum(axis=-1))
    of = measure.of
    return lambda picks: np.apply_along_axis(lambda one: float(of([rows[at] for at in one])[0]), -1, picks)


def _ratio(hits: _Values, totals: _Values) -> _Values:
    """The quotients; NaN where there was nothing to count."""
    return np.divide(hits, totals, out=np.full_like(totals, np.nan), where=totals != 0)


def _interval(
    statistic: Callable[[_Picks], _Values], questions: int, *, seed: int, resamples: int
) -> tuple[float, float]:
    """The middle 95% of ``statistic`` over resampled questions, of those resamples that have a value.

    Not BCa: its acceleration is undefined where no question differs, which is common for two versions of one system.
    """
    if questions < 2:
        return math.nan, math.nan
    from scipy.stats import DegenerateDataWarning, bootstrap

    with warnings.catch_warnings():
        # Some resamples have nothing to count. scipy then has no interval; ours is taken over the others.
        warnings.simplefilter("ignore", DegenerateDataWarning)
        found = bootstrap(
            (np.arange(questions),),  # both runs are looked up at the same places: they are paired
            lambda picks, axis: statistic(picks),
            n_resamples=resamples,
            batch=max(1, _BATCH // questions),
            vectorized=True,
            method="percentile",
            rng=np.random.default_rng(seed),
        )
    spread = found.bootstrap_distribution
    spread = spread[~np.isnan(spread)]
    if not spread.size:
        return math.nan, math.nan
    low, high = np.quantile(spread, (0.025, 0.975))
    return float(low), float(high)


def _mcnemar(measure: Measure, pairs: _Pairs) -> McNemar:
    from scipy.stats import binomtest

    said = [(measure.of(one), measure.of(other)) for one, other in pairs]
    both = [(bool(one[0]), bool(other[0])) for one, other in said if one and other]
    only_a, only_b = both.count((True, False)), both.count((False, True))
    disagreeing = only_a + only_b
    p = float(binomtest(only_a, disagreeing, 0.5).pvalue) if disagreeing else 1.0
    return McNemar(only_a=only_a, only_b=only_b, p=p)
