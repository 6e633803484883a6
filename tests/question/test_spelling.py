import pytest

from rag.models.minilm import MiniLM
from rag.question.spelling import correct_spelling
from rag.text.words import words

TEXT = (
    "Anthropic was founded by former researchers. Colossus took 122 days to build. "
    "The valuation rose. Costs are reserved. Investors curbed it."
)
VOCABULARY = {word.term: 1 for word in words(TEXT)}
SURFACE = {word.term: word.text for word in words(TEXT)}


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


def put_right(question: str, model: MiniLM) -> str:
    return correct_spelling(
        question, vocabulary=VOCABULARY, common=model.has_word, surface=SURFACE.__getitem__
    )


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("who fouded Antropic?", "who founded Anthropic?"),
        ("How long did Colosus's work take to biuld", "How long did Colossus's work take to build"),
        ("the valuaton", "the valuation"),
    ],
)
def test_a_slip_is_put_right_by_the_articles_words(typed: str, corrected: str, model: MiniLM) -> None:
    assert put_right(typed, model) == corrected


@pytest.mark.parametrize(
    "question",
    [
        "Who won the Bundesliga in Munich?",
        "It reverses and rebuilds things",
        "What of 123 days?",
        "Is it 東京?",
        "costing",
    ],
)
def test_words_that_are_right_are_left_alone(question: str, model: MiniLM) -> None:
    assert put_right(question, model) == question
