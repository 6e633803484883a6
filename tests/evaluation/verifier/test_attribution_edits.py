"""Who says it, whether it is so yet, under what condition: dropped where that makes a claim false, and only there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluation.verifier.attribution_edits import (
    drop_attribution,
    drop_condition,
    realise_plan,
    reword_attribution,
)
from rag.text.words import words
from tests.support.edited import edited

FACTS = st.sampled_from(
    ("the plan will bankrupt the city", "the mill was sold in 1902", "the port has lost half of its trade")
)
SPEAKERS = st.sampled_from(("critics", "the union", "the harbour master", "some analysts", "Clara Wells"))
REPORTS = st.sampled_from(
    (
        "{Who} said that {fact}.",
        "{Who} claimed {fact}.",
        "According to {who}, {fact}.",
        "{Fact}, according to {who}.",
        "{Fact}, {who} said.",
    )
)


def report(form: str, who: str, fact: str) -> str:
    begin = {"Who": who[0].upper() + who[1:], "Fact": fact[0].upper() + fact[1:]}
    return form.format(who=who, fact=fact, **begin)


@given(REPORTS, SPEAKERS, FACTS)
def test_a_report_without_its_speaker_is_the_flat_statement(form: str, who: str, fact: str) -> None:
    assert edited(drop_attribution, report(form, who, fact)) == f"{fact[0].upper()}{fact[1:]}."


@given(REPORTS, SPEAKERS, FACTS, st.integers(0, 20))
def test_a_report_in_other_words_keeps_speaker_and_statement(
    form: str, who: str, fact: str, seed: int
) -> None:
    source = report(form, who, fact)
    claim = edited(reword_attribution, source, seed=seed)
    assert claim is not None
    assert claim != source
    kept = {word.norm for word in words(claim)}
    assert kept >= {word.norm for word in words(f"{who} {fact}")}
    assert "according" in kept


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("The tower was reportedly built in 122 days.", "The tower was built in 122 days."),
        ("The bell is believed to be the oldest in Tarn.", "The bell is the oldest in Tarn."),
        ("The walls are said to have been built by monks.", "The walls have been built by monks."),
    ],
)
def test_hearsay_becomes_a_fact(text: str, claim: str) -> None:
    assert edited(drop_attribution, text) == claim


@pytest.mark.parametrize(
    "text",
    [
        "The committee found that the bridge was unsafe.",  # takes it for true
        "The minister confirmed that the bridge was closed.",
        "The report showed that prices rose.",
        "The board admitted that the figures were wrong.",
        "Nobody said that the bridge was unsafe.",
        "The company said it was ready for the winter.",  # a pronoun that leads back to who says it
        "According to the census, the town has 4,000 inhabitants.",
        "The council suggested that the toll be raised.",
        "The claim that the bridge was unsafe is wrong.",
        "Officials said the bridge was unsafe, according to the council.",  # it would still be a report
    ],
)
def test_what_is_no_bare_report_is_left_alone(text: str) -> None:
    assert edited(drop_attribution, text) is None
    assert edited(reword_attribution, text) is None


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("The council plans to open a second market.", "The council will open a second market."),
        ("Apple also intends to build a plant in Ohio.", "Apple will build a plant in Ohio."),
        ("Prices are expected to fall in the spring.", "Prices will fall in the spring."),
        ("Wells, who hopes to run again, met the voters.", "Wells, who will run again, met the voters."),
    ],
)
def test_a_plan_is_made_fact(text: str, claim: str) -> None:
    assert edited(realise_plan, text) == claim


@pytest.mark.parametrize(
    "text",
    [
        "The council announced its plans to open a second market.",  # the plans are a thing
        "The council planned to open a market and eventually did so.",
        "The council does not plan to open a market.",
        "Prices are not expected to fall in the spring.",
        "The council plans to not open the market.",
        "Prices are expected to fall, the bank said.",  # it says that they will
    ],
)
def test_no_plan_is_made_of_a_noun_a_denial_or_what_came_true(text: str) -> None:
    assert edited(realise_plan, text) is None


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("If the vote passes, the town will sell the mill.", "The town will sell the mill."),
        ("The town will sell the mill if the vote passes.", "The town will sell the mill."),
        ("Unless it rains, the fair would open on Monday.", "The fair will open on Monday."),
        ("The plan, if approved, will cost $4 million.", "The plan will cost $4 million."),
    ],
)
def test_a_condition_is_dropped(text: str, claim: str) -> None:
    assert edited(drop_condition, text) == claim


@pytest.mark.parametrize(
    "text",
    [
        "If you are hungry, the inn will serve you until midnight.",  # the inn serves all the same
        "The town will sell the mill even if the vote fails.",
        "The town would have sold the mill if the vote had passed.",
        "If water is heated, steam rises from it.",  # generic: no modal
        "The lawsuit may be dismissed if the fee is paid.",  # it may be dismissed either way
        "Officials will determine if the mill is safe.",  # whether
        "The council will hold a vote to ask the town if it wants the mill.",
        "If the mill is old, it will be sold.",  # who would know what it is
    ],
)
def test_what_does_not_depend_on_the_condition_keeps_it(text: str) -> None:
    assert edited(drop_condition, text) is None
