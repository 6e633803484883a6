"""Whether a claim is a sentence of the evidence with whole phrases left out: the same words, in the same order.

Such a claim is carried however the claim itself is parsed, as a parser may read two like sentences in two ways: only
the parse of the evidence counts. What is left out must be whole subtrees, none of them one that limits, denies or
leaves open what remains. A phrase with a preposition may stand at the other end of a claim with one verb.
"""

from collections.abc import Iterator, Sequence

from rag.text.complements import PRIVATIVE
from rag.text.lexicon import NEGATORS, SOFTENERS, STRICT
from rag.verify.syntax.antecedents import is_pointer
from rag.verify.syntax.arguments import (
    AGENT,
    PATIENT,
    arguments,
    is_contrasted,
    is_passive,
    is_predicate,
)
from rag.verify.syntax.modality.context import context
from rag.verify.syntax.modality.differs import context_differs
from rag.verify.syntax.modality.mood import Mood
from rag.verify.syntax.modality.signs import adverb_kind
from rag.verify.syntax.parsed_sentence import ParsedSentence
from rag.verify.syntax.phrases import Comparing
from rag.verify.syntax.scope import SOME, is_outside, is_widened
from rag.verify.syntax.wording import same_preposition, same_time, same_wording

_STEPS = (
    4000  # words placed in trying to find those of a claim; a text that repeats itself has very many ways
)


# What joins two words and is no link of its own.
_LINKS = ("prep", "agent", "dative", "cc", "mark", "aux", "auxpass", "case", "punct", "det", "prt")


# What a clause cannot lose and stay true: what it denies, bounds or leaves open.
_NEEDED = ("neg", "prt", "quantmod", "expl")


def compressed(both: Comparing, s: ParsedSentence) -> tuple[Mood, ...] | None:
    """How the article gives a claim that is sentence ``s`` with phrases left out; ``None`` where it is not that."""
    claim = both.claim
    for order in _orders(claim):
        wanted = [c for c in order if _counts(both, c)]
        if not wanted:
            return None
        for found in _alignments(both, wanted, s):
            pairs = dict(zip(wanted, found, strict=True))
            if _is_whole(s, frozenset(found)) and _stands(both, s, pairs):
                verbs = [e for e in found if is_predicate(s, e)]
                return tuple(dict.fromkeys(mood for e in verbs for mood in context(s, e).moods))
    return None


def _orders(claim: ParsedSentence) -> Iterator[list[int]]:
    """The tokens of a claim in their order; of one with a single verb, also with its outer phrase at the other end."""
    tokens = list(range(len(claim.tokens)))
    yield tokens
    if sum(is_predicate(claim, t) for t in tokens) > 1:
        return
    for p in tokens:
        if claim.tokens[p].dep != "prep" or not is_predicate(claim, claim.tokens[p].head):
            continue
        inside = claim.parse.subtree(p)
        rest = [t for t in tokens if t not in inside]
        yield [*inside, *rest] if inside[-1] > rest[-1] - 2 else [*rest, *inside]


def _counts(both: Comparing, c: int) -> bool:
    """Whether a token of the claim must have its counterpart."""
    token = both.claim.tokens[c]
    lower = token.text.casefold()
    if lower in NEGATORS or lower in SOME or token.dep == "neg":
        return True
    if token.pos == "ADP" and token.dep in ("prep", "agent", "prt", "dative"):
        return True
    if both.claim.word[c] in both.known:
        return token.dep != "compound"
    return not both.says_nothing(c)


def _alignments(both: Comparing, wanted: Sequence[int], s: ParsedSentence) -> Iterator[list[int]]:
    """The ways to find the wanted tokens in ``s``, each after the one before; at most ``_STEPS`` are looked at."""
    places = [[e for e in range(len(s.tokens)) if _same(both, c, s, e)] for c in wanted]
    if not all(places):
        return
    open_ways: list[list[int]] = [[]]
    for _ in range(_STEPS):
        if not open_ways:
            return
        way = open_ways.pop()
        if len(way) == len(wanted):
            yield way
            continue
        least = way[-1] if way else -1
        open_ways += [[*way, e] for e in reversed(places[len(way)]) if e > least]


