"""Opposite words: pairs of poles such as rise and fall, and which pole a word belongs to.

A stem belongs to side 0 or side 1 of a pair of ``POLES`` in ``rag.text.lexicon``, or to several pairs.
"""

from collections.abc import Iterable
from functools import lru_cache

from rag.text.lexicon import POLES, TURNING
from rag.text.words import terms


@lru_cache(maxsize=1)
def _sides() -> dict[str, tuple[tuple[int, int], ...]]:
    """Map each stem to its poles, as (pair, side)."""
    sides: dict[str, list[tuple[int, int]]] = {}
    for pair, both in enumerate(POLES):
        for side, pole in enumerate(both):
            for term in set(terms(pole)):
                sides.setdefault(term, []).append((pair, side))
    return {term: tuple(pairs) for term, pairs in sides.items()}


def poles(term: str) -> tuple[tuple[int, int], ...]:
    """Look up the poles of a stem, as (pair, side) with side 0 or 1; none for most words.

    A comparative or superlative has the poles of its adjective, as the stemmer leaves ``quietest`` as it is.
    """
    sides = _sides()
    for form in (term, term.removesuffix("est"), term.removesuffix("er"), term.removesuffix("iest") + "y"):
        if form in sides:
            return sides[form]
    return ()


def has_direction(term: str) -> bool:
    """Whether a stem gives a direction: up or down, before or after, won or lost (the first ``TURNING`` pairs)."""
    return any(pair < TURNING for pair, _ in poles(term))


def opposite(term: str, evidence: Iterable[str]) -> str:
    """Find the stem in ``evidence`` that is the opposite of ``term``.

    Empty where there is none, and where ``evidence`` has a stem of the same side as ``term`` as well.
    """
    term_poles = poles(term)
    candidates = [(stem, stem_poles) for stem in evidence if (stem_poles := poles(stem))]
    if any(pole in stem_poles for pole in term_poles for _, stem_poles in candidates):
        return ""
    for pair, side in term_poles:
        for stem, stem_poles in candidates:
            if (pair, 1 - side) in stem_poles and stem != term:
                return stem
    return ""
