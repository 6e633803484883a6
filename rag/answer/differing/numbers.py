"""Finds cited passages of different articles that give different numbers, or days, for the same thing.

Two passages disagree where they say the same in the same words but for one quantity. The search prefers to miss a
disagreement rather than to report a false one: whatever may make two things of one (another name, place, year, share,
plan or negation in one of them alone) ends the comparison.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import regex

from rag.answer.differing.passage_context import PassageContext
from rag.answer.differing.same_thing import may_be_same
from rag.question.expected_answer import expected_answer_type
from rag.question.premises import Cited
from rag.schema import Disagreement, Evidence, ReportedValue
from rag.text.quantities import Bound, Quantity
from rag.text.words import terms, words
from rag.verify.quantity_match import same

# At least this share of the words about a number, in the passage that says more, must be the other's too.
_SHARED = 0.5
_LEAST_SHARED = 2  # words about a number that both passages must have
_ABOUT = Fraction(1, 10)  # how far from its value a number said to be "about" that may lie


# What happens to a thing only once. Anything else may have happened twice, on two days.
_ONCE = frozenset(
    terms(
        "built build founded found born birth died die death opened open launched launch established establish created "
        "create completed complete discovered discover invented invent published publish incorporated incorporate "
        "formed form signed sign bombed sank sink wrecked destroyed abolished began begin started start"
    )
)


# Words before a quantity that make it an end of a range or a change: "rose by 5%", "rose to 7%".
_ENDS = frozenset("between from to by before after since until over under".split())
_DIGITS = regex.compile(r"\p{Nd}[\p{Nd}.,]*")


@dataclass(frozen=True, eq=False)
class _Figure:
    """A quantity in a cited passage."""

    passage: PassageContext
    quantity: Quantity

    def is_same(self, other: "_Figure") -> bool:
        """Whether both are one quantity at one place of one passage."""
        labels = self.passage.evidence.label, other.passage.evidence.label
        return labels[0] == labels[1] and self.quantity.span == other.quantity.span


def find_disagreements(
    question: str, cited: Sequence[Evidence], surroundings: Mapping[int, Cited]
) -> tuple[Disagreement, ...]:
    """Find where cited passages of different articles give different numbers or days for what ``question`` asks.

    In the order of their labels. ``surroundings`` has what stands around each passage, by label.
    """
    passages = [PassageContext(item) for item in cited]
    asked = frozenset(word.term for word in words(question) if not word.function)
    kinds = {"date": ("date",), "number": ("number",), "anything": ("number",)}.get(
        expected_answer_type(question), ()
    )
    pairs: list[tuple[_Figure, _Figure]] = []
    for first, second in combinations(passages, 2):
        a, b = first.evidence, second.evidence
        same = a.article_id == b.article_id or a.text == b.text
        if not same and may_be_same(surroundings[a.label], surroundings[b.label]):
            pairs += _conflicting_figures(first, second, asked, kinds)
    return tuple(_disagreement(group) for group in _grouped(pairs))


def _conflicting_figures(
    first: PassageContext, second: PassageContext, asked: frozenset[str], kinds: Sequence[str]
) -> Iterator[tuple[_Figure, _Figure]]:
    """The one quantity of each passage that the other gives otherwise; nothing where more than that differs."""
    differing = (_quantities_beyond(first, second), _quantities_beyond(second, first))
    dates_differ = any(quantity.kind == "date" for quantities in differing for quantity in quantities)
    for kind in kinds:
        of_first, of_second = ([q for q in quantities if q.kind == kind] for quantities in differing)
        if len(of_first) != 1 or len(of_second) != 1 or (kind != "date" and dates_differ):
            continue
        figures = _Figure(first, of_first[0]), _Figure(second, of_second[0])
        if _about_same_thing(*figures, asked) and _conflict(of_first[0], of_second[0]):
            yield figures


def _quantities_beyond(passage: PassageContext, other: PassageContext) -> list[Quantity]:
    """The quantities of a passage that the other does not give."""
    return [
        quantity
        for quantity in passage.analysed.quantities
        if not any(same(quantity, q) or same(q, quantity) for q in other.analysed.quantities)
    ]


def _about_same_thing(first: _Figure, second: _Figure, asked: frozenset[str]) -> bool:
    """Whether two figures are of the same kind and said of the same thing, one that the question asks about."""
    return (
        _same_measure(first, second)
        and _same_scope(first, second)
        and _same_subject(first, second, asked)
        and _same_circumstances(first, second)
    )


def _same_measure(first: _Figure, second: _Figure) -> bool:
    """Whether both quantities have one family and unit, count the same thing, and are both or neither an end."""
    a, b = first.quantity, second.quantity
    if a.family != b.family or a.unit != b.unit or a.unit == "decade":
        return False
    if (a.led in _ENDS or b.led in _ENDS) and a.led != b.led:
        return False
    if a.family != "":
        return True
    counted = first.passage.counted_term(a)
    return counted != "" and counted == second.passage.counted_term(b)


def _same_scope(first: _Figure, second: _Figure) -> bool:
    """Whether both clauses are denied or neither is, the passages bound alike, and no name is in one of them alone."""
    a, b = first.passage, second.passage
    if a.clause_of(first.quantity).denied != b.clause_of(second.quantity).denied or a.scope != b.scope:
        return False
    return not (a.names - b.terms or b.names - a.terms)


def _same_subject(first: _Figure, second: _Figure, asked: frozenset[str]) -> bool:
    """Whether the clauses share enough words, one of them asked about, and one clause says no more than the other."""
    of_first, of_second = (
        figure.passage.subject_terms(figure.passage.clause_of(figure.quantity).words)
        for figure in (first, second)
    )
    shared = of_first & of_second
    if first.quantity.kind == "date" and not shared & _ONCE:
        return False
    if len(shared) < _LEAST_SHARED or len(shared) < _SHARED * max(len(of_first), len(of_second)):
        return False
    return shared in (of_first, of_second) and bool(asked & shared)


def _same_circumstances(first: _Figure, second: _Figure) -> bool:
    a, b = first.passage, second.passage
    return not (
        a.has_circumstance_beyond(a.clause_of(first.quantity), b)
        or b.has_circumstance_beyond(b.clause_of(second.quantity), a)
    )


def _conflict(a: Quantity, b: Quantity) -> bool:
    """Whether the two cannot both be true: a bound may hold of the other, and a round number stand for it."""
    if a.kind == "date":
        return any(x and y and x != y for x, y in zip(a.date, b.date, strict=True))
    if a.bound == b.bound and a.bound in ("over", "least", "under", "most"):
        # "At least 5" and "at least 8": two rules, of which one holds.
        return (a.low, a.high) != (b.low, b.high)
    (low_a, high_a), (low_b, high_b) = _range(a), _range(b)
    return (high_a is not None and low_b is not None and high_a < low_b) or (
        high_b is not None and low_a is not None and high_b < low_a
    )


def _range(quantity: Quantity) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest value that a quantity may stand for; ``None`` where there is no end."""
    rounding = _rounding(quantity)
    low, high = quantity.low - rounding, quantity.high + rounding
    match quantity.bound:
        case "over" | "least":
            return low, None
        case "under" | "most":
            return None, high
        case "about":
            return low - abs(low) * _ABOUT, high + abs(high) * _ABOUT
    return low, high


