"""Nouns in other words: their synonyms, what they are kinds of, and what else is of the kind, after WordNet.

WordNet (Miller 1995) gives synonyms of all senses of a word. That is too many for a verdict, and right where a word
that has any wording in a text must not be called absent from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from rag.text.words import terms

_KINDS_BELOW = 3  # steps down to what may be told in place of a noun: an oak for a plant
_KINDS_ABOVE = 3
_OF_ONE_KIND = 2  # steps up to what two nouns have in common that are of one kind


@dataclass(frozen=True, slots=True)
class _Table:
    """The synsets by number: those above and below each, its stems, and the numbers in which a stem is."""

    above: tuple[tuple[int, ...], ...]
    below: tuple[tuple[int, ...], ...]
    stems: tuple[frozenset[str], ...]
    derived: tuple[frozenset[str], ...]
    of_stem: dict[str, tuple[int, ...]]


def nouns_file() -> Path:
    """The table of nouns: a line has the numbers of the lines above its synset, its nouns, and verbs made of them."""
    return Path(str(files("rag").joinpath("data/wordnet/nouns.tsv")))


@lru_cache(maxsize=4096)
def other_words(stem: str) -> frozenset[str]:
    """The stems that may stand in place of a noun's: synonyms, kinds of it, what it is a kind of, verbs made of it."""
    table = _table()
    own = table.of_stem.get(stem, ())
    found = {*own, *(up for one in own for up in table.above[one])}
    level = set(own)
    for _ in range(_KINDS_BELOW):
        level = {down for one in level for down in table.below[one]}
        found |= level
    return frozenset().union(*(table.stems[one] for one in found), *(table.derived[one] for one in own))


@lru_cache(maxsize=4096)
def of_its_kind(stem: str) -> frozenset[str]:
    """The stems of nouns that are of one kind with this one, and are not it: a bus beside a tram."""
    return _under_common(stem, _OF_ONE_KIND)


@lru_cache(maxsize=4096)
def siblings(stem: str) -> frozenset[str]:
    """Those of ``of_its_kind`` that are nearest to it: a lamp beside a light."""
    return _under_common(stem, 1)


def _under_common(stem: str, steps: int) -> frozenset[str]:
    table = _table()
    kinds = set(table.of_stem.get(stem, ()))
    for _ in range(steps):
        kinds |= {up for one in kinds for up in table.above[one]}
    level, found = kinds, set(kinds)
    for _ in range(steps):
        level = {down for one in level for down in table.below[one]}
        found |= level
    return frozenset().union(*(table.stems[one] for one in found)) - other_words(stem)


@lru_cache(maxsize=4096)
def kinds_of(stem: str) -> frozenset[str]:
    """The stems of what a noun is a kind of, some steps up: a fare is a charge."""
    table = _table()
    level = set(table.of_stem.get(stem, ()))
    found: set[int] = set()
    for _ in range(_KINDS_ABOVE):
        level = {up for one in level for up in table.above[one]}
        found |= level
    return frozenset().union(*(table.stems[one] for one in found))


def is_noun(stem: str) -> bool:
    """Whether the table has a noun of this stem."""
    return stem in _table().of_stem


def _rows() -> Iterator[tuple[tuple[int, ...], str, str]]:
    for line in nouns_file().read_text(encoding="utf-8").splitlines():
        above, nouns, derived = (*line.split("\t"), "", "")[:3]
        yield tuple(map(int, above.split())), nouns, derived


@lru_cache(maxsize=1)
def _table() -> _Table:
    rows = tuple(_rows())
    below: list[list[int]] = [[] for _ in rows]
    of_stem: dict[str, list[int]] = {}
    stems = tuple(frozenset(terms(nouns)) for _, nouns, _ in rows)
    for number, (above, _, _) in enumerate(rows):
        for up in above:
            below[up].append(number)
        for stem in stems[number]:
            of_stem.setdefault(stem, []).append(number)
    return _Table(
        above=tuple(above for above, _, _ in rows),
        below=tuple(map(tuple, below)),
        stems=stems,
        derived=tuple(frozenset(terms(derived)) for _, _, derived in rows),
        of_stem={stem: tuple(numbers) for stem, numbers in of_stem.items()},
    )
