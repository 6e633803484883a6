"""Places where a statement goes from the very words of one passage to those of another."""

from collections.abc import Sequence
from functools import lru_cache

from rag.match import CUT_WORDS, Reading, pieces

_RUN = 3  # words in a row that a passage is known by
_PLACES = 8  # of one run in a passage that are looked at
_OPENERS = CUT_WORDS | frozenset(("because", "since", "so", "if", "where", "whose", "after", "before", "until", "unless"))  # fmt: skip # noqa: E501


@lru_cache(maxsize=4096)
def clause_numbers(reading: Reading) -> tuple[int, ...]:
    """For each word the number of its clause: pieces, cut again before ``because``, ``where`` and their like."""
    parts = pieces(reading)
    out: list[int] = []
    number = 0
    for i, word in enumerate(reading.words):
        if i and (parts[i] != parts[i - 1] or word.norm in _OPENERS):
            number += 1
        out.append(number)
    return tuple(out)


def seam(claim: Reading, evidence: Sequence[Reading]) -> tuple[str, str] | None:
    """The two words between which a statement changes passages in mid-clause; ``None`` where it does so nowhere.

    It may change where the clause of the one passage has ended and a clause of the other begins. What is passed over
    to get there must stand in the statement too (``X, born in Y, won``), or after a cut be a function word.
    """
    numbers = clause_numbers(claim)
    terms = [word.term for word in claim.words]
    said = frozenset(terms)
    runs = [_runs(reading) for reading in evidence]
    for k in range(_RUN, len(terms) - _RUN + 1):
        left, right = tuple(terms[k - _RUN : k]), tuple(terms[k : k + _RUN])
        before = [n for n, known in enumerate(runs) if left in known]
        after = [n for n, known in enumerate(runs) if right in known]
        if not before or not after or not set(before).isdisjoint(after):
            continue
        cut = numbers[k - 1] != numbers[k] or claim.words[k - 1].norm in _OPENERS
        begins = any(_begins(evidence[n], at, said, cut=cut) for n in after for at in runs[n][right])
        ends = cut or any(_ends(evidence[n], at + _RUN, said) for n in before for at in runs[n][left])
        if not (begins and ends):
            return claim.words[k - 1].text, claim.words[k].text
    return None


@lru_cache(maxsize=1024)
def _runs(reading: Reading) -> dict[tuple[str, ...], list[int]]:
    """Where each run of a few words stands in a passage."""
    terms = [word.term for word in reading.words]
    found: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(terms) - _RUN + 1):
        places = found.setdefault(tuple(terms[at : at + _RUN]), [])
        if len(places) < _PLACES:
            places.append(at)
    return found


def _begins(reading: Reading, at: int, said: frozenset[str], *, cut: bool) -> bool:
    """Whether a clause of a passage begins at a word, but for words that the statement has elsewhere."""
    numbers = clause_numbers(reading)
    if at and cut and reading.words[at - 1].function:
        return True
    keys = frozenset(reading.keys)
    for i in range(at - 1, -1, -1):
        if numbers[i] != numbers[at] or reading.words[i].norm in _OPENERS:
            break
        if not reading.words[i].function and not (i in keys and reading.words[i].term in said):
            return False
        if reading.words[i].function and not cut and i == at - 1:
            return False
    return True


def _ends(reading: Reading, end: int, said: frozenset[str]) -> bool:
    """Whether a clause of a passage ends before a word, but for words that the statement has elsewhere."""
    numbers = clause_numbers(reading)
    for i in range(end, len(numbers)):
        if numbers[i] != numbers[end - 1]:
            break
        if not reading.words[i].function and reading.words[i].term not in said:
            return False
    return True
