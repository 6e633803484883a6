"""What a measure is, what counting one gives, and the two helpers ``share`` and ``mean`` that make most of them.

A ``Measure`` returns for each row a numerator and a denominator; its value over rows is the sum of the numerators over
the sum of the denominators, so that shares of questions, shares of citations, means of scores and F1 all have one
form. What has no such form, as the area under a curve, is a ``SetMeasure``. Both give a ``Metric`` over any rows,
resampled ones too, so that two runs can be compared row by row.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.evaluation.questions import Kind
from rag.evaluation.results import QuestionResult

Group = Literal["retrieval", "evidence", "answers", "citations", "abstaining", "cost"]
GROUPS: tuple[Group, ...] = ("retrieval", "evidence", "answers", "citations", "abstaining", "cost")

# A share is of things that each count or do not; a score is a number from 0 to 1; MB are 10**6 bytes.
Unit = Literal["share", "score", "words", "tokens", "seconds", "MB"]

# Numerator and denominator; of a SetMeasure, its value and the number of rows that take part.
Counted = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that is a ratio of sums over rows.

    ``count`` returns the numerator and the denominator of a row, or ``None`` if the row does not take part.
    ``meaning`` names the denominator. ``yes_no``: each row counts 0 or 1 out of 1. ``among``: nothing is counted unless
    a question of this kind was asked.
    """

    name: str
    group: Group
    meaning: str
    count: Callable[[QuestionResult], Counted | None]
    yes_no: bool = False
    lower_is_better: bool = False
    unit: Unit = "share"
    among: Kind | None = None

    def over(self, rows: Iterable[QuestionResult]) -> "Metric":
        """Return this measure over ``rows``."""
        rows = tuple(rows)
        applies = self.among is None or any(row.question.kind == self.among for row in rows)
        counts = [count for row in rows if (count := self.count(row)) is not None] if applies else []
        hits, total = sum(count[0] for count in counts), sum(count[1] for count in counts)
        return Metric(self, hits / total if total else math.nan, total, hits)


@dataclass(frozen=True, slots=True)
class SetMeasure:
    """A measure of all rows together.

    ``evaluate`` returns its value, NaN if too few rows take part, and the number of rows that do. ``meaning`` says
    which rows take part.
    """

    name: str
    group: Group
    meaning: str
    evaluate: Callable[[Sequence[QuestionResult]], Counted]
    lower_is_better: bool = False
    unit: Unit = "score"

    def over(self, rows: Iterable[QuestionResult]) -> "Metric":
        """Return this measure of ``rows``."""
        value, total = self.evaluate(tuple(rows))
        return Metric(self, value, total)


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure over some rows: its ``value``, NaN if there was nothing to count, and its denominator ``total``.

    ``hits`` is the numerator, a whole number if the unit is a share; ``None`` for a ``SetMeasure``.
    """

    measure: Measure | SetMeasure
    value: float
    total: float
    hits: float | None = None

    @property
    def name(self) -> str:
        """The measure's name."""
        return self.measure.name

    @property
    def group(self) -> Group:
        """The part of the work that it measures."""
        return self.measure.group

    @property
    def meaning(self) -> str:
        """What the denominator counts."""
        return self.measure.meaning

    @property
    def unit(self) -> Unit:
        """The unit of ``value``."""
        return self.measure.unit

    @property
    def lower_is_better(self) -> bool:
        """Whether a lower value is better."""
        return self.measure.lower_is_better


def share(
    name: str,
    group: Group,
    meaning: str,
    test: Callable[[QuestionResult], bool | None],
    *,
    lower_is_better: bool = False,
) -> Measure:
    """Make the measure of the share of rows for which ``test`` is true, among those for which it is not ``None``."""

    def count(row: QuestionResult) -> Counted | None:
        passed = test(row)
        return None if passed is None else (int(passed), 1)

    return Measure(name, group, meaning, count, yes_no=True, lower_is_better=lower_is_better)


def mean(
    name: str,
    group: Group,
    meaning: str,
    value: Callable[[QuestionResult], float | None],
    *,
    unit: Unit,
    lower_is_better: bool = False,
) -> Measure:
    """Make the measure of the mean of ``value`` over the rows for which it is not ``None``."""

    def count(row: QuestionResult) -> Counted | None:
        number = value(row)
        return None if number is None else (number, 1)

    return Measure(name, group, meaning, count, unit=unit, lower_is_better=lower_is_better)


def answerable(test: Callable[[QuestionResult], bool]) -> Callable[[QuestionResult], bool | None]:
    """Restrict ``test`` to answerable questions: ``None`` for all others."""
    return lambda row: test(row) if row.answerable else None


def answerable_and(kind: Kind, rows: Sequence[QuestionResult]) -> list[QuestionResult]:
    """Return the rows of answerable questions and of this kind, which the confidence should tell apart."""
    return [row for row in rows if row.answerable or row.question.kind == kind]
