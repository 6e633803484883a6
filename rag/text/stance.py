"""What a sentence says of its matter: whether it denies it, and in which modality; and the matter by itself.

Two sentences on one matter in different stances do not repeat each other, and may contradict each other.
"""

from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.text.antonyms import opposite
from rag.text.lexicon import NEGATORS
from rag.text.negation import clauses
from rag.text.words import words

_MODALS = {
    word: modal
    for modal, said in {
        "must": "must need needs needed required require requires obliged mandatory compulsory obligatory shall",
        "may": "may can could able allowed permitted entitled optional voluntary free",
        "should": "should ought advised recommended",
        "might": "might perhaps possibly",
        "will": "will would",
    }.items()
    for word in said.split()
}
_FORBIDDEN = frozenset("banned forbidden prohibited disallowed".split())  # not allowed, in one word
_LEANS = regex.compile(r"\W*(?:it|he|she|they|this|that|these|those)\b", regex.IGNORECASE)
_SHARED = 2  # words of one matter; fewer may be said of anything
_BESIDE = frozenset(
    "longer anymore still ever now also already".split()
)  # words of a stance that are no matter


@dataclass(frozen=True, slots=True)
class Stance:
    """``matter`` are the terms of the words that are neither of the grammar nor of the stance."""

    denied: bool
    modals: frozenset[str]
    matter: frozenset[str]


@lru_cache(maxsize=4096)
def stance(sentence: str) -> Stance:
    """The stance of one sentence."""
    row = words(sentence)
    forbidden = {word for word in row if word.norm in _FORBIDDEN}
    modal = {word for word in row if word.norm in _MODALS and word.text != "May"} | forbidden
    return Stance(
        denied=any(clause.denied for clause in clauses(sentence)) != bool(forbidden),
        modals=frozenset(_MODALS.get(word.norm, "may") for word in modal),
        matter=frozenset(
            word.term
            for word in row
            if word.text == "May"
            or not (word.function or word in modal or word.norm in NEGATORS or word.norm in _BESIDE)
        ),
    )


def says_otherwise(one: str, other: str) -> bool:
    """Whether two sentences that share most words differ in a denial, a modality or a word and its opposite.

    >>> says_otherwise("Residents must register.", "Residents need not register.")
    True
    """
    a, b = stance(one), stance(other)
    if a.denied != b.denied or a.modals != b.modals:
        return True
    return any(opposite(term, b.matter - a.matter) for term in a.matter - b.matter)


def contradicts(one: str, other: str) -> bool:
    """Whether two sentences say the same of the same, but for a denial, a modality or a word and its opposite."""
    a, b = stance(one), stance(other)
    left, right = a.matter - b.matter, b.matter - a.matter
    shared = a.matter & b.matter
    whole = bool(shared) and shared == a.matter == b.matter and not any(map(_LEANS.match, (one, other)))
    if len(shared) < _SHARED and not whole:
        return False
    if not left and not right:
        return a.denied != b.denied or (a.modals != b.modals and bool(a.modals) and bool(b.modals))
    opposed = len(left) == len(right) == 1 and bool(opposite(next(iter(left)), right))
    return opposed and a.denied == b.denied and a.modals == b.modals
