"""Which words a name goes with, and who did it to whom."""

from collections.abc import Sequence
from functools import lru_cache

import regex

from rag.lexicon import IRREGULAR, STRICT
from rag.match import CROSSING, Lookup, Reading, pieces

_MARGIN = 2.0  # how much closer another name must stand before the claim is called mixed up
_LISTED = regex.compile(r"(?:\s|,|['’]s|-|&|/|\b(?:and|or|nor)\b)*")
_MUTUAL = frozenset(["with", "between", "among", "alongside", "versus", "vs", "and"])
_REACH = 12  # words on either side of a verb in which its names stand


def misnamed(claim: Reading, evidence: Sequence[Reading], lookup: Lookup) -> str:
    """Why a name of the claim goes with other words in the evidence; empty where none does.

    A name that the claim leaves out and that stands much closer to the claim's words in the evidence is the
    one that belongs there. Names in one list (``Google and Amazon``) belong together.
    """
    mine = {claim.words[i].term for i in claim.names | claim.heads}
    for i in sorted(claim.names | claim.heads):
        context = _around(claim, i)
        for number, reading in enumerate(evidence if context else ()):
            same_name = {j for j, word in enumerate(reading.words) if word.term == claim.words[i].term}
            if i in claim.heads and same_name.isdisjoint(reading.names):
                continue  # "Demand" may be no name at all
            own = [run for run in lists(reading) if not same_name.isdisjoint(run)]
            others = [
                run
                for run in lists(reading)
                if run not in own
                and all(reading.words[j].term not in mine for j in run)
                and not all(reading.words[j].text.isupper() for j in run)  # "GPU" names no one
            ]
            if not own or not others:
                continue
            best = max(others, key=lambda run: _closeness(context, number, reading, run, lookup, apart=False))
            theirs = _closeness(context, number, reading, best, lookup, apart=False)
            if theirs > _MARGIN * max(_closeness(context, number, reading, run, lookup) for run in own):
                name = reading.words[best[0]].text
                return f"in the cited words ‘{name}’ goes with these words, not ‘{claim.words[i].text}’"
    return ""


def _around(claim: Reading, i: int) -> tuple[tuple[str, int], ...]:
    parts = pieces(claim)
    called = claim.names | claim.heads
    return tuple(
        (claim.words[j].term, abs(i - j)) for j in claim.keys if parts[j] == parts[i] and j not in called
    )


@lru_cache(maxsize=4096)
def lists(reading: Reading) -> tuple[tuple[int, ...], ...]:
    """The names of a text, those of one list together."""
    runs: list[list[int]] = []
    for i in sorted(reading.names | reading.heads):
        joined = runs and _LISTED.fullmatch(
            reading.text[reading.words[runs[-1][-1]].span.end : reading.words[i].span.start]
        )
        if joined:
            runs[-1].append(i)
        else:
            runs.append([i])
    return tuple(tuple(run) for run in runs)


def _closeness(
    context: Sequence[tuple[str, int]],
    number: int,
    reading: Reading,
    run: tuple[int, ...],
    lookup: Lookup,
    *,
    apart: bool = True,
) -> float:
    """How close the words of ``context`` stand to some names; without ``apart`` only those in one piece with
    them.
    """
    parts = pieces(reading)
    total = 0.0
    for term, distance in context:
        gaps = [
            abs(place.word - j) + CROSSING * abs(parts[place.word] - parts[j])
            for place in lookup.alike(term)
            if place.text == number and place.word not in run
            for j in run
            if apart or parts[place.word] == parts[j]
        ]
        if gaps:
            total += 1 / (distance * min(gaps))
    return total


def reversed_roles(claim: Reading, evidence: Sequence[Reading], lookup: Lookup) -> str:
    """Why the names around a shared word stand the other way round in the evidence; empty where they do not.

    ``A sued B`` against ``B sued A`` or ``A was sued by B``. ``A competes with B`` has no direction.
    """
    for i in claim.keys:
        if i in claim.names or not _verb(claim, i) or _mutual(claim, i):
            continue
        left, right = _sides(claim, i)
        if not left or not right:
            continue
        turned = straight = ""
        for place in lookup.kin(claim.words[i].term):
            reading = evidence[place.text]
            if _mutual(reading, place.word):
                straight = "mutual"
                continue
            before, after = _sides(reading, place.word)
            pairs = [(a, b) for a in left for b in right if a != b]
            if any(a in before and b in after for a, b in pairs):
                straight = "same"
            elif any(b in before and a in after for a, b in pairs):
                turned = reading.words[place.word].text
        if turned and not straight:
            return f"in the cited words the names around ‘{turned}’ stand the other way round"
    return ""


def _verb(reading: Reading, i: int) -> bool:
    """Whether a word looks like a verb in the past or the third person."""
    norm = reading.words[i].norm
    if norm in STRICT:
        return False
    if norm.endswith("ed") or norm in IRREGULAR:
        return True
    return norm.endswith("s") and regex.search(r"(?:er|or|ist|ian|ion|ment|s)s$", norm) is None


def _mutual(reading: Reading, i: int) -> bool:
    return any(word.norm in _MUTUAL for word in reading.words[i + 1 : i + 3])


def _sides(reading: Reading, i: int) -> tuple[frozenset[str], frozenset[str]]:
    """The names before and after word ``i`` in its piece, as who does and who is done to."""
    parts = pieces(reading)
    near = [
        j for j in range(max(0, i - _REACH), min(len(parts), i + _REACH + 1)) if abs(parts[j] - parts[i]) <= 1
    ]
    called = reading.names | reading.heads
    before = frozenset(reading.words[j].term for j in near if j < i and j in called)
    after = frozenset(reading.words[j].term for j in near if j > i and j in called)
    passive = any(word.norm == "by" for word in reading.words[i + 1 : i + 4])
    return (after, before) if passive else (before, after)
