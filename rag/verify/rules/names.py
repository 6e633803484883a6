"""Which words a name goes with, and who did it to whom."""

from collections.abc import Sequence
from functools import lru_cache

import regex

from rag.verify.analysed_text import CROSSING, AnalysedText, segments
from rag.verify.comparison import Comparison
from rag.verify.lookup import Lookup


def _names(case: Comparison) -> str:
    mine = case.mine
    for i in sorted(mine.names | mine.heads | mine.digits):
        if i not in case.found:
            return f"‘{mine.words[i].text}’ is not in the cited words"
    return ""


_MARGIN = 2.0  # how much closer another name must stand before the claim is called mixed up


_LISTED = regex.compile(r"(?:\s|,|['’]s|-|&|/|\b(?:and|or|nor)\b)*")


def name_moved(claim: AnalysedText, evidence: Sequence[AnalysedText], lookup: Lookup) -> str:
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


def _around(claim: AnalysedText, i: int) -> tuple[tuple[str, int], ...]:
    parts = segments(claim)
    called = claim.names | claim.heads
    return tuple(
        (claim.words[j].term, abs(i - j)) for j in claim.keys if parts[j] == parts[i] and j not in called
    )


@lru_cache(maxsize=4096)
def lists(reading: AnalysedText) -> tuple[tuple[int, ...], ...]:
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
    reading: AnalysedText,
    run: tuple[int, ...],
    lookup: Lookup,
    *,
    apart: bool = True,
) -> float:
    """How close the words of ``context`` stand to some names; without ``apart`` only those in one piece with
    them.
    """
    parts = segments(reading)
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
