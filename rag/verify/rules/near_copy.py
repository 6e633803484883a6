"""A claim that follows its evidence word for word must follow it everywhere.

Where most of a claim runs along a passage in the same order, the few words put in place of others are what
the claim changes: a name for another, a number, a direction, ``will`` for ``may``. Elsewhere in the passage
the new word may well stand, so that looking for it is not enough. (Alignment by longest common blocks:
Ratcliff and Metzener, 1988.)
"""

from collections.abc import Sequence
from difflib import Match, SequenceMatcher

import regex

from rag.text.antonyms import opposite
from rag.text.lexicon import HEDGES, SOFTENERS
from rag.text.negation import negations
from rag.text.quantities import Quantity
from rag.verify.analysed_text import AnalysedText
from rag.verify.lookup import Lookup, groups, related
from rag.verify.quantity_match import missing
from rag.verify.rules.names import lists

_SHARE = 0.6  # of the claim's words that must run along the passage


_SHARE_BEFORE_LAST = 0.5  # the same, where only the last word is looked at


_LEAST = 5  # words in a claim


_MOST = 160, 600  # words in a claim and in a passage that are compared; alignment takes their product in time


_ADDED = (
    2  # key words of the writer's own in a row, from which a near copy has an end, or a head, that is made up
)


_IN_LIST = regex.compile(r"\d(?:,|\s(?:and|or))\s$"), regex.compile(r"(?:,|\s(?:and|or))\s\d")


_BLOCK = 4  # words put in place of others, at most; longer runs are another wording


def near_copy(claim: AnalysedText, evidence: Sequence[AnalysedText], lookup: Lookup) -> str:
    """What a near copy puts in place of the evidence's words; empty for a faithful copy and for free
    wording.
    """
    mine = [word.term for word in claim.words]
    if not _LEAST <= len(mine) <= _MOST[0]:
        return ""
    for reading in evidence:
        theirs = [word.term for word in reading.words]
        if len(theirs) > _MOST[1]:
            continue
        matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
        shared = [block for block in matcher.get_matching_blocks() if block.size]
        share = sum(block.size for block in shared) / len(mine)
        if share >= _SHARE_BEFORE_LAST and (reason := _last_word(claim, reading, shared[-1], lookup)):
            return reason
        if share < _SHARE:
            continue
        first, last = shared[0].b, shared[-1].b + shared[-1].size
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind == "replace" and first <= c and d <= last and max(b - a, d - c) <= _BLOCK:
                reason = _replaced(claim, range(a, b), reading, range(c, d), lookup)
                if reason:
                    return reason
        if reason := _ends(claim, reading, shared[0], shared[-1]) or _added(claim, shared, lookup):
            return reason
        if reason := _denied(claim, reading, shared):
            return reason
    return ""


def _added(claim: AnalysedText, shared: Sequence[Match], lookup: Lookup) -> str:
    """What stands before or after all runs of the evidence's words: two key words that the evidence has nowhere."""
    runs = [block for block in shared if block.size > 1]
    head = min((block.a for block in runs), default=0)
    tail = max((block.a + block.size for block in runs), default=len(claim.words))
    row: list[int] = []
    for i in claim.keys:
        own = not head <= i < tail and not lookup.alike(claim.words[i].term)
        row = [*row, i] if own else []
        if len(row) == _ADDED:
            words = " and ".join(f"‘{claim.words[k].text}’" for k in row)
            return f"{words} are added to the cited words"
    return ""


def _last_word(claim: AnalysedText, reading: AnalysedText, last: Match, lookup: Lookup) -> str:
    """Why the claim's last word may not follow a run where the evidence has another: ``arrive by bus``."""
    mine, theirs = last.a + last.size, last.b + last.size
    if last.size < 2 or mine + 1 != len(claim.words) or mine not in claim.keys or theirs not in reading.keys:
        return ""
    if lookup.alike(claim.words[mine].term):
        return ""
    return f"the cited words say ‘{reading.words[theirs].text}’, not ‘{claim.words[mine].text}’"


