"""Which questions are in another language than English."""

import json

import pytest

from rag.system.paths import shipped_corpus
from rag.text.language import is_foreign_question


@pytest.mark.parametrize(
    "question",
    [
        "Was kostete die Brücke?",
        "Wie teuer war die Brücke am Hafen?",
        "Was war die Ursache?",
        "Combien a coûté le pont ?",
        "¿Cuánto costó el puente?",
    ],
)
def test_a_question_in_another_language_is_known_by_its_common_words(question: str) -> None:
    assert is_foreign_question(question)


@pytest.mark.parametrize(
    "question",
    [
        "Did the captain die?",
        "Was Orrin built in 1871?",
        "Was Zoë Brücke there?",
        "Was the die cast?",
        "When did he die?",
        "When am I paid?",
        "Die casting",
        "Van Gogh in Paris",
    ],
)
def test_an_english_question_with_a_word_that_others_have_too_stays_english(question: str) -> None:
    assert not is_foreign_question(question)


def test_no_question_about_the_shipped_article_is_foreign() -> None:
    lines = (shipped_corpus() / "questions.jsonl").read_text("utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines]
    assert [question for question in asked if is_foreign_question(question)] == []
    assert len(asked) > 50
