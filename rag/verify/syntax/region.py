"""The words that belong to one clause, without the clauses inside it; and how each stands there.

After which preposition, as a date, left out, or as a source.
"""

from collections.abc import Iterable

from rag.verify.syntax.arguments import is_predicate
from rag.verify.syntax.parsed_sentence import ParsedSentence

_OTHER_CLAUSES = ("ccomp", "advcl", "relcl", "parataxis", "acl", "csubj")
_COUNTED_FROM = frozenset("after before ago earlier later since from".split())
_ADJUNCTS = ("prep", "npadvmod", "advmod", "nsubj", "nsubjpass")


def region(s: ParsedSentence, i: int) -> frozenset[int]:
    """The tokens of the clause of predicate ``i``, and the time and place that it shares with the clause above it.

    A clause with a subject of its own shares nothing.
    """
    found = _below(s, i)
    token = s.tokens[i]
    while token.head != i and token.dep in (
        "xcomp",
        "advcl",
        "conj",
        "pcomp",
        "ccomp",
        "prep",
        "attr",
        "acomp",
        "oprd",
        "acl",
    ):
        cleft = (
            token.dep == "ccomp" and s.tokens[token.head].lemma == "be"
        )  # "it was not until 1978 that it passed"
        if token.dep != "prep" and not cleft and s.parse.child(i, "nsubj", "nsubjpass", "expl") is not None:
            break
        above = token.head
        if token.dep == "acl" and token.tag not in ("VBG", "VBN"):
            break
        for c in s.children[above]:
            shared = s.tokens[c].dep in _ADJUNCTS and (token.dep != "conj" or c < above)
            if c != i and (shared or (not is_predicate(s, above) and token.dep != "acl")):
                added = set(s.parse.subtree(c)) - set(s.parse.subtree(i))
                if not (_dated(s, added) and _dated(s, found)):
                    found |= added
        i, token = above, s.tokens[above]
    return frozenset(found)


def _dated(s: ParsedSentence, tokens: Iterable[int]) -> bool:
    return any(s.quantity[t] >= 0 and s.analysed.quantities[s.quantity[t]].kind == "date" for t in tokens)


def noun_region(s: ParsedSentence, i: int) -> frozenset[int]:
    """The words of a noun phrase: its subtree, and that of the noun that it stands in apposition to."""
    found = set(_without_conjuncts(s, i))
    token = s.tokens[i]
    while token.dep in ("appos", "conj", "compound", "nmod") and token.head != i:
        above = token.head
        if token.dep == "conj":  # "old men and women" shares what stands before the first
            first = [
                c for c in s.children[above] if c < above and s.tokens[c].dep in ("amod", "compound", "poss")
            ]
            found |= {t for c in first for t in s.parse.subtree(c)}
            if s.tokens[above].pos == token.pos == "PROPN":
                found.add(above)  # "Dario and Daniela Amodei"
        else:
            found |= set(_without_conjuncts(s, above))
        i, token = above, s.tokens[above]
    return frozenset(found)


def _without_conjuncts(s: ParsedSentence, i: int) -> list[int]:
    found, stack = [], [i]
    while stack:
        found.append(current := stack.pop())
        stack += [c for c in s.children[current] if not (current == i and s.tokens[c].dep == "conj")]
    return found


def _below(s: ParsedSentence, i: int) -> set[int]:
    found, stack = set[int](), [i]
    while stack:
        current = stack.pop()
        found.add(current)
        for c in s.children[current]:
            dep = s.tokens[c].dep
            nested = dep in _OTHER_CLAUSES or (dep == "conj" and is_predicate(s, c))
            if not nested:
                stack.append(c)
    return found


def clause_head(s: ParsedSentence, e: int) -> int:
    """The predicate of the clause in which a token stands; the root where it stands in none."""
    current = e
    while s.tokens[current].head != current and not is_predicate(s, current):
        current = s.tokens[current].head
    return current


def preposition_of(s: ParsedSentence, t: int) -> str:
    """The preposition before the phrase that a token belongs to; empty where there is none."""
    token = s.tokens[t]
    while (
        token.dep in ("conj", "compound", "nummod", "amod", "appos", "poss", "quantmod") and token.head != t
    ):
        t, token = token.head, s.tokens[token.head]
    head = s.tokens[token.head]
    if head.lemma == "until" and s.tokens[token.head - 1].text.casefold() == "not":
        return "in"  # "not until 1978 did it pass": in 1978
    return head.lemma if token.dep in ("pobj", "pcomp") else ""


def is_part_of_noun(s: ParsedSentence, t: int) -> bool:
    """Whether a noun only says of which kind another is: ``attack`` in ``an attack drill``.

    The parser takes a participle for such another noun: ``developers building on it``.
    """
    token = s.tokens[t]
    described = token.pos == "NOUN" and token.dep in ("compound", "nmod")
    return described and not s.tokens[token.head].text.endswith("ing")


def is_date(s: ParsedSentence, t: int) -> bool:
    """Whether a token belongs to a date."""
    return s.quantity[t] >= 0 and s.analysed.quantities[s.quantity[t]].kind == "date"


def is_counted_from(s: ParsedSentence, t: int) -> bool:
    """Whether an amount of time counts from an event: ``a year after``, ``two days ago``."""
    following = max(s.parse.subtree(t)) + 1
    return following < len(s.tokens) and s.tokens[following].text.casefold() in _COUNTED_FROM


def is_excepted(s: ParsedSentence, t: int, e: int) -> bool:
    """Whether a phrase is named only to be left out: ``on mice but not on humans``, ``all except Ann``."""
    while t != e and s.tokens[t].head != t:
        before = s.tokens[t - 1].text.casefold() if t else ""
        if (
            s.tokens[t].lemma != "until"
            and s.tokens[t].dep in ("conj", "prep", "pobj")
            and before
            in (
                "not",
                "except",
                "excluding",
                "without",
                "nor",
            )
        ):
            return True
        if s.tokens[t].lemma in ("except", "excluding", "unlike"):
            return True
        t = s.tokens[t].head
    return False


def is_source(s: ParsedSentence, t: int) -> bool:
    """Whether a token is what ``according to`` names."""
    head = s.tokens[s.tokens[t].head]
    return head.lemma in ("to", "accord") and any(
        s.tokens[a].lemma in ("accord", "according") for a in (s.tokens[t].head, head.head)
    )
