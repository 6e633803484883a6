"""Subjects, sides of a comparison, agent and patient: exchanged where that makes a claim false, and nowhere else."""

from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.evaluation.verifier.argument_edits import (
    exchange_comparison,
    exchange_roles,
    exchange_subjects,
    take_up_question,
    turn_voice,
    use_appositive,
)
from rag.evaluation.verifier.phrases import PARTICIPLES, differ
from rag.text.words import words
from tests.support.edited import edited

PEOPLE = st.sampled_from(("the tenant", "the landlord", "the old mayor", "the union", "the night nurse"))
NAMES = st.sampled_from(("Aldmouth", "Brennick", "Clara Wells", "Margit Olsen", "Tarn"))
PREDICATES = st.sampled_from(
    ("repairs the roof", "was paid in May", "has lost the case", "holds two keys", "won in 1902")
)
JOINTS = st.sampled_from((" and ", ", and ", " but ", ", while ", ", whereas ", "; "))


def upper(text: str) -> str:
    return text[0].upper() + text[1:]


def bag(text: str) -> Counter[str]:
    return Counter(word.norm for word in words(text))


@given(st.one_of(st.tuples(PEOPLE, PEOPLE), st.tuples(NAMES, NAMES)), PREDICATES, PREDICATES, JOINTS)
def test_subjects_change_places_and_every_word_stays(
    pair: tuple[str, str], does_a: str, does_b: str, joint: str
) -> None:
    a, b = pair
    assume(a != b and does_a != does_b)
    source = f"{upper(a)} {does_a}{joint}{b} {does_b}."
    claim = edited(exchange_subjects, source)
    assert claim == f"{upper(b)} {does_a}{joint}{a} {does_b}."
    assert bag(claim) == bag(source)
    assert edited(exchange_subjects, claim) == source


@pytest.mark.parametrize(
    "text",
    [
        "The north is cold and the south is cold.",  # true either way
        "The king lost the war and the queen blamed him.",  # a pronoun
        "The mayor opened the fair and the guests also cheered.",
        "Tarn is north of Brennick and Brennick is south of Tarn.",
        "The report was late and Clara Wells was angry.",  # no two of a kind
    ],
)
def test_clauses_that_would_stay_true_or_unclear_keep_their_subjects(text: str) -> None:
    assert edited(exchange_subjects, text) is None


@given(
    st.one_of(st.tuples(PEOPLE, PEOPLE), st.tuples(NAMES, NAMES)),
    st.sampled_from(("older", "more patient", "richer")),
)
def test_the_sides_of_a_comparison_change_places(pair: tuple[str, str], more: str) -> None:
    a, b = pair
    assume(a != b)
    source = f"{upper(a)} is {more} than {b}."
    claim = edited(exchange_comparison, source)
    assert claim == f"{upper(b)} is {more} than {a}."
    assert bag(claim) == bag(source)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Doctors earn more than nurses.", "Nurses earn more than doctors."),
        (
            "The population of Tarn is larger than that of Brennick.",
            "The population of Brennick is larger than that of Tarn.",
        ),
        ("The council chose safety rather than speed.", "The council chose speed rather than safety."),
        ("Prices rose more in Tarn than in Brennick.", "Prices rose more in Brennick than in Tarn."),
    ],
)
def test_other_comparisons_are_turned_too(text: str, claim: str) -> None:
    assert (edited(exchange_comparison, text) or "").lower() == claim.lower()


@pytest.mark.parametrize(
    "text",
    [
        "The tenant is not older than the landlord.",  # they may be of one age
        "The trial lasted more than an hour.",
        "The mill has more than 40 workers.",
        "The mill is no larger than the barn.",
        "The harvest was better than they expected.",
        "The mill is as large as the barn.",
        "No retailer was larger than Sears.",
    ],
)
def test_measures_denials_and_equalities_are_no_comparison_to_turn(text: str) -> None:
    assert edited(exchange_comparison, text) is None


@given(st.sampled_from(sorted(PARTICIPLES)), st.tuples(NAMES, NAMES), st.booleans())
def test_agent_and_patient_change_places_in_either_voice(
    verb: str, pair: tuple[str, str], passive: bool
) -> None:
    a, b = pair
    assume(a != b and differ(a, b))
    middle = f"was {PARTICIPLES[verb]} by" if passive else verb
    source = f"{a} {middle} {b} in 1871."
    claim = edited(exchange_roles, source)
    assert claim == f"{b} {middle} {a} in 1871."
    turned = edited(turn_voice, source)
    assert turned is not None
    assert edited(turn_voice, turned) == source
    assert turned not in (source, claim)


@pytest.mark.parametrize(
    "text",
    [
        "France met Spain in 1871.",  # symmetrical
        "Clara Wells married Tom Wells in 1871.",
        "The Wells family sued the Wells company.",  # hardly to be told apart
        "The tower was finished by Friday.",
        "Aldmouth attacked Brennick, and Brennick attacked Aldmouth.",
    ],
)
def test_symmetrical_verbs_and_shared_names_are_left_alone(text: str) -> None:
    assert edited(exchange_roles, text) is None


@pytest.mark.parametrize(
    "text",
    [
        "The mill was built by the river.",
        "The mill was built by Lake Wells.",
        "Clara Wells defeated Tom Olsen, who fled.",  # who would be another one
    ],
)
def test_no_voice_is_turned_where_by_names_a_place_or_more_follows(text: str) -> None:
    assert edited(turn_voice, text) is None


def test_an_appositive_is_left_out_or_stated_alone() -> None:
    text = "Clara Wells, a clerk at the mill, became the first mayor."
    assert {edited(use_appositive, text, seed=seed) for seed in range(20)} == {
        "Clara Wells became the first mayor.",
        "Clara Wells was a clerk at the mill.",
    }


@pytest.mark.parametrize(
    "text",
    [
        "Newsworthiness, the judge ruled, is no defence.",  # a clause put in
        "Clara Wells, a clerk, and Tom Olsen became friends.",  # a list
    ],
)
def test_what_only_looks_like_an_appositive_is_left_alone(text: str) -> None:
    assert edited(use_appositive, text) is None


def test_a_year_is_taken_up_as_the_answer() -> None:
    assert edited(take_up_question, "The town hall was built in 1871.") == (
        "It was in 1871 that the town hall was built."
    )


@pytest.mark.parametrize(
    "text",
    [
        "The town hall was not built in 1871.",
        "The mill opened and closed in 1871.",
        "The next election is in 2026.",
        "The mill was closed early in 1871.",
    ],
)
def test_a_year_that_may_belong_to_less_than_the_sentence_is_not(text: str) -> None:
    assert edited(take_up_question, text) is None
