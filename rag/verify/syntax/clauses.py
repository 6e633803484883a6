"""Whether one clause of the evidence carries one of a claim: the same predicate, with its arguments in their places."""

from collections.abc import Iterable
from dataclasses import dataclass

from rag.schema import Span
from rag.text.antonyms import opposite
from rag.text.complements import CONVERSE, ERGATIVE, LIGHT_VERBS, SYMMETRIC
from rag.verify.syntax.arguments import (
    AGENT,
    ATTRIBUTE,
    EITHER,
    PATIENT,
    RECIPIENT,
    Argument,
    arguments,
    is_predicate,
)
from rag.verify.syntax.fault import Fault
from rag.verify.syntax.modality.differs import context_differs
from rag.verify.syntax.modality.mood import Context
from rag.verify.syntax.parsed_sentence import ParsedSentence
from rag.verify.syntax.phrases import Comparing, carries_phrase, is_head, modifiers
from rag.verify.syntax.region import (
    clause_head,
    is_counted_from,
    is_date,
    is_excepted,
    is_part_of_noun,
    is_source,
    noun_region,
    preposition_of,
    region,
)
from rag.verify.syntax.wording import are_opposed, denied_by_prefix, same_preposition, same_time, same_wording

# Where an argument of the claim may stand in the evidence, by its role there.
_PLACES: dict[str, frozenset[str]] = {
    AGENT: frozenset((AGENT, EITHER)),
    PATIENT: frozenset((PATIENT, EITHER, "of")),
    RECIPIENT: frozenset((RECIPIENT, "for", EITHER, "with", "on", "into")),
    ATTRIBUTE: frozenset((ATTRIBUTE, "as", PATIENT, EITHER)),
}

_TURNED = frozenset(("from", RECIPIENT, "for", "by", "at", "with", "of"))
_FREE = frozenset(("of", "with", RECIPIENT, "for", "on", "as", "in", "over", "about", "into"))


@dataclass(frozen=True, slots=True)
class Carried:
    """A clause of the evidence that carries one of the claim: a predicate with what stands around it."""

    sentence: ParsedSentence
    token: int
    context: Context


def compare_clause(both: Comparing, p: int, s: ParsedSentence, e: int) -> Fault | None:
    """Compare predicate ``p`` of the claim with token ``e`` of the evidence; ``None`` where ``e`` carries it."""
    covered = set(both.covered)
    fault = _arguments_differ(both, p, s, e) or context_differs(both, p, s, e)
    if fault is not None:
        both.covered.clear()
        both.covered |= covered
        return fault
    both.covered.add(p)
    both.turned.add(both.claim.word[p])
    return None


def candidates(both: Comparing, p: int, s: ParsedSentence) -> Iterable[int]:
    """The tokens of a sentence that may name what predicate ``p`` of the claim does."""
    claim = both.claim
    for e in range(len(s.tokens)):
        verb = is_predicate(s, e) or s.tokens[e].pos in ("NOUN", "VERB", "ADJ", "PROPN")
        if verb and (
            same_wording(claim, p, s, e)
            or is_converse(claim, p, s, e)
            or denied_by_prefix(claim.term(p), s.term(e))
        ):
            yield e


def is_converse(claim: ParsedSentence, p: int, s: ParsedSentence, e: int) -> bool:
    """Whether two verbs are of one event, seen from its two sides: ``buy`` and ``sell``."""
    mine, other = claim.tokens[p].lemma, s.tokens[e].lemma
    return any((mine in a and other in b) or (mine in b and other in a) for a, b in CONVERSE)


