"""Articles that give different numbers, or days, for the same thing: what each says, and which is newer.

Two passages that were cited differ where they say the same in the same words but for one quantity. Meant to miss
rather than to err: whatever may make two things of one (another name, place, year, share, plan or negation in one of
them alone) ends the comparison.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations

import regex

from rag.question.expected_answer import expected
from rag.schema import Citation, Disagreement, Evidence, ReportedValue
from rag.text.lexicon import SOFTENERS
from rag.text.names import names
from rag.text.negation import Clause, clauses
from rag.text.quantities import Bound, Quantity, quantities
from rag.text.words import Word, terms, words
from rag.verify.quantity_match import same

_SHARED = (
    0.5  # of the words about a number in the passage that says more, at least so many are the other's too
)


_LEAST_SHARED = 2


_ABOUT = Fraction(1, 10)  # how far from its value a number said to be "about" that may lie


_SAYING = frozenset(
    "said says say saying told tells according reported reports announced announces confirmed confirms "
    "spokesman spokeswoman spokesperson".split()
)


# Words that say which of several like things is meant, when, or how much of it: both passages have them, or neither.
_SCOPE = frozenset(
    "first second third fourth fifth last latest next previous previously earlier later prior past current currently "
    "former now today yesterday tomorrow tonight ago since until already still initially originally eventually finally "
    "annual annually yearly monthly weekly daily hourly quarter quarterly half year month week day decade century "
    "morning afternoon evening night weekend monday tuesday wednesday thursday friday saturday sunday "
    "january february march april june july august september october november december "
    "spring summer autumn winter season "
    "total overall average median mean typical typically each every per both all none some most many several few other "
    "another additional additionally further more fewer less extra new old young same different only alone besides "
    "including excluding without instead than minimum maximum least almost nearly "
    "north south east west northern southern eastern western upper lower inner outer "
    "men women man woman boys girls children adults male female men's women's "
    "net gross before after during by from to up down increase increased decrease decreased rise rose risen fall fell "
    "fallen grew grown growth drop dropped decline declined cut gain gained lost loss "
    "plan plans planned planning aim aims aimed hope hopes hoped goal target targets targeted forecast forecasts "
    "predicted predicts projected estimate estimates estimated budget budgeted proposed proposal promise promised "
    "intends intended scheduled wants wanted offered offer asked demanded sought seeks "
    "part share".split()
)


# Too general to tell one thing that has a number from another.
_LIGHT = frozenset(
    terms("be have do get make take come go reach hit total stand put give draw attend see people person")
)


# What happens to a thing once: of anything else there may be two, on two days.
_ONCE = frozenset(
    terms(
        "built build founded found born birth died die death opened open launched launch established establish created "
        "create completed complete discovered discover invented invent published publish incorporated incorporate "
        "formed form signed sign bombed sank sink wrecked destroyed abolished began begin started start"
    )
)


_ENDS = frozenset("between from to by before after since until over under".split())


_APART = frozenset(
    "in at on for during under among within across as if when while where with without of by since after before "
    "including excluding".split()
)


_DIGITS = regex.compile(r"\p{Nd}[\p{Nd}.,]*")


def find_disagreements(
    question: str, citations: Iterable[Citation], evidence: Sequence[Evidence]
) -> tuple[Disagreement, ...]:
    """Where cited passages of different articles give different numbers or days for what ``question`` asks.

    In the order of their labels. Only passages that carry a statement are compared.
    """
    labels = {citation.label for citation in citations if citation.support == "supported"}
    read = [_Passage(item) for item in evidence if item.label in labels]
    asked = frozenset(word.term for word in words(question) if not word.function)
    kind = expected(question)
    families = {"date": ("date",), "number": ("number",), "anything": ("number",)}.get(kind, ())
    pairs: list[tuple[_Said, _Said]] = []
    for one, other in combinations(read, 2):
        if one.evidence.article_id != other.evidence.article_id and one.told != other.told:
            pairs += _pairs(one, other, asked, families)
    return tuple(_found(group) for group in _grouped(pairs))


_Said = tuple["_Passage", Quantity]


@dataclass(frozen=True)
class _Passage:
    """A passage with what is read out of it, once."""

    evidence: Evidence

    @property
    def told(self) -> str:
        return self.evidence.text

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return words(self.told)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return quantities(self.told)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return clauses(self.told)

    @cached_property
    def attributed(self) -> frozenset[int]:
        """The indices of words that only say who said it."""
        out: set[int] = set()
        for clause in self.clauses:
            saying = [i for i in clause.words if self.words[i].norm in _SAYING]
            measured = [i for i in clause.words if self._measures(i)]
            if not saying:
                continue
            if not measured:
                out |= set(clause.words)
            elif saying[0] < measured[0]:
                out |= {i for i in clause.words if i <= saying[0]}
            else:
                out |= {i for i in clause.words if i >= saying[0] - 2 and i > measured[-1]}
        return frozenset(out)

    def _measures(self, i: int) -> bool:
        return any(one.span.overlaps(self.words[i].span) for one in self.quantities)

    def clause(self, quantity: Quantity) -> Clause:
        """The clause that a quantity stands in."""
        at = next((i for i, word in enumerate(self.words) if word.span.end > quantity.span.start), 0)
        return next((one for one in self.clauses if at in one.words), Clause((), False, ()))

    def heads(self, indices: Iterable[int]) -> frozenset[str]:
        """The words among ``indices`` that say what is spoken of: no number, nobody who said it."""
        return frozenset(
            self.words[i].term
            for i in indices
            if not (self.words[i].function or self._measures(i) or i in self.attributed)
            and self.words[i].term not in _LIGHT
        )

    def counted(self, quantity: Quantity) -> str:
        """The word right behind a number: what it counts; empty where no such word stands there."""
        after = next((word for word in self.words if word.span.start >= quantity.span.end), None)
        if after is None or after.function or self.told[quantity.span.end : after.span.start].strip(" -"):
            return ""
        return after.term

    @cached_property
    def scope(self) -> frozenset[str]:
        """The words that bound what is said, in all of the passage."""
        return frozenset(
            word.norm for i, word in enumerate(self.words)
            if (word.norm in _SCOPE or word.norm in SOFTENERS) and not self._measures(i) and i not in self.attributed
        )  # fmt: skip

    @cached_property
    def named(self) -> frozenset[str]:
        """The names in the passage, by term, without those who said it."""
        found = names(self.told)
        return frozenset(
            self.words[i].term
            for i in found.sure
            if i not in self.attributed and not self._measures(i) and not self.words[i].function
        )

    @cached_property
    def known(self) -> frozenset[str]:
        """All terms of the passage and of its article's title."""
        return frozenset(word.term for word in self.words) | frozenset(terms(self.evidence.title))


