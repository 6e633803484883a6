"""What a measure is, and what comes of counting one over the rows of an evaluation.

A ``Measure`` says for each row what counts and out of how many; its value is the sum of the one over the sum of the
other, so that shares of questions, shares of citations, means of scores and F1 are all the same thing. What no such
sum gives, as the area under a curve, is a ``SetMeasure``. Both give a ``Metric`` over any rows, drawn again or not, so
that two runs can be compared row by row.
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


Counted = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: ``of`` a row gives (what counts, out of how many), or ``None`` where the row does not take part.

    ``meaning`` names the denominator. ``yes_no``: each row counts 0 or 1 out of 1. ``among``: nothing is counted where
    no question of this kind was asked.
    """

    name: str
    group: Group
    meaning: str
    of: Callable[[QuestionResult], Counted | None]
    yes_no: bool = False
    lower_is_better: bool = False
    unit: Unit = "share"
    among: Kind | None = None

    def over(self, rows: Iterable[QuestionResult]) -> "Metric":
        """This measure counted over ``rows``."""
        given = tuple(rows)
        apart = self.among is not None and all(row.question.kind != self.among for row in given)
        counted = [] if apart else [pair for row in given if (pair := self.of(row)) is not None]
        hits, total = sum(pair[0] for pair in counted), sum(pair[1] for pair in counted)
        return Metric(self, hits / total if total else math.nan, total, hits)


@dataclass(frozen=True, slots=True)
class SetMeasure:
    """A measure of all rows together: ``of`` them gives its value, and the number of rows that took part.

    The value is NaN where too few did. ``meaning`` says which rows take part.
    """

    name: str
    group: Group
    meaning: str
    of: Callable[[Sequence[QuestionResult]], Counted]
    lower_is_better: bool = False
    unit: Unit = "score"

    def over(self, rows: Iterable[QuestionResult]) -> "Metric":
        """This measure of ``rows``."""
        value, total = self.of(tuple(rows))
        return Metric(self, value, total)


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure counted over some rows: ``value``, NaN where there was nothing to count, and ``total``, what it is of.

    ``hits`` are those of ``total`` that count, whole numbers where the unit is a share; ``None`` for a ``SetMeasure``.
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
        """What part of the work it is about."""
        return self.measure.group

    @property
    def meaning(self) -> str:
        """What the denominator counts."""
        return self.measure.meaning

    @property
    def unit(self) -> Unit:
        """What ``value`` is in."""
        return self.measure.unit

    @property
    def lower_is_better(self) -> bool:
        """Whether less of it is wanted."""
        return self.measure.lower_is_better


def share(
    name: str, group: Group, meaning: str, of: Callable[[QuestionResult], bool | None], *, lower: bool = False
) -> Measure:
    """The share of rows for which ``of`` is true, among those for which it is not ``None``."""

    def counted(row: QuestionResult) -> Counted | None:
        said = of(row)
        return None if said is None else (int(said), 1)

    return Measure(name, group, meaning, counted, yes_no=True, lower_is_better=lower)


def mean(
    name: str,
    group: Group,
    meaning: str,
    of: Callable[[QuestionResult], float | None],
    *,
    unit: Unit,
    lower: bool = False,
) -> Measure:
    """The mean of ``of`` over the rows for which it is not ``None``."""

    def counted(row: QuestionResult) -> Counted | None:
        said = of(row)
        return None if said is None else (said, 1)

    return Measure(name, group, meaning, counted, unit=unit, lower_is_better=lower)


def answerable(of: Callable[[QuestionResult], bool]) -> Callable[[QuestionResult], bool | None]:
    """``of``, over answerable questions alone."""
    return lambda row: of(row) if row.answerable else None


def of_kind(kind: Kind, rows: Sequence[QuestionResult]) -> list[QuestionResult]:
    """The rows of answerable questions and of those of this kind, which should be told apart."""
    return [row for row in rows if row.answerable or row.question.kind == kind]
