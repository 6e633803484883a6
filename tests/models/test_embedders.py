"""Embedders opened by name or object: their names, the shape and length of their vectors, and their errors."""

from collections.abc import Sequence

import httpx
import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from rag.errors import ModelError
from rag.models.embedders import EMBEDDERS, Embedder, open_embedder
from rag.models.minilm import MiniLM
from rag.models.static_embedder import StaticVectors


class FixedEmbeddings(Embeddings):
    """Returns the rows it was made with, and the first one negated for a question."""

    model = "fixed-1"

    def __init__(self, rows: Sequence[Sequence[float]]) -> None:
        self.rows = [list(row) for row in rows]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.rows

    def embed_query(self, text: str) -> list[float]:
        return [-value for value in self.rows[0]]


def test_minilm_is_the_default_embedder() -> None:
    embedder = open_embedder()
    assert embedder.name == MiniLM.name
    vectors = embedder.embed(["one", "two three"])
    assert vectors.shape == (2, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert np.array_equal(embedder.embed_question("one"), embedder.embed(["one"])[0])
    assert embedder.embed([]).shape == (0, 384)


@pytest.mark.parametrize(
    ("spec", "name", "dimensions"), [("minilm", MiniLM.name, 384), ("fast", StaticVectors.name, 256)]
)
def test_an_embedder_opens_by_its_short_name_and_by_the_name_an_index_records(
    spec: str, name: str, dimensions: int
) -> None:
    assert EMBEDDERS[spec] == name
    for either in (spec, name):
        assert open_embedder(either).name == name
        assert open_embedder(either).embed(["one"]).shape == (1, dimensions)


def test_any_embedder_gives_vectors_of_length_one() -> None:
    embedder = open_embedder(FixedEmbeddings([[3, 4], [0, 0]]))
    assert embedder.name == "FixedEmbeddings:fixed-1"
    assert embedder.embed(["a", "b"]).tolist() == [[np.float32(0.6), np.float32(0.8)], [0, 0]]
    assert embedder.embed_question("a").tolist() == [-np.float32(0.6), -np.float32(0.8)]
    assert embedder.embed(["a", "b"]).dtype == np.float32


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[1.0, float("nan")], [1, 2]], "not finite"),
        ([[1.0, float("inf")], [1, 2]], "not finite"),
        ([[1.0, 2.0], [1]], "not all of one length"),
        ([[1.0, 2.0]], r"shape \(1, 2\) for 2 texts"),
        ([[], []], r"shape \(2, 0\) for 2 texts"),
    ],
)
def test_rows_that_are_not_one_finite_vector_a_text_are_refused(
    rows: list[list[float]], message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        open_embedder(FixedEmbeddings(rows)).embed(["a", "b"])


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("bert", "use 'minilm', 'fast' or 'provider:name'"),
        ("nosuch:model", "'nosuch' is not a provider of embedders"),
        ("cohere:embed", "run `pip install langchain-cohere`"),
    ],
)
def test_a_name_that_opens_no_embedder_is_refused_with_the_remedy(spec: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        open_embedder(spec)


class FailingEmbeddings(Embeddings):
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise httpx.ConnectError("[Errno 111] Connection refused")

    def embed_query(self, text: str) -> list[float]:
        raise httpx.ReadTimeout("timed out")


def test_an_embedder_that_fails_is_a_model_error() -> None:
    embedder = Embedder(name="failing", model=FailingEmbeddings())
    with pytest.raises(ModelError, match="the model 'failing' failed: no connection"):
        embedder.embed(["a"])
    with pytest.raises(ModelError, match="no answer in time"):
        embedder.embed_question("a")