def _pairs(
    one: _Passage, other: _Passage, asked: frozenset[str], families: Sequence[str]
) -> Iterator[tuple[_Said, _Said]]:
    """The one quantity of each passage that the other gives otherwise; nothing where more than that differs."""
    alone = (_alone(one, other), _alone(other, one))
    dated = [[item for item in found if item.kind == "date"] for found in alone]
    for kind in families:
        mine, theirs = ([item for item in found if item.kind == kind] for found in alone)
        if len(mine) != 1 or len(theirs) != 1 or (kind != "date" and any(dated)):
            continue
        if _alike(one, mine[0], other, theirs[0], asked) and _conflict(mine[0], theirs[0]):
            yield (one, mine[0]), (other, theirs[0])


def _alone(one: _Passage, other: _Passage) -> list[Quantity]:
    """The quantities of a passage that the other does not give."""
    return [
        item
        for item in one.quantities
        if not any(same(item, theirs) or same(theirs, item) for theirs in other.quantities)
    ]


def _alike(one: _Passage, mine: Quantity, other: _Passage, theirs: Quantity, asked: frozenset[str]) -> bool:
    """Whether both quantities are of the same kind and said of the same thing."""
    if mine.family != theirs.family or mine.unit != theirs.unit or mine.unit == "decade":
        return False
    if (mine.led in _ENDS or theirs.led in _ENDS) and mine.led != theirs.led:
        return False
    if mine.family == "" and (not one.counted(mine) or one.counted(mine) != other.counted(theirs)):
        return False
    here, there = one.clause(mine), other.clause(theirs)
    if here.denied != there.denied or one.scope != other.scope:
        return False
    if one.named - other.known or other.named - one.known:
        return False
    heads, others = one.heads(here.words), other.heads(there.words)
    shared = heads & others
    if mine.kind == "date" and not shared & _ONCE:
        return False
    if len(shared) < _LEAST_SHARED or len(shared) < _SHARED * max(len(heads), len(others)):
        return False
    # What the passage that says less says, the other says too.
    if shared not in (heads, others) or not asked & shared:
        return False
    return not (_apart(one, here, other) or _apart(other, there, one))


