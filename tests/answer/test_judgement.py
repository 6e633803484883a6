from typing import Any

import pytest

from rag.answer.judgement import judge
from rag.errors import ModelError
from rag.models.writers import Writer
from rag.schema import Evidence, Span
from tests.support.language_model import ScriptedChat

TEXT = "xAI built its Colossus supercomputer in Memphis in just 122 days."
EVIDENCE = (Evidence(label=1, article_id="a", span=Span(0, len(TEXT)), text=TEXT, score=1.0),)


def judged(chat: ScriptedChat) -> float | None:
    return judge(Writer(name="scripted", model=chat, context_tokens=4096), EVIDENCE, "How long did it take?")


@pytest.mark.parametrize(
    "reply", ["yes", "Yes.", " YES\n", "**Yes**", "Yes, in passage [1].", "<think>Is it? no</think>yes"]
)
def test_a_model_without_log_probabilities_is_taken_at_its_word(reply: str) -> None:
    value = judged(ScriptedChat(judgement=reply))
    assert value is not None
    assert value > 0


@pytest.mark.parametrize("reply", ["no", "No.", "NO", "no, it is not", "<think>yes?</think>No"])
def test_a_no_is_a_no(reply: str) -> None:
    value = judged(ScriptedChat(judgement=reply))
    assert value is not None
    assert value < 0


@pytest.mark.parametrize("reply", ["", "maybe", "The passages tell of Colossus."])
def test_what_is_neither_yes_nor_no_is_no_judgement(reply: str) -> None:
    assert judged(ScriptedChat(judgement=reply)) is None


@pytest.mark.parametrize(
    ("likely", "expected"),
    [
        ([("yes", -0.1), ("no", -2.4)], 2.3),
        ([(" Yes", -1.0), ("yes", -3.0), ("No", -0.5)], -0.5),
        ([("no", -0.01)], -14.99),
        ([("Maybe", -0.1)], 0.0),
    ],
)
def test_with_log_probabilities_it_is_the_odds_of_one_token(
    likely: list[tuple[str, float]], expected: float
) -> None:
    class WithLogprobs(ScriptedChat):
        top_logprobs: int | None = None

        def invoke(self, *_: Any, **options: Any) -> Any:  # noqa: ANN401
            reply = super().invoke(*_, **options)
            tokens = [{"token": token, "logprob": value} for token, value in likely]
            reply.response_metadata["logprobs"] = {"content": [{"top_logprobs": tokens}]}
            return reply

    assert judged(WithLogprobs()) == pytest.approx(expected)


def test_a_fault_of_the_model_is_one_line() -> None:
    with pytest.raises(ModelError, match="scripted"):
        judged(ScriptedChat(judgement=ConnectionError("refused")))
