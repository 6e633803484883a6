"""A claim beside the evidence that it is compared with: what every rule is given."""

from dataclasses import dataclass

from rag.verify.analysed_text import AnalysedText
from rag.verify.lookup import Lookup, WordPlace


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A claim, the evidence passages, and which words of the claim the evidence has.

    ``matches`` has an entry for each key of ``claim`` that the evidence has, with the places of the words that stand
    for it. The places are empty where the evidence has the word but at no place of its own, as with a spelled-out
    acronym. ``lookup`` finds words in ``evidence``; a ``WordPlace.text`` is an index into ``evidence``.
    """

    claim: AnalysedText
    evidence: tuple[AnalysedText, ...]
    lookup: Lookup
    matches: dict[int, tuple[WordPlace, ...]]
    question: str = ""
