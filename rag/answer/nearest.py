"""What is said where the articles do not answer a question, above the passages that come closest."""

from collections.abc import Sequence

import regex

from rag.text.words import quoted_list

# The words that lead to the passages; a display may make them a heading.
CLOSEST = "The closest they come"


# "Who is the CEO of Nvidia?": what follows the verb is one noun phrase, so that the two can change places.
_COPULA = regex.compile(
    r"(?i:(?P<asked>who|what)(?:\s+(?P<verb>is|are|was|were)|['’]s))\s+"
    r"(?P<subject>the\s+[\p{L}-]+(?:\s+[\p{L}-]+)?\s+of\s+(?:the\s+)?\p{Lu}[^\s?]*(?:\s+\p{Lu}[^\s?]*)*"
    r"|\p{Lu}[^\s?]*(?:\s+\p{Lu}[^\s?]*)*['’]s?\s+[\p{L}-]+)\s*\??"
)


# "Who founded Nvidia?": the question word is the subject, so nothing changes places.
_SUBJECT = regex.compile(
    r"who\s+(?!is\b|are\b|was\b|were\b|am\b|do\b|does\b|did\b|has\b|have\b|had\b|can\b|could\b|will\b|would\b|should\b"
    r"|shall\b|may\b|might\b|must\b|else\b|all\b)[\p{Ll}]+\s[^?]+\??",
    regex.IGNORECASE,
)

_LONGEST_CLAUSE = 120  # characters of a question that is told as a clause, or quoted


def nearest_text(question: str, lacking: Sequence[str] = (), contradiction: str = "") -> str:
    """Say that the articles do not answer ``question``; the passages that come closest are shown below it.

    ``lacking`` is what the nearest of them do not mention, ``contradiction`` what they do in its place.

    >>> nearest_text("Who is the CEO of Nvidia?")
    'The articles do not say who the CEO of Nvidia is. The closest they come:'
    """
    said = not_said(question)
    if lacking:
        said += f" The nearest words do not mention {quoted_list(lacking)}."
    elif contradiction:
        said += f" The nearest words {contradiction}."
    return f"{said} {CLOSEST}:"


def not_said(question: str) -> str:
    """The sentence that the articles do not answer ``question``."""
    asked = " ".join(question.split())
    if len(asked) > _LONGEST_CLAUSE:
        return "The articles do not answer this question."
    copula = _COPULA.fullmatch(asked)
    if copula is not None:
        clause = f"{copula['asked'].lower()} {copula['subject'].rstrip()} {(copula['verb'] or 'is').lower()}"
        return f"The articles do not say {clause}."
    if _SUBJECT.fullmatch(asked):
        return f"The articles do not say {asked[0].lower()}{asked[1:].rstrip('?').rstrip()}."
    return f"The articles do not answer “{asked}”"
