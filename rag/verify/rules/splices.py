"""Whether each clause of a statement is said by one of the passages that it cites.

Two passages may carry a statement together, each a clause of it; where words of both make one clause, nobody said
it. Clauses are cut at punctuation, conjunctions and relatives, so that ``X paid, and Y sued`` and ``X, Y and Z paid``
are said by as many passages as there are pieces.
"""

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.text.quantities import Quantity
from rag.verify.analysed_text import CUT_WORDS, AnalysedText, segments
from rag.verify.comparison import Comparison
from rag.verify.coreference import POINTING
from rag.verify.lookup import WordPlace
from rag.verify.quantity_match import missing
from rag.verify.rules.names import lists
from rag.verify.rules.quantities import side_by_side

_MIXED = 4  # key words in a clause from which one passage must carry it


_ONE_SAYS = 0.7  # of them


def _mixed(case: Comparison) -> str:
    """A clause put together from two passages of which neither says it. Names may come from either."""
    mine = case.mine
    if len(case.theirs) < 2:
        return ""
    numbers = segments(mine)
    plain = [i for i in mine.keys if i not in mine.names | mine.heads and case.found.get(i)]
    for piece in range(max(numbers, default=-1) + 1):
        keys = [i for i in plain if numbers[i] == piece]
        held = [
            sum(any(place.text == n for place in case.found[i]) for i in keys)
            for n in range(len(case.theirs))
        ]
        if len(keys) >= _MIXED and max(held) < _ONE_SAYS * len(keys):
            return "no one of the passages says it: its words are put together from several"
        for quantity in mine.quantities:
            at = next((i for i, word in enumerate(mine.words) if word.span.overlaps(quantity.span)), None)
            if at is None or numbers[at] != piece:
                continue
            here = [n for n, reading in enumerate(case.theirs) if not missing(quantity, reading.quantities)]
            if here and max(held[n] for n in here) * 2 < len(keys):
                return f"the passage with ‘{quantity.text.strip()}’ says it of something else"
    return ""


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


def spliced(
    claim: AnalysedText, evidence: Sequence[AnalysedText], found: Mapping[int, tuple[WordPlace, ...]]
) -> str:
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


def _words(claim: AnalysedText, found: Mapping[int, tuple[WordPlace, ...]]) -> list[_Item]:
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


def _numbers(claim: AnalysedText, evidence: Sequence[AnalysedText]) -> list[_Item]:
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


def _inside(reading: AnalysedText, quantity: Quantity) -> range:
    """The words of a quantity."""
    first = bisect_right(reading.words, quantity.span.start, key=lambda word: word.span.end)
    last = bisect_left(reading.words, quantity.span.end, key=lambda word: word.span.start)
    return range(first, last)


def _several(claim: AnalysedText, run: Sequence[int]) -> bool:
    """Whether names are several, with a comma or a joint between, and not one of several words."""
    return any(
        claim.text[claim.words[a].span.end : claim.words[b].span.start].strip(" -'’s")
        for a, b in itertools.pairwise(run)
    )


def _lent(
    claim: AnalysedText, items: Sequence[_Item], groups: set[int], n: int, evidence: Sequence[AnalysedText]
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


def _told_apart(claim: AnalysedText, item: _Item, other: _Item, evidence: Sequence[AnalysedText]) -> bool:
    """Whether an item only says which thing the word ``other`` is of that both passages have: ``the Porto bridge``.

    It stands right before that word, or after it with ``in`` or ``of``, and in one piece with it in its own passage.
    """
    between = [word.norm for word in claim.words[other.end : item.at]]
    if not 0 <= other.at - item.end <= 1 and not (between and _LINKS.issuperset(between)):
        return False
    parts = [segments(reading) for reading in evidence]
    there = {(n, parts[n][i]) for n, i in other.places}
    return any((n, parts[n][i]) in there for n, i in item.places)


_RUN = 3  # words in a row that a passage is known by


_PLACES = 8  # of one run in a passage that are looked at


_OPENERS = CUT_WORDS | frozenset(("because", "since", "so", "if", "where", "whose", "after", "before", "until", "unless"))  # fmt: skip # noqa: E501


@lru_cache(maxsize=4096)
def clause_numbers(reading: AnalysedText) -> tuple[int, ...]:
    """For each word the number of its clause: pieces, cut again before ``because``, ``where`` and their like."""
    parts = segments(reading)
    out: list[int] = []
    number = 0
    for i, word in enumerate(reading.words):
        if i and (parts[i] != parts[i - 1] or word.norm in _OPENERS):
            number += 1
        out.append(number)
    return tuple(out)


def seam(claim: AnalysedText, evidence: Sequence[AnalysedText]) -> tuple[str, str] | None:
    """The two words between which a statement changes passages in mid-clause; ``None`` where it does so nowhere.

    It may change where the clause of the one passage has ended and a clause of the other begins. What is passed over
    to get there must stand in the statement too (``X, born in Y, won``), or after a cut be a function word.
    """
    numbers = clause_numbers(claim)
    terms = [word.term for word in claim.words]
    said = frozenset(terms)
    runs = [_runs(reading) for reading in evidence]
    for k in range(_RUN, len(terms) - _RUN + 1):
        left, right = tuple(terms[k - _RUN : k]), tuple(terms[k : k + _RUN])
        before = [n for n, known in enumerate(runs) if left in known]
        after = [n for n, known in enumerate(runs) if right in known]
        if not before or not after or not set(before).isdisjoint(after):
            continue
        cut = numbers[k - 1] != numbers[k] or claim.words[k - 1].norm in _OPENERS
        begins = any(_begins(evidence[n], at, said, cut=cut) for n in after for at in runs[n][right])
        ends = cut or any(_ends(evidence[n], at + _RUN, said) for n in before for at in runs[n][left])
        if not (begins and ends):
            return claim.words[k - 1].text, claim.words[k].text
    return None


@lru_cache(maxsize=1024)
def _runs(reading: AnalysedText) -> dict[tuple[str, ...], list[int]]:
    """Where each run of a few words stands in a passage."""
    terms = [word.term for word in reading.words]
    found: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(terms) - _RUN + 1):
        places = found.setdefault(tuple(terms[at : at + _RUN]), [])
        if len(places) < _PLACES:
            places.append(at)
    return found


def _begins(reading: AnalysedText, at: int, said: frozenset[str], *, cut: bool) -> bool:
    """Whether a clause of a passage begins at a word, but for words that the statement has elsewhere."""
    numbers = clause_numbers(reading)
    if at and cut and reading.words[at - 1].function:
        return True
    keys = frozenset(reading.keys)
    for i in range(at - 1, -1, -1):
        if numbers[i] != numbers[at] or reading.words[i].norm in _OPENERS:
            break
        if not reading.words[i].function and not (i in keys and reading.words[i].term in said):
            return False
        if reading.words[i].function and not cut and i == at - 1:
            return False
    return True


def _ends(reading: AnalysedText, end: int, said: frozenset[str]) -> bool:
    """Whether a clause of a passage ends before a word, but for words that the statement has elsewhere."""
    numbers = clause_numbers(reading)
    for i in range(end, len(numbers)):
        if numbers[i] != numbers[end - 1]:
            break
        if not reading.words[i].function and reading.words[i].term not in said:
            return False
    return True
