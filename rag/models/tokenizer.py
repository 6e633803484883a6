"""Texts as the pieces of a model's vocabulary, each with its number and its place."""

from collections.abc import Sequence
from typing import Protocol

from tokenizers import Tokenizer


class Cut(Protocol):
    """One text cut into pieces."""

    @property
    def ids(self) -> list[int]:
        """The numbers of the pieces."""

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """Where each stands, in code points of the text; empty for one that the model adds of its own."""


class Vocabulary:
    """The pieces of one model, from what its tokenizer file holds; safe in many threads.

    Of a text at most ``most`` pieces are given, ``None`` for all of them.
    """

    def __init__(self, file: bytes, *, most: int | None = None) -> None:
        self._tokenizer = Tokenizer.from_str(file.decode("utf-8"))
        # Files may ask for a length and for padding to it, always: both would be silent damage.
        self._tokenizer.no_padding()
        if most is None:
            self._tokenizer.no_truncation()
        else:
            self._tokenizer.enable_truncation(most)

    def cuts(self, texts: Sequence[str]) -> Sequence[Cut]:
        """The pieces of each text, those that the model puts at its ends among them."""
        return self._tokenizer.encode_batch([_plain(text) for text in texts])

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of each text's own pieces alone, which is quicker."""
        cuts = self._tokenizer.encode_batch_fast([_plain(text) for text in texts], add_special_tokens=False)
        return [cut.ids for cut in cuts]


def _plain(text: str) -> str:
    # A lone surrogate cannot be handed to the tokenizer, which works on UTF-8.
    return text.encode("utf-8", "replace").decode()
