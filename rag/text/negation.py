"""What a text denies, leaves open and turns round: clauses with their negations, hedges, and pairs of poles.

Shallow on purpose: clauses are cut at punctuation and a few conjunctions, and a clause is denied when it
holds an odd number of negators (the clause as scope of negation follows Chapman et al., "A simple algorithm
for identifying negated findings", 2001, with punctuation and conjunctions as terminators).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import regex

from rag.text.lexicon import HEDGES, NEGATORS, SOFTENERS
from rag.text.words import Word, words

_BREAK = regex.compile(r"[,;:(){}\[\]—―\n|…]|\s[-–−]\s|[.!?。！？](?=\s|$|[\"”’)])|[。！？、，；：]")


_DASH = regex.compile(r"[—―]|\s[–−-]\s")


_COMMA = regex.compile(r"\s*,\s*$")


_SENTENCE = regex.compile(r"[.!?。！？\n;]")


_OPENERS = frozenset(["but", "yet", "while", "although", "though", "because", "which", "who", "whom", "whose", "that", "whereas", "unless", "if", "without", "unlike", "except"])  # fmt: skip # noqa: E501


_AFTER_AND = frozenset(["he", "she", "it", "they", "we", "i", "there", "this", "these", "is", "are", "was", "were", "has", "have", "had", "will", "would", "can", "cannot", "may", "could", "does", "did", "do", "must", "should"])  # fmt: skip # noqa: E501


_ASIDES = frozenset(["not", "even", "including", "like", "such", "especially", "unlike"])


_DENYING = frozenset(["deny", "denies", "denied", "denying"])


_REFUSING = frozenset(
    ["fail", "fails", "failed", "failing", "failure", "decline", "declines", "declined", "declining"]
)


_NO_DENIAL = {
    "not": frozenset(["only", "just", "merely", "simply", "least"]),
    "no": frozenset(["doubt", "wonder", "more", "fewer", "less", "later", "sooner", "matter"]),
    "cannot": frozenset(),
}


_PARENTHESIS_WORDS = 2  # between two commas: "Musk, meanwhile, founded"


@dataclass(frozen=True, slots=True)
class Clause:
    """A run of words under one negation. ``hedges`` are the words that leave it open; ``words`` index the
    text's.
    """

    words: tuple[int, ...]
    denied: bool
    hedges: tuple[str, ...]


@lru_cache(maxsize=4096)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of ``text``; every word of ``words(text)`` is in just one. What stands in brackets, between
    two dashes, or as one or two words between commas does not end the clause around it.
    """
    found = words(text)
    groups: list[list[int]] = []
    outer: list[int] = []  # groups to resume after a closing bracket or dash
    asides: list[int] = []  # the words after the commas that close asides
    carry = False  # "denied that": the denial falls on what follows
    denials: list[bool] = []
    gaps = [text[a.span.end : b.span.start] for a, b in pairwise(found)]
    for i, word in enumerate(found):
        gap = gaps[i - 1] if i else ""
        if not groups:
            _open(groups, denials, denied=False)
            current = 0
        elif _SENTENCE.search(gap):
            outer.clear()
            asides.clear()
            current, carry = _open(groups, denials, denied=False), False
        elif _closes(gap) and outer:
            current = _resumed(found, groups, denials, outer.pop())
        elif asides and asides[-1] == i and outer:
            asides.pop()
            current = outer.pop()
        elif (
            (word.norm in _ASIDES or (i and _negates(found, i - 1)))
            and _COMMA.search(gap)
            and (end := _next_comma(gaps, i))
        ):
            asides.append(end)
            outer.append(current)
            current = _open(groups, denials, denied=False)
        elif "(" in gap or (_DASH.search(gap) and _dash_ahead(gaps, i)):
            outer.append(current)
            current = _open(groups, denials, denied=False)
        elif (_BREAK.search(gap) and not _aside(gaps, i)) or _opens(found, i):
            carry = word.norm == "that" and i > 0 and found[i - 1].norm in _DENYING
            listed = (
                _COMMA.search(gap) is not None
                and word.norm in ("or", "nor")
                and _negators(found, groups[current])
            )
            current = _open(groups, denials, denied=carry or bool(listed))
        groups[current].append(i)
    return tuple(_clause(found, group, denied=start) for group, start in zip(groups, denials, strict=True))


def _open(groups: list[list[int]], denials: list[bool], *, denied: bool) -> int:
    groups.append([])
    denials.append(denied)
    return len(groups) - 1


