"""What a claim says that a thing is: carried by ``X is Y``, ``Y, X``, ``X, the Y,``, ``the Y X``, and ``X's Y``."""

from collections.abc import Iterator

from rag.verify.syntax.arguments import (
    AGENT,
    ATTRIBUTE,
    PATIENT,
    Argument,
    arguments,
    is_contrasted,
    is_passive,
    is_predicate,
    with_conjuncts,
)
from rag.verify.syntax.clauses import Carried, is_carried
from rag.verify.syntax.fault import Fault
from rag.verify.syntax.modality.context import context
from rag.verify.syntax.modality.differs import context_differs
from rag.verify.syntax.parsed_sentence import ParsedSentence
from rag.verify.syntax.phrases import Comparing, carries_phrase, modifiers
from rag.verify.syntax.region import clause_head, noun_region, region

_LINKING = frozenset(
    "be become remain stay call name know describe consider serve act work deem elect appoint make".split()
)

_TITLES = frozenset(
    """
    president minister premier chancellor secretary senator governor mayor king queen prince princess emperor sir dr
    professor judge justice general colonel captain admiral director chairman chairwoman chief officer ceo pope bishop
    ambassador commissioner inspector doctor coach manager author singer actor
    """.split()
)

_NAMING = frozenset("call name know title term dub entitle nickname".split())


def is_copula(s: ParsedSentence, p: int) -> bool:
    """Whether a predicate only says what its subject is, is called, or where it is."""
    return s.tokens[p].lemma == "be" or (s.tokens[p].lemma in _NAMING and is_passive(s, p))


def compare_copula(both: Comparing, p: int, s: ParsedSentence) -> Fault | Carried:
    """Compare ``X is Y`` of a claim with a sentence."""
    own = arguments(both.claim, p)
    subject = AGENT if both.claim.tokens[p].lemma == "be" else PATIENT
    subjects = [a.token for a in own if a.role == subject]
    said = [a.token for a in own if a.role in (ATTRIBUTE, "as")]
    rest = [a for a in own if a.role not in (subject, ATTRIBUTE, "as")]
    nearest = Fault("", -1.0)
    for x, y, e in _links(s):
        fault = _compare(both, p, s, (subjects, said, rest), (x, y, e))
        if fault is None:
            return Carried(s, e, context(s, e))
        nearest = max(nearest, fault, key=lambda f: f.nearness)
    if not said or not subjects:
        for e in range(len(s.tokens)):
            named = subjects or said
            if (
                named
                and s.tokens[e].pos in ("NOUN", "PROPN", "NUM")
                and all(carries_phrase(both, c, s, e) for c in named)
            ):
                area = noun_region(s, e) | region(s, clause_head(s, e))
                others = arguments(s, clause_head(s, e))
                missing = [
                    a
                    for a in rest
                    if not is_carried(both, a, s, clause_head(s, e), others, area, set(), turned=False)
                ]
                fault = context_differs(both, p, s, clause_head(s, e))
                if not missing and fault is None:
                    both.covered.add(p)
                    return Carried(s, clause_head(s, e), context(s, clause_head(s, e)))
                nearest = max(nearest, fault or Fault("", 0.3), key=lambda f: f.nearness)
    return nearest


def compare_having(both: Comparing, p: int, s: ParsedSentence) -> Fault | Carried:
    """Compare ``X has Y`` of a claim with ``X's Y``, ``X with Y`` and ``the Y of X``."""
    own = arguments(both.claim, p)
    owners = [a.token for a in own if a.role == AGENT]
    had = [a.token for a in own if a.role == PATIENT]
    for e, token in enumerate(s.tokens):
        pairs = [(e, token.head)] if token.dep == "poss" else []
        if token.dep == "prep" and token.lemma in ("with", "of") and not is_predicate(s, token.head):
            objects = [c for c in s.children[e] if s.tokens[c].dep == "pobj"]
            pairs += [(token.head, o) if token.lemma == "with" else (o, token.head) for o in objects]
        for owner, thing in pairs:
            if (
                had
                and len(own) == len(owners) + len(had)
                and _all(both, owners, s, owner)
                and _all(both, had, s, thing)
            ):
                head = clause_head(s, thing)
                fault = context_differs(both, p, s, head)
                if fault is None:
                    both.covered.add(p)
                    return Carried(s, head, context(s, head))
    return Fault("", -1.0)


