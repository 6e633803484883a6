"""Citation recall and precision of an answer, after ALCE (Gao et al. 2023, arXiv 2305.14627, section 3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.schema import Answer, Evidence
from rag.verify.citations import check_claim
from rag.verify.claims import Claim, claims


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Counts over one answer. ``carried / statements`` is its citation recall, ``needed / citations`` its precision.

    ``statements`` counts its sentences, except headings and lead-ins without marks, which state nothing. ``carried``
    counts the statements that have marks and are supported by the cited passages taken together. ``citations`` counts
    the labels of the marks, each once in a statement. ``needed`` counts the citations of a carried statement that
    support it alone, or without which the other citations do not support it.
    """

    statements: int = 0
    carried: int = 0
    citations: int = 0
    needed: int = 0


def measure_attribution(answer: Answer) -> Attribution:
    """Count the attribution of ``answer``, by its marks alone; all 0 if it is declined.

    ALCE decides with a natural language inference model whether passages support a statement; here the verifier does
    (``rag.verify.citations``), which is deterministic and stricter with paraphrases.
    """
    if answer.abstained:
        return Attribution()
    statements = [claim for claim in claims(answer.text) if claim.labels or not claim.heading]
    carried = [claim for claim in statements if _supported(claim, claim.labels, answer.evidence)]
    return Attribution(
        statements=len(statements),
        carried=len(carried),
        citations=sum(len(claim.labels) for claim in statements),
        needed=sum(_is_needed(claim, label, answer.evidence) for claim in carried for label in claim.labels),
    )


def _is_needed(claim: Claim, label: int, evidence: Sequence[Evidence]) -> bool:
    """Return whether a supported claim needs this citation."""
    others = tuple(other for other in claim.labels if other != label)
    return _supported(claim, (label,), evidence) or not _supported(claim, others, evidence)


def _supported(claim: Claim, labels: tuple[int, ...], evidence: Sequence[Evidence]) -> bool:
    """Return whether the passages of ``labels`` together support the claim; without labels none do."""
    if not labels:
        return False
    return any(
        citation.support == "supported" for citation in check_claim(replace(claim, labels=labels), evidence)
    )
