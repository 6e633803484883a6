"""The second opinion of a model on the verdicts of rules."""

import pytest

from rag.answer.statement_gate import StatementGate
from rag.schema import Evidence, Span

WORDS = "Kublai's government faced financial difficulties after 1279, historians found."
EVIDENCE = (Evidence(label=1, article_id="a", span=Span(0, len(WORDS)), text=WORDS, score=1.0),)


def weighed(statement: str, opinion: float | None) -> tuple[StatementGate, list[str]]:
    asked: list[str] = []

    def ask(text: str, said: str) -> float | None:
        assert text == WORDS
        asked.append(said)
        return opinion

    gate = StatementGate(EVIDENCE, "What happened after 1279?", ask)
    list(gate.feed(statement))
    list(gate.finish())
    return gate, asked


def test_other_words_for_the_same_are_shown_where_the_model_is_sure() -> None:
    statement = "The administration was running out of money after 1279 [1]."
    assert weighed(statement, 2.5)[0].text == statement
    for unsure in (1.9, -3.0, None):
        assert weighed(statement, unsure)[0].text == ""


@pytest.mark.parametrize(
    "statement",
    [
        "The administration was running out of money after 1297 [1].",
        "The administration of Genghis was running out of money after 1279 [1].",
        "Kublai's government did not face financial difficulties after 1279 [1].",
    ],
)
def test_the_model_has_no_say_on_numbers_names_and_denials(statement: str) -> None:
    gate, asked = weighed(statement, 9.0)
    assert (gate.text, asked) == ("", [])


def test_a_plain_no_of_the_model_takes_a_statement_back() -> None:
    statement = "Financial difficulties were faced by Kublai's government after 1279 [1]."
    assert weighed(statement, -1.9)[0].text == statement
    gate, _ = weighed(statement, -2.5)
    assert gate.withheld is not None
    assert "finds that they do not say this" in gate.withheld.citations[0].reason


def test_the_articles_own_words_need_no_opinion() -> None:
    gate, asked = weighed(f"{WORDS[:-1]} [1].", -9.0)
    assert gate.text
    assert asked == []


def test_a_short_answer_is_judged_before_it_is_written_and_not_again() -> None:
    gate, asked = weighed("Financial difficulties [1].", -9.0)
    assert gate.text
    assert asked == []
