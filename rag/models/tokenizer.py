"""Texts as the word pieces of a model's vocabulary: the number of each piece and its span in the text."""

from collections.abc import Sequence
from typing import Protocol

from tokenizers import Tokenizer


class TokenizedText(Protocol):
    """One text split into word pieces."""

    @property
    def ids(self) -> list[int]:
        """The numbers of the pieces in the vocabulary."""

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """The span of each piece, in code points of the text; empty for a special piece that the model adds."""


class Vocabulary:
    """The word pieces of one model, from the content of its tokenizer file. Safe in many threads.

    Texts are truncated to ``max_pieces`` pieces; ``None`` for no limit.
    """

    def __init__(self, file: bytes, *, max_pieces: int | None = None) -> None:
        self._tokenizer = Tokenizer.from_str(file.decode("utf-8"))
        # A file may ask for truncation and for padding of every text: both would silently change the vectors.
        self._tokenizer.no_padding()
        if max_pieces is None:
            self._tokenizer.no_truncation()
        else:
            self._tokenizer.enable_truncation(max_pieces)

    def tokenize(self, texts: Sequence[str]) -> Sequence[TokenizedText]:
        """Return the pieces of each text, the special pieces at its ends included."""
        return self._tokenizer.encode_batch([_encodable(text) for text in texts])

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of each text's pieces without special pieces, which is faster than ``tokenize``."""
        tokenized = self._tokenizer.encode_batch_fast(
            [_encodable(text) for text in texts], add_special_tokens=False
        )
        return [text.ids for text in tokenized]


def _encodable(text: str) -> str:
    # The tokenizer works on UTF-8, which has no lone surrogates.
    return text.encode("utf-8", "replace").decode()
