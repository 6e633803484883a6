import pytest

from rag.question.lookup.abbreviations import asked_abbreviation, spells_out
from rag.question.lookup.by_form import asks_by_form, is_asked_by_form


@pytest.mark.parametrize(
    ("question", "letters"),
    [
        ("What does STaR stand for?", "STaR"),
        ("what does NASA mean", "NASA"),
        ("What do the letters LLMs stand for?", "LLM"),
        ("What is “VAT” short for?", "VAT"),
        ("What's the full name of the WHO?", "WHO"),
        ("What is R&D an abbreviation of?", "R&D"),
        ("What does the mayor stand for?", ""),
        ("What does NASA do?", ""),
        ("What did Anna mean?", ""),
    ],
)
def test_a_question_for_the_words_of_an_abbreviation_is_known(question: str, letters: str) -> None:
    assert asked_abbreviation(question) == letters


@pytest.mark.parametrize(
    ("sentence", "letters", "says"),
    [
        ('This technique, the "Self-Taught Reasoner" (STaR), is simple.', "STaR", True),
        ("Large language models (LLMs) are trained.", "LLM", True),
        ("The WHO (World Health Organization) met.", "WHO", True),
        ("VAT stands for value added tax.", "VAT", True),
        ("ROI, short for return on investment, rose.", "ROI", True),
        ("We show that STaR improves much.", "STaR", False),
        ("He met them (NASA paid) in May.", "ESA", False),
    ],
)
def test_a_sentence_says_what_letters_stand_for_beside_them(sentence: str, letters: str, says: bool) -> None:
    assert spells_out(sentence, letters) == says


def test_a_clause_and_an_abbreviation_are_found_by_form() -> None:
    assert asks_by_form("What does clause 2 say?")
    assert is_asked_by_form("2.1 The roof is mended.", "What does clause 2 say?")
    assert asks_by_form("What does STaR stand for?")
    assert not asks_by_form("When is the rent due?")
    assert not is_asked_by_form("The rent is due on Monday.", "When is the rent due?")
