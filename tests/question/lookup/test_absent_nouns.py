"""Nouns of a question that cited words neither have nor tell otherwise."""

from collections import Counter

import pytest

from rag.question.premises import Cited, Premises, Vocabulary, premises


def asked(question: str) -> Premises:
    return premises(question, articles=Vocabulary(Counter(), lambda term: term, lambda _: True))


@pytest.mark.parametrize(
    ("question", "cited", "absent"),
    [
        ("What does a ticket for children cost?", "A ticket for adults costs 11 euros.", "children"),
        ("When does the last tram leave?", "The last bus leaves at 23:40.", "tram"),
        ("Is lunch included on the train?", "On the train breakfast is included.", "lunch"),
        ("What does a motorcycle cost?", "A car with driver costs 28 euros.", "motorcycle"),
        (
            "Who pays for the repainting of the bedroom?",
            "The tenant pays for the repainting of the hall.",
            "bedroom",
        ),
        ("How much will the hospital roof cost?", "The school roof will cost 420,000 crowns.", "hospital"),
        ("What does a licence for a laptop cost?", "A licence for one user costs 40 dollars.", "laptop"),
        ("What was the reading of the gas meter?", "The reading of the electricity meter was 48,211.", "gas"),
        ("How many cyclists started?", "1,850 runners started.", "cyclists"),
    ],
)
def test_a_noun_of_which_no_cited_word_tells_is_lacking(question: str, cited: str, absent: str) -> None:
    assert asked(question).lacking([Cited(cited)]) == (absent,)


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("How many kids came?", "Nine children came."),
        ("How long is the warranty?", "The guarantee covers two years."),
        ("When is rubbish collected?", "Waste is collected on Thursdays."),
        ("Who coaches the rowers?", "The coach of the Rowing Club is Willem Prins."),
        ("What is the fare for a car?", "A car costs 28 euros."),
        ("How many books have been sold?", "It has sold 320 million copies."),
        ("Where do I keep my bike?", "Bicycles are kept in the cellar."),
        ("Which animals are kept?", "Penguins are kept."),
        ("What crops are grown?", "Rye and beet are grown."),
        ("In which month did the company buy it?", "Brightwater bought it in June."),
        ("What is the phone number of the caretaker?", "The caretaker can be reached on 555-0143."),
    ],
)
def test_a_noun_in_other_words_is_not_lacking(question: str, cited: str) -> None:
    assert asked(question).lacking([Cited(cited)]) == ()


def test_a_noun_in_the_title_is_not_lacking() -> None:
    cited = Cited("It opens at 10 am.", around="The Harbour Museum", title="The Harbour Museum")
    assert asked("When does the museum open?").lacking([cited]) == ()


def test_a_noun_that_is_absent_is_told_and_refutes_nothing() -> None:
    tram, told = asked("When does the last tram leave?"), [Cited("The last bus leaves at 23:40.")]
    assert tram.lacking(told) == ("tram",)
    assert not tram.refute(told)


def test_nothing_is_absent_where_nothing_is_cited() -> None:
    assert asked("What does a ticket for children cost?").lacking([]) == ()


def test_the_place_that_the_articles_are_about_need_not_be_in_each_sentence() -> None:
    known = Vocabulary(Counter({"clinic": 3}), lambda term: term, lambda _: True)
    cited = [Cited("A first visit costs 60 crowns.")]
    assert premises("What does a first visit to the clinic cost?", articles=known).lacking(cited) == ()
    assert asked("What does a first visit to the clinic cost?").lacking(cited) == ("clinic",)
