"""How an answer compares with gold strings: containment, and SQuAD's exact match and token F1."""

import re
from collections import Counter
from collections.abc import Sequence

import regex

_MARK = regex.compile(r"\[\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]")


# The official script takes out ASCII punctuation; here it is that of every script, as articles set curly quotes and
# long dashes where questions and gold strings are typed with plain ones.
_PUNCTUATION = regex.compile(r"[\p{P}$+<=>^`|~]")


_ARTICLE = regex.compile(r"\b(?:a|an|the)\b")


_NOT_WORD = re.compile(r"[^\w\s]|_")


def normalised(text: str) -> str:
    """Lower case, without ``a``, ``an``, ``the`` and extra space; punctuation parts words."""
    plain = _NOT_WORD.sub(" ", text.lower())
    return " ".join(word for word in plain.split() if word not in ("a", "an", "the"))


def holds(text: str, gold: Sequence[str]) -> bool:
    """Whether the words of one of ``gold`` stand in ``text``, in order and next to each other.

    Words as ``normalised`` has them, so that ``3-2`` holds ``2`` and ``32`` does not.
    """
    inside = f" {normalised(text)} "
    return any(f" {normalised(answer)} " in inside for answer in gold if normalised(answer))


def exact_match(text: str, gold: Sequence[str]) -> bool:
    """Whether ``text`` is one of ``gold`` after SQuAD's normalisation (Rajpurkar et al. 2016, section 5.1).

    Lower case, without punctuation, articles (``a``, ``an``, ``the``) and extra space, as the official evaluation
    script has it; citation marks such as ``[1]`` are taken out first. A gold string of which nothing is left matches
    nothing.
    """
    said = squad_tokens(text)
    return any(said == wanted for wanted in map(squad_tokens, gold) if wanted)


def f1(text: str, gold: Sequence[str]) -> float:
    """The most that ``text`` and one of ``gold`` have in common, 0 to 1 (Rajpurkar et al. 2016, section 5.1).

    Both are bags of tokens, normalised as for ``exact_match``; precision is the share of the text's tokens that the
    gold string has, recall the share of the gold string's that the text has, and F1 their harmonic mean. 0 without
    gold strings.
    """
    said = squad_tokens(text)
    return max((_f1(said, wanted) for wanted in map(squad_tokens, gold) if wanted), default=0.0)


def squad_tokens(text: str) -> list[str]:
    """The tokens of ``text`` after SQuAD's normalisation, without citation marks: ``a $24 [1]`` is ``24``."""
    plain = _PUNCTUATION.sub("", _MARK.sub("", text).lower())
    return _ARTICLE.sub(" ", plain).split()


def _f1(said: Sequence[str], wanted: Sequence[str]) -> float:
    shared = sum((Counter(said) & Counter(wanted)).values())
    return 2 * shared / (len(said) + len(wanted))
