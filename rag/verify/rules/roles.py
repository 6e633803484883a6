"""Who did it to whom: the names around a verb stand the other way round in the evidence."""

import regex

from rag.text.lexicon import IRREGULAR, STRICT
from rag.verify.analysed_text import AnalysedText
from rag.verify.comparison import Comparison
from rag.verify.lookup import WordPlace

_MUTUAL = frozenset(["with", "between", "among", "alongside", "versus", "vs", "and"])


_REACH = 12  # words on either side of a verb in which its names stand


def roles_reversed(comparison: Comparison) -> str:
    """The names around a shared verb stand the other way round in the evidence.

    ``A sued B`` against ``B sued A`` or ``A was sued by B``. ``A competes with B`` has no direction.
    """
    claim = comparison.claim
    for i in claim.keys:
        if i in claim.names or not _looks_like_verb(claim, i) or _is_mutual(claim, i):
            continue
        before, after = _roles(claim, i)
        pairs = [(a, b) for a in before for b in after if a != b]
        if not before or not after:
            continue
        if verb := _reversed_verb(comparison, comparison.lookup.same_family(claim.words[i].term), pairs):
            return f"in the cited words the names around ‘{verb}’ stand the other way round"
    return ""


def _reversed_verb(
    comparison: Comparison, places: tuple[WordPlace, ...], pairs: list[tuple[str, str]]
) -> str:
    """The verb around which all of the evidence has the ``pairs`` of names reversed; empty if any has them in order."""
    verb = ""
    for place in places:
        passage = comparison.evidence[place.text]
        if _is_mutual(passage, place.word):
            return ""
        before, after = _roles(passage, place.word)
        if any(a in before and b in after for a, b in pairs):
            return ""
        if any(b in before and a in after for a, b in pairs):
            verb = passage.words[place.word].text
    return verb


def _looks_like_verb(text: AnalysedText, i: int) -> bool:
    """Whether a word looks like a verb in the past or the third person."""
    norm = text.words[i].norm
    if norm in STRICT:
        return False
    if norm.endswith("ed") or norm in IRREGULAR:
        return True
    return norm.endswith("s") and regex.search(r"(?:er|or|ist|ian|ion|ment|s)s$", norm) is None


def _is_mutual(text: AnalysedText, i: int) -> bool:
    return any(word.norm in _MUTUAL for word in text.words[i + 1 : i + 3])


def _roles(text: AnalysedText, i: int) -> tuple[frozenset[str], frozenset[str]]:
    """The terms of the names that do what word ``i`` says, and of those it is done to; near it, in its segment."""
    segments = text.segments
    near = [
        j
        for j in range(max(0, i - _REACH), min(len(segments), i + _REACH + 1))
        if abs(segments[j] - segments[i]) <= 1
    ]
    before = frozenset(text.words[j].term for j in near if j < i and j in text.possible_names)
    after = frozenset(text.words[j].term for j in near if j > i and j in text.possible_names)
    passive = any(word.norm == "by" for word in text.words[i + 1 : i + 4])
    return (after, before) if passive else (before, after)
