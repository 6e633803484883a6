"""Tokens of chat models and the memory of the process."""

from rag.evaluation.usage import count_model_tokens, peak_mb
from rag.text.tokens import count_tokens
from tests.support.language_model import ScriptedChat


def test_a_meter_counts_nothing_after_its_block() -> None:
    model = ScriptedChat(replies=["One two three.", "Four."])
    with count_model_tokens() as outer:
        with count_model_tokens() as inner:
            model.invoke("Count.")
        assert (inner.tokens_in, inner.tokens_out) == (count_tokens("Count."), count_tokens("One two three."))
    model.invoke("Count.")
    assert (outer.tokens_in, outer.tokens_out) == (0, 0)


def test_the_peak_of_memory_is_in_megabytes() -> None:
    assert 10 < peak_mb() < 100_000
