"""Who did it to whom."""

import pytest

from rag.verify.rules.roles import roles_reversed
from tests.support.evidence import comparison


@pytest.mark.parametrize(
    ("claim", "evidence", "reversed_"),
    [
        ("Apple sued Samsung.", "Apple sued Samsung.", False),
        ("Samsung sued Apple.", "Apple sued Samsung.", True),
        ("Samsung was sued by Apple.", "Apple sued Samsung.", False),
        ("Apple was sued by Samsung.", "Apple sued Samsung.", True),
        ("Netflix competes with Amazon.", "Amazon competes with Netflix.", False),
        ("Samsung sued Apple.", "Apple sued Samsung. Later Samsung sued Apple.", False),
        ("Samsung sued someone.", "Apple sued Samsung.", False),
    ],
)
def test_the_names_around_a_verb_must_stand_as_in_the_evidence(
    claim: str, evidence: str, reversed_: bool
) -> None:
    reason = "in the cited words the names around ‘sued’ stand the other way round"
    assert roles_reversed(comparison(claim, evidence)) == (reason if reversed_ else "")
