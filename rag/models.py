"""Turns a name, a path or a LangChain object into a model that writes or one that embeds."""

import difflib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from rag.catalogue import CATALOGUE, DEFAULT, SMALL_PARAMETERS, Known, find_known
from rag.errors import ModelError
from rag.faults import as_model_error, translated
from rag.gguf import read_header
from rag.home import models_folder
from rag.pull import is_installed

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import BaseChatModel, LanguageModelInput
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import Runnable
    from numpy.typing import NDArray

__all__ = [
    "EMBEDDERS",
    "Embedder",
    "Installed",
    "Writer",
    "as_model_error",
    "installed",
    "open_embedder",
    "open_writer",
    "translated",
]

# The embedders that need no provider: what they are called, and the full name that an index is marked with.
EMBEDDERS = {"minilm": "minilm-l6-v2-int8", "fast": "wordllama-l2-supercat-256"}
_PACKAGE = re.compile(r"pip install ([\w.-]+)")
_SMALL_CONTEXT, _LARGE_CONTEXT = 2048, 4096  # tokens; what a prompt of evidence needs, and room for history
_UNKNOWN_CONTEXT = 8192  # tokens; every hosted model of today has at least this many


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A language model. ``small``: under 3e9 parameters, not to be trusted with more than a sentence.

    ``context_tokens`` is the most that prompt and answer may have together, in the model's own tokens.
    """

    name: str
    model: "BaseChatModel"
    small: bool
    context_tokens: int

    def limited(self, tokens: int) -> "Runnable[LanguageModelInput, AIMessage]":
        """The model, writing at most ``tokens`` tokens, where it knows a limit by one of the usual names."""
        known = type(self.model).model_fields
        for option in ("max_tokens", "max_output_tokens", "max_new_tokens", "num_predict"):
            if option in known:
                return self.model.bind(**{option: tokens})
        return self.model


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A model that can run here. ``known`` is its catalogue entry, ``None`` for a file somebody put there.

    ``bytes`` is the file's size, or what it will be. ``present``: it lies there whole.
    """

    name: str
    path: Path
    bytes: int
    present: bool
    known: Known | None


@runtime_checkable
class _ArrayEmbeddings(Protocol):
    """An embedder that gives arrays at once; turning them to lists and back costs more than a short text."""

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]": ...


def installed() -> tuple[Installed, ...]:
    """The catalogue in its order, then the other GGUF files of the models folder by name."""
    folder = models_folder()
    named = [
        Installed(name=m.name, path=folder / m.file, bytes=m.bytes, present=is_installed(m), known=m)
        for m in CATALOGUE
    ]
    files = {model.file for model in CATALOGUE}
    others = [
        Installed(name=path.stem, path=path, bytes=path.stat().st_size, present=True, known=None)
        for path in sorted(folder.glob("*.gguf"))
        if path.name not in files
    ]
    return (*named, *others)


