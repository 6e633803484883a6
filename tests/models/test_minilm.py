"""The default embedder: vectors, token vectors and their spans."""

import numpy as np
import pytest

from rag.models.minilm import DIMENSIONS, MiniLM


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


def test_vectors_have_length_one_and_do_not_depend_on_the_batch(model: MiniLM) -> None:
    texts = [
        "a cat",
        "GPU clusters cost money to run and to build",
        "x",
        "a dog sat on the mat",
        "a cat sat on the mat",
    ]
    together = model.embed(texts)
    assert together.shape == (5, DIMENSIONS)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.vstack([model.embed([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-5)


def test_like_texts_are_closer_than_unlike_ones(model: MiniLM) -> None:
    cat, kitten, bond = model.embed(["A cat is sleeping.", "The kitten sleeps.", "Bond yields rose in May."])
    assert cat @ kitten > 0.6 > 0.3 > cat @ bond


def test_text_beyond_128_pieces_is_read(model: MiniLM) -> None:
    start = "the market opened and prices moved a little " * 18
    one, other = model.embed([start + "then a volcano erupted", start + "then parliament voted"])
    assert one @ other < 0.9999


def test_token_vectors_have_the_spans_of_the_words(model: MiniLM) -> None:
    text = "Colossus took 122 days."
    first, empty = model.token_vectors([text, ""])
    assert "".join(span.of(text) for span in first.spans) == "Colossustook122days."
    assert first.vectors.shape == (len(first.spans), DIMENSIONS)
    assert np.allclose(np.linalg.norm(first.vectors, axis=1), 1, atol=1e-5)
    assert empty.spans == ()


def test_a_lone_surrogate_and_an_empty_text_are_embedded(model: MiniLM) -> None:
    assert np.isfinite(model.embed(["\ud800 broken", "", "🦜" * 400])).all()


def test_langchain_names_give_the_same_numbers(model: MiniLM) -> None:
    assert np.allclose(model.embed_documents(["a cat"])[0], model.embed(["a cat"])[0])
    assert np.allclose(model.embed_query("a cat"), model.embed(["a cat"])[0])
