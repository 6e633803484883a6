"""rag.verify.citations.comparison."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.verify.analysed_text import AnalysedText
from rag.verify.lookup import Lookup, WordPlace


@dataclass(frozen=True, slots=True)
class Comparison:
    """A statement beside its evidence. ``found``: for each word of the statement that the evidence has,
    where.
    """

    mine: AnalysedText
    theirs: Sequence[AnalysedText]
    lookup: Lookup
    found: dict[int, tuple[WordPlace, ...]]
