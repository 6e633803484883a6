import pytest

from rag.answer.nearest import nearest_text

CLOSEST = " The closest they come:"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Who is the CEO of Nvidia?", "The articles do not say who the CEO of Nvidia is."),
        ("who's the mayor of New York", "The articles do not say who the mayor of New York is."),
        ("What was the price of Bitcoin?", "The articles do not say what the price of Bitcoin was."),
        (
            "Who are the new owners of the Port?",
            "The articles do not say who the new owners of the Port are.",
        ),
        ("Who is Nvidia's founder?", "The articles do not say who Nvidia's founder is."),
        ("Who founded Nvidia?", "The articles do not say who founded Nvidia."),
        ("When will the deal end?", "The articles do not answer “When will the deal end?”"),
        ("Who is building Colossus?", "The articles do not answer “Who is building Colossus?”"),
        (
            "What is the capital of France used for?",
            "The articles do not answer “What is the capital of France used for?”",
        ),
        ("Who did Rollo marry?", "The articles do not answer “Who did Rollo marry?”"),
    ],
)
def test_a_question_is_told_as_a_clause_only_where_that_is_sure(question: str, said: str) -> None:
    assert nearest_text(question) == said + CLOSEST


def test_a_long_question_is_not_repeated() -> None:
    assert (
        nearest_text("Why " + "on and " * 60 + "on?") == "The articles do not answer this question." + CLOSEST
    )
