"""Sentences become questions that a person would ask, or none."""

import pytest

from rag.question.posing.questions import questions_from


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        ("Colossus took 122 days to build.", "How long did Colossus take to build?", "122 days"),
        ("Sick pay lasts for 20 weeks.", "How long does sick pay last?", "20 weeks"),
        (
            "Employees must submit expense claims within 30 days.",
            "Within how many days must employees submit expense claims?",
            "30 days",
        ),
        (
            "Employees receive 25 days of paid leave each year.",
            "How many days of paid leave do employees receive?",
            "25 days of paid leave",
        ),
        (
            "About 4,000 people attended the Harbour Fair in Pell.",
            "How many people attended the Harbour Fair in Pell?",
            "About 4,000 people",
        ),
        ("The Eiffel Tower is 330 metres tall.", "How tall is the Eiffel Tower?", "330 metres tall"),
        (
            "In 1923 the lamp of the Orrin lighthouse was replaced by Jonas Brandt.",
            "When was the lamp of the Orrin lighthouse replaced by Jonas Brandt?",
            "1923",
        ),
        (
            "The Orrin lighthouse was built in 1871 by Maria Keller.",
            "Who built the Orrin lighthouse?",
            "Maria Keller",
        ),
        (
            "Apple acquired Beats for $3 billion in 2014.",
            "Who acquired Beats for $3 billion in 2014?",
            "Apple",
        ),
        ("A heat pump is a device that moves heat.", "What is a heat pump?", "a device that moves heat"),
        (
            "Jonas Brandt, a retired ferryman from Pell, drove the first car across.",
            "Who is Jonas Brandt?",
            "a retired ferryman from Pell",
        ),
        ("Bake the cake at 180 °C for 40 minutes.", "How long should you bake the cake?", "40 minutes"),
        (
            "Bake the cake at 180 °C for 40 minutes.",
            "At what temperature should you bake the cake?",
            "180 °C",
        ),
        (
            "Leave the cake in the tin for 20 minutes.",
            "How long should you leave the cake in the tin?",
            "20 minutes",
        ),
        (
            "Jackson was available to the Suns because the Boston Celtics chose Jayson Tatum.",
            "Why was Jackson available to the Suns?",
            "because the Boston Celtics chose Jayson Tatum",
        ),
    ],
)
def test_a_sentence_becomes_a_question_for_one_of_its_parts(
    sentence: str, question: str, answer: str
) -> None:
    assert (question, answer) in [(posed.question, posed.answer) for posed in questions_from(sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "Monday.",
        "12 | 14 | 16",
        "It was opened by the mayor in 1984.",  # nobody knows what
        "The company bought the group in 2014.",
        "He built the Orrin lighthouse in 1871.",
        "Maria Keller did not build the Orrin lighthouse in 1871.",  # denied
        "Was the Orrin lighthouse built in 1871?",
        "“We built the Orrin lighthouse in 1871,” said Maria Keller.",
        "Maria Keller opened it on Monday.",
        "Lorries pay four pounds.",
        "No French troops were stationed in North America in 1754.",
        "Die Mieter müssen das Treppenhaus jede Woche reinigen.",
        "Der Leuchtturm wurde 1871 von Maria Keller in Berlin gebaut.",
        "Le phare a été construit en 1871 par Maria Keller.",
        "HALIFAX, Nova Scotia – Ada Hill completed a hat trick in overtime.",
        "Report, 2014: Apple (US) acquired <b>Beats</b> for $3 billion.",
    ],
)
def test_no_question_is_made_of_what_is_not_plain_or_not_english(sentence: str) -> None:
    assert questions_from(sentence) == ()


def test_the_same_sentence_makes_the_same_questions() -> None:
    sentence = "The Orrin lighthouse was built in 1871 by Maria Keller."
    assert questions_from(sentence) == questions_from(sentence)
    assert [posed.kind for posed in questions_from(sentence)] == ["when", "who"]


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        (
            "Supervisors carry the keys of the Pell lighthouse.",
            "Who carries the keys of the Pell lighthouse?",
        ),
        ("The letter to Ada Hill was written in 1871 by Maria Keller.", "Who wrote the letter to Ada Hill?"),
        ("The officers were overseen by Maria Keller in Pell.", None),
    ],
)
def test_verbs_agree_with_who(sentence: str, question: str | None) -> None:
    found = [posed.question for posed in questions_from(sentence) if posed.kind == "who"]
    assert found == ([question] if question else [])


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("The warranty lasts for two years.", "How long does the warranty last?"),
        ("The pump delivers 15 bars.", "How many bars does the pump deliver?"),
        ("The company lasted for two years.", None),
    ],
)
def test_a_reader_of_few_articles_knows_which_pump_is_the_pump(sentence: str, question: str | None) -> None:
    assert questions_from(sentence) == ()
    found = [posed.question for posed in questions_from(sentence, familiar=True)]
    assert found == ([question] if question else [])
