"""Whose a thing is: ``xAI's GPUs`` where the evidence says ``Anthropic will supplement its own GPUs``."""

from collections.abc import Iterator

from rag.text.words import POSSESSIVE
from rag.verify.analysed_text import AnalysedText
from rag.verify.comparison import Comparison

_PRONOUNS = frozenset(("its", "their", "his", "her", "our", "my", "your"))


_REACH = 3  # words after an owner that may be what is owned: "xAI's idle GPU capacity"


def owner_differs(comparison: Comparison) -> str:
    """What the claim calls a name's own is another's in the evidence.

    A pronoun stands for a name before it in its sentence that acts there: one that is itself an owner, as in
    ``xAI's``, does not. Where the evidence names no owner at one of the places, there is nothing to compare.
    """
    claim, evidence = comparison.claim, comparison.evidence
    for i in sorted(claim.possible_names):
        if not POSSESSIVE.search(claim.words[i].text):
            continue
        for j in _things_owned(claim, i):
            places = comparison.lookup.exact(claim.words[j].term)
            owners = [_owner_terms(evidence[place.text], place.word) for place in places]
            if owners and all(terms and claim.words[i].term not in terms for terms in owners):
                return f"in the cited words ‘{claim.words[j].text}’ is not said to be ‘{claim.words[i].text}’"
    return ""


def _things_owned(text: AnalysedText, owner: int) -> Iterator[int]:
    """The words of what belongs to the word ``owner``: content words right behind it, in its segment."""
    for j in range(owner + 1, min(len(text.words), owner + 1 + _REACH)):
        if text.words[j].norm == "own":
            continue
        if text.segments[j] != text.segments[owner] or text.words[j].function:
            return
        yield j


def _owner_terms(text: AnalysedText, thing: int) -> frozenset[str]:
    """The terms of those to whom the word ``thing`` may belong; none where the text does not say."""
    for j in range(thing - 1, max(-1, thing - 2 - _REACH), -1):
        word = text.words[j]
        if text.segments[j] != text.segments[thing]:
            break
        if word.norm in _PRONOUNS:
            return frozenset(
                text.words[k].term
                for k in text.possible_names
                if k < j and not POSSESSIVE.search(text.words[k].text)
            )
        if POSSESSIVE.search(word.text):
            return frozenset((word.term,))
        if word.function and word.norm != "own":
            break
    return frozenset()
