"""Whether a question made from a sentence can be understood without it, and reads as a person would put it."""

from itertools import pairwise

import regex

from rag.question.posing.plain_clause import Clause, is_whole
from rag.text.names import names
from rag.text.words import content, words

_LEAST, _MOST = 4, 14  # words of a question

_LEANING = regex.compile(
    r"\b(?:he|she|it|they|him|them|his|hers?|its|theirs?|we|us|ours?|i|me|my|yours?|this|that|these|those|here|such"
    r"|there|former|latter|others?|another|same|both|said|what's|today|yesterday|tomorrow|ago|now|recently|currently"
    r"|(?:last|next|this|later|earlier|previous|following) (?:\p{L}+)|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    regex.IGNORECASE,
)
_UNFIT = regex.compile(
    r"[^\p{L}\p{M}\p{N} ,.'’\-–&$€£%°?+/]|\s{2}|[-–,.]\?|-\s|\s-|\b\p{L}\b(?<![aAI])\.?(?=\s|\?)"
)
_OPEN = regex.compile(
    r"\b(?:and|or|but|of|the|an?|with|for|from|as|than|including)\?$|\bas part of\b", regex.IGNORECASE
)
# "the game": without a name beside it nobody knows which.
_ALONE = regex.compile(r"\bthe \p{Ll}+(?=\?| (?:in|on|at|with|for|by|to|from|and)\b)")
_MODAL = regex.compile(r"\b(?:must|should|may|can|shall|do|does)\b", regex.IGNORECASE)
_NEVER_FAMILIAR = frozenset(
    "company firm group deal agreement facility man woman person pair duo team thing one event move decision city "
    "country state couple official victim suspect student author site area move number amount".split()
)
_POINTING = frozenset(
    "this that these those such another other both each some any his her its their our my your even only more several "
    "many no one ones".split()
)


def may_be_asked(clause: Clause, i: int) -> bool:
    """Whether a noun phrase can stand in a question: it points to nothing outside of it and is not long."""
    token = clause.token(i)
    if token.pos not in ("NOUN", "PROPN") or not is_whole(clause, i):
        return False
    parts = [clause.token(c) for c in clause.parsed.subtree(i)]
    said = any(one.tag in ("VBD", "VBZ", "VBP", "MD") for one in parts)
    told = token.pos == "PROPN" and any(one.dep in ("acl", "relcl") and one.head == i for one in parts)
    return not (said or told) and not any(word.norm in _POINTING for word in words(clause.phrase(i)))


def stands_alone(clause: Clause, i: int | None) -> bool:
    """Whether there is such a noun phrase, and a reader of the question alone knows what it means."""
    return i is not None and may_be_asked(clause, i) and not is_vague(clause, i)


def is_vague(clause: Clause, i: int) -> bool:
    """Whether a noun phrase names one thing by its kind alone: ``the company``, which of them only its place says."""
    determiner = clause.parsed.child(i, "det")
    if clause.token(i).pos == "PROPN" or determiner is None:
        return False
    if clause.familiar:
        return clause.token(i).lemma in _NEVER_FAMILIAR
    return len(content(clause.phrase(i))) < 2 and clause.token(determiner).lemma == "the"


def is_well_posed(
    question: str, *, brief: bool = False, telling: bool = True, familiar: bool = False
) -> bool:
    """Whether a question can be understood by itself, and has the form and length of one.

    ``brief``: it is of a kind that says all in few words. ``telling``: it says what is wanted: "when", not "what".
    """
    sequence = words(question)
    if not _LEAST <= len(sequence) <= _MOST or _UNFIT.search(question):
        return False
    if _LEANING.search(question.replace("should you ", "")) or _OPEN.search(question):
        return False
    if any(one.norm == other.norm for one, other in pairwise(sequence)):
        return False
    if brief:
        return True
    found = names(question)
    name = {i for i in (*found.sure, *found.maybe) if i}
    said = [word for i, word in enumerate(sequence) if not (word.function or word.number) and i not in name]
    if name:
        return len(said) >= (1 if telling else 2) and len(content(question)) >= 3
    if familiar:
        return telling and len(content(question)) >= 2
    return not _ALONE.search(question) and len(said) >= (4 if _MODAL.search(question) else 5)
