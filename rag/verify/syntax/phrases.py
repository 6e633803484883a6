"""Whether a noun phrase of the evidence carries one of a claim: the same head, and all that the claim says of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from rag.text.antonyms import poles
from rag.text.complements import PRIVATIVE
from rag.verify.syntax.antecedents import antecedents, is_pointer
from rag.verify.syntax.arguments import is_contrasted, is_predicate, with_conjuncts
from rag.verify.syntax.parsed_sentence import ParsedSentence
from rag.verify.syntax.region import noun_region
from rag.verify.syntax.scope import is_outside, is_widened
from rag.verify.syntax.wording import same_wording

_MODIFIERS = ("amod", "compound", "nummod", "nmod", "poss", "appos", "quantmod", "advmod", "npadvmod", "neg")

_EMPTY = frozenset(
    "the a an this that these those its their his her our my your own such very also even just".split()
)


@dataclass(slots=True)
class Comparing:
    """A sentence of a claim beside the sentences of its evidence.

    ``known`` are words of the claim that the evidence has elsewhere or in another form, so that they need no place;
    ``absent`` are those that it has nowhere, which the count of added words has allowed. ``covered`` gathers the
    tokens of the claim that were found in place.
    """

    claim: ParsedSentence
    sentences: Sequence[ParsedSentence]
    known: frozenset[int] = frozenset()
    absent: frozenset[int] = frozenset()
    place: ParsedSentence | None = None  # the sentence of the evidence that is looked at, and its clause
    area: frozenset[int] = frozenset()
    covered: set[int] = field(default_factory=set)
    turned: set[int] = field(default_factory=set)

    def says_nothing(self, c: int) -> bool:
        """Whether a token of the claim needs no counterpart."""
        token = self.claim.tokens[c]
        word = self.claim.word[c]
        if (
            word < 0
            or token.pos in ("PUNCT", "DET", "CCONJ", "SCONJ", "PART", "SPACE", "AUX", "ADP")
            or token.dep == "mark"
        ):
            return self.claim.quantity[c] < 0
        if self.claim.quantity[c] >= 0:
            return False
        if (
            self.claim.quantity[token.head] >= 0
            and token.dep in ("quantmod", "advmod", "amod")
            and word not in self.claim.analysed.keys
        ):
            return True  # "more than", "at least": the bound of the quantity
        if word in self.absent:  # a describing word of the writer's own
            return (
                token.pos != "PROPN"
                and token.dep in ("amod", "advmod", "compound")
                and self.claim.word[token.head] not in self.absent
            )
        nothing = word not in self.claim.analysed.keys or word in self.known
        if nothing and poles(self.claim.term(c)) and token.dep in ("amod", "advmod"):
            return False
        return nothing or token.text.casefold() in _EMPTY or token.pos == "PRON"


def carries_phrase(both: Comparing, c: int, s: ParsedSentence, e: int, *, depth: int = 0) -> bool:
    """Whether the phrase that ``e`` heads carries the one that ``c`` heads.

    A pronoun of the claim is carried by anything; one of the evidence stands for what was named before it.
    """
    claim = both.claim
    if claim.tokens[c].pos == "PRON" and claim.tokens[c].text.casefold() not in (
        "nobody",
        "nothing",
        "everyone",
        "none",
    ):
        return True
    if is_pointer(s, e) and claim.word[c] in both.known:
        both.covered |= {c, *modifiers(both, c)}
        return all(claim.word[m] in both.known for m in modifiers(both, c))
    if is_predicate(claim, c) and depth == 0 and claim.tokens[c].dep in ("csubj", "pcomp"):
        return same_wording(claim, c, s, e)
    if depth < 2 and is_pointer(s, e) and not same_wording(claim, c, s, e):
        found = antecedents(both.sentences, s, e)
        return any(
            carries_phrase(both, c, o, t, depth=depth + 1)
            for o, other in found
            for t in with_conjuncts(o, other)
        )
    if s.tokens[e].tag == "VBG" and s.tokens[e].dep == "csubj" and not same_wording(claim, c, s, e):
        done = [
            o for o in s.children[e] if s.tokens[o].dep == "dobj"
        ]  # "building it takes a year": it takes a year
        return any(carries_phrase(both, c, s, o, depth=2) for o in done)
    area = noun_region(s, e)
    head = _head(both, c, s, e, area)
    if head is None:
        return False
    used = {head}
    if _privative(s, head) - _privative_in_claim(both, c) or ("non" in _privative(claim, c)) > (
        "non" in _privative(s, head)
    ):
        return False
    if _replaced(both, c, s, head) or (depth == 0 and is_widened(claim, c, s, head)):
        return False
    if is_outside(claim, c, s, head):
        return False
    carried = {c}
    if _is_part(s, e):
        if claim.quantity[c] < 0 and not any(
            claim.quantity[m] >= 0 and same_wording(claim, m, s, e) for m in claim.children[c]
        ):
            return False  # "two of the five" are not five
    elif _counted_otherwise(both, c, s, head):
        return False
    for m in modifiers(both, c):
        if not _carries_modifier(both, m, s, head, area, used):
            return False
        carried.add(m)
    both.covered |= carried
    return True


def modifiers(both: Comparing, c: int) -> list[int]:
    """The tokens of a claim's noun phrase that say something of its head, at any depth, without other clauses."""
    claim = both.claim
    found: list[int] = []
    for child in claim.children[c]:
        dep = claim.tokens[child].dep
        if dep in _MODIFIERS and not is_predicate(claim, child):
            found += ([] if both.says_nothing(child) else [child]) + modifiers(both, child)
        elif dep == "prep":
            for p in claim.children[child]:
                if claim.tokens[p].dep in ("pobj", "prep"):
                    objects = with_conjuncts(claim, p) if claim.tokens[p].dep == "pobj" else []
                    for o in objects:
                        found += ([] if both.says_nothing(o) else [o]) + modifiers(both, o)
                    if not objects:
                        found += modifiers(both, child)
        elif dep == "conj" and claim.tokens[c].dep in _MODIFIERS and not is_predicate(claim, child):
            found += ([] if both.says_nothing(child) else [child]) + modifiers(both, child)
    return list(dict.fromkeys(found))


