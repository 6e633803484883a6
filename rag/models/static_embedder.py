"""The fast embedder: the vectors of a text's word pieces are looked up and averaged; no neural network is run.

The vectors are WordLlama's ``l2_supercat_256``: the embedding tables of large language models, trained further so
that the plain mean of a text's pieces represents the text (as in Arora, Liang and Ma 2017, "A Simple but
Tough-to-Beat Baseline for Sentence Embeddings"). The meaning that a word gets from its sentence is lost;
``docs/quality.md`` says what that costs. Only two files of the package are read: its own code downloads one of them.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from rag.errors import ModelError
from rag.models.file_integrity import read_checked
from rag.models.float_array import FloatArray
from rag.models.tokenizer import Vocabulary

NAME = "wordllama-l2-supercat-256"
DIMENSIONS = 256
VECTORS_SHA256 = "64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5"
TOKENIZER_SHA256 = "93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68"

PACKAGE = "wordllama"
INSTALL = f"python -m pip install --force-reinstall '{PACKAGE}>=0.4.0.post1,<0.5'"
_FIX = f"run `{INSTALL}`"

_BATCH_TEXTS = 256  # given to the tokenizer at once: enough for all cores, while the result stays small
_SLICE_PIECES = 8192  # summed at once; more would need as many vectors in memory


class StaticVectors(Embeddings):
    """A LangChain ``Embeddings``. Every piece of a text counts, however long the text is; their order does not.

    ``folder`` is where the package is installed; left out, it is looked up. Safe in many threads. Raises
    ``ModelError`` if the package is missing or its files damaged.
    """

    name = NAME

    def __init__(self, folder: Path | None = None) -> None:
        folder = package_folder() if folder is None else folder
        self._vocabulary = _vocabulary(folder)
        self._vectors = _vectors(folder)

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Return the vectors of ``texts``: float32, shape (n, 256), L2-normalised; zeros for an empty text."""
        sums = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for start in range(0, len(texts), _BATCH_TEXTS):
            for row, ids in enumerate(self._vocabulary.ids(texts[start : start + _BATCH_TEXTS]), start):
                # One text after another: its vectors stay in the processor's cache. Summing all texts at once
                # (add.reduceat, or counts times vectors) was measured to take four times as long.
                for offset in range(0, len(ids), _SLICE_PIECES):
                    sums[row] += self._vectors[ids[offset : offset + _SLICE_PIECES]].sum(axis=0)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        sums /= np.where(norms > 0, norms, 1)
        return sums

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return what ``embed`` returns, as lists; the name is LangChain's."""
        rows: list[list[float]] = self.embed(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one text, as a list; the name is LangChain's."""
        return self.embed_documents([text])[0]


def is_installed() -> bool:
    """Return whether the package with the vectors is installed; it has no build for every machine."""
    return find_spec(PACKAGE) is not None


def package_folder() -> Path:
    """Return the folder of the package with the vectors. Raises ``ModelError`` if it is not installed."""
    # Looked up, not imported: an import would load libraries that are not needed.
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"the fast embedding model is not installed: {_FIX}")
    return Path(spec.submodule_search_locations[0])


@lru_cache(maxsize=1)
def _vocabulary(folder: Path) -> Vocabulary:
    path = folder / "tokenizers" / "l2_supercat_tokenizer_config.json"
    return Vocabulary(read_checked(path, sha256=TOKENIZER_SHA256, fix=_FIX))


@lru_cache(maxsize=1)
def _vectors(folder: Path) -> FloatArray:
    """Return the vectors by the numbers of the pieces, (32000, 256). The checksum guarantees the layout of the file."""
    path = folder / "weights" / "l2_supercat_256.safetensors"
    data = read_checked(path, sha256=VECTORS_SHA256, fix=_FIX)
    # The safetensors format: the length of the header in 8 bytes, the header as JSON, then the numbers.
    start = 8 + int.from_bytes(data[:8], "little")
    tensor = json.loads(data[8:start])["embedding.weight"]
    rows = np.frombuffer(data, dtype="<f2", offset=start + tensor["data_offsets"][0])
    return rows.reshape(tensor["shape"]).astype(np.float32)
