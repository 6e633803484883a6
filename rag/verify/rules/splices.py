"""Whether each clause of a claim is said by one of the passages that it cites.

Two passages may carry a claim together, each a clause of it; where words of both make one clause, nobody said
it. Clauses are cut at punctuation, conjunctions and relatives, so that ``X paid, and Y sued`` and ``X, Y and Z paid``
are said by as many passages as there are pieces.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.text.quantities import Quantity
from rag.verify.analysed_text import CLAUSE_OPENERS, AnalysedText
from rag.verify.comparison import Comparison
from rag.verify.coreference import POINTING
from rag.verify.quantity_match import missing
from rag.verify.rules.quantities import side_by_side

_CLAUSE_KEYS = 4  # key words in a segment from which one passage must carry it


_CLAUSE_SHARE = 0.7  # of them that one passage must have


def clause_mixed(comparison: Comparison) -> str:
    """A clause is put together from two passages of which neither says it. Names may come from either."""
    claim = comparison.claim
    if len(comparison.evidence) < 2:
        return ""
    plain = [i for i in claim.keys if i not in claim.possible_names and comparison.matches.get(i)]
    for segment in range(max(claim.segments, default=-1) + 1):
        keys = [i for i in plain if claim.segments[i] == segment]
        counts = [
            sum(any(place.text == n for place in comparison.matches[i]) for i in keys)
            for n in range(len(comparison.evidence))
        ]
        if len(keys) >= _CLAUSE_KEYS and max(counts) < _CLAUSE_SHARE * len(keys):
            return "no one of the passages says it: its words are put together from several"
        for quantity in claim.quantities:
            if any(claim.segments[i] == segment for i in claim.words_of(quantity)[:1]) and (
                reason := _number_elsewhere(comparison, quantity, counts, len(keys))
            ):
                return reason
    return ""


def _number_elsewhere(comparison: Comparison, quantity: Quantity, counts: Sequence[int], keys: int) -> str:
    """Why no passage with a quantity says it: each has fewer than half of the ``keys`` of the quantity's segment.

    ``counts`` are how many of the keys each passage has.
    """
    with_it = [
        n for n, passage in enumerate(comparison.evidence) if not missing(quantity, passage.quantities)
    ]
    if with_it and max(counts[n] for n in with_it) * 2 < keys:
        return f"the passage with ‘{quantity.text.strip()}’ says it of something else"
    return ""


_LEAST_ITEMS = 5  # items in a clause from which one word that a passage lacks may be the writer's own


# Words between a noun and what tells it from others.
_LINKS = frozenset(("in", "of", "from", "at", "the", "a", "an"))


@dataclass(frozen=True, slots=True)
class _Item:
    """A key word or number of a clause: its words from ``start`` to ``end``, and its places as (passage, word).

    ``group`` numbers the list it is in: above zero a list of names, below zero one of numbers, 0 for none.
    """

    start: int
    end: int
    text: str
    name: bool
    number: bool
    group: int
    places: tuple[tuple[int, int], ...]

    def in_passage(self, passage: int) -> bool:
        """Whether a passage has it."""
        return any(n == passage for n, _ in self.places)


def passages_joined(comparison: Comparison) -> str:
    """A clause is joined from words that no passage has together. Words that stand nowhere are not judged here."""
    claim, evidence = comparison.claim, comparison.evidence
    if len(evidence) < 2:
        return ""
    if words := seam(claim, evidence):
        return _joined(*words)
    items = sorted([*_word_items(comparison), *_number_items(claim, evidence)], key=lambda item: item.start)
    clauses: dict[int, list[_Item]] = {}
    for item in items:
        clauses.setdefault(claim.clause_numbers[item.start], []).append(item)
    # In a list that spans clauses, as of "Apple and Google raised $5 and $6", any one stands for the others.
    groups = [{item.group for item in items if item.in_passage(n)} - {0} for n in range(len(evidence))]
    for clause in clauses.values():
        faults = [_lacking(comparison, clause, groups[n], n) for n in range(len(evidence))]
        if all(faults):
            lacking = min(faults, key=len)
            present = next((item for item in clause if item not in lacking), clause[0])
            return _joined(present.text, lacking[0].text)
    return ""


def _joined(first: str, second: str) -> str:
    return f"it joins ‘{first}’ and ‘{second}’ of two passages that neither has together"


def _word_items(comparison: Comparison) -> list[_Item]:
    claim = comparison.claim
    groups = {
        i: 1 + number
        for number, names in enumerate(claim.name_lists)
        if _is_several(claim, names)
        for i in names
    }
    return [
        _Item(
            start=i,
            end=i + 1,
            text=claim.words[i].text,
            name=i in claim.possible_names,
            number=False,
            group=groups.get(i, 0),
            places=tuple((place.text, place.word) for place in comparison.matches[i]),
        )
        for i in claim.keys
        if comparison.matches.get(i)
    ]


def _number_items(claim: AnalysedText, evidence: Sequence[AnalysedText]) -> list[_Item]:
    items: list[_Item] = []
    group = 0
    for k, quantity in enumerate(claim.quantities):
        if not k or not side_by_side(claim, claim.quantities[k - 1], quantity):
            group -= 1
        places = tuple(
            (n, i)
            for n, passage in enumerate(evidence)
            for other in passage.quantities
            if not missing(quantity, [other])
            for i in passage.words_of(other)
        )
        indices = claim.words_of(quantity)
        if places and indices:
            text = quantity.text.strip()
            items.append(_Item(indices[0], indices[-1] + 1, text, False, True, group, places))
    return items


def _is_several(claim: AnalysedText, names: Sequence[int]) -> bool:
    """Whether a list holds several names, with a comma or a joint between, and not one name of several words."""
    return any(claim.gap(a, b).strip(" -'’s") for a, b in itertools.pairwise(names))


def _lacking(comparison: Comparison, clause: Sequence[_Item], groups: set[int], passage: int) -> list[_Item]:
    """The items of a clause that a passage lacks and that may not come from another; empty where it says the clause.

    ``groups`` are the lists of which the passage has an item.
    """
    claim, evidence = comparison.claim, comparison.evidence
    present = [item for item in clause if item.in_passage(passage)]
    if not present:
        return list(clause)
    lacking = [
        item
        for k, item in enumerate(clause)
        if not item.in_passage(passage)
        and item.group not in groups
        and not any(
            _tells_apart(claim, item, other, evidence)
            for other in clause[max(0, k - 2) : k + 3]
            if other.in_passage(passage)
        )
    ]
    if _names_before(lacking, present[0]) and POINTING.search(evidence[passage].text):
        return []
    if len(lacking) == 1 and len(clause) >= _LEAST_ITEMS and not (lacking[0].name or lacking[0].number):
        return []
    return lacking


def _names_before(items: Sequence[_Item], first: _Item) -> bool:
    """Whether all items are names before the first one that the passage has: it may have a pronoun for them."""
    return all(item.name and item.start < first.start for item in items)


def _tells_apart(claim: AnalysedText, item: _Item, other: _Item, evidence: Sequence[AnalysedText]) -> bool:
    """Whether an item only says which thing the word ``other`` is of that both passages have: ``the Porto bridge``.

    It stands right before that word, or after it with ``in`` or ``of``, and in one segment with it in its own passage.
    """
    between = [word.norm for word in claim.words[other.end : item.start]]
    if not 0 <= other.start - item.end <= 1 and not (between and _LINKS.issuperset(between)):
        return False
    segments = {(n, evidence[n].segments[i]) for n, i in other.places}
    return any((n, evidence[n].segments[i]) in segments for n, i in item.places)


_RUN = 3  # words in a row that a passage is recognised by


_RUN_PLACES = 8  # places of one run in a passage that are looked at


def seam(claim: AnalysedText, evidence: Sequence[AnalysedText]) -> tuple[str, str] | None:
    """The two words between which a claim changes passages in mid-clause; ``None`` where it does so nowhere.

    It may change where the clause of the one passage has ended and a clause of the other begins. What is passed over
    to get there must stand in the claim too (``X, born in Y, won``), or after a cut be a function word.
    """
    terms = [word.term for word in claim.words]
    claim_terms = frozenset(terms)
    runs = [_runs(passage) for passage in evidence]
    for k in range(_RUN, len(terms) - _RUN + 1):
        left, right = tuple(terms[k - _RUN : k]), tuple(terms[k : k + _RUN])
        before = [n for n, passage_runs in enumerate(runs) if left in passage_runs]
        after = [n for n, passage_runs in enumerate(runs) if right in passage_runs]
        if not before or not after or not set(before).isdisjoint(after):
            continue
        cut = _is_cut(claim, k)
        begins = any(
            _clause_begins(evidence[n], start, claim_terms, cut=cut)
            for n in after
            for start in runs[n][right]
        )
        ends = cut or any(
            _clause_ends(evidence[n], start + _RUN, claim_terms) for n in before for start in runs[n][left]
        )
        if not (begins and ends):
            return claim.words[k - 1].text, claim.words[k].text
    return None


def _is_cut(claim: AnalysedText, k: int) -> bool:
    """Whether a clause of the claim begins at word ``k``, or the word before it opens one."""
    return claim.clause_numbers[k - 1] != claim.clause_numbers[k] or claim.words[k - 1].norm in CLAUSE_OPENERS


@lru_cache(maxsize=1024)
def _runs(passage: AnalysedText) -> dict[tuple[str, ...], list[int]]:
    """Where each run of ``_RUN`` words starts in a passage."""
    terms = [word.term for word in passage.words]
    runs: dict[tuple[str, ...], list[int]] = {}
    for start in range(len(terms) - _RUN + 1):
        places = runs.setdefault(tuple(terms[start : start + _RUN]), [])
        if len(places) < _RUN_PLACES:
            places.append(start)
    return runs


def _clause_begins(passage: AnalysedText, start: int, claim_terms: frozenset[str], *, cut: bool) -> bool:
    """Whether a clause of a passage begins at a word, but for words that the claim has elsewhere."""
    words, numbers, keys = passage.words, passage.clause_numbers, frozenset(passage.keys)
    if start and cut and words[start - 1].function:
        return True
    for i in range(start - 1, -1, -1):
        if numbers[i] != numbers[start] or words[i].norm in CLAUSE_OPENERS:
            break
        if words[i].function:
            if not cut and i == start - 1:
                return False
        elif not (i in keys and words[i].term in claim_terms):
            return False
    return True


def _clause_ends(passage: AnalysedText, end: int, claim_terms: frozenset[str]) -> bool:
    """Whether a clause of a passage ends before a word, but for words that the claim has elsewhere."""
    numbers = passage.clause_numbers
    for i in range(end, len(numbers)):
        if numbers[i] != numbers[end - 1]:
            break
        if not passage.words[i].function and passage.words[i].term not in claim_terms:
            return False
    return True
