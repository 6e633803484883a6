"""Which kind of value a question asks for, and whether a passage gives one."""

import pytest

from rag.question.lookup.values import asked_value, missing_value


@pytest.mark.parametrize(
    ("question", "passage", "missing"),
    [
        (
            "How much does a night in a cabin cost?",
            "There are 8 bunks in each cabin.",
            "give no sum of money",
        ),
        (
            "What salary does the head get?",
            "The head, Ada Quist, is at (408) 252-3000.",
            "give no sum of money",
        ),
        ("What is the fee for adults?", "Adults pay at the gate.", "give no sum of money"),
        ("When does the ceremony start?", "The ceremony is held outdoors.", "give no day or time"),
        ("How many people work there?", "The people who work there like it.", "give no number"),
        ("How much does it cost?", "The cost is borne by the town.", "give no sum of money"),
        ("What is the density of the steel?", "Density of SNB22-3.", "give no number"),
        ("How much is a package?", "Some 150 guests came on the 21st.", "give no amount"),
        ("How many of the 12 rooms are free?", "There are 12 rooms.", "give no number"),
        ("Which city hosts the fair?", "It is held where the others were.", "give no name"),
    ],
)
def test_a_passage_without_a_value_of_the_kind_is_told(question: str, passage: str, missing: str) -> None:
    assert missing_value(question, [passage]) == missing


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("How much does a night cost?", "A night is 40 crowns."),
        ("How much does a night cost?", "Guests sleep free of charge."),
        ("How much does a night cost?", "The fee is 40."),
        ("What is the fee?", "| Adults | 5.00 |"),
        ("What does a page cost?", "A page costs one crown."),
        ("What is the fee for a late film?", "Half a crown for each day."),
        ("What does the method cost?", "The method costs a tenth of what traps cost."),
        ("How much does it cost?", "There is no charge."),
        ("How much of the rent do I pay?", "Tenants pay 30% of it."),
        ("When does the meeting start?", "It starts at 7:30 a.m."),
        ("When does the meeting start?", "It starts on the first Monday of the month."),
        ("How much is the limit?", "The limit is 40 tonnes."),
        ("When did the reform begin?", "It began in the 11th century."),
        ("When did the war end?", "It lasted until 1648."),
        ("When may I leave?", "You may leave once the bell has rung."),
        ("How many exits are there?", "The hall has no exit."),
        ("How many people work there?", "Some 120 work there."),
        ("How long is the bridge?", "The bridge is 90 m long."),
        ("How long may I stay?", "Guests may stay until the bell rings."),
        ("How often is it cleaned?", "It is cleaned every night."),
        ("Which city hosts the fair?", "This year it is held in Oslo."),
        ("How long is the bridge over the Ness?", "The bridge over the Ness is 812 metres long."),
        ("When is the rent due?", "The rent is due on the third working day of each month."),
    ],
)
def test_a_passage_with_a_value_of_the_kind_lacks_nothing(question: str, passage: str) -> None:
    assert asked_value(question) is not None
    assert missing_value(question, [passage]) == ""


@pytest.mark.parametrize(
    "question",
    ["Why did it close?", "How far is it?", "Who is the mayor?", "Was kostet eine Karte?", "How do I pay?"],
)
def test_what_may_be_answered_in_any_words_lacks_nothing(question: str) -> None:
    assert missing_value(question, ["It is within sight."]) == ""


def test_nothing_is_lacking_where_nothing_is_cited() -> None:
    assert missing_value("How many exits are there?", []) == ""
