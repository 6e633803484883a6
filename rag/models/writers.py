"""Turns a name, a path or a LangChain object into a model that writes or one that embeds."""

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError
from rag.models.catalogue import CATALOGUE, DEFAULT, SMALL_PARAMETERS, KnownModel, find_known
from rag.models.download import is_installed
from rag.models.llama.gguf import read_header
from rag.models.providers import as_model_error, translated
from rag.system.paths import models_folder

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel, LanguageModelInput
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import Runnable
from rag.models.embedders import EMBEDDERS, Embedder, open_embedder
from rag.models.providers import _object_name, _opening

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
class Installed:
    """A model that can run here. ``known`` is its catalogue entry, ``None`` for a file somebody put there.

    ``bytes`` is the file's size, or what it will be. ``present``: it lies there whole.
    """

    name: str
    path: Path
    bytes: int
    present: bool
    known: KnownModel | None


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


def _local(spec: str, context_tokens: int | None) -> Writer:
    """A GGUF file: of the catalogue, of the models folder, or anywhere."""
    from rag.models.llama.chat_model import Llama

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

    from rag.models.llama.chat_model import Llama

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


def _is_path(spec: str) -> bool:
    return spec.lower().endswith(".gguf") or "/" in spec.partition(":")[0] or "\\" in spec


def _choices() -> str:
    names = ", ".join(model.name for model in CATALOGUE)
    return f"use 'quotes', {names}, a path to a .gguf file, or 'provider:name'"