def open_writer(
    spec: "str | BaseChatModel | None" = None, *, context_tokens: int | None = None
) -> Writer | None:
    """The language model that ``spec`` names; ``None`` means that answers are verified quotes alone.

    ``spec`` is ``None`` (the catalogue's default if it is installed), ``"quotes"``, a name of the catalogue
    or of a file in the models folder, a path to a GGUF file, ``"provider:name"``, or a LangChain chat model.
    ``context_tokens`` sets how much an embedded model can read at once. A local file is checked here and
    loaded at first use. Raises ``ModelError``.
    """
    if spec is None:
        default = find_known(DEFAULT)
        return _local(DEFAULT, context_tokens) if default and is_installed(default) else None
    if not isinstance(spec, str):
        return _from_object(spec)
    spec = spec.strip()
    if spec == "quotes":
        return None
    if not spec:
        raise ModelError(f"no model is called {spec!r}: {_choices()}")
    if find_known(spec) or _is_path(spec) or (models_folder() / f"{spec}.gguf").is_file():
        return _local(spec, context_tokens)
    if ":" not in spec:
        near = difflib.get_close_matches(spec.lower(), [model.name for model in CATALOGUE], n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise ModelError(f"no model is called {spec!r}{hint}: {_choices()}")
    return _hosted(spec)


def open_embedder(spec: "str | Embeddings" = "minilm") -> Embedder:
    """The embedder that ``spec`` names; the short names and the full ones of ``EMBEDDERS`` are the same.

    ``spec`` is ``"minilm"``, ``"fast"``, ``"provider:name"`` or a LangChain ``Embeddings``. Raises ``ModelError``.
    """
    if not isinstance(spec, str):
        return Embedder(name=_object_name(spec), model=spec)
    spec = spec.strip()
    if spec in ("minilm", EMBEDDERS["minilm"]):
        from rag.minilm import MiniLM

        return Embedder(name=MiniLM.name, model=MiniLM())
    if spec in ("fast", EMBEDDERS["fast"]):
        from rag.static import StaticVectors

        return Embedder(name=StaticVectors.name, model=StaticVectors())
    if ":" not in spec:
        raise ModelError(f"no embedder is called {spec!r}: use 'minilm', 'fast' or 'provider:name'")
    from langchain.embeddings import init_embeddings

    with _opening(spec, "embedder"):
        hosted = init_embeddings(spec)
    return Embedder(name=spec, model=hosted)


def _local(spec: str, context_tokens: int | None) -> Writer:
    """A GGUF file: of the catalogue, of the models folder, or anywhere."""
    from rag.llama import Llama

    known = find_known(spec)
    path = models_folder() / (known.file if known else f"{spec}.gguf")
    if known is None and _is_path(spec):
        path = Path(spec).expanduser()
    if known is not None and not is_installed(known):
        state = "damaged" if path.exists() else "not installed"
        raise ModelError(f"the model {known.name!r} is {state}: run `pincite models pull {known.name}`")
    header = read_header(path)
    small = known.small if known else header.parameters < SMALL_PARAMETERS
    usual = _SMALL_CONTEXT if small else _LARGE_CONTEXT
    chosen = min(usual, header.context_tokens or usual) if context_tokens is None else context_tokens
    if not 256 <= chosen <= (header.context_tokens or chosen):
        raise ModelError(
            f"context_tokens={chosen!r} is out of range: {path.name!r} takes 256 to {header.context_tokens}"
        )
    model = Llama(path=path, context_tokens=chosen)
    return Writer(name=known.name if known else path.stem, model=model, small=small, context_tokens=chosen)


def _hosted(spec: str) -> Writer:
    """A model of a provider, by the provider's LangChain package."""
    from langchain.chat_models import init_chat_model

    with _opening(spec, "model"):
        model = init_chat_model(spec)
    return Writer(name=spec, model=model, small=False, context_tokens=_hosted_context(model))


def _from_object(model: "BaseChatModel") -> Writer:
    from langchain_core.language_models import BaseChatModel

    from rag.llama import Llama

    if not isinstance(model, BaseChatModel):
        raise ModelError(f"{type(model).__name__!r} is no LangChain chat model: give one, or a model's name")
    if isinstance(model, Llama):
        small = read_header(model.path.expanduser()).parameters < SMALL_PARAMETERS
        return Writer(name=model.path.stem, model=model, small=small, context_tokens=model.context_tokens)
    return Writer(name=_object_name(model), model=model, small=False, context_tokens=_hosted_context(model))


def _hosted_context(model: "BaseChatModel") -> int:
    """What the provider's package says of its model, or the least any hosted model takes."""
    profile = getattr(model, "profile", None) or {}
    return int(profile.get("max_input_tokens") or _UNKNOWN_CONTEXT)


@contextmanager
def _opening(spec: str, kind: str) -> Iterator[None]:
    """What LangChain says when it cannot make a model of ``provider:name``, said in one line."""
    provider = spec.partition(":")[0]
    try:
        yield
    except ImportError as error:
        package = _PACKAGE.search(str(error))
        fix = f"pip install {package[1]}" if package else f"pip install langchain-{provider}"
        raise ModelError(f"the {kind} {spec!r} needs a package that is not installed: run `{fix}`") from error
    except Exception as error:  # each provider's package has errors of its own
        if isinstance(error, ValueError) and ("provider" in str(error).lower() and "upported" in str(error)):
            raise ModelError(
                f"{provider!r} is not a provider of {kind}s that LangChain knows: use openai, anthropic, "
                "google_genai, mistralai, ollama or another one of its list, as in 'openai:NAME'"
            ) from error
        raise as_model_error(error, spec) from error


def _is_path(spec: str) -> bool:
    return spec.lower().endswith(".gguf") or "/" in spec.partition(":")[0] or "\\" in spec


def _choices() -> str:
    names = ", ".join(model.name for model in CATALOGUE)
    return f"use 'quotes', {names}, a path to a .gguf file, or 'provider:name'"


def _object_name(model: object) -> str:
    """The class, and the model's name where the object has one: ``ChatOpenAI:gpt-4o``."""
    for attribute in ("model_name", "model", "model_id", "name"):
        value = getattr(model, attribute, None)
        if isinstance(value, str) and value:
            return f"{type(model).__name__}:{value}"
    return type(model).__name__


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