def _arguments_differ(both: Comparing, p: int, s: ParsedSentence, e: int) -> Fault | None:
    claim = both.claim
    mine, others = arguments(claim, p), arguments(s, e)
    if _comparison_turned(both, p, s, e):
        return None
    mine = tuple(a for a in mine if not is_source(claim, a.token))
    turned = is_converse(claim, p, s, e) and not _same_lemma(claim, p, s, e)
    if (
        claim.parse.child(p, "prt") is not None
        and _same_lemma(claim, p, s, e)
        and _particle(claim, p) != _particle(s, e)
    ):
        return Fault(f"the cited words say ‘{s.tokens[e].text} {_particle(s, e)}’".strip())
    area = region(s, e) if is_predicate(s, e) else noun_region(s, e) | region(s, clause_head(s, e))
    both.place, both.area = s, area
    missing: list[Argument] = []
    weights = 0
    taken: set[int] = set()
    for argument in sorted(mine, key=lambda a: (a.role != AGENT, a.role != PATIENT)):
        if both.says_nothing(argument.token) and not modifiers(both, argument.token):
            continue
        weights += 1
        if not is_carried(both, argument, s, e, others, area, taken, turned=turned):
            missing.append(argument)
    missing += [
        Argument("adverb", m) for m in _loose(both, p) if not any(same_wording(claim, m, s, t) for t in area)
    ]
    if not missing:
        return None
    return _fault(both, missing, s, others, nearness=1.0 - len(missing) / (weights + 1))


def is_carried(
    both: Comparing,
    argument: Argument,
    s: ParsedSentence,
    e: int,
    others: tuple[Argument, ...],
    area: Iterable[int],
    taken: set[int],
    *,
    turned: bool,
) -> bool:
    """Whether a clause of the evidence has an argument of the claim in its place, or an adjunct anywhere in it."""
    claim, role, c = both.claim, argument.role, argument.token
    if role == "adverb":
        return _adverb_carried(both, c, s, area)
    lemma = s.tokens[e].lemma
    for other in others:
        if other.token in taken or is_excepted(s, other.token, e):
            continue
        if is_date(claim, c) and not same_time(role, preposition_of(s, other.token)):
            continue
        if _fits(role, other.role, others, lemma, s, e, turned=turned) and carries_phrase(
            both, c, s, other.token
        ):
            taken.add(other.token)
            return True
    above = claim.tokens[claim.tokens[c].head].lemma
    loose = (
        role == PATIENT and above in LIGHT_VERBS and above != lemma and claim.quantity[c] >= 0
    )  # "it took 122 days"
    if (
        role in (AGENT, PATIENT, RECIPIENT)
        and not loose
        and not (role == RECIPIENT and claim.tokens[c].dep == "pobj")
    ):
        return False
    subjects = {t for other in others if other.role == AGENT for t in s.parse.subtree(other.token)}
    for t in area:
        if (
            is_excepted(s, t, e)
            or t in subjects
            or t in taken
            or not is_head(s, t)
            or is_part_of_noun(s, t)
            or not carries_phrase(both, c, s, t)
        ):
            continue
        preposition = preposition_of(s, t)
        if is_date(claim, c) and not same_time(role, preposition):
            continue
        if role == "for" and is_counted_from(s, t):
            continue  # "a year after it opened" is not "for a year"
        if (
            not preposition
            or same_preposition(role, preposition)
            or (both.claim.quantity[c] >= 0 and not are_opposed(role, preposition))
        ):
            return True
    return False


def _fits(
    role: str,
    other: str,
    others: tuple[Argument, ...],
    lemma: str,
    s: ParsedSentence,
    e: int,
    *,
    turned: bool,
) -> bool:
    """Whether an argument with one role in the claim may have another in the evidence."""
    roles = {a.role for a in others}
    if turned:
        if role == AGENT:
            return other in _TURNED or (other == PATIENT and not roles & _TURNED)
        if role in (PATIENT, ATTRIBUTE):
            return other == PATIENT or (PATIENT not in roles and other == AGENT)
        return other == AGENT if role in _TURNED else role == other
    if role in _PLACES and other in _PLACES[role]:
        return True
    if lemma in SYMMETRIC and {role, other} <= {AGENT, PATIENT, "with", "from", "against", RECIPIENT}:
        return True
    if lemma in ERGATIVE and {role, other} == {AGENT, PATIENT}:
        return other == PATIENT or AGENT not in roles - {AGENT}
    if not is_predicate(s, e) and role == PATIENT:
        # "an attack on the town"; but of "the sale of the firm to the bank", the firm was sold.
        return not roles & {PATIENT, EITHER} and other in ("on", "against", "for", "in", "to", "with", "at")
    if role in _PLACES:
        return role == RECIPIENT and other == PATIENT
    return same_preposition(role, other) or (
        role in _FREE and other in (PATIENT, RECIPIENT, EITHER, ATTRIBUTE)
    )


