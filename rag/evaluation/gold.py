"""Compares an answer with gold strings: containment, and SQuAD's exact match and token F1."""

import re
from collections import Counter
from collections.abc import Sequence

import regex

_MARK = regex.compile(r"\[\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]")


# SQuAD's official script removes ASCII punctuation; here that of every script is removed, as articles have curly quotes
# and long dashes where questions and gold strings are typed with plain ones.
_PUNCTUATION = regex.compile(r"[\p{P}$+<=>^`|~]")
_ARTICLE = regex.compile(r"\b(?:a|an|the)\b")
_NOT_WORD = re.compile(r"[^\w\s]|_")


def normalise(text: str) -> str:
    """Return the text in lower case, without ``a``, ``an``, ``the`` and extra space; punctuation separates words."""
    plain = _NOT_WORD.sub(" ", text.lower())
    return " ".join(word for word in plain.split() if word not in ("a", "an", "the"))


def contains_gold(text: str, gold: Sequence[str]) -> bool:
    """Return whether the words of one of ``gold`` are in ``text``, in order and adjacent.

    Words are those of ``normalise``, so that ``3-2`` contains ``2`` and ``32`` does not.
    """
    padded = f" {normalise(text)} "
    return any(f" {normalise(answer)} " in padded for answer in gold if normalise(answer))


def exact_match(text: str, gold: Sequence[str]) -> bool:
    """Return whether ``text`` equals one of ``gold`` after SQuAD's normalisation (Rajpurkar et al. 2016, section 5.1).

    That is lower case without punctuation, articles (``a``, ``an``, ``the``) and extra space, as in the official
    evaluation script; citation marks such as ``[1]`` are removed first. A gold string that is empty after it matches
    nothing.
    """
    tokens = squad_tokens(text)
    return any(tokens == gold_tokens for gold_tokens in map(squad_tokens, gold) if gold_tokens)


def token_f1(text: str, gold: Sequence[str]) -> float:
    """Return the highest token F1 of ``text`` with one of ``gold``, 0 to 1 (Rajpurkar et al. 2016, section 5.1).

    Both are bags of tokens, normalised as for ``exact_match``; precision is the share of the text's tokens that the
    gold string has, recall the share of the gold string's tokens that the text has, and F1 their harmonic mean. 0
    without gold strings.
    """
    tokens = squad_tokens(text)
    return max(
        (_f1(tokens, gold_tokens) for gold_tokens in map(squad_tokens, gold) if gold_tokens), default=0.0
    )


def squad_tokens(text: str) -> list[str]:
    """Return the tokens of ``text`` after SQuAD's normalisation, without citation marks: ``a $24 [1]`` is ``24``."""
    plain = _PUNCTUATION.sub("", _MARK.sub("", text).lower())
    return _ARTICLE.sub(" ", plain).split()


def _f1(tokens: Sequence[str], gold_tokens: Sequence[str]) -> float:
    shared = sum((Counter(tokens) & Counter(gold_tokens)).values())
    return 2 * shared / (len(tokens) + len(gold_tokens))
