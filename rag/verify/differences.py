"""The rules by which a claim may differ from its evidence, in the order in which they are tried.

``docs/verification.md`` describes them in the same order.
"""

from dataclasses import replace

from rag.verify.analysed_text import can_be_parsed
from rag.verify.comparison import Comparison
from rag.verify.missing_words import direction_reversed, name_missing, number_missing, words_added
from rag.verify.syntax.fault import Fault
from rag.verify.syntax.structure import Finding, compare_structure


def difference(comparison: Comparison) -> Finding:
    """What keeps the evidence from carrying the claim, by the first rule that objects; else how the article gives it.

    Where a text is no English its words are compared, but not how they are put together.
    """
    parsed = can_be_parsed([comparison.claim, *comparison.evidence])
    finding = compare_structure(comparison) if parsed else Finding(None)
    reason = (
        number_missing(comparison)
        or name_missing(comparison)
        or direction_reversed(comparison, finding.turned)
    )
    fault = Fault(reason) if reason else words_added(comparison, finding.turned)
    return Finding(_placed(fault, finding.fault)) if fault else finding


def _placed(fault: Fault, structural: Fault | None) -> Fault:
    """A fault of words, with the place at which the clauses differ; more than its wording where they differ in more."""
    if structural is None:
        return fault
    return replace(structural, reason=fault.reason, wording=fault.wording and structural.wording)
