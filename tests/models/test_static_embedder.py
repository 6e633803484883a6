"""The fast embedder: the same vectors in any batch, in any thread and for any text; and its missing files."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import ModelError
from rag.models import static_embedder
from rag.models.static_embedder import DIMENSIONS, StaticVectors, is_installed


@pytest.fixture(scope="module")
def model() -> StaticVectors:
    return StaticVectors()


def test_vectors_have_length_one_and_do_not_depend_on_the_batch(model: StaticVectors) -> None:
    texts = [f"In week {n} the bank said that it would pay {n * 7} euros." for n in range(300)]
    together = model.embed(texts)
    assert together.shape == (300, DIMENSIONS)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.vstack([model.embed([text]) for text in texts])
    assert np.array_equal(together, alone)


def test_like_texts_are_closer_than_unlike_ones(model: StaticVectors) -> None:
    cat, kitten, bond = model.embed(["A cat is sleeping.", "The kitten sleeps.", "Bond yields rose in May."])
    assert cat @ kitten > 0.4 > 0.2 > cat @ bond


def test_a_text_of_any_length_is_read_to_its_end(model: StaticVectors) -> None:
    start = "the market opened and prices moved a little " * 3000
    one, other, same = model.embed(
        [start + "volcano " * 900, start + "parliament " * 900, start + "volcano " * 900]
    )
    assert one @ other < 0.999
    assert np.array_equal(one, same)


def test_an_empty_text_has_a_vector_of_zeros_and_no_text_has_none(model: StaticVectors) -> None:
    assert not model.embed([""]).any()
    assert model.embed([]).shape == (0, DIMENSIONS)


@settings(deadline=None)
@given(st.lists(st.text(st.characters()), max_size=4))
def test_any_text_has_a_vector(texts: list[str]) -> None:
    vectors = StaticVectors().embed(texts)
    assert vectors.shape == (len(texts), DIMENSIONS)
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.all(np.isclose(lengths, 1, atol=1e-5) | (lengths == 0))


def test_a_lone_surrogate_is_embedded_as_a_question_mark(model: StaticVectors) -> None:
    one, other = model.embed(["\ud800 broken", "? broken"])
    assert np.array_equal(one, other)


def test_many_threads_get_the_same_vectors(model: StaticVectors) -> None:
    texts = [f"{n} ships left the harbour of Orrin" for n in range(64)]
    expected = model.embed(texts)
    with ThreadPoolExecutor(8) as pool:
        for vectors in pool.map(lambda _: model.embed(texts), range(32)):
            assert np.array_equal(vectors, expected)


def test_langchain_names_give_the_same_numbers(model: StaticVectors) -> None:
    assert np.allclose(model.embed_documents(["a cat"])[0], model.embed(["a cat"])[0])
    assert np.allclose(model.embed_query("a cat"), model.embed(["a cat"])[0])


def test_a_missing_package_is_refused_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(static_embedder, "PACKAGE", "no_such_package")
    assert not is_installed()
    with pytest.raises(ModelError, match=r"not installed: run `python -m pip install"):
        StaticVectors()


def test_a_missing_or_damaged_file_of_the_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot read .*No such file.*pip install"):
        StaticVectors(tmp_path)
    tokenizer = tmp_path / "tokenizers" / "l2_supercat_tokenizer_config.json"
    tokenizer.parent.mkdir()
    tokenizer.write_text("{}")
    with pytest.raises(ModelError, match=r"is damaged: SHA-256 44136fa355b3…, expected 93248f2a9ec3…"):
        StaticVectors(tmp_path)
