"""Whose a thing is: ``xAI's GPUs`` where the evidence says ``Anthropic will supplement its own GPUs``."""

from collections.abc import Iterator, Sequence

from rag.text.words import POSSESSIVE
from rag.verify.analysed_text import AnalysedText, segments
from rag.verify.lookup import Lookup

_PRONOUNS = frozenset(("its", "their", "his", "her", "our", "my", "your"))


_OWNED = 3  # words after an owner that may be what is owned: "xAI's idle GPU capacity"


def wrong_owner(claim: AnalysedText, evidence: Sequence[AnalysedText], lookup: Lookup) -> str:
    """Why what the claim says is a name's is another's in the evidence; empty where nothing is.

    A pronoun stands for a name before it in its sentence that acts there: one that is itself an owner, as in
    ``xAI's``, does not. Where the evidence names no owner at one of the places, there is nothing to compare.
    """
    for i in sorted(claim.names | claim.heads):
        if not POSSESSIVE.search(claim.words[i].text):
            continue
        for j in _owned(claim, i):
            owners = [_owner(evidence[place.text], place.word) for place in lookup.exact(claim.words[j].term)]
            if owners and all(owner and claim.words[i].term not in owner for owner in owners):
                return f"in the cited words ‘{claim.words[j].text}’ is not said to be ‘{claim.words[i].text}’"
    return ""


def _owned(reading: AnalysedText, owner: int) -> Iterator[int]:
    """The words of what belongs to the word at ``owner``: content words right behind it, in one piece with it."""
    parts = segments(reading)
    for j in range(owner + 1, min(len(reading.words), owner + 1 + _OWNED)):
        if reading.words[j].norm == "own":
            continue
        if parts[j] != parts[owner] or reading.words[j].function:
            return
        yield j


def _owner(reading: AnalysedText, at: int) -> frozenset[str]:
    """The terms of those to whom the word at ``at`` may belong; none where the text does not say."""
    parts = segments(reading)
    for j in range(at - 1, max(-1, at - 2 - _OWNED), -1):
        word = reading.words[j]
        if parts[j] != parts[at]:
            break
        if word.norm in _PRONOUNS:
            return frozenset(
                reading.words[k].term
                for k in reading.names | reading.heads
                if k < j and not POSSESSIVE.search(reading.words[k].text)
            )
        if POSSESSIVE.search(word.text):
            return frozenset((word.term,))
        if word.function and word.norm != "own":
            break
    return frozenset()
