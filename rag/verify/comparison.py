"""rag.verify.citations.comparison."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.verify.analysed_text import Reading
from rag.verify.lookup import Lookup, Place


@dataclass(frozen=True, slots=True)
class Comparison:
    """A statement beside its evidence. ``found``: for each word of the statement that the evidence has,
    where.
    """

    mine: Reading
    theirs: Sequence[Reading]
    lookup: Lookup
    found: dict[int, tuple[Place, ...]]
