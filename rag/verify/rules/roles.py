"""rag.verify.citations.rules.roles."""

from collections.abc import Sequence

import regex

from rag.text.lexicon import IRREGULAR, STRICT
from rag.verify.analysed_text import AnalysedText, segments
from rag.verify.lookup import Lookup

_MUTUAL = frozenset(["with", "between", "among", "alongside", "versus", "vs", "and"])


_REACH = 12  # words on either side of a verb in which its names stand


def reversed_roles(claim: AnalysedText, evidence: Sequence[AnalysedText], lookup: Lookup) -> str:
    """Why the names around a shared word stand the other way round in the evidence; empty where they do not.

    ``A sued B`` against ``B sued A`` or ``A was sued by B``. ``A competes with B`` has no direction.
    """
    for i in claim.keys:
        if i in claim.names or not _verb(claim, i) or _mutual(claim, i):
            continue
        left, right = _sides(claim, i)
        if not left or not right:
            continue
        turned = straight = ""
        for place in lookup.kin(claim.words[i].term):
            reading = evidence[place.text]
            if _mutual(reading, place.word):
                straight = "mutual"
                continue
            before, after = _sides(reading, place.word)
            pairs = [(a, b) for a in left for b in right if a != b]
            if any(a in before and b in after for a, b in pairs):
                straight = "same"
            elif any(b in before and a in after for a, b in pairs):
                turned = reading.words[place.word].text
        if turned and not straight:
            return f"in the cited words the names around ‘{turned}’ stand the other way round"
    return ""


def _verb(reading: AnalysedText, i: int) -> bool:
    """Whether a word looks like a verb in the past or the third person."""
    norm = reading.words[i].norm
    if norm in STRICT:
        return False
    if norm.endswith("ed") or norm in IRREGULAR:
        return True
    return norm.endswith("s") and regex.search(r"(?:er|or|ist|ian|ion|ment|s)s$", norm) is None


def _mutual(reading: AnalysedText, i: int) -> bool:
    return any(word.norm in _MUTUAL for word in reading.words[i + 1 : i + 3])


def _sides(reading: AnalysedText, i: int) -> tuple[frozenset[str], frozenset[str]]:
    """The names before and after word ``i`` in its piece, as who does and who is done to."""
    parts = segments(reading)
    near = [
        j for j in range(max(0, i - _REACH), min(len(parts), i + _REACH + 1)) if abs(parts[j] - parts[i]) <= 1
    ]
    called = reading.names | reading.heads
    before = frozenset(reading.words[j].term for j in near if j < i and j in called)
    after = frozenset(reading.words[j].term for j in near if j > i and j in called)
    passive = any(word.norm == "by" for word in reading.words[i + 1 : i + 4])
    return (after, before) if passive else (before, after)