def _resumed(found: tuple[Word, ...], groups: list[list[int]], denials: list[bool], group: int) -> int:
    """The clause that goes on after a parenthesis: the one before it, or after ``rather than …`` the main
    clause.
    """
    if groups[group] and _opens(found, groups[group][0]):
        return _open(groups, denials, denied=False)
    return group


def _closes(gap: str) -> bool:
    return ")" in gap or _DASH.search(gap) is not None


def _dash_ahead(gaps: list[str], i: int) -> bool:
    """Whether another dash follows in the same sentence, so that the two make a parenthesis."""
    for gap in gaps[i : i + 40]:
        if _SENTENCE.search(gap):
            return False
        if _DASH.search(gap):
            return True
    return False


def _next_comma(gaps: list[str], i: int) -> int:
    """The index of the word after the next comma of the sentence, at most eight words on; 0 where there is
    none.
    """
    for at in range(i, min(i + 8, len(gaps))):
        if _COMMA.search(gaps[at]):
            return at + 1
        if _BREAK.search(gaps[at]):
            return 0
    return 0


def _aside(gaps: list[str], i: int) -> bool:
    """Whether the comma before word ``i`` opens or closes an aside of a word or two."""
    if not _COMMA.search(gaps[i - 1]):
        return False
    near = range(1, _PARENTHESIS_WORDS + 1)
    ahead = any(i - 1 + n < len(gaps) and _COMMA.search(gaps[i - 1 + n]) for n in near)
    behind = any(i - 1 - n >= 0 and _COMMA.search(gaps[i - 1 - n]) for n in near)
    return bool(ahead or behind)


def _opens(found: tuple[Word, ...], i: int) -> bool:
    norm = found[i].norm
    following = found[i + 1].norm if i + 1 < len(found) else ""
    if norm == "and":
        return following in _AFTER_AND or following.endswith("n't")
    if (norm, following) in (("rather", "than"), ("instead", "of")):
        return True
    return norm in _OPENERS


def _clause(found: tuple[Word, ...], group: list[int], *, denied: bool) -> Clause:
    count = len(_negators(found, group)) + denied
    hedges = tuple(found[i].text for i in group if found[i].norm in HEDGES and found[i].text != "May")
    if any(_idiom(found, i) for i in group):
        hedges = ()
    return Clause(tuple(group), count % 2 == 1, hedges)


def _negators(found: tuple[Word, ...], group: Iterable[int]) -> list[int]:
    counted: list[int] = []
    for i in group:
        if _negates(found, i) and not (found[i].norm == "nor" and counted):
            counted.append(i)
    return counted


def _negates(found: tuple[Word, ...], i: int) -> bool:
    norm = found[i].norm
    following = found[i + 1].norm if i + 1 < len(found) else ""
    if norm.endswith("n't"):
        return following not in _NO_DENIAL["not"]
    if norm in _REFUSING:
        return following == "to"
    if norm in _DENYING:
        return following != "that"
    if (norm, following) in (("rather", "than"), ("instead", "of")):
        return True
    if norm not in NEGATORS or _idiom(found, i):
        return False
    if norm == "not" and [word.norm for word in found[i + 1 : i + 3]] == ["to", "mention"]:
        return False
    if norm == "no" and following[:1].isdigit():
        return False  # "No. 1"
    return following not in _NO_DENIAL.get(norm, ())


def _idiom(found: tuple[Word, ...], i: int) -> bool:
    """``could hardly be wider`` says that it is very wide."""
    if found[i].norm not in ("hardly", "scarcely"):
        return False
    return any(
        word.norm == "more" or (word.norm.endswith("er") and len(word.norm) > 4)
        for word in found[i + 1 : i + 4]
    )


def negations(text: str, indices: Collection[int]) -> int:
    """How many negators stand in the clauses that hold some words of ``text``; ``neither … nor`` is one."""
    return sum(
        len(_negators(words(text), clause.words))
        for clause in clauses(text)
        if not set(clause.words).isdisjoint(indices)
    )


@lru_cache(maxsize=4096)
def denials(text: str) -> tuple[bool, ...]:
    """For each word of ``text`` whether its clause is denied."""
    out = [False] * len(words(text))
    for clause in clauses(text):
        for i in clause.words:
            out[i] = clause.denied
    return tuple(out)


def softened(text: str) -> bool:
    """Whether the text leaves anything open (``may``, ``likely``, ``is expected to``)."""
    return any(word.norm in SOFTENERS and word.text != "May" for word in words(text))