def _ends(claim: AnalysedText, reading: AnalysedText, first: Match, last: Match) -> str:
    """Why a name right before or right after what runs along may not stand for the one that the evidence has there."""
    tail, their_tail = last.a + last.size, last.b + last.size
    for new, old in (
        (range(max(0, first.a - 2), first.a), range(max(0, first.b - 2), first.b)),
        (
            range(tail, min(tail + 2, len(claim.words))),
            range(their_tail, min(their_tail + 2, len(reading.words))),
        ),
    ):
        mine = [i for i in new if i in claim.names | claim.heads and claim.words[i].term in _named(reading)]
        theirs = [i for i in old if i in reading.names | reading.heads]
        if mine and theirs and not _same_names(claim, mine, reading, theirs):
            return f"the cited words say ‘{reading.words[theirs[0]].text}’, not ‘{claim.words[mine[0]].text}’"
    return ""


def _named(reading: AnalysedText) -> frozenset[str]:
    return frozenset(reading.words[i].term for i in reading.names)


def _replaced(claim: AnalysedText, new: range, reading: AnalysedText, old: range, lookup: Lookup) -> str:
    """Why the words ``new`` of the claim may not stand where the evidence has ``old``."""
    said, cited = [claim.words[i] for i in new], [reading.words[i] for i in old]
    for word in said:
        if other := opposite(word.term, [w.term for w in cited]):
            return f"the cited words say ‘{other}’, not ‘{word.text}’"
    if any(w.norm in HEDGES for w in cited) and not any(w.norm in SOFTENERS for w in said):
        return f"the cited words say ‘{next(w.text for w in cited if w.norm in HEDGES)}’"
    mine = [i for i in new if i in claim.names]
    theirs = [i for i in old if i in reading.names]
    keys = [i for i in new if i in claim.keys]
    other_keys = [i for i in old if i in reading.keys]
    if mine and theirs and not _same_names(claim, mine, reading, theirs):
        return f"the cited words say ‘{reading.words[theirs[0]].text}’, not ‘{claim.words[mine[0]].text}’"
    if reason := _counted(claim, new, reading, old):
        return reason
    if 1 == len(new) == len(old) == len(keys) == len(other_keys) and not lookup.alike(
        claim.words[keys[0]].term
    ):
        return f"the cited words say ‘{reading.words[other_keys[0]].text}’, not ‘{claim.words[keys[0]].text}’"
    return ""


def _counted(claim: AnalysedText, new: range, reading: AnalysedText, old: range) -> str:
    """Why a number may not stand where the evidence has another, though that has both."""
    said = [q for q in claim.quantities if any(claim.words[i].span.overlaps(q.span) for i in new)]
    cited = [q for q in reading.quantities if any(reading.words[i].span.overlaps(q.span) for i in old)]
    for quantity in said if cited else ():
        alike = [other for other in cited if other.family == quantity.family]
        if alike and missing(quantity, cited) and not _enumerated(claim, quantity):
            return f"the cited words say ‘{alike[0].text.strip()}’, not ‘{quantity.text.strip()}’"
    return ""


def _enumerated(claim: AnalysedText, quantity: Quantity) -> bool:
    """Whether a number stands in a list of numbers, whose order may not matter: ``3, 5 and 7``."""
    before = claim.text[: quantity.span.start]
    after = claim.text[quantity.span.end :]
    return _IN_LIST[0].search(before) is not None or _IN_LIST[1].match(after) is not None


def _same_names(
    claim: AnalysedText, mine: Sequence[int], reading: AnalysedText, theirs: Sequence[int]
) -> bool:
    """Whether one of the names is kept, or both stand in one list whose order does not matter."""
    said = {claim.words[i].term for i in mine}
    if any(
        related(a, reading.words[j].term) or set(groups(a)) & set(groups(reading.words[j].term))
        for a in said
        for j in theirs
    ):
        return True
    if not {reading.words[j].term for j in theirs} <= {word.term for word in claim.words}:
        return False
    together = [run for run in lists(reading) if not set(run).isdisjoint(theirs)]
    return any(said <= {reading.words[j].term for j in run} for run in together)


def _denied(claim: AnalysedText, reading: AnalysedText, shared: Sequence[Match]) -> str:
    """Whether the clauses that go along each other hold one denial more, or less."""
    runs = [block for block in shared if block.size > 1]
    mine = {block.a + k for block in runs for k in range(block.size)}
    theirs = {block.b + k for block in runs for k in range(block.size)}
    if negations(claim.text, mine) % 2 == negations(reading.text, theirs) % 2:
        return ""
    return "it denies what the cited words affirm, or the reverse"
