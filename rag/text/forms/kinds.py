"""Nouns in other words: their synonyms, what they are kinds of, and what else is of the kind, after WordNet.

WordNet (Miller 1995) gives synonyms of all senses of a word. That is too many for a verdict, and right where a word
that has any wording in a text must not be called absent from it. Nouns are given and told in the singular, in small
letters (``singular``): stems would take "public" for "publication".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from rag.text.lexicon import IRREGULAR
from rag.text.words import terms

_KINDS_BELOW = 3  # steps down to what may be told in place of a noun: an oak for a plant
_KINDS_ABOVE = 3
_OF_ONE_KIND = 2  # steps up to what two nouns have in common that are of one kind


@dataclass(frozen=True, slots=True)
class _Table:
    """The synsets by number: those above and below each, its nouns, and stems of what is made of them."""

    above: tuple[tuple[int, ...], ...]
    below: tuple[tuple[int, ...], ...]
    nouns: tuple[frozenset[str], ...]
    derived: tuple[frozenset[str], ...]
    of_noun: dict[str, tuple[int, ...]]

    def words(self, synsets: set[int]) -> frozenset[str]:
        """All nouns of some synsets."""
        return frozenset().union(*(self.nouns[one] for one in synsets))


def nouns_file() -> Path:
    """The table of nouns: a line has the numbers of the lines above its synset, its nouns, and verbs made of them."""
    return Path(str(files("rag").joinpath("data/wordnet/nouns.tsv")))


@lru_cache(maxsize=65536)
def singular(word: str) -> str:
    """A word in small letters as the table has it, where it has it as a noun; the word itself where it has not.

    >>> singular("women"), singular("churches"), singular("berries")
    ('woman', 'church', 'berry')
    """
    known = _table().of_noun
    forms = (IRREGULAR.get(word, word), word, word.removesuffix("s"), word.removesuffix("es"))
    return next((form for form in (*forms, word.removesuffix("ies") + "y") if form in known), word)


@lru_cache(maxsize=4096)
def other_words(noun: str) -> frozenset[str]:
    """The nouns that may stand in place of one: synonyms, kinds of it, and what it is a kind of."""
    table = _table()
    own = set(table.of_noun.get(noun, ()))
    found = own | _above(own, 1)
    level = own
    for _ in range(_KINDS_BELOW):
        level = _below(level)
        found |= level
    return table.words(found)


@lru_cache(maxsize=4096)
def made_of(noun: str) -> frozenset[str]:
    """The stems of the verbs and adjectives that are made of a noun, or it of them: "row" of rower."""
    table = _table()
    return frozenset().union(*(table.derived[one] for one in table.of_noun.get(noun, ())))


@lru_cache(maxsize=4096)
def of_its_kind(noun: str, steps: int = _OF_ONE_KIND) -> frozenset[str]:
    """The nouns that are of one kind with this one, and are not it: a bus beside a tram; nearer ones in fewer steps."""
    table = _table()
    level = found = _above(set(table.of_noun.get(noun, ())), steps)
    for _ in range(steps):
        level = _below(level)
        found = found | level
    return table.words(found) - other_words(noun)


@lru_cache(maxsize=4096)
def kinds_of(noun: str) -> frozenset[str]:
    """What a noun is a kind of, some steps up: a fare is a charge."""
    own = set(_table().of_noun.get(noun, ()))
    return _table().words(_above(own, _KINDS_ABOVE) - own)


def is_noun(word: str) -> bool:
    """Whether the table has a word in small letters, in any number."""
    return singular(word) in _table().of_noun


def _above(synsets: set[int], steps: int) -> set[int]:
    """Some synsets with all those up to so many steps above them."""
    found = level = synsets
    for _ in range(steps):
        level = {up for one in level for up in _table().above[one]}
        found = found | level
    return found


def _below(synsets: set[int]) -> set[int]:
    return {down for one in synsets for down in _table().below[one]}


def _rows() -> Iterator[tuple[tuple[int, ...], Sequence[str], str]]:
    for line in nouns_file().read_text(encoding="utf-8").splitlines():
        above, nouns, derived = (*line.split("\t"), "", "")[:3]
        yield tuple(map(int, above.split())), nouns.split(), derived


@lru_cache(maxsize=1)
def _table() -> _Table:
    rows = tuple(_rows())
    below: list[list[int]] = [[] for _ in rows]
    of_noun: dict[str, list[int]] = {}
    for number, (above, nouns, _) in enumerate(rows):
        for up in above:
            below[up].append(number)
        for noun in nouns:
            of_noun.setdefault(noun, []).append(number)
    return _Table(
        above=tuple(above for above, _, _ in rows),
        below=tuple(map(tuple, below)),
        nouns=tuple(frozenset(nouns) for _, nouns, _ in rows),
        derived=tuple(frozenset(terms(derived)) for _, _, derived in rows),
        of_noun={noun: tuple(numbers) for noun, numbers in of_noun.items()},
    )
