"""Agreement of the verifier with labels: false accepts, false rejects, accuracy and Cohen's kappa."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import NormalDist

from rag.evaluation.verifier.labelled_claims import LabelledClaim, make_labelled_claims
from rag.schema import Article
from rag.verify.citations import verify

_Z = NormalDist().inv_cdf(0.975)  # two-sided, 95%


@dataclass(frozen=True, slots=True)
class Share:
    """A share: ``count`` out of ``of``. ``value`` and ``interval`` are 0 to 1; NaN if ``of`` is 0."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """The share, 0 to 1."""
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
class EditKindVerdicts:
    """The claims made by one kind of edit; ``wrong`` is the share of them whose verdict is not their label."""

    name: str
    supported: bool
    wrong: Share


@dataclass(frozen=True, slots=True)
class Agreement:
    """The verifier's verdicts beside the labels. A claim is accepted if every one of its citations is verified.

    ``mistakes`` are the claims with a wrong verdict, in order, each with the verifier's reason (empty if accepted).
    """

    kinds: tuple[EditKindVerdicts, ...]
    mistakes: tuple[tuple[LabelledClaim, str], ...]

    @property
    def false_accepts(self) -> Share:
        """False claims accepted as supported, out of all false claims."""
        return self._wrong_verdicts(supported=False)

    @property
    def false_rejects(self) -> Share:
        """True claims not accepted, out of all true claims."""
        return self._wrong_verdicts(supported=True)

    @property
    def accuracy(self) -> Share:
        """Claims whose verdict is their label, out of all claims."""
        accepts, rejects = self.false_accepts, self.false_rejects
        total = accepts.of + rejects.of
        return Share(total - accepts.count - rejects.count, total)

    @property
    def kappa(self) -> float:
        """Agreement beyond chance, 1 for perfect and 0 for chance (Cohen, "A coefficient of agreement", 1960)."""
        accepts, rejects = self.false_accepts, self.false_rejects
        total = accepts.of + rejects.of
        if not total:
            return math.nan
        accepted = accepts.count + rejects.of - rejects.count
        chance = (accepted * rejects.of + (total - accepted) * accepts.of) / total**2
        return (self.accuracy.value - chance) / (1 - chance) if chance < 1 else math.nan

    def _wrong_verdicts(self, *, supported: bool) -> Share:
        shares = [kind.wrong for kind in self.kinds if kind.supported is supported]
        return Share(sum(share.count for share in shares), sum(share.of for share in shares))


def agreement(articles: Iterable[Article], *, seed: int = 0, limit: int = 2000) -> Agreement:
    """Measure the verifier on the claims that ``make_labelled_claims`` makes from ``articles``."""
    return compare_with_labels(make_labelled_claims(articles, seed=seed, limit=limit))


def compare_with_labels(
    labelled: Iterable[LabelledClaim], *, judge: Callable[[LabelledClaim], str] | None = None
) -> Agreement:
    """Compare the verdicts on claims with their labels.

    ``judge`` returns the reason why a claim is refused, or an empty string if it is accepted; left out, it is the
    verifier.
    """
    judge = judge or refusal_reason
    counts: dict[tuple[str, bool], tuple[int, int]] = {}
    mistakes: list[tuple[LabelledClaim, str]] = []
    for claim in labelled:
        reason = judge(claim)
        is_wrong = (not reason) is not claim.supported
        wrong, total = counts.get((claim.kind, claim.supported), (0, 0))
        counts[claim.kind, claim.supported] = wrong + is_wrong, total + 1
        if is_wrong:
            mistakes.append((claim, reason))
    kinds = tuple(EditKindVerdicts(name, label, Share(*count)) for (name, label), count in counts.items())
    return Agreement(kinds, tuple(mistakes))


def refusal_reason(claim: LabelledClaim) -> str:
    """Return why the verifier does not accept a claim; empty if every citation is verified."""
    marks = "".join(f"[{label}]" for label in claim.labels)
    citations = verify(f"{claim.claim} {marks}", claim.evidence)
    reasons = [citation.reason or citation.support for citation in citations if not citation.verified]
    return reasons[0] if reasons else "" if citations else "no claim"
