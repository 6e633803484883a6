"""How far the verifier agrees with labels: what it lets pass, what it refuses, and how much of that is chance."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import NormalDist

from rag.evaluation.verifier.pairs import LabelledClaim, pairs
from rag.schema import Article
from rag.verify.citations import verify

_Z = NormalDist().inv_cdf(0.975)  # two-sided, 95%


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``of``. ``value`` and ``interval`` are shares from 0 to 1; ``nan`` of nothing."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """The share itself."""
        return self.count / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% score interval of a binomial share (Wilson, "Probable inference", JASA 1927)."""
        if not self.of:
            return math.nan, math.nan
        square = _Z * _Z / self.of
        middle = (self.value + square / 2) / (1 + square)
        half = _Z / (1 + square) * math.sqrt((self.value * (1 - self.value) + square / 4) / self.of)
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        if not self.of:
            return "0 of 0"
        low, high = self.interval
        return f"{self.count} of {self.of} ({self.value:.1%}, 95% {low:.1%} to {high:.1%})"


@dataclass(frozen=True, slots=True)
class Judged:
    """The pairs of one kind; ``wrong`` is how many of them the verifier judged otherwise than their label."""

    name: str
    supported: bool
    wrong: Share


@dataclass(frozen=True, slots=True)
class Agreement:
    """The verifier beside the labels. A claim passes when every one of its citations is verified.

    ``mistakes`` are the pairs judged wrongly, in order, each with the verifier's reason (empty where it passed).
    """

    kinds: tuple[Judged, ...]
    mistakes: tuple[tuple[LabelledClaim, str], ...]

    @property
    def false_accepts(self) -> Share:
        """False claims passed as supported, of all false claims."""
        return self._wrong(supported=False)

    @property
    def false_rejects(self) -> Share:
        """True claims not passed, of all true claims."""
        return self._wrong(supported=True)

    @property
    def accuracy(self) -> Share:
        """Claims judged as they are labelled, of all claims."""
        wrong, refused = self.false_accepts, self.false_rejects
        total = wrong.of + refused.of
        return Share(total - wrong.count - refused.count, total)

    @property
    def kappa(self) -> float:
        """Agreement beyond chance, 1 for perfect and 0 for chance (Cohen, "A coefficient of agreement", 1960)."""
        accepted, refused = self.false_accepts, self.false_rejects
        total = accepted.of + refused.of
        if not total:
            return math.nan
        passed = accepted.count + refused.of - refused.count
        chance = (passed * refused.of + (total - passed) * accepted.of) / total**2
        return (self.accuracy.value - chance) / (1 - chance) if chance < 1 else math.nan

    def _wrong(self, *, supported: bool) -> Share:
        mine = [kind.wrong for kind in self.kinds if kind.supported is supported]
        return Share(sum(share.count for share in mine), sum(share.of for share in mine))


def agreement(articles: Iterable[Article], *, seed: int = 0, limit: int = 2000) -> Agreement:
    """The verifier measured on pairs made from ``articles``; see ``rag.evaluation.verifier.pairs.pairs`` for
    ``seed`` and ``limit``.
    """
    return compared(pairs(articles, seed=seed, limit=limit))


def compared(
    labelled: Iterable[LabelledClaim], *, judge: Callable[[LabelledClaim], str] | None = None
) -> Agreement:
    """The verdicts on pairs beside their labels.

    ``judge`` gives the reason why a pair is refused, or an empty string where it passes; left out, it is the verifier.
    """
    judge = judge or refusal
    counts: dict[tuple[str, bool], tuple[int, int]] = {}
    mistakes: list[tuple[LabelledClaim, str]] = []
    for pair in labelled:
        reason = judge(pair)
        wrong = (not reason) is not pair.supported
        bad, made = counts.get((pair.kind, pair.supported), (0, 0))
        counts[pair.kind, pair.supported] = bad + wrong, made + 1
        if wrong:
            mistakes.append((pair, reason))
    kinds = tuple(Judged(name, label, Share(*count)) for (name, label), count in counts.items())
    return Agreement(kinds, tuple(mistakes))


def refusal(pair: LabelledClaim) -> str:
    """Why the verifier does not pass a pair's claim; empty where every citation is verified."""
    marks = "".join(f"[{label}]" for label in pair.labels)
    found = verify(f"{pair.claim} {marks}", pair.evidence)
    failed = [citation.reason or citation.support for citation in found if not citation.verified]
    return failed[0] if failed else "" if found else "no claim"
