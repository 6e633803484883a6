"""Clauses of a text: which of them are negated, and which are hedged.

The analysis is shallow on purpose. A text is cut into clauses at punctuation and at some conjunctions. A clause is
negated when it holds an odd number of negators. Taking the clause as the scope of negation follows Chapman et al.
2001, "A simple algorithm for identifying negated findings", with punctuation and conjunctions as terminators.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import regex

from rag.text.lexicon import HEDGES, NEGATORS
from rag.text.words import Word, words

# These patterns are searched in the text between two neighbouring words.
_BREAK = regex.compile(r"[,;:(){}\[\]—―\n|…]|\s[-–−]\s|[.!?。！？](?=\s|$|[\"”’)])|[。！？、，；：]")
_DASH = regex.compile(r"[—―]|\s[–−-]\s")
_COMMA = regex.compile(r"\s*,\s*$")
_SENTENCE_END = regex.compile(r"[.!?。！？\n;]")


# Words that begin a clause.
_OPENERS = frozenset(["but", "yet", "while", "although", "though", "because", "which", "who", "whom", "whose", "that", "whereas", "unless", "if", "without", "unlike", "except"])  # fmt: skip # noqa: E501


# "and" begins a clause before one of these: "and it lost". Otherwise it joins words: "Google and Amazon".
_AFTER_AND = frozenset(["he", "she", "it", "they", "we", "i", "there", "this", "these", "is", "are", "was", "were", "has", "have", "had", "will", "would", "can", "cannot", "may", "could", "does", "did", "do", "must", "should"])  # fmt: skip # noqa: E501


# Words that open an aside between two commas: "No company, not even Google, can meet it".
_ASIDE_OPENERS = frozenset(["not", "even", "including", "like", "such", "especially", "unlike"])
_DENYING = frozenset(["deny", "denies", "denied", "denying"])

_REFUSING = frozenset(
    ["fail", "fails", "failed", "failing", "failure", "decline", "declines", "declined", "declining"]
)


# Negators that negate nothing before one of these words: "not only", "no doubt".
_NO_DENIAL = {
    "not": frozenset(["only", "just", "merely", "simply", "least"]),
    "no": frozenset(["doubt", "wonder", "more", "fewer", "less", "later", "sooner", "matter"]),
    "cannot": frozenset(),
}

_COMPOUND_OPENERS = frozenset([("rather", "than"), ("instead", "of")])  # they begin a clause and negate it
_INSERTION_WORDS = 2  # at most, between two commas: "Musk, meanwhile, founded"
_ASIDE_WORDS = 8  # at most, in an aside that an opener begins
_PARENTHESIS_WORDS = 40  # at most, between two dashes


@dataclass(frozen=True, slots=True)
class Clause:
    """A group of words under one negation: ``words`` are indices into ``words(text)``, in order.

    ``hedges`` are the words that leave open whether the clause is so, as they stand in the text.
    """

    words: tuple[int, ...]
    denied: bool
    hedges: tuple[str, ...]


@lru_cache(maxsize=4096)
def clauses(text: str) -> tuple[Clause, ...]:
    """Cut ``text`` into clauses; every word of ``words(text)`` is in exactly one.

    Words in brackets, between two dashes, or one or two words between commas do not end the clause around them.
    """
    return _ClauseSplitter(text).split()


class _ClauseSplitter:
    """Assigns the words of a text to clauses, from left to right.

    The clauses are kept as lists of word indices. A parenthesis or an aside interrupts a clause, which is put on the
    stack of interrupted clauses and taken up again after it.
    """

    def __init__(self, text: str) -> None:
        self._words = words(text)
        self._gaps = [text[a.span.end : b.span.start] for a, b in pairwise(self._words)]
        self._members: list[list[int]] = []  # the words of each clause
        self._negated: list[bool] = []  # whether each clause is negated by the words before it
        self._current = 0  # the number of the clause that words are added to
        self._interrupted: list[int] = []  # stack of the numbers of interrupted clauses
        self._aside_ends: list[int] = []  # stack of the first words after the asides that are open

    def split(self) -> tuple[Clause, ...]:
        """All clauses, in the order of their first words."""
        for i in range(len(self._words)):
            self._choose_clause(i)
            self._members[self._current].append(i)
        return tuple(
            _clause(self._words, members, negated=negated)
            for members, negated in zip(self._members, self._negated, strict=True)
        )

    def break_(self, *, negated: bool = False) -> None:
        """End the current clause and begin another; ``negated`` where the words before it negate it."""
        self._members.append([])
        self._negated.append(negated)
        self._current = len(self._members) - 1

    def enter(self) -> None:
        """Interrupt the current clause by a parenthesis or an aside."""
        self._interrupted.append(self._current)
        self.break_()

    def resume(self) -> None:
        """Go on with the clause that was interrupted last."""
        self._current = self._interrupted.pop()

    def _choose_clause(self, i: int) -> None:
        """Make the clause of word ``i`` the current one. The first rule that applies decides."""
        gap = self._gaps[i - 1] if i else ""
        if i == 0:
            self.break_()
        elif _SENTENCE_END.search(gap):
            self._interrupted.clear()
            self._aside_ends.clear()
            self.break_()
        elif self._interrupted and _closes_parenthesis(gap):
            self._resume_after_parenthesis()
        elif self._interrupted and self._aside_ends[-1:] == [i]:
            self._aside_ends.pop()
            self.resume()
        elif aside_end := self._aside_end(i):
            self._aside_ends.append(aside_end)
            self.enter()
        elif "(" in gap or (_DASH.search(gap) and self._is_dash_ahead(i)):
            self.enter()
        elif (_BREAK.search(gap) and not self._bounds_insertion(i)) or _opens_clause(self._words, i):
            self.break_(negated=self._inherits_negation(i))

    def _resume_after_parenthesis(self) -> None:
        """Go on with the interrupted clause, or begin the main clause where that was ``rather than …``."""
        self.resume()
        members = self._members[self._current]
        if members and _opens_clause(self._words, members[0]):
            self.break_()

    def _aside_end(self, i: int) -> int:
        """The index of the first word after the aside that begins at word ``i``; 0 where none begins."""
        opens = self._words[i].norm in _ASIDE_OPENERS or _negates(self._words, i - 1)
        if not opens or not _COMMA.search(self._gaps[i - 1]):
            return 0
        for k, gap in enumerate(self._gaps[i : i + _ASIDE_WORDS], i):
            if _COMMA.search(gap):
                return k + 1
            if _BREAK.search(gap):
                return 0
        return 0

    def _is_dash_ahead(self, i: int) -> bool:
        """Whether another dash follows word ``i`` in the same sentence, so that the two make a parenthesis."""
        for gap in self._gaps[i : i + _PARENTHESIS_WORDS]:
            if _SENTENCE_END.search(gap):
                return False
            if _DASH.search(gap):
                return True
        return False

    def _bounds_insertion(self, i: int) -> bool:
        """Whether the comma before word ``i`` is one of the two around an insertion of one or two words."""
        if not _COMMA.search(self._gaps[i - 1]):
            return False
        ahead = self._gaps[i : i + _INSERTION_WORDS]
        behind = self._gaps[max(0, i - 1 - _INSERTION_WORDS) : i - 1]
        return any(_COMMA.search(gap) for gap in (*ahead, *behind))

    def _inherits_negation(self, i: int) -> bool:
        """Whether the clause that begins at word ``i`` is negated by what precedes it.

        It is after ``denied that``, and where ``, or`` or ``, nor`` goes on with a list in a negated clause.
        """
        norm = self._words[i].norm
        if norm == "that":
            return self._words[i - 1].norm in _DENYING
        listed = norm in ("or", "nor") and _COMMA.search(self._gaps[i - 1])
        return bool(listed and _negators(self._words, self._members[self._current]))


def _closes_parenthesis(gap: str) -> bool:
    return ")" in gap or _DASH.search(gap) is not None


def _next_norm(sequence: tuple[Word, ...], i: int) -> str:
    """The norm of the word after word ``i``; empty after the last."""
    return sequence[i + 1].norm if i + 1 < len(sequence) else ""


def _opens_clause(sequence: tuple[Word, ...], i: int) -> bool:
    """Whether word ``i`` is a conjunction or relative pronoun that begins a clause."""
    norm, following = sequence[i].norm, _next_norm(sequence, i)
    if norm == "and":
        return following in _AFTER_AND or following.endswith("n't")
    return norm in _OPENERS or (norm, following) in _COMPOUND_OPENERS


def _clause(sequence: tuple[Word, ...], members: list[int], *, negated: bool) -> Clause:
    count = len(_negators(sequence, members)) + negated
    hedges = tuple(
        sequence[i].text for i in members if sequence[i].norm in HEDGES and sequence[i].text != "May"
    )
    if any(_is_understatement(sequence, i) for i in members):
        hedges = ()
    return Clause(tuple(members), count % 2 == 1, hedges)


def _negators(sequence: tuple[Word, ...], members: Iterable[int]) -> list[int]:
    """Those of ``members`` that negate; ``nor`` after another negator does not count."""
    counted: list[int] = []
    for i in members:
        if _negates(sequence, i) and not (sequence[i].norm == "nor" and counted):
            counted.append(i)
    return counted


def _negates(sequence: tuple[Word, ...], i: int) -> bool:
    """Whether word ``i`` negates its clause, by itself and the word after it."""
    norm, following = sequence[i].norm, _next_norm(sequence, i)
    if norm.endswith("n't"):
        return following not in _NO_DENIAL["not"]
    if norm in _REFUSING:
        return following == "to"
    if norm in _DENYING:
        return following != "that"
    if (norm, following) in _COMPOUND_OPENERS:
        return True
    return norm in NEGATORS and not _is_understatement(sequence, i) and not _is_negator_idiom(sequence, i)


def _is_negator_idiom(sequence: tuple[Word, ...], i: int) -> bool:
    """Whether the negator ``i`` is part of a phrase that negates nothing: ``not only``, ``no doubt``."""
    norm, following = sequence[i].norm, _next_norm(sequence, i)
    if norm == "not" and [word.norm for word in sequence[i + 1 : i + 3]] == ["to", "mention"]:
        return True
    if norm == "no" and following[:1].isdigit():
        return True  # "No. 1"
    return following in _NO_DENIAL.get(norm, ())


def _is_understatement(sequence: tuple[Word, ...], i: int) -> bool:
    """Whether word ``i`` is ``hardly`` or ``scarcely`` before a comparative: ``could hardly be wider`` is very wide."""
    if sequence[i].norm not in ("hardly", "scarcely"):
        return False
    return any(
        word.norm == "more" or (word.norm.endswith("er") and len(word.norm) > 4)
        for word in sequence[i + 1 : i + 4]
    )


@lru_cache(maxsize=4096)
def denials(text: str) -> tuple[bool, ...]:
    """For each word of ``words(text)`` whether its clause is negated."""
    negated = [False] * len(words(text))
    for clause in clauses(text):
        for i in clause.words:
            negated[i] = clause.denied
    return tuple(negated)
