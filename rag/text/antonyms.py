"""rag.text.sentences.antonyms."""

from collections.abc import Iterable
from functools import lru_cache

from rag.text.lexicon import POLES, TURNING
from rag.text.words import terms


@lru_cache(maxsize=1)
def _sides() -> dict[str, tuple[tuple[int, int], ...]]:
    """For each stem the poles it stands at, as (pair, side)."""
    found: dict[str, list[tuple[int, int]]] = {}
    for pair, poles in enumerate(POLES):
        for side, pole in enumerate(poles):
            for term in set(terms(pole)):
                found.setdefault(term, []).append((pair, side))
    return {term: tuple(places) for term, places in found.items()}


def poles(term: str) -> tuple[tuple[int, int], ...]:
    """The poles that a stem stands at, as (pair, side) with side 0 or 1; none for most words."""
    sides = _sides()
    for plain in (term, term.removesuffix("est"), term.removesuffix("er"), term.removesuffix("iest") + "y"):
        if plain in sides:
            return sides[plain]
    return ()


def turns(term: str) -> bool:
    """Whether a stem says which way a thing went: up or down, before or after, won or lost."""
    return any(pair < TURNING for pair, _ in poles(term))


def opposite(term: str, evidence: Iterable[str]) -> str:
    """The stem in ``evidence`` that says the contrary of ``term``; empty where there is none, or ``term``'s
    side is there too.
    """
    others = [(other, places) for other in evidence if (places := poles(other))]
    for pair, side in poles(term):
        if any((pair, side) in places for _, places in others):
            return ""
    for pair, side in poles(term):
        for other, places in others:
            if (pair, 1 - side) in places and other != term:
                return other
    return ""
