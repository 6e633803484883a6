"""Refusals as models word them, and answers that look like them."""

import pytest

from rag.answer.reply.refusal import is_courtesy, refusal_in

WORDS = [
    "NOT IN THE ARTICLES",
    "Not in the articles.",
    '"NOT IN THE ARTICLES"',
    "[NOT IN THE ARTICLES]",
    "**NOT IN THE ARTICLES**",
    "“Not in the articles”",
    "Answer: NOT IN THE ARTICLES",
    "The answer is NOT IN THE ARTICLES.",
    "NOT IN THE ARTICLES - they speak of 2023 only",
    "NOT IN THE ARTICLES [1].",
]
PROSE = [
    "I'm sorry, but the passages do not contain that information.",
    "I am sorry, the provided context doesn't mention it.",
    "I don't know.",
    "I do not know the answer to this question.",
    "I cannot answer the question from the passages.",
    "The articles do not say who paid.",
    "The articles do not mention a successor.",
    "The passages don’t explicitly state when it opened.",
    "There is no information about a merger in the passages.",
    "There is no mention of a merger in the provided articles.",
    "None of the passages says who paid.",
    "Nothing in the articles says who paid.",
    "No passage mentions the price.",
    "The answer cannot be determined from the text.",
    "The price cannot be determined from the provided passages.",
    "The question cannot be answered from the context.",
    "Unfortunately, the sources provided do not address this.",
    "It is not possible to determine this from the articles.",
    "This is not mentioned in the passages.",
    "The name of the founder is not given in the text.",
    "The information is not available.",
    "Based on the provided passages, I cannot determine the price.",
    "The passages do not mention who paid [1][2].",
    "Not mentioned.",
    "Unknown.",
    "There is not enough information to answer the question.",
]
ANSWERS = [
    "The report does not say who paid [1].",
    "The company did not mention layoffs [2].",
    "The articles of incorporation were signed in 1901 [1].",
    "The article does not say who paid [1].",
    "The passages give no exact date, but Colossus was built in 122 days [1].",
    "The company did not mention layoffs.",
    "The cause could not be determined.",
    "The cause was not known, police said.",
    "There is no evidence that the vaccine harms.",
    "There were no survivors.",
    "“I don't know,” said Musk [1].",
    "None of the workers was hurt.",
    "No company paid a fine.",
    "Nothing in the budget changed.",
    "Not in the articles of the law alone, but in its spirit [1].",
    "Unknown attackers broke in.",
    "It is not clear who paid [1].",
    "The document was found in a drawer.",
    "Sources said the deal was off.",
]


@pytest.mark.parametrize("statement", WORDS)
def test_the_words_of_the_prompt_are_a_refusal_however_dressed(statement: str) -> None:
    assert refusal_in(statement) == "words"


@pytest.mark.parametrize("statement", PROSE)
def test_prose_that_says_the_passages_do_not_answer_is_a_refusal(statement: str) -> None:
    assert refusal_in(statement) == "prose"


@pytest.mark.parametrize("statement", ANSWERS)
def test_a_statement_about_the_world_is_no_refusal(statement: str) -> None:
    assert refusal_in(statement) == ""


@pytest.mark.parametrize("statement", ["I'm sorry.", "Sure!", "**Certainly!**", "Sorry"])
def test_a_courtesy_says_nothing(statement: str) -> None:
    assert is_courtesy(statement)
    assert not is_courtesy(f"{statement} Colossus took 122 days.")
