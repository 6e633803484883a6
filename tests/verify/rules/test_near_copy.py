"""A near copy of the evidence with a few words changed."""

import pytest

from rag.verify.rules.near_copy import near_copy_altered
from tests.support.evidence import comparison, passages, verified


@pytest.mark.parametrize(
    "added", [" and was abandoned soon after", ", which angered many teachers", " for fear of an earthquake"]
)
def test_an_ending_that_nobody_wrote_is_never_verified(added: str) -> None:
    text = "The port of Aldmouth was rebuilt in 1871 by the council and its first keeper, Margit Olsen"
    assert verified(f"{text} [1].", passages(f"{text}."))
    assert not verified(f"{text}{added} [1].", passages(f"{text}."))


def test_two_numbers_that_change_places_in_a_copy_are_never_verified() -> None:
    evidence = passages("The inn has indoor seating for 58 guests, and a patio with seating for 38 guests.")
    claim = "The inn has indoor seating for 38 guests, and a patio with seating for 58 guests [1]."
    assert not verified(claim, evidence)


PORT = "The port of Aldmouth may be rebuilt in May by the council of Tarn, and Olsen will raise 58 crowns in June."


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("may be rebuilt", "will be rebuilt", "the cited words say ‘may’"),
        ("will raise", "will cut", "the cited words say ‘rais’, not ‘cut’"),
        ("Olsen", "Tarn", "the cited words say ‘Olsen’, not ‘Tarn’"),
        ("council", "teachers", "the cited words say ‘council’, not ‘teachers’"),
    ],
)
def test_a_word_put_in_place_of_another_is_told_with_both(old: str, new: str, reason: str) -> None:
    assert near_copy_altered(comparison(PORT.replace(old, new), PORT)) == reason


@pytest.mark.parametrize(
    "claim",
    [
        PORT,
        PORT.replace("rebuilt", "built again"),
        "Olsen raises 58 crowns.",
        "In June the council and Olsen may find the crowns to rebuild a port.",
    ],
)
def test_a_faithful_copy_and_free_wording_are_no_fault(claim: str) -> None:
    assert near_copy_altered(comparison(claim, PORT)) == ""


def test_the_last_word_may_not_be_another_key_word() -> None:
    evidence = "A survey found that only 15% of the guests arrive by car."
    assert near_copy_altered(comparison("Only 15% of the guests arrive by bus.", evidence)) == (
        "the cited words say ‘car’, not ‘bus’"
    )


def test_a_denial_put_into_a_copy_is_told() -> None:
    evidence = "The old port of Aldmouth was rebuilt by the council in spring."
    claim = "The old port of Aldmouth was not rebuilt by the council in spring."
    assert near_copy_altered(comparison(claim, evidence)).startswith("it denies")
