"""How well the citations of an answer carry it, after ALCE (Gao et al. 2023, arXiv 2305.14627, section 3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.schema import Answer, Evidence
from rag.verify.citations import check_claim
from rag.verify.claims import Claim, claims


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Counts over one answer. ``carried / statements`` is its citation recall, ``needed / citations`` its precision.

    ``statements`` are its sentences, but for headings and lead-ins without marks, which state nothing; those
    ``carried`` have marks and follow from the passages so cited, taken together. ``citations`` are the labels of its
    marks, one counted once in a statement; those ``needed`` are of a carried statement, and either carry it alone or
    are such that the others cited do not.
    """

    statements: int = 0
    carried: int = 0
    citations: int = 0
    needed: int = 0


def attributed(answer: Answer) -> Attribution:
    """The attribution of ``answer``, by its marks alone; all 0 where it is a refusal.

    ALCE asks a language model for inference whether passages carry a statement; here the verifier is asked
    (``rag.verify.citations``), which is deterministic and stricter with what is said in other words.
    """
    if answer.abstained:
        return Attribution()
    statements = [claim for claim in claims(answer.text) if claim.labels or not claim.heading]
    carried = [claim for claim in statements if _carry(claim, claim.labels, answer.evidence)]
    return Attribution(
        statements=len(statements),
        carried=len(carried),
        citations=sum(len(claim.labels) for claim in statements),
        needed=sum(_is_needed(claim, label, answer.evidence) for claim in carried for label in claim.labels),
    )


def _is_needed(claim: Claim, label: int, evidence: Sequence[Evidence]) -> bool:
    rest = tuple(other for other in claim.labels if other != label)
    return _carry(claim, (label,), evidence) or not _carry(claim, rest, evidence)


def _carry(claim: Claim, labels: tuple[int, ...], evidence: Sequence[Evidence]) -> bool:
    """Whether the passages of ``labels`` together carry the claim; without labels nothing does."""
    if not labels:
        return False
    return any(
        citation.support == "supported" for citation in check_claim(replace(claim, labels=labels), evidence)
    )
