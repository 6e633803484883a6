"""What is counted over the rows of an evaluation: each measure with its definition, denominator and source.

A measure says for each row what counts and out of how many; its value is the sum of the one over the sum of the
other, so that shares of questions, shares of citations and means of scores are all the same thing, and two runs can
be compared row by row.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.questions import Question
from rag.schema import Answer, Citation

Group = Literal["retrieval", "evidence", "answers", "citations", "abstaining", "cost"]
Counted = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question, what was answered, and how that compares with what was wanted.

    Ranks count from 1 and are ``None`` where nothing was found among what was looked at. ``chunk_ranks`` are those of
    the relevant chunks among the first 20, out of ``relevant_chunks`` there are. ``string_rank`` is that of the first
    chunk that holds a gold string, ``article_rank`` that of the first gold article, articles counted once.
    ``passage_rank`` is the label of the first passage of evidence that holds a gold string.
    """

    question: Question
    answer: Answer
    contains_gold: bool
    passage_rank: int | None
    exact_quotes: int  # citations whose quote is the slice of the article
    chunk_ranks: tuple[int, ...] = ()
    relevant_chunks: int = 0
    string_rank: int | None = None
    article_rank: int | None = None

    @property
    def answerable(self) -> bool:
        """Whether the articles answer the question."""
        return self.question.kind == "answerable"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: ``of`` a row gives (what counts, out of how many), or ``None`` where the row does not take part.

    ``meaning`` names the denominator. ``yes_no``: each row counts 0 or 1 out of 1.
    """

    name: str
    group: Group
    meaning: str
    of: Callable[[Row], Counted | None]
    yes_no: bool = False
    lower_is_better: bool = False

    def over(self, rows: Iterable[Row]) -> "Metric":
        """This measure counted over ``rows``."""
        counted = [pair for row in rows if (pair := self.of(row)) is not None]
        return Metric(self, sum(pair[0] for pair in counted), sum(pair[1] for pair in counted))


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure counted over some rows: ``hits`` out of ``total``, whole numbers where the measure is a share."""

    measure: Measure
    hits: float
    total: float

    @property
    def name(self) -> str:
        """The measure's name."""
        return self.measure.name

    @property
    def meaning(self) -> str:
        """What the denominator counts."""
        return self.measure.meaning

    @property
    def value(self) -> float:
        """``hits / total``; NaN where there was nothing to count."""
        return self.hits / self.total if self.total else float("nan")


def statements(answer: Answer) -> list[list[Citation]]:
    """The citations of each statement of the answer, in order of place."""
    carried: dict[tuple[int, int], list[Citation]] = {}
    for citation in answer.citations:
        carried.setdefault((citation.claim.start, citation.claim.end), []).append(citation)
    return [carried[place] for place in sorted(carried)]


def _supported(row: Row) -> Counted:
    found = statements(row.answer)
    return sum(any(c.support == "supported" for c in one) for one in found), len(found)


def _share(
    name: str, group: Group, meaning: str, of: Callable[[Row], bool | None], *, lower: bool = False
) -> Measure:
    def counted(row: Row) -> Counted | None:
        said = of(row)
        return None if said is None else (int(said), 1)

    return Measure(name, group, meaning, counted, yes_no=True, lower_is_better=lower)


def _answerable(of: Callable[[Row], bool]) -> Callable[[Row], bool | None]:
    return lambda row: of(row) if row.answerable else None


def _declined(kind: str) -> Callable[[Row], bool | None]:
    return lambda row: row.answer.abstained if row.question.kind == kind else None


def _noted(kind: str) -> Callable[[Row], bool | None]:
    return lambda row: (
        bool(row.answer.unmentioned) if row.question.kind == kind and not row.answer.abstained else None
    )


MEASURES: Sequence[Measure] = (
    _share("answer holds gold", "answers", "of answerable questions", _answerable(lambda r: r.contains_gold)),
    _share(
        "evidence holds gold",
        "evidence",
        "of answerable questions",
        _answerable(lambda r: r.passage_rank is not None),
    ),
    Measure(
        "quote is the slice",
        "citations",
        "of citations with a quote",
        lambda r: (r.exact_quotes, sum(bool(c.quote) for c in r.answer.citations)),
    ),
    Measure("statement supported", "citations", "of statements in answers", _supported),
    _share(
        "answerable declined", "abstaining", "of answerable questions", _declined("answerable"), lower=True
    ),
    _share(
        "out of corpus declined",
        "abstaining",
        "of questions far from the articles",
        _declined("out_of_corpus"),
    ),
    _share(
        "near misses declined",
        "abstaining",
        "of questions the articles only seem to answer",
        _declined("adversarial"),
    ),
    _share(
        "near misses noted",
        "abstaining",
        "of those answered; it says which name asked about is not cited",
        _noted("adversarial"),
    ),
    _share(
        "answerable noted", "abstaining", "of answerable questions answered", _noted("answerable"), lower=True
    ),
)
