"""How an answer compares with gold strings, after SQuAD normalisation (Rajpurkar et al. 2016, section 5)."""

import re
from collections.abc import Sequence


def normalised(text: str) -> str:
    """Lower case, without punctuation, ``a``, ``an``, ``the`` and extra space."""
    plain = re.sub(r"[^\w\s]|_", " ", text.lower())
    return " ".join(word for word in plain.split() if word not in ("a", "an", "the"))


def holds(text: str, gold: Sequence[str]) -> bool:
    """Whether the words of one of ``gold`` stand in ``text``, in order and next to each other."""
    inside = f" {normalised(text)} "
    return any(f" {normalised(answer)} " in inside for answer in gold if normalised(answer))
