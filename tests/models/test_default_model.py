"""The default language model: the best one tried that fits the free memory, with the reason in words."""

import pytest

from rag.models.catalogue import CATALOGUE, find_model
from rag.models.default_model import choose_default, default_model, wanted_bytes


@pytest.mark.parametrize("available_bytes", [3_000_000_000, 8_000_000_000, 10**12, None])
def test_a_model_that_fits_or_may_fit_is_chosen(available_bytes: int | None) -> None:
    chosen = choose_default(available_bytes=available_bytes)
    assert chosen.model is find_model("qwen2.5-coder-1.5b")
    assert "the best one tried" in chosen.reason


@pytest.mark.parametrize(
    ("available_bytes", "shown"), [(1_900_000_000, "1.9"), (2_999_999_999, "2.9"), (0, "0.0")]
)
def test_too_little_memory_means_quotes_alone_and_says_how_much_is_free(
    available_bytes: int, shown: str
) -> None:
    chosen = choose_default(available_bytes=available_bytes)
    assert chosen.model is None
    assert chosen.reason == (
        f"quotes alone, as {shown} GB of memory are free and the 1.5B model wants 3.0 GB"
    )


def test_a_model_that_was_not_tried_or_cannot_answer_is_never_the_default() -> None:
    others = [model for model in CATALOGUE if not (model.answers and model.tried)]
    assert choose_default(available_bytes=10**12, catalogue=others).model is None


def test_a_model_wants_more_memory_than_it_takes() -> None:
    assert all(wanted_bytes(model) > model.memory_bytes > model.bytes for model in CATALOGUE)


def test_the_default_here_is_what_the_free_memory_allows() -> None:
    assert default_model().reason