def _same(both: Comparing, c: int, s: ParsedSentence, e: int) -> bool:
    claim = both.claim
    mine, other = claim.tokens[c], s.tokens[e]
    if mine.pos == "ADP" or other.pos == "ADP":
        both_join = mine.pos == other.pos == "ADP" and same_preposition(mine.lemma, other.lemma)
        return mine.lemma == other.lemma or (both_join and same_time(mine.lemma, other.lemma))
    if claim.word[c] in both.known and not same_wording(claim, c, s, e):
        return is_pointer(s, e)
    lower = mine.text.casefold()
    if lower in NEGATORS or lower in SOME:
        return mine.lemma == other.lemma
    return same_wording(claim, c, s, e)


def _is_whole(s: ParsedSentence, kept: frozenset[int]) -> bool:
    """Whether what is left out of a sentence are whole subtrees, and none that what is kept needs."""
    roots = [e for e in kept if not _governor(s, e) & kept]
    verbs = [e for e in roots if is_predicate(s, e)]
    if len(verbs) != 1:
        return False
    (verb,) = verbs
    inherited = {
        a.token for a in arguments(s, verb) if a.role == AGENT or (a.role == PATIENT and is_passive(s, verb))
    }
    if any(e != verb and e not in inherited for e in roots):
        return False
    if any(s.tokens[e].dep == "pobj" and s.tokens[e].head not in kept for e in kept):
        return False  # "departing for Hawaii" is not "leaving Hawaii"
    return not any(_is_needed(s, t, e) for e in kept for t in s.children[e] if t not in kept)


def _governor(s: ParsedSentence, e: int) -> frozenset[int]:
    """What a token depends on, past words that only join; of the second of two joined, what the first does too."""
    found = set[int]()
    while s.tokens[e].head != e:
        dep, head = s.tokens[e].dep, s.tokens[e].head
        found.add(head)
        if dep == "conj" and is_predicate(s, e):
            break
        if dep not in ("conj", "appos") and s.tokens[head].dep not in _LINKS:
            break
        e = head
    return frozenset(found)


def _is_needed(s: ParsedSentence, t: int, e: int) -> bool:
    """Whether token ``e`` would say something else without its dependent ``t``."""
    token = s.tokens[t]
    lower = token.text.casefold()
    if token.dep in _NEEDED or lower in NEGATORS | STRICT | SOME | SOFTENERS or adverb_kind(lower):
        return True
    if token.lemma in PRIVATIVE and token.dep in ("amod", "compound", "advmod"):
        return True
    if token.dep == "conj":
        joints = {s.tokens[c].text.casefold() for c in (*s.children[e], *s.children[t])}
        return bool(joints & {"or", "nor", "either", "neither", "between"}) and not is_contrasted(s, t)
    if token.dep in ("dobj", "attr", "acomp", "xcomp", "ccomp", "oprd", "pcomp", "pobj"):
        return True  # "took part" is not "took"
    if token.dep in ("nummod", "compound", "nmod", "poss", "amod"):
        return s.tokens[e].pos != "PROPN" and token.dep in ("nummod", "compound", "nmod") and t < e
    return False


def _stands(both: Comparing, s: ParsedSentence, pairs: dict[int, int]) -> bool:
    """Whether a claim says it in the same voice and mood, and of no more than the evidence."""
    claim = both.claim
    for c, e in pairs.items():
        if s.tokens[e].dep == "conj" and is_contrasted(s, e):
            return False
        if is_predicate(s, e):
            if is_predicate(claim, c) and is_passive(claim, c) != is_passive(s, e):
                return False
            if context_differs(both, c, s, e) is not None:
                return False
        elif is_widened(claim, c, s, e) or is_outside(claim, c, s, e):
            return False
    return True