def _rounding(quantity: Quantity) -> Fraction:
    """Just under half of the last digit given; of ``100,000`` the second digit, as its zeros may be meant."""
    match = _DIGITS.search(quantity.text)
    if match is None or not quantity.high:
        return Fraction(0)
    whole, _, part = match.group().replace(",", "").rstrip(".").partition(".")
    written = Fraction(f"{whole}.{part}" if part else whole)
    if not written:
        return Fraction(0)
    if part:
        last_digit = Fraction(1, 10 ** len(part))
    else:
        digits = len(whole.rstrip("0"))
        last_digit = Fraction(10 ** max(0, len(whole) - max(2, digits)))
    return abs(quantity.high) * last_digit / written * Fraction(499, 1000)


def _grouped(pairs: Sequence[tuple[_Figure, _Figure]]) -> list[list[_Figure]]:
    """The figures of pairs that have a figure in common make one group, sorted by label."""
    groups: list[list[_Figure]] = []
    for pair in pairs:
        touching = [group for group in groups if any(a.is_same(b) for a in pair for b in group)]
        merged = [figure for group in touching for figure in group]
        merged += [figure for figure in pair if not any(figure.is_same(other) for other in merged)]
        groups = [group for group in groups if group not in touching] + [merged]
    return [sorted(group, key=lambda figure: figure.passage.evidence.label) for group in groups]


_BOUND_WORDS: dict[Bound, str] = {
    "exact": "",
    "over": "over ",
    "least": "at least ",
    "under": "under ",
    "most": "up to ",
    "about": "about ",
}


def _disagreement(group: Sequence[_Figure]) -> Disagreement:
    return Disagreement(
        said=tuple(reported(figure.passage.evidence, _told(figure.quantity)) for figure in group)
    )


def _told(quantity: Quantity) -> str:
    return _BOUND_WORDS[quantity.bound] + quantity.text.strip(" -")


def reported(evidence: Evidence, text: str) -> ReportedValue:
    """What a passage gives, in the words ``text``, with its source."""
    return ReportedValue(
        label=evidence.label,
        text=text,
        title=evidence.title or evidence.article_id,
        publisher=evidence.publisher,
        date=evidence.date,
    )