def _apart(one: _Passage, clause: Clause, other: _Passage) -> bool:
    """Whether another clause says of what, where or when, and the other passage does not."""
    for near in one.clauses:
        first = next(iter(near.words), None)
        if near == clause or first is None or one.words[first].norm not in _APART:
            continue
        if one.heads(near.words) - other.known:
            return True
    return False


def _conflict(mine: Quantity, theirs: Quantity) -> bool:
    """Whether the two cannot both be so: a bound may hold of the other, and a round number stand for it."""
    if mine.kind == "date":
        return any(a and b and a != b for a, b in zip(mine.date, theirs.date, strict=True))
    (low, high), (low2, high2) = _reach(mine), _reach(theirs)
    return (high is not None and low2 is not None and high < low2) or (
        high2 is not None and low is not None and high2 < low
    )


def _reach(quantity: Quantity) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest value that a quantity may stand for; ``None`` where there is no end."""
    slack = _slack(quantity)
    low, high = quantity.low - slack, quantity.high + slack
    match quantity.bound:
        case "over" | "least":
            return low, None
        case "under" | "most":
            return None, high
        case "about":
            return low - abs(low) * _ABOUT, high + abs(high) * _ABOUT
    return low, high


def _slack(quantity: Quantity) -> Fraction:
    """Just under half of the last digit that is said; of ``100,000`` the second, as its noughts may be meant."""
    found = _DIGITS.search(quantity.text)
    if found is None or not quantity.high:
        return Fraction(0)
    whole, _, part = found.group().replace(",", "").rstrip(".").partition(".")
    said = Fraction(f"{whole}.{part}" if part else whole)
    if not said:
        return Fraction(0)
    digits = whole.rstrip("0") if not part else whole
    unit = Fraction(1, 10 ** len(part)) if part else Fraction(10 ** max(0, len(whole) - max(2, len(digits))))
    return abs(quantity.high) * unit / said * Fraction(499, 1000)


def _grouped(pairs: Sequence[tuple[_Said, _Said]]) -> list[list[_Said]]:
    """Pairs that have a quantity in common make one finding."""
    groups: list[list[_Said]] = []
    for pair in pairs:
        near = [group for group in groups if any(_same_place(one, item) for one in pair for item in group)]
        merged = [item for group in near for item in group]
        merged += [one for one in pair if not any(_same_place(one, item) for item in merged)]
        groups = [group for group in groups if group not in near] + [merged]
    return [sorted(group, key=lambda said: said[0].evidence.label) for group in groups]


def _same_place(one: _Said, other: _Said) -> bool:
    return one[0].evidence.label == other[0].evidence.label and one[1].span == other[1].span


_BOUNDS: dict[Bound, str] = {
    "exact": "",
    "over": "over ",
    "least": "at least ",
    "under": "under ",
    "most": "up to ",
    "about": "about ",
}


def _found(group: Sequence[_Said]) -> Disagreement:
    return Disagreement(
        said=tuple(
            ReportedValue(
                label=passage.evidence.label,
                text=_BOUNDS[quantity.bound] + quantity.text.strip(" -"),
                title=passage.evidence.title or passage.evidence.article_id,
                publisher=passage.evidence.publisher,
                date=passage.evidence.date,
            )
            for passage, quantity in group
        )
    )