def _head(both: Comparing, c: int, s: ParsedSentence, e: int, area: Collection[int]) -> int | None:
    """The token of the evidence that stands for the head of the claim's phrase.

    The head itself; of a name any of its parts, as ``Kenyatta`` for ``Uhuru Kenyatta``; a noun in apposition; the
    ``of`` of a number or share.
    """
    claim = both.claim
    if same_wording(claim, c, s, e):
        return e
    if claim.word[c] in both.known:
        return e
    if claim.quantity[c] >= 0 or s.quantity[e] >= 0:
        return (
            next((t for t in area if same_wording(claim, c, s, t)), None)
            if s.quantity[e] >= 0 or _counts(claim, c)
            else None
        )
    for t in area:
        token = s.tokens[t]
        linked = token.dep in ("appos", "compound", "nmod", "flat") and token.head == e
        linked = linked and not is_contrasted(s, t)
        linked = linked and (token.dep == "appos" or token.pos == "PROPN" or s.tokens[e].pos == "PROPN")
        part = (
            token.dep == "pobj"
            and s.tokens[token.head].head == e
            and s.tokens[e].lemma
            in (
                "one",
                "all",
                "most",
                "many",
                "some",
                "number",
                "group",
                "part",
                "member",
                "percent",
                "%",
                "half",
                "majority",
                "each",
                "both",
                "none",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "kind",
                "type",
                "variety",
            )
        )
        above = s.tokens[e].dep in ("appos", "compound") and t == s.tokens[e].head
        if (linked or part or above) and same_wording(claim, c, s, t):
            return t
    return None


