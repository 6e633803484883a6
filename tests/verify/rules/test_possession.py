"""Whose a thing is."""

import pytest

from rag.verify.rules.possession import owner_differs
from tests.support.evidence import comparison

EVIDENCE = "Anthropic will use xAI's infrastructure to supplement its own GPU capacity."


@pytest.mark.parametrize(
    "claim",
    [
        "Anthropic will use xAI's infrastructure.",
        "It supplements Anthropic's GPU capacity.",
        "It supplements the GPU capacity.",
        "Anthropic's lawyers agreed.",
    ],
)
def test_what_the_evidence_calls_someones_own_or_nobodys_is_no_fault(claim: str) -> None:
    assert owner_differs(comparison(claim, EVIDENCE)) == ""


def test_what_is_anothers_is_told() -> None:
    assert owner_differs(comparison("It supplements xAI's GPU capacity.", EVIDENCE)) == (
        "in the cited words ‘GPU’ is not said to be ‘xAI's’"
    )


def test_where_one_place_names_no_owner_there_is_nothing_to_compare() -> None:
    evidence = f"{EVIDENCE} The GPU capacity is scarce, and the capacity grows."
    assert owner_differs(comparison("It supplements xAI's GPU capacity.", evidence)) == ""
