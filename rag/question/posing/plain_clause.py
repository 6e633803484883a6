"""The clauses of an English sentence that state something, taken apart so that a question can be made of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import regex

from rag.schema import Span
from rag.text.parse import Parse, Token, entities, parse

# What follows the verb and belongs to what it says.
_COMPLEMENTS = frozenset("prt dobj dative attr acomp oprd prep agent xcomp advmod npadvmod".split())

# Without these a sentence says something else, or it is no plain statement.
_FORBIDDEN = frozenset("neg expl ccomp csubj csubjpass parataxis preconj intj".split())

_REPORTING = frozenset("say report announce show find add note estimate".split())

# Parts of a noun phrase that add to it; the rest names it.
_ADDED = frozenset("appos relcl parataxis punct advcl".split())

_LONGEST_PHRASE = 9  # words; a longer one makes no question that a person would ask
_LONGEST_CLAUSE = 6  # words of a relative clause that is kept

_AUXILIARIES = frozenset("aux auxpass".split())
_FINITE = frozenset("VBD VBZ VBP MD".split())


@dataclass(frozen=True, eq=False)
class Clause:
    """A clause. Numbers are indices into ``parsed.tokens``.

    ``subject`` is ``None`` in an order: "Bake the cake".
    """

    parsed: Parse
    verb: int
    subject: int | None
    auxiliaries: tuple[int, ...]
    leading: tuple[int, ...]  # "In 1923" before the subject
    complements: tuple[int, ...]
    labels: tuple[tuple[Span, str], ...]
    familiar: bool = False  # whether a reader knows what "the pump" is: there are few articles

    def token(self, i: int) -> Token:
        """A token of the sentence."""
        return self.parsed.tokens[i]

    def label(self, i: int) -> str:
        """The label of the named entity that a token is part of; empty where it is part of none."""
        span = self.token(i).span
        return next((label for entity, label in self.labels if entity.overlaps(span)), "")

    def phrase(self, i: int, *, without: Iterable[int] = ()) -> str:
        """The words of a phrase, without what is only added to it, and without the parts that begin at ``without``."""
        dropped = set(without)
        kept = _kept(self.parsed, i, dropped)
        return _joined(self.parsed, kept)

    def words(self, i: int) -> int:
        """How many words a phrase has."""
        return len(_kept(self.parsed, i, set()))

    def object_of(self, i: int) -> int | None:
        """The noun that a preposition governs."""
        return self.parsed.child(i, "pobj")


def plain_clauses(sentence: str, *, familiar: bool = False) -> tuple[Clause, ...]:
    """The clauses of ``sentence`` that state something by themselves: not denied, not asked, not subordinate.

    What somebody is said to have said is among them; who asks for it reads the whole sentence.
    """
    parsed = parse(sentence)
    verbs = [i for i, token in enumerate(parsed.tokens) if token.dep == "ROOT"]
    if len(verbs) != 1:
        return ()
    root = verbs[0]
    below = parsed.children[root]
    verbs += [i for i in below if parsed.tokens[i].dep == "conj"]
    if parsed.tokens[root].lemma in _REPORTING:
        verbs += [i for i in below if parsed.tokens[i].dep == "ccomp"]
    found = (_clause(parsed, verb, root) for verb in verbs)
    return tuple(replace(clause, familiar=familiar) for clause in found if clause is not None)


def _clause(parsed: Parse, verb: int, root: int) -> Clause | None:
    children = parsed.children[verb]
    labels = {parsed.tokens[i].dep for i in children}
    if parsed.tokens[verb].pos not in ("VERB", "AUX") or labels & _FORBIDDEN:
        return None
    subject = parsed.child(verb, "nsubj", "nsubjpass")
    if subject is not None and subject > verb:
        return None
    auxiliaries = tuple(i for i in children if parsed.tokens[i].dep in _AUXILIARIES and i < verb)
    if subject is not None and any(i < subject for i in auxiliaries):
        return None
    first = parsed.tokens[auxiliaries[0] if auxiliaries else verb]
    if (subject is None) == (first.tag in _FINITE) or (subject is None and verb != root):
        return None
    leading = tuple(i for i in children if i < verb and parsed.tokens[i].dep == "prep")
    complements = tuple(i for i in children if i > verb and parsed.tokens[i].dep in _COMPLEMENTS)
    kept = _before_conjunct(parsed, verb, complements)
    return Clause(parsed, verb, subject, auxiliaries, leading, kept, entities(parsed.text))


def _before_conjunct(parsed: Parse, verb: int, complements: tuple[int, ...]) -> tuple[int, ...]:
    """Only what stands before "and did something else": the rest may belong to that."""
    ends = [
        i for i in parsed.children[verb] if i > verb and parsed.tokens[i].dep in ("conj", "advcl", "punct")
    ]
    end = next((i for i in ends if parsed.tokens[i].dep != "punct"), len(parsed.tokens))
    return tuple(i for i in complements if i < end)


def _kept(parsed: Parse, i: int, dropped: set[int]) -> list[int]:
    """The tokens of a phrase that name it, with the commas between them."""
    kept, stack = [], [i]
    while stack:
        current = stack.pop()
        kept.append(current)
        stack += [c for c in parsed.children[current] if c not in dropped and not _is_added(parsed, c)]
    inside = set(kept)
    commas = (
        c
        for c in range(1, len(parsed.tokens) - 1)
        if parsed.tokens[c].text == "," and c not in inside and {c - 1, c + 1} <= inside
    )
    return sorted((*kept, *commas))


def _is_added(parsed: Parse, i: int) -> bool:
    token = parsed.tokens[i]
    if token.dep == "punct":
        return token.text not in ("-", "/")
    if token.dep in ("relcl", "acl"):
        return _is_apart(parsed, i) or len(parsed.subtree(i)) > _LONGEST_CLAUSE
    return token.dep in _ADDED


def _is_apart(parsed: Parse, i: int) -> bool:
    """Whether a comma, dash or bracket stands before a part of a phrase: it tells more and does not say which."""
    return parsed.tokens[max(0, parsed.subtree(i)[0] - 1)].text in (",", "(", "-", "–", "—")


_SPACED = regex.compile(r"\s+")


def _joined(parsed: Parse, kept: list[int]) -> str:
    """The text of tokens, with the spaces that stand between neighbours in the sentence."""
    text = ""
    for at, i in enumerate(kept):
        span = parsed.tokens[i].span
        if at:
            before = kept[at - 1]
            gap = parsed.text[parsed.tokens[before].span.end : span.start] if before == i - 1 else " "
            text += gap
        text += span.of(parsed.text)
    return _SPACED.sub(" ", text).strip()


def is_whole(clause: Clause, i: int) -> bool:
    """Whether a phrase is short enough for a question, and says by itself which thing it means."""
    parsed = clause.parsed
    if clause.words(i) > _LONGEST_PHRASE:
        return False
    cut = (c for c in parsed.subtree(i) if c != i and parsed.tokens[c].dep in ("relcl", "acl", "advcl"))
    return all(_is_apart(parsed, c) or not _is_added(parsed, c) for c in cut)
