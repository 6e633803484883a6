"""Denials on one side alone, and hedges that are dropped."""

import pytest

from rag.verify.rules.denial import denial_differs, hedge_dropped
from tests.support.evidence import comparison


@pytest.mark.parametrize(
    ("claim", "evidence", "reason"),
    [
        (
            "The firms disclosed the terms.",
            "Neither firm disclosed the terms.",
            "‘firms’ is denied in the cited words",
        ),
        ("The firms did not disclose the terms.", "Neither firm disclosed the terms.", ""),
        ("xAI never raised it.", "xAI raised it.", "‘raised’ is affirmed in the cited words"),
        ("Sales were not disclosed.", "Sales were undisclosed.", ""),
        ("It cost 5 crowns.", "It did not cost 5 crowns.", "‘cost’ is denied in the cited words"),
        ("There were 5.", "There were not 5.", "‘5’ is denied in the cited words"),
        ("The deal changes nothing.", "For developers, this deal changes nothing.", ""),
    ],
)
def test_what_one_side_denies_the_other_may_not_affirm(claim: str, evidence: str, reason: str) -> None:
    assert denial_differs(comparison(claim, evidence)) == reason


@pytest.mark.parametrize(
    ("claim", "evidence", "reason"),
    [
        (
            "The facility has excess capacity.",
            "The facility may have excess capacity.",
            "the cited words say ‘may’",
        ),
        ("The facility may have excess capacity.", "The facility may have excess capacity.", ""),
        ("The facility could have excess capacity.", "The facility may have excess capacity.", ""),
        ("The facility has excess capacity.", "The facility reportedly has excess capacity.", ""),
        ("Regulators watch the industry.", "Regulators watching the industry may object.", ""),
    ],
)
def test_may_is_not_dropped_and_reportedly_is(claim: str, evidence: str, reason: str) -> None:
    assert hedge_dropped(comparison(claim, evidence)) == reason