def _replaced(both: Comparing, c: int, s: ParsedSentence, e: int) -> bool:
    """Whether the claim describes a thing by a word of its own in place of one that the evidence has."""
    own = [m for m in both.claim.children[c] if both.claim.word[m] in both.absent]
    others = [t for t in s.children[e] if s.tokens[t].dep in ("amod", "compound") and s.word[t] >= 0]
    return bool(own) and any(
        not any(same_wording(both.claim, m, s, t) for m in range(len(both.claim.tokens))) for t in others
    )


def _is_part(s: ParsedSentence, e: int) -> bool:
    """Whether a token counts some of a larger number: ``two`` in ``two of the five suspects``."""
    return (
        s.quantity[e] >= 0
        and s.tokens[e].pos == "NUM"
        and any(s.tokens[d].lemma == "of" for d in s.children[e])
    )


def _counted_otherwise(both: Comparing, c: int, s: ParsedSentence, e: int) -> bool:
    """Whether each of two nouns has a number right before it, and they differ."""
    mine = [
        m
        for m in both.claim.children[c]
        if both.claim.quantity[m] >= 0 and both.claim.tokens[m].dep in ("nummod", "compound", "amod")
    ]
    others = [
        t for t in s.children[e] if s.quantity[t] >= 0 and s.tokens[t].dep in ("nummod", "compound", "amod")
    ]
    return bool(mine and others) and not all(
        any(same_wording(both.claim, m, s, t) for t in others) for m in mine
    )


def _counts(claim: ParsedSentence, c: int) -> bool:
    return claim.tokens[c].pos in ("NUM", "SYM", "NOUN")


def _carries_modifier(
    both: Comparing, m: int, s: ParsedSentence, head: int, area: Collection[int], used: set[int]
) -> bool:
    for t in area:
        if t not in used and same_wording(both.claim, m, s, t):
            if both.claim.quantity[m] < 0:
                used.add(t)
            return True
    if both.claim.quantity[m] >= 0 and any(same_wording(both.claim, m, s, t) for t in area):
        return True
    # "the group in partnership with Q built it": the parser may take such words to the noun or to the verb.
    claim = both.claim
    if claim.tokens[m].dep == "poss" and any(
        carries_phrase(both, m, o, n, depth=1)
        for t in s.children[head]
        if s.tokens[t].dep == "poss" and s.tokens[t].pos == "PRON"
        for o, n in antecedents(both.sentences, s, t)
    ):
        return True
    above = m
    while (
        claim.tokens[above].dep not in ("pobj", "npadvmod", "nsubj", "dobj", "ROOT")
        and claim.tokens[above].head != above
    ):
        above = claim.tokens[above].head
    if claim.tokens[above].dep not in ("pobj", "npadvmod"):
        return False
    mine = claim.tokens[claim.tokens[above].head].lemma
    if any(s.tokens[d].dep == "prep" and s.tokens[d].lemma == mine for d in s.children[head]):
        return False
    return any(
        same_wording(claim, m, s, t)
        and (m != above or claim.tokens[m].dep == "npadvmod" or s.tokens[s.tokens[t].head].lemma == mine)
        for t in (both.area if both.place is s else ())
        if t not in used
    )


def _privative(s: ParsedSentence, e: int) -> set[str]:
    """The words before a noun that take it back (``former``), and ``non-``."""
    found = {s.tokens[c].lemma for c in s.children[e] if s.tokens[c].lemma in PRIVATIVE}
    if s.tokens[e].text.casefold().startswith("non-"):
        found.add("non")
    return found


def _privative_in_claim(both: Comparing, c: int) -> set[str]:
    return {token.lemma for token in both.claim.tokens} | _privative(both.claim, c)


def is_head(s: ParsedSentence, t: int) -> bool:
    """Whether a token may head a phrase."""
    token = s.tokens[t]
    return (
        token.pos in ("NOUN", "PROPN", "NUM", "PRON", "SYM")
        or (token.pos == "ADJ" and token.dep in ("pobj", "acomp"))
        or token.tag == "VBG"
    )
