"""The fast embedding model: a vector for each word piece, looked up and averaged. No network is run.

The vectors are WordLlama's ``l2_supercat_256``: the embedding tables of large language models, trained further so
that the plain mean of a text's pieces stands for the text (as in Arora, Liang and Ma 2017, "A Simple but
Tough-to-Beat Baseline for Sentence Embeddings"). What a word means in its sentence is lost; ``docs/quality.md``
has what that costs. Of the package only two files are read: its own code asks the network for one of them.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.models.checksums import intact
from rag.models.tokenizer import Vocabulary

Floats = NDArray[np.float32]


NAME = "wordllama-l2-supercat-256"


VECTORS_SHA256 = "64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5"


TOKENIZER_SHA256 = "93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68"


DIMENSIONS = 256


PACKAGE = "wordllama"


# Texts handed to the tokenizer at once: enough for all cores, and what they become stays small.
_BATCH = 256


# Pieces added up at once; more would need as many vectors in memory.
_SLICE = 8192


INSTALL = f"python -m pip install --force-reinstall '{PACKAGE}>=0.4.0.post1,<0.5'"


_FIX = f"run `{INSTALL}`"


class StaticVectors(Embeddings):
    """A LangChain ``Embeddings``. Every piece of a text counts, however long it is; order does not.

    Raises ``ModelError`` where the model's package is missing or its files damaged. Safe in many threads.
    """

    name = NAME

    def __init__(self) -> None:
        self._vocabulary = _vocabulary()
        self._vectors = _vectors()

    def embed(self, texts: Sequence[str]) -> Floats:
        """The vectors of ``texts``: float32, shape (n, 256), L2-normalised; of an empty text, zeros."""
        out = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            for at, ids in enumerate(self._vocabulary.ids(texts[start : start + _BATCH]), start):
                # One text after another: its vectors stay in the processor's cache. Adding up all texts at once
                # (add.reduceat, or counts times vectors) was measured to take four times as long.
                for cut in range(0, len(ids), _SLICE):
                    out[at] += self._vectors[ids[cut : cut + _SLICE]].sum(axis=0)
        lengths = np.linalg.norm(out, axis=1, keepdims=True)
        out /= np.where(lengths > 0, lengths, 1)
        return out

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's name for ``embed``."""
        rows: list[list[float]] = self.embed(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """LangChain's name for ``embed`` of one text."""
        return self.embed_documents([text])[0]


def is_installed() -> bool:
    """Whether the package that brings the vectors is there; it has no build for every machine."""
    return find_spec(PACKAGE) is not None


@lru_cache(maxsize=1)
def _vocabulary() -> Vocabulary:
    path = _folder() / "tokenizers" / "l2_supercat_tokenizer_config.json"
    return Vocabulary(intact(path, sha256=TOKENIZER_SHA256, fix=_FIX))


@lru_cache(maxsize=1)
def _vectors() -> Floats:
    """The vectors by the pieces' numbers, (32000, 256). The file is checked, so it is known how it is laid out."""
    path = _folder() / "weights" / "l2_supercat_256.safetensors"
    data = intact(path, sha256=VECTORS_SHA256, fix=_FIX)
    # The safetensors format: the header's length in 8 bytes, the header as JSON, then the numbers.
    start = 8 + int.from_bytes(data[:8], "little")
    tensor = json.loads(data[8:start])["embedding.weight"]
    rows = np.frombuffer(data, dtype="<f2", offset=start + tensor["data_offsets"][0])
    return rows.reshape(tensor["shape"]).astype(np.float32)


def _folder() -> Path:
    # Found, not imported: an import would bring libraries that are not needed.
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModelError(f"the fast embedding model is not installed: {_FIX}")
    return Path(found.submodule_search_locations[0])
