"""The phrases that a pronoun of the evidence may stand for: subjects that stand before it in the same passage."""

from collections.abc import Sequence

from rag.verify.syntax.arguments import AGENT, ATTRIBUTE, PATIENT, arguments, is_predicate
from rag.verify.syntax.parsed_sentence import ParsedSentence

_PERSONS = frozenset("he she him her his".split())

_POINTERS = frozenset(
    "it they them he she him her its their his who which that this these those one ones you we i".split()
)

_ROLES = frozenset(
    "company firm group startup lab agency team man woman president minister organisation organization".split()
)


def is_pointer(s: ParsedSentence, i: int) -> bool:
    """Whether a token stands for something named before it: a pronoun, or ``the company``."""
    token = s.tokens[i]
    if token.text.casefold() in _POINTERS and token.pos in ("PRON", "DET"):
        return True
    return token.lemma in _ROLES and any(
        s.tokens[c].dep == "det" and s.tokens[c].text.casefold() in ("the", "this") for c in s.children[i]
    )


def antecedents(
    sentences: Sequence[ParsedSentence], s: ParsedSentence, i: int
) -> list[tuple[ParsedSentence, int]]:
    """What a pointer may stand for: the subjects before it in its sentence, else those of the sentence before.

    ``you`` may stand for what ``if you become a carer`` calls it.
    """
    found: list[tuple[ParsedSentence, int]] = []
    lower = s.tokens[i].text.casefold()
    if lower in ("you", "we", "i", "one"):
        return [
            (s, a.token)
            for v in range(len(s.tokens))
            if is_predicate(s, v)
            and s.tokens[v].lemma in ("be", "become")
            and any(s.tokens[b.token].text.casefold() == lower for b in arguments(s, v) if b.role == AGENT)
            for a in arguments(s, v)
            if a.role == ATTRIBUTE
        ]
    found = [(s, t) for t in _subjects(s) if t < i and s.tokens[t].pos != "PRON"]
    if lower not in _PERSONS:
        found = [(o, t) for o, t in found if o.tokens[t].dep != "poss"]
    number = s.number
    while not found and number > 0:
        number -= 1
        before = next((o for o in sentences if o.passage == s.passage and o.number == number), None)
        if before is None:
            break  # the sentence is compared by itself
        found = [(before, t) for t in _subjects(before) if before.tokens[t].pos != "PRON"][:2]
    return [(o, t) for o, t in found if _fits(o, t, lower)]


def _subjects(s: ParsedSentence) -> list[int]:
    found = [
        a.token
        for v in range(len(s.tokens))
        if is_predicate(s, v)
        for a in arguments(s, v)
        if a.role == AGENT or (a.role == PATIENT and s.tokens[a.token].dep == "nsubjpass")
    ]
    found += [
        c for t in found for c in s.children[t] if s.tokens[c].dep == "poss" and s.tokens[c].pos == "PROPN"
    ]
    return list(dict.fromkeys(found))


def _fits(s: ParsedSentence, i: int, pronoun: str) -> bool:
    token = s.tokens[i]
    plural = token.tag in ("NNS", "NNPS")
    if pronoun in ("it", "its"):
        return not plural
    if pronoun in _PERSONS:
        return not plural and token.pos in ("PROPN", "NOUN")
    return True
