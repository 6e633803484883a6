"""Whether some words carry a statement.

Lexical and deterministic. A statement is *supported* when each of its quantities follows from the words, each
of its names stands in them, at most one in five of its key words is the writer's own, and none of the words
they share is denied, turned round or left open on one side only. The words of a question are no evidence: an
answer could repeat a presupposition that is false. Neither is an article's title.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from rag.schema import Span, Support
from rag.text.names import spelled_out
from rag.verify.analysed_text import AnalysedText, analyse
from rag.verify.comparison import Comparison
from rag.verify.differences import difference
from rag.verify.lookup import Lookup, WordPlace
from rag.verify.quantity_match import missing, same

_LONG_NAME = 7  # letters of its stem


_HEAD = 4  # words from which on a name is no longer the subject


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the other passages of the cited articles say of names.

    ``pairs`` are neighbouring terms, so that ``Elon Musk`` follows from ``Musk`` where another passage has
    the full name. ``subjects`` are the terms that a pronoun heading the evidence stands for; they count at
    the head of a claim alone. ``terms`` are all terms of the passages that are not cited.
    """

    pairs: frozenset[tuple[str, str]] = frozenset()
    subjects: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the evidence makes of a statement. ``share`` is how much of it stands there, 0 to 1.

    ``places`` are, for each evidence text, the ranges that carry a word or number of the statement, with what
    they carry.
    """

    support: Support
    reason: str
    share: float
    places: tuple[tuple[tuple[Span, int], ...], ...]


def judge(claim: str, evidence: Sequence[str], *, around: Surroundings | None = None) -> Judgement:
    """Whether ``evidence``, taken together, carries ``claim``; ``around`` helps to tell names alone."""
    around = around or Surroundings()
    mine, theirs = analyse(claim), tuple(analyse(text) for text in evidence)
    lookup = Lookup(theirs)
    found = _found(mine, theirs, lookup)
    for i in (mine.names | mine.heads) - found.keys():
        if _is_given(mine, i, found, around) or _is_subject(mine, i, around):
            found[i] = ()
        elif slips := _misspelt(mine.words[i].term, lookup, around):
            found[i] = slips
    size = len(mine.keys) + len(mine.quantities)
    places = tuple(_carried(mine, theirs[number], number, found) for number in range(len(theirs)))
    if not size:
        return Judgement("unchecked", "it holds nothing that can be checked", 0.0, places)
    carried = {item for text in places for _, item in text}
    elsewhere = sum(1 for i in mine.keys if i in found and not found[i])
    reason = difference(Comparison(mine, theirs, lookup, found))
    share = min(1.0, (len(carried) + elsewhere) / size)
    return Judgement("unsupported" if reason else "supported", reason, share, places)


def common(a: str, b: str) -> int:
    """How many key words and quantities of ``a`` are in ``b``: a quick measure of nearness."""
    first, second = analyse(a), analyse(b)
    lookup = Lookup((second,))
    words = sum(bool(lookup.alike(term)) for term in {first.words[i].term for i in first.keys})
    return words + sum(any(same(mine, other) for other in second.quantities) for mine in first.quantities)


def _found(
    mine: AnalysedText, theirs: Sequence[AnalysedText], lookup: Lookup
) -> dict[int, tuple[WordPlace, ...]]:
    """For each key word that the evidence has, where; a name spelled out in another length stands nowhere."""
    found: dict[int, tuple[WordPlace, ...]] = {}
    for i in mine.keys:
        term = mine.words[i].term
        look = lookup.exact if i in mine.digits else lookup.kin if i in mine.names else lookup.alike
        if places := look(term):
            found[i] = places
    for reading in theirs:
        for i in spelled_out(mine.text, reading.text):
            found.setdefault(i, ())
    return found


def _is_given(
    mine: AnalysedText, i: int, found: dict[int, tuple[WordPlace, ...]], around: Surroundings
) -> bool:
    """Whether word ``i`` is a given name known to go with the family name after it: both plain capitalised
    words.
    """
    if i + 1 not in found or (mine.words[i].term, mine.words[i + 1].term) not in around.pairs:
        return False
    return all(regex.fullmatch(r"\p{Lu}\p{Ll}+(?:['’]s)?", mine.words[k].text) for k in (i, i + 1))


def _is_subject(mine: AnalysedText, i: int, around: Surroundings) -> bool:
    return i <= _HEAD and mine.words[i].term in around.subjects


def _misspelt(term: str, lookup: Lookup, around: Surroundings) -> tuple[WordPlace, ...]:
    """Where a long name stands with one slip (``Anthopic``): one letter more, less or other inside, said only
    here.
    """
    if len(term) < _LONG_NAME or term not in around.terms:
        return ()
    near = [other for other in lookup.terms if _one_slip(term, other) and other not in around.terms]
    return lookup.exact(near[0]) if len(near) == 1 else ()


def _one_slip(a: str, b: str) -> bool:
    if a[:2] != b[:2] or a[-2:] != b[-2:] or abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a[start + 1 :] in (b[start:], b[start + 1 :]) or a[start:] == b[start + 1 :]


def _carried(
    mine: AnalysedText, reading: AnalysedText, number: int, found: dict[int, tuple[WordPlace, ...]]
) -> tuple[tuple[Span, int], ...]:
    words = [
        (reading.words[place.word].span, i)
        for i, places in found.items()
        if i in mine.keys
        for place in places
        if place.text == number
    ]
    numbers = [
        (other.span, -1 - n)
        for n, quantity in enumerate(mine.quantities)
        for other in reading.quantities
        if not missing(quantity, [other])
    ]
    return tuple(words + numbers)
