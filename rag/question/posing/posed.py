"""A question that was made from a sentence."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["who", "what", "when", "where", "why", "how"]


@dataclass(frozen=True, slots=True)
class Posed:
    """A question and the words of the sentence that answer it."""

    question: str
    answer: str
    kind: Kind
