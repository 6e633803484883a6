"""Why a clause of the evidence does not carry one of a claim."""

from dataclasses import dataclass

from rag.schema import Span


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a clause of the evidence does not carry one of the claim.

    ``nearness`` says how much of it does, so that of many clauses the nearest gives the reason. ``claim`` and
    ``cited`` are what differs, where it is one thing: a range of the claim's text, and of passage ``passage``.
    ``wording`` says that nothing but the choice of words stands against the claim.
    """

    reason: str
    nearness: float = 0.0
    claim: Span | None = None
    cited: Span | None = None
    passage: int = 0
    wording: bool = False