def _comparison_turned(both: Comparing, p: int, s: ParsedSentence, e: int) -> bool:
    """Whether the two sides of a comparison are exchanged with its direction: ``less than`` for ``more than``."""
    claim = both.claim
    mine, other = _comparative(claim, p), _comparative(s, e)
    if mine is None or other is None or not opposite(claim.term(mine[0]), [s.term(other[0])]):
        return False
    subjects = [a.token for a in arguments(claim, p) if a.role == AGENT]
    cited = [a.token for a in arguments(s, e) if a.role == AGENT]
    turned = any(carries_phrase(both, c, s, other[1]) for c in subjects)
    turned = turned and any(carries_phrase(both, mine[1], s, t) for t in cited)
    if turned:
        both.turned.add(claim.word[mine[0]])
        both.covered |= {mine[0], mine[1], p}
    return turned


def _comparative(s: ParsedSentence, p: int) -> tuple[int, int] | None:
    """The comparative of a clause and what it is compared with."""
    for t in s.parse.subtree(p):
        if s.tokens[t].lemma == "than":
            head = s.tokens[t].head
            found = s.parse.child(t, "pobj")
            if found is not None:
                return head, found
    return None


def _adverb_carried(both: Comparing, c: int, s: ParsedSentence, area: Iterable[int]) -> bool:
    wanted = ([] if both.says_nothing(c) else [c]) + modifiers(both, c)
    found = [any(same_wording(both.claim, m, s, t) for t in area) for m in wanted]
    if all(found):
        both.covered |= {c, *wanted}
    return all(found)


def _loose(both: Comparing, p: int) -> list[int]:
    """Words of a claim's clause that are in no argument: bare numbers and odd dependents."""
    claim = both.claim
    return [
        c
        for c in claim.children[p]
        if (
            claim.tokens[c].dep in ("nummod", "amod", "dep", "nmod")
            or (claim.tokens[c].dep == "compound" and c > p)
        )
        and not both.says_nothing(c)
    ]


def _fault(
    both: Comparing,
    missing: list[Argument],
    s: ParsedSentence,
    others: tuple[Argument, ...],
    *,
    nearness: float,
) -> Fault:
    claim, first = both.claim, missing[0]
    mine = [t for t in claim.parse.subtree(first.token) if not both.says_nothing(t)] or [first.token]
    rival = next((o for o in others if o.role == first.role and first.role != "adverb"), None)
    differing = [
        t
        for t in mine
        if rival is None or not any(same_wording(claim, t, s, o) for o in s.parse.subtree(rival.token))
    ]
    shown = claim.text[claim.tokens[mine[0]].span.start : claim.tokens[mine[-1]].span.end]
    if rival is None:
        return Fault(
            f"‘{shown}’ does not go with ‘{_head_text(claim, first.token)}’ in the cited words", nearness
        )
    cited = s.parse.words(rival.token)
    fault = f"the cited words say this of ‘{cited}’, not of ‘{shown}’"
    if len(missing) > 1:
        return Fault(fault, nearness)
    where = _differing(claim, differing or mine)
    theirs = [
        t
        for t in s.parse.subtree(rival.token)
        if s.word[t] >= 0 and not any(same_wording(claim, m, s, t) for m in mine)
    ]
    content = [t for t in theirs if s.tokens[t].pos not in ("DET", "ADP", "CCONJ", "AUX", "PRON")]
    span = _differing(s, content or theirs or [rival.token]).shift(s.offset)
    return Fault(fault, nearness, where.shift(claim.offset), span, s.passage)


def _differing(s: ParsedSentence, tokens: list[int]) -> Span:
    return Span(s.tokens[tokens[0]].span.start, s.tokens[tokens[-1]].span.end)


def _head_text(s: ParsedSentence, c: int) -> str:
    current = c
    while s.tokens[current].head != current and not is_predicate(s, current):
        current = s.tokens[current].head
    return s.tokens[current].text


def _same_lemma(claim: ParsedSentence, p: int, s: ParsedSentence, e: int) -> bool:
    return claim.tokens[p].lemma == s.tokens[e].lemma


def _particle(s: ParsedSentence, i: int) -> str:
    found = s.parse.child(i, "prt")
    return "" if found is None else s.tokens[found].text.casefold()
