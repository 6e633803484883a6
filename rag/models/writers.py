"""Opens a language model from a name, a path or a LangChain object, and lists the models that can be opened."""

import difflib
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError
from rag.models.catalogue import CATALOGUE, KnownModel, find_model
from rag.models.default_model import default_model
from rag.models.download import is_installed
from rag.models.llama.gguf import read_header
from rag.models.providers import creating_model, object_name, raising_model_errors
from rag.system.callback_stream import raise_if_cancelled
from rag.system.paths import models_folder

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel, LanguageModelInput
    from langchain_core.messages import AIMessage, BaseMessage
    from langchain_core.runnables import Runnable

_LOCAL_CONTEXT = 4096  # tokens; what a prompt of evidence needs, and room for the answer
_HOSTED_CONTEXT = 8192  # tokens; every hosted model of today has at least this many
_SMALLEST_CONTEXT = 256  # tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A language model that writes answers.

    ``context_tokens`` is the most that prompt and answer may have together, in the model's own tokens.
    """

    name: str
    model: "BaseChatModel"
    context_tokens: int

    def with_token_limit(self, tokens: int) -> "Runnable[LanguageModelInput, AIMessage]":
        """Return the model bound to write at most ``tokens`` tokens; unbound if it has no option for that."""
        fields = type(self.model).model_fields
        for option in ("max_tokens", "max_output_tokens", "max_new_tokens", "num_predict"):
            if option in fields:
                return self.model.bind(**{option: tokens})
        return self.model

    def stream(
        self, messages: Sequence[tuple[str, str]], *, tokens: int
    ) -> "Generator[BaseMessage, None, None]":
        """Yield the chunks of a reply of at most ``tokens`` tokens. Closing the generator stops the model.

        ``messages`` are pairs of role and text. Raises ``ModelError`` in place of whatever a provider's library raises.
        """
        with raising_model_errors(self.name):
            chunks = self.with_token_limit(tokens).stream([*messages])
            try:
                for chunk in chunks:
                    raise_if_cancelled()
                    yield chunk
            finally:
                if isinstance(chunks, Generator):
                    chunks.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalModel:
    """A language model of the catalogue or of the models folder.

    ``catalogue_entry`` is ``None`` for a file that is not of the catalogue. ``bytes`` is the size of the file, or what
    it will be. ``is_installed``: the file is there, with the right SHA-256 if it is of the catalogue.
    """

    name: str
    path: Path
    bytes: int
    is_installed: bool
    catalogue_entry: KnownModel | None


def local_models() -> tuple[LocalModel, ...]:
    """List the catalogue in its order, then the other GGUF files of the models folder by name."""
    folder = models_folder()
    catalogued = [
        LocalModel(
            name=model.name,
            path=folder / model.file,
            bytes=model.bytes,
            is_installed=is_installed(model),
            catalogue_entry=model,
        )
        for model in CATALOGUE
    ]
    files = {model.file for model in CATALOGUE}
    others = [
        LocalModel(
            name=path.stem, path=path, bytes=path.stat().st_size, is_installed=True, catalogue_entry=None
        )
        for path in sorted(folder.glob("*.gguf"))
        if path.name not in files
    ]
    return (*catalogued, *others)


def open_writer(
    spec: "str | BaseChatModel | None" = None, *, context_tokens: int | None = None
) -> Writer | None:
    """Open the language model that ``spec`` names; ``None`` means that answers are quotes alone.

    ``spec`` is ``None`` (the default of ``default_model`` if it is installed), ``"quotes"``, a name of the catalogue
    or of a file in the models folder, a path to a GGUF file, ``"provider:name"``, or a LangChain chat model.
    ``context_tokens`` sets how much an embedded model can read at once. A local file is checked here and
    loaded at first use. Raises ``ModelError``.
    """
    if spec is None:
        default = default_model().model
        return _open_local(default.name, context_tokens) if default and is_installed(default) else None
    if not isinstance(spec, str):
        return _wrap_chat_model(spec)
    spec = spec.strip()
    if spec == "quotes":
        return None
    if not spec:
        raise ModelError(f"no model is called {spec!r}: {_choices()}")
    if find_model(spec) or _is_path(spec) or (models_folder() / f"{spec}.gguf").is_file():
        return _open_local(spec, context_tokens)
    if ":" not in spec:
        similar = difflib.get_close_matches(spec.lower(), [model.name for model in CATALOGUE], n=1)
        hint = f" (did you mean {similar[0]!r}?)" if similar else ""
        raise ModelError(f"no model is called {spec!r}{hint}: {_choices()}")
    return _open_hosted(spec)


def _open_local(spec: str, context_tokens: int | None) -> Writer:
    """Open a GGUF file of the catalogue, of the models folder, or at any path."""
    from rag.models.llama.chat_model import Llama

    entry = find_model(spec)
    path = _local_path(spec, entry)
    if entry is not None and not is_installed(entry):
        state = "damaged" if path.exists() else "not installed"
        raise ModelError(f"the model {entry.name!r} is {state}: run `pincite models pull {entry.name}`")
    header = read_header(path)
    usual = min(_LOCAL_CONTEXT, header.context_tokens or _LOCAL_CONTEXT)
    context = usual if context_tokens is None else context_tokens
    if not _SMALLEST_CONTEXT <= context <= (header.context_tokens or context):
        raise ModelError(
            f"context_tokens={context!r} is out of range: {path.name!r} takes {_SMALLEST_CONTEXT} to "
            f"{header.context_tokens}"
        )
    return Writer(
        name=entry.name if entry else path.stem,
        model=Llama(path=path, context_tokens=context),
        context_tokens=context,
    )


def _local_path(spec: str, entry: KnownModel | None) -> Path:
    if entry is not None:
        return models_folder() / entry.file
    return Path(spec).expanduser() if _is_path(spec) else models_folder() / f"{spec}.gguf"


def _open_hosted(spec: str) -> Writer:
    """Open a model of a provider, by the provider's LangChain package."""
    from langchain.chat_models import init_chat_model

    with creating_model(spec, "model"):
        model = init_chat_model(spec)
    return Writer(name=spec, model=model, context_tokens=_hosted_context(model))


def _wrap_chat_model(model: "BaseChatModel") -> Writer:
    """Return a ``Writer`` of a LangChain chat model that the caller made."""
    from langchain_core.language_models import BaseChatModel

    from rag.models.llama.chat_model import Llama

    if not isinstance(model, BaseChatModel):
        raise ModelError(f"{type(model).__name__!r} is no LangChain chat model: give one, or a model's name")
    if isinstance(model, Llama):
        return Writer(name=model.path.stem, model=model, context_tokens=model.context_tokens)
    return Writer(name=object_name(model), model=model, context_tokens=_hosted_context(model))


def _hosted_context(model: "BaseChatModel") -> int:
    """Return the context length in the profile of the provider's package, or the least any hosted model takes."""
    profile = getattr(model, "profile", None) or {}
    return int(profile.get("max_input_tokens") or _HOSTED_CONTEXT)


def _is_path(spec: str) -> bool:
    return spec.lower().endswith(".gguf") or "/" in spec.partition(":")[0] or "\\" in spec


def _choices() -> str:
    names = ", ".join(model.name for model in CATALOGUE)
    return f"use 'quotes', {names}, a path to a .gguf file, or 'provider:name'"
