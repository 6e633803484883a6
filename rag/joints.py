"""Whether each clause of a statement is said by one of the passages that it cites.

Two passages may carry a statement together, each a clause of it; where words of both make one clause, nobody said
it. Clauses are cut at punctuation, conjunctions and relatives, so that ``X paid, and Y sued`` and ``X, Y and Z paid``
are said by as many passages as there are pieces.
"""

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.amounts import missing
from rag.attach import side_by_side
from rag.match import Place, Reading, pieces
from rag.quantities import Quantity
from rag.roles import lists
from rag.seams import clause_numbers, seam
from rag.subjects import POINTING

_OWN = 5  # words in a clause from which one of them may be lent by another passage, as it might be the writer's own
_LINKS = frozenset(
    ("in", "of", "from", "at", "the", "a", "an")
)  # between a noun and what tells it from others


@dataclass(frozen=True, slots=True)
class _Item:
    """A key word or number of a clause: its words from ``at`` to ``end``, and where (passage, word) it stands.

    ``group`` is the list it is in, of names or of numbers; 0 for none.
    """

    at: int
    end: int
    text: str
    name: bool
    number: bool
    group: int
    places: tuple[tuple[int, int], ...]

    def held(self, passage: int) -> bool:
        """Whether a passage has it."""
        return any(n == passage for n, _ in self.places)


def welded(claim: Reading, evidence: Sequence[Reading], found: Mapping[int, tuple[Place, ...]]) -> str:
    """Why a clause is joined from words that no one passage has together; empty where each is said by one.

    ``found`` says for each word of the claim where it stands; those that stand nowhere are not judged here.
    """
    if len(evidence) < 2:
        return ""
    if joint := seam(claim, evidence):
        return _joined(*joint)
    numbers = clause_numbers(claim)
    clauses: dict[int, list[_Item]] = {}
    everything = sorted([*_words(claim, found), *_numbers(claim, evidence)], key=lambda item: item.at)
    for item in everything:
        clauses.setdefault(numbers[item.at], []).append(item)
    # In a list that spans clauses, as of "Apple and Google raised $5 and $6", any one stands for the others.
    groups = [{item.group for item in everything if item.held(n)} - {0} for n in range(len(evidence))]
    for items in clauses.values():
        faults = [_lent(claim, items, groups[n], n, evidence) for n in range(len(evidence))]
        if all(faults):
            lent = min(faults, key=len)
            here = next((item for item in items if item not in lent), items[0])
            return _joined(here.text, lent[0].text)
    return ""


def _joined(one: str, other: str) -> str:
    return f"it joins ‘{one}’ and ‘{other}’ of two passages that neither has together"


def _words(claim: Reading, found: Mapping[int, tuple[Place, ...]]) -> list[_Item]:
    called = claim.names | claim.heads
    grouped = {i: 1 + g for g, run in enumerate(lists(claim)) if _several(claim, run) for i in run}
    return [
        _Item(
            i, i + 1, claim.words[i].text, i in called, False, grouped.get(i, 0),
            tuple((place.text, place.word) for place in found[i]),
        )
        for i in claim.keys
        if found.get(i)
    ]  # fmt: skip


def _numbers(claim: Reading, evidence: Sequence[Reading]) -> list[_Item]:
    held = [[(other, _inside(reading, other)) for other in reading.quantities] for reading in evidence]
    out: list[_Item] = []
    group = 0
    for k, quantity in enumerate(claim.quantities):
        if not k or not side_by_side(claim, claim.quantities[k - 1], quantity):
            group -= 1
        places = tuple(
            (n, i)
            for n, known in enumerate(held)
            for other, at in known
            if not missing(quantity, [other])
            for i in at
        )
        if places and (at := _inside(claim, quantity)):
            out.append(_Item(at[0], at[-1] + 1, quantity.text.strip(), False, True, group, places))
    return out


def _inside(reading: Reading, quantity: Quantity) -> range:
    """The words of a quantity."""
    first = bisect_right(reading.words, quantity.span.start, key=lambda word: word.span.end)
    last = bisect_left(reading.words, quantity.span.end, key=lambda word: word.span.start)
    return range(first, last)


def _several(claim: Reading, run: Sequence[int]) -> bool:
    """Whether names are several, with a comma or a joint between, and not one of several words."""
    return any(
        claim.text[claim.words[a].span.end : claim.words[b].span.start].strip(" -'’s")
        for a, b in itertools.pairwise(run)
    )


def _lent(
    claim: Reading, items: Sequence[_Item], groups: set[int], n: int, evidence: Sequence[Reading]
) -> list[_Item]:
    """The items of a clause that passage ``n`` lacks and may not borrow; empty where it says the clause."""
    held = [item for item in items if item.held(n)]
    if not held:
        return list(items)
    lacking = [
        item
        for k, item in enumerate(items)
        if not item.held(n)
        and item.group not in groups
        and not any(
            _told_apart(claim, item, other, evidence)
            for other in items[max(0, k - 2) : k + 3]
            if other.held(n)
        )
    ]
    if all(item.name and item.at < held[0].at for item in lacking) and POINTING.search(evidence[n].text):
        return []
    if len(lacking) == 1 and len(items) >= _OWN and not (lacking[0].name or lacking[0].number):
        return []
    return lacking


def _told_apart(claim: Reading, item: _Item, other: _Item, evidence: Sequence[Reading]) -> bool:
    """Whether an item only says which thing the word ``other`` is of that both passages have: ``the Porto bridge``.

    It stands right before that word, or after it with ``in`` or ``of``, and in one piece with it in its own passage.
    """
    between = [word.norm for word in claim.words[other.end : item.at]]
    if not 0 <= other.at - item.end <= 1 and not (between and _LINKS.issuperset(between)):
        return False
    parts = [pieces(reading) for reading in evidence]
    there = {(n, parts[n][i]) for n, i in other.places}
    return any((n, parts[n][i]) in there for n, i in item.places)
