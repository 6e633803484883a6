"""Cited words that tell of somebody else, or of another one of several."""

import pytest

from rag.answer.another_one import another_one
from rag.answer.another_subject import said_of_another
from rag.answer.contradiction import contradiction
from rag.question.premises import Cited
from rag.verify.syntax.parsed_sentence import parsed_sentences


@pytest.mark.parametrize(
    ("question", "cited", "said"),
    [
        ("When did Ada Vale join the clinic?", "Tom Reyes joined the clinic in March 2019.", "“Tom Reyes”"),
        ("What does Dr. Holm treat?", "Dr. Ingrid Vale treats skin diseases.", "“Ingrid Vale”"),
        ("Where did Ivar Moe study?", "Helga Sommer directed it. She studied in Vienna.", "“Helga Sommer”"),
        ("Who coaches the Heron Rowing Club?", "Tern's coach is Willem Prins.", "“Tern”"),
        ("How much did the rye harvest rise?", "The beet harvest rose to 4,300 tonnes.", "“beet harvest”"),
        ("Who painted the music room?", "The corner was painted by Jana Holt.", "“corner”"),
    ],
)
def test_what_is_said_of_another_contradicts_the_question(question: str, cited: str, said: str) -> None:
    assert contradiction(question, [Cited(cited)]).startswith(f"say it of {said}, not of ")


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("When did Ada Vale join the clinic?", "Dr. Vale joined the clinic in 2019."),
        ("When did Ada Vale join the clinic?", "She joined the clinic in 2019."),
        ("Where did Ada Vale study?", "Vale was born in Lund. She studied in Vienna."),
        ("How much did the company pay?", "Brightwater paid 85 million."),
        ("How much did the rye harvest rise?", "The harvest rose to 4,300 tonnes."),
        ("Who trained Ada Vale?", "Yusuf Amari trained Vale."),
        ("Who met Ada Vale?", "Tom Reyes met Ben Lund."),
    ],
)
def test_what_may_be_said_of_the_one_asked_about_contradicts_nothing(question: str, cited: str) -> None:
    context = Cited(cited, article=f"Ada Vale is a surgeon. {cited}")
    assert said_of_another(parsed_sentences(question)[0], [context]) == ""


def test_a_subject_named_otherwise_below_a_title_with_the_name_may_be_the_same() -> None:
    cited = Cited("Bell Brandt moved to Karsby.", title="Elias Brandt")
    assert said_of_another(parsed_sentences("When did Elias Brandt move?")[0], [cited]) == ""


def test_one_sentence_that_tells_it_of_the_name_is_enough() -> None:
    cited = [Cited("Tom Reyes joined in 2019."), Cited("Ada Vale joined in 2020.")]
    assert said_of_another(parsed_sentences("When did Ada Vale join?")[0], cited) == ""


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("How do brown bats jam the moths' clicks?", "Tiger moths jam the bats' sonar with clicks."),
        ("How much did Solane pay for Brightwater?", "Brightwater bought Solane for 85 million euros."),
    ],
)
def test_who_does_it_and_to_whom_exchanged_is_told(question: str, cited: str) -> None:
    assert contradiction(question, [Cited(cited)]) == "have it the other way round"


@pytest.mark.parametrize(
    ("question", "cited", "said"),
    [
        (
            "Who came third in the race?",
            "The second place in the race went to Ada.",
            "say “second”, not “third”",
        ),
        ("When is the first bus?", "The last bus leaves at 23:40.", "say “last”, not “first”"),
        ("What does a single room cost?", "A double room costs 120 euros.", "say “double”, not “single”"),
        ("Who was the youngest director?", "Ada Vale was director.", "do not mention “youngest”"),
    ],
)
def test_another_one_of_several_is_told(question: str, cited: str, said: str) -> None:
    assert another_one(parsed_sentences(question)[0], [Cited(cited)]) == said


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("Who came third?", "The 3rd place went to Ada, the second to Ben."),
        ("Who paved it in the twelfth century?", "The monks paved it in the 12th century."),
        ("What does a big room cost?", "A large room costs 120 euros."),
        ("How many seconds does it take?", "The first try took nine seconds."),
        ("Who is the youngest director?", "Ada Vale is the most junior director."),
        ("What is the first step?", "The last bus leaves at nine."),
    ],
)
def test_the_same_one_in_other_words_is_no_other(question: str, cited: str) -> None:
    assert another_one(parsed_sentences(question)[0], [Cited(cited)]) == ""


def test_what_is_refused_is_not_done() -> None:
    cited = [Cited("The bishop of Rask refused to sign.")]
    assert contradiction("What did the bishop of Rask sign?", cited) == "say “refused to sign”, not “sign”"


def test_nothing_cited_contradicts_nothing() -> None:
    assert said_of_another(parsed_sentences("When did Ada Vale join?")[0], []) == ""
    assert another_one(parsed_sentences("When is the first bus?")[0], []) == ""
