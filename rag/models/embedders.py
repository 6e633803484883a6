"""rag.models.writers.embedders."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from rag.errors import ModelError
from rag.models.providers import translated

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.embeddings import Embeddings
    from numpy.typing import NDArray
from rag.models.providers import _object_name, _opening

# The embedders that need no provider: what they are called, and the full name that an index is marked with.
EMBEDDERS = {"minilm": "minilm-l6-v2-int8", "fast": "wordllama-l2-supercat-256"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedder:
    """An embedding model."""

    name: str
    model: "Embeddings"

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """The vectors of ``texts``: float32, shape (n, dimensions), each of length 1.

        A vector of zeros stays one; it is near nothing.

        Raises ``ModelError`` where the model fails or its vectors are not finite or not of one length.
        """
        if isinstance(self.model, _ArrayEmbeddings):
            with translated(self.name):
                return _unit(self.model.embed(texts), len(texts), self.name)
        with translated(self.name):
            rows = self.model.embed_documents(list(texts)) if texts else []
        return _unit(rows, len(texts), self.name)

    def embed_question(self, question: str) -> "NDArray[np.float32]":
        """The vector of a question, shape (dimensions,); some models embed questions unlike passages."""
        if isinstance(self.model, _ArrayEmbeddings):
            return self.embed([question]).reshape(-1)
        with translated(self.name):
            row = self.model.embed_query(question)
        return _unit([row], 1, self.name).reshape(-1)


@runtime_checkable
class _ArrayEmbeddings(Protocol):
    """An embedder that gives arrays at once; turning them to lists and back costs more than a short text."""

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]": ...


def open_embedder(spec: "str | Embeddings" = "minilm") -> Embedder:
    """The embedder that ``spec`` names; the short names and the full ones of ``EMBEDDERS`` are the same.

    ``spec`` is ``"minilm"``, ``"fast"``, ``"provider:name"`` or a LangChain ``Embeddings``. Raises ``ModelError``.
    """
    if not isinstance(spec, str):
        return Embedder(name=_object_name(spec), model=spec)
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

    with _opening(spec, "embedder"):
        hosted = init_embeddings(spec)
    return Embedder(name=spec, model=hosted)


def _unit(rows: Any, count: int, name: str) -> "NDArray[np.float32]":  # noqa: ANN401
    """``rows`` as float32 of shape (count, dimensions), each divided by its length."""
    import numpy as np

    try:
        vectors = np.asarray(rows, dtype=np.float32)
    except (TypeError, ValueError) as fault:
        raise ModelError(f"the embedder {name!r} gave vectors that are not all of one length") from fault
    if not count:
        return vectors.reshape(0, vectors.shape[-1] if vectors.ndim == 2 else 0)
    if vectors.ndim != 2 or len(vectors) != count or not vectors.shape[1]:
        raise ModelError(
            f"the embedder {name!r} gave shape {vectors.shape!r} for {count} texts, not a vector each: "
            "use another one"
        )
    if not np.isfinite(vectors).all():
        raise ModelError(f"the embedder {name!r} gave numbers that are not finite: use another one")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
