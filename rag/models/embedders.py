"""Opens an embedding model from a name, ``provider:name`` or a LangChain object; its vectors have unit length."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from rag.errors import ModelError
from rag.models.providers import creating_model, object_name, raising_model_errors

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from rag.models.float_array import FloatArray

# The embedders that need no provider: the short name of each, and the full name that an index records.
EMBEDDERS = {"minilm": "minilm-l6-v2-int8", "fast": "wordllama-l2-supercat-256"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedder:
    """An embedding model, under the name that an index records."""

    name: str
    model: "Embeddings"

    def embed(self, texts: Sequence[str]) -> "FloatArray":
        """Return the vectors of ``texts``: float32, shape (n, dimensions), L2-normalised.

        A vector of zeros stays zero; it is near nothing.

        Raises ``ModelError`` if the model fails or its vectors are not finite or not of one length.
        """
        if isinstance(self.model, _ArrayEmbeddings):
            with raising_model_errors(self.name):
                return _normalise(self.model.embed(texts), len(texts), self.name)
        with raising_model_errors(self.name):
            rows = self.model.embed_documents(list(texts)) if texts else []
        return _normalise(rows, len(texts), self.name)

    def embed_question(self, question: str) -> "FloatArray":
        """Return the vector of a question, shape (dimensions,); some models embed questions unlike passages."""
        if isinstance(self.model, _ArrayEmbeddings):
            return self.embed([question]).reshape(-1)
        with raising_model_errors(self.name):
            row = self.model.embed_query(question)
        return _normalise([row], 1, self.name).reshape(-1)


@runtime_checkable
class _ArrayEmbeddings(Protocol):
    """An embedder that returns arrays directly; converting to lists and back costs more than a short text."""

    def embed(self, texts: Sequence[str]) -> "FloatArray": ...


def open_embedder(spec: "str | Embeddings" = "minilm") -> Embedder:
    """Open the embedder that ``spec`` names.

    ``spec`` is a short or full name of ``EMBEDDERS``, ``"provider:name"`` or a LangChain ``Embeddings``. Raises
    ``ModelError``.
    """
    if not isinstance(spec, str):
        return Embedder(name=object_name(spec), model=spec)
    spec = spec.strip()
    if spec in ("minilm", EMBEDDERS["minilm"]):
        from rag.models.minilm import MiniLM

        return Embedder(name=MiniLM.name, model=MiniLM())
    if spec in ("fast", EMBEDDERS["fast"]):
        from rag.models.static_embedder import StaticVectors

        return Embedder(name=StaticVectors.name, model=StaticVectors())
    if ":" not in spec:
        raise ModelError(f"no embedder is called {spec!r}: use 'minilm', 'fast' or 'provider:name'")
    from langchain.embeddings import init_embeddings

    with creating_model(spec, "embedder"):
        hosted = init_embeddings(spec)
    return Embedder(name=spec, model=hosted)


def _normalise(rows: Any, count: int, name: str) -> "FloatArray":  # noqa: ANN401
    """Return ``rows`` as float32 of shape (count, dimensions), each divided by its L2 norm.

    Raises ``ModelError`` if the rows are not ``count`` finite vectors of one length.
    """
    import numpy as np

    try:
        vectors = np.asarray(rows, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise ModelError(f"the embedder {name!r} gave vectors that are not all of one length") from error
    if not count:
        return vectors.reshape(0, vectors.shape[-1] if vectors.ndim == 2 else 0)
    if vectors.ndim != 2 or len(vectors) != count or not vectors.shape[1]:
        raise ModelError(
            f"the embedder {name!r} gave shape {vectors.shape!r} for {count} texts, not a vector each: "
            "use another one"
        )
    if not np.isfinite(vectors).all():
        raise ModelError(f"the embedder {name!r} gave numbers that are not finite: use another one")
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(norms > 0, norms, 1)).astype(np.float32)