def _compare(
    both: Comparing,
    p: int,
    s: ParsedSentence,
    own: tuple[list[int], list[int], list[Argument]],
    link: tuple[int, int, int],
) -> Fault | None:
    subjects, said, rest = own
    x, y, e = link
    straight = _all(both, subjects, s, x) and _all(both, said, s, y)
    identity = not straight and _definite(both, subjects) and _definite(both, said)
    if not straight and not (identity and _all(both, subjects, s, y) and _all(both, said, s, x)):
        near = 0.5 * _any(both, subjects, s, x) + 0.5 * _any(both, said, s, y)
        if _any(both, said, s, y) and not _any(both, subjects, s, x) and subjects:
            mine = both.claim.parse.words(subjects[0])
            return Fault(f"the cited words say this of ‘{s.parse.words(x)}’, not of ‘{mine}’", near)
        return Fault("", near)
    area = noun_region(s, y) | noun_region(s, x) | (region(s, e) if is_predicate(s, e) else frozenset())
    others = arguments(s, e)
    for argument in rest:
        if both.says_nothing(argument.token) and not modifiers(both, argument.token):
            continue
        if not is_carried(both, argument, s, e, others, area, set(), turned=False):
            mine = both.claim.parse.words(argument.token)
            return Fault(f"‘{mine}’ does not go with these words in the cited words", 0.8)
    both.covered.add(p)
    return context_differs(both, p, s, e)


def _links(s: ParsedSentence) -> Iterator[tuple[int, int, int]]:
    """Pairs of a thing and what it is said to be, with the predicate whose context they stand in."""
    for e, token in enumerate(s.tokens):
        if is_predicate(s, e) and token.lemma in _LINKING:
            own = arguments(s, e)
            roles = (
                (AGENT,)
                if token.lemma in ("be", "become", "remain", "stay", "serve", "act", "work")
                else (PATIENT,)
            )
            for x in (a.token for a in own if a.role in roles):
                for y in (a.token for a in own if a.role in (ATTRIBUTE, "as")):
                    yield x, y, e
                if token.lemma in ("call", "name", "know"):
                    yield from ((x, a.token, e) for a in own if a.role == PATIENT and a.token != x)
        if token.dep == "appos" and not is_contrasted(s, e):
            for x in with_conjuncts(s, token.head):
                yield x, e, x
                yield e, x, x
        elif (_is_title(s, e) and s.tokens[token.head].pos == "PROPN") or (
            token.dep in ("amod", "acl") and not is_predicate(s, e)
        ):
            yield token.head, e, token.head
        elif is_predicate(s, e) and token.tag in ("VBN", "VBG"):
            for argument in arguments(s, e):
                if argument.role == PATIENT:
                    yield argument.token, e, e


def _is_title(s: ParsedSentence, e: int) -> bool:
    """Whether a token before a name says what its bearer is: ``president`` in ``president Mandela``."""
    token = s.tokens[e]
    return token.dep in ("compound", "nmod") and (token.pos == "NOUN" or token.lemma in _TITLES)


def _all(both: Comparing, mine: list[int], s: ParsedSentence, e: int) -> bool:
    return all(any(carries_phrase(both, c, s, t) for t in with_conjuncts(s, e)) for c in mine)


def _any(both: Comparing, mine: list[int], s: ParsedSentence, e: int) -> bool:
    return any(carries_phrase(both, c, s, e) for c in mine)


def _definite(both: Comparing, mine: list[int]) -> bool:
    claim = both.claim
    return bool(mine) and all(
        claim.tokens[c].pos == "PROPN"
        or any(
            claim.tokens[d].text.casefold() in ("the", "its", "their", "his", "her")
            for d in claim.children[c]
        )
        for c in mine
    )
