"""The arguments of a predicate: who does it, to what, to whom; and what stands with it after a preposition.

Passive and dative are turned round, conjunctions shared out. A relative clause has the noun before it as an argument,
an infinitive and a participle the subject or object of the verb above it.
"""

from dataclasses import dataclass

from rag.verify.syntax.parsed_sentence import ParsedSentence

AGENT, PATIENT, RECIPIENT, ATTRIBUTE = "agent", "patient", "to", "attribute"
EITHER = "either"  # a role that cannot be told: "Musk's criticism", "the criticism of Musk"
_SUBJECTS = ("nsubj", "csubj")
_PASSIVE_SUBJECTS = ("nsubjpass", "csubjpass")
_RELATIVE = frozenset(("who", "which", "that", "whom"))


@dataclass(frozen=True, slots=True)
class Argument:
    """A token with its role: a preposition where it is none of the roles above."""

    role: str
    token: int


def is_predicate(s: ParsedSentence, i: int) -> bool:
    """Whether a token is a verb, in any form but that of an auxiliary or an adjective."""
    token = s.tokens[i]
    if s.word[i] < 0:
        return False
    if token.dep in ("aux", "auxpass", "amod", "compound", "prep", "prt", "case", "mark", "pobj"):
        return token.dep == "pobj" and token.tag == "VBG" and _has_object(s, i)
    if token.pos in ("VERB", "AUX") and token.tag[:2] in ("VB", "MD"):
        return True
    # A verb that the tagger took for a noun still has a subject and an object.
    return (
        s.parse.child(i, *_SUBJECTS) is not None and s.parse.child(i, "dobj", "prep", "npadvmod") is not None
    )


def arguments(s: ParsedSentence, i: int, depth: int = 0) -> tuple[Argument, ...]:
    """The arguments of a verb, or of a noun that names a deed."""
    if not is_predicate(s, i):
        return tuple(_of_noun(s, i))
    own = list(_of_verb(s, i))
    roles = {argument.role for argument in own}
    if depth < 4:
        own += _inherited(s, i, roles, depth)
    return tuple(dict.fromkeys(own))


def is_contrasted(s: ParsedSentence, c: int) -> bool:
    """Whether a conjunct is named only to be denied: ``large, not small``, ``this rather than that``."""
    before = s.text[: s.tokens[min(s.parse.subtree(c))].span.start].rstrip().casefold()
    inside = s.parse.child(c, "neg") is not None
    return inside or before.endswith((" not", "rather than", "instead of", "but no", "nor"))


def with_conjuncts(s: ParsedSentence, i: int) -> list[int]:
    """A token and those joined to it by ``and``, ``or`` or a comma, without those that are set against it."""
    found = [i]
    for c in s.children[i]:
        if s.tokens[c].dep == "conj" and not is_contrasted(s, c) and not is_predicate(s, c):
            found += with_conjuncts(s, c)
        elif s.tokens[c].dep == "prep" and s.tokens[c].lemma in ("as", "including", "like"):
            such = (
                s.tokens[c].lemma != "as"
                or s.parse.child(c, "amod") is not None
                or s.tokens[c - 1].lemma == "such"
            )
            found += [
                o for p in s.children[c] if such and s.tokens[p].dep == "pobj" for o in with_conjuncts(s, p)
            ]
    return found


def is_passive(s: ParsedSentence, i: int) -> bool:
    """Whether a verb is in the passive voice, or a participle that says what was done to its noun."""
    if s.parse.child(i, "nsubjpass", "auxpass", "csubjpass") is not None:
        return True
    token = s.tokens[i]
    if token.tag != "VBN" or s.parse.child(i, "aux", *_SUBJECTS) is not None:
        return False
    if token.dep in ("acl", "advcl", "ROOT"):
        return True
    return token.dep == "conj" and is_passive(s, token.head)


def _has_object(s: ParsedSentence, i: int) -> bool:
    return s.parse.child(i, "dobj", "prep") is not None


def _of_verb(s: ParsedSentence, i: int) -> list[Argument]:
    found: list[Argument] = []
    passive_object = s.parse.child(i, "dobj") is not None
    for c in s.children[i]:
        dep = s.tokens[c].dep
        role = ""
        if dep in _SUBJECTS:
            role = AGENT
        elif dep in _PASSIVE_SUBJECTS:
            role = RECIPIENT if passive_object else PATIENT
        elif dep == "dobj":
            role = PATIENT
        elif dep in ("attr", "acomp", "oprd"):
            role = ATTRIBUTE
        elif dep == "dative" and s.tokens[c].pos != "ADP":
            role = RECIPIENT
        if role == PATIENT and (receiver := _bare_receiver(s, c)) is not None:
            found.append(Argument(RECIPIENT, receiver))
        if role:
            found += [Argument(role, t) for t in with_conjuncts(s, c)]
        elif dep in ("prep", "agent", "dative"):
            found += _of_preposition(s, c, AGENT if dep == "agent" else s.tokens[c].lemma)
        elif dep == "compound" and c < i:  # "Musk co-founded OpenAI": the tagger takes such a verb for a name
            found.append(Argument(AGENT, c))
        elif dep in ("npadvmod", "advmod", "quantmod"):
            found.append(Argument("adverb", c))
            found += [
                a
                for p in s.children[c]
                if s.tokens[p].dep == "prep"
                for a in _of_preposition(s, p, s.tokens[p].lemma)
            ]
    return found


def _bare_receiver(s: ParsedSentence, c: int) -> int | None:
    """The one who is given something, where the parser took both for one phrase: ``lent Tom her bicycle``."""
    for d in s.children[c]:
        if s.tokens[d].dep in ("nmod", "compound") and any(
            s.tokens[o].dep in ("poss", "det") and d < o for o in s.children[c]
        ):
            return d
    return None


def _of_preposition(s: ParsedSentence, p: int, role: str) -> list[Argument]:
    found: list[Argument] = []
    for c in s.children[p]:
        dep = s.tokens[c].dep
        if dep in ("pobj", "pcomp") and not is_predicate(s, c):
            found += [Argument(role, t) for t in with_conjuncts(s, c)]
        elif dep == "prep":
            found += _of_preposition(s, c, s.tokens[c].lemma)
    for c in s.children[p]:
        if s.tokens[c].dep == "conj" and s.tokens[c].pos == "ADP":
            found += _of_preposition(s, c, s.tokens[c].lemma)
    return found


def _inherited(s: ParsedSentence, i: int, roles: set[str], depth: int) -> list[Argument]:
    """The arguments that a verb has from above: a noun that it describes, or those of the verb that it depends on."""
    token = s.tokens[i]
    if token.head == i:
        return []
    if token.dep in ("relcl", "acl"):
        return _described(s, i)
    above = token.head
    if token.dep == "pcomp":
        above = s.tokens[above].head
    if not is_predicate(s, above) and s.tokens[above].dep in ("acomp", "attr", "oprd", "prep"):
        above = s.tokens[above].head
    if not is_predicate(s, above) or token.dep not in ("conj", "xcomp", "advcl", "pcomp", "ccomp"):
        return []
    found: list[Argument] = []
    upper = arguments(s, above, depth + 1)
    if AGENT not in roles and not (is_passive(s, i) and PATIENT in roles) and token.dep != "ccomp":
        objects = [a.token for a in upper if a.role in (PATIENT, RECIPIENT)]
        subjects = [a.token for a in upper if a.role == AGENT]
        if token.dep == "conj":
            subjects = objects if is_passive(s, above) else subjects
        else:
            subjects = objects if token.dep == "xcomp" and objects else subjects or objects
        role = PATIENT if is_passive(s, i) else AGENT
        if role not in roles:
            found += [Argument(role, t) for t in subjects]
    if token.dep == "conj":
        return found
    return found


def _described(s: ParsedSentence, i: int) -> list[Argument]:
    """The noun that a relative clause or participle describes, in the place that its clause leaves empty."""
    token = s.tokens[i]
    noun = token.head
    nouns = [noun]
    relative = next(
        (
            c
            for c in s.parse.subtree(i)
            if s.tokens[c].lemma in _RELATIVE and s.tokens[c].tag in ("WDT", "WP")
        ),
        None,
    )
    if relative is not None:
        dep, head = s.tokens[relative].dep, s.tokens[relative].head
        role = (
            AGENT
            if dep in _SUBJECTS
            else PATIENT
            if dep in (*_PASSIVE_SUBJECTS, "dobj")
            else s.tokens[head].lemma
        )
        return [Argument(role, n) for n in nouns]
    if token.dep == "acl":
        if is_passive(s, i):
            return [Argument(PATIENT, n) for n in nouns]
        if s.parse.child(i, *_SUBJECTS) is None:
            return [Argument(AGENT if token.tag == "VBG" else EITHER, n) for n in nouns]
    if (
        s.parse.child(i, *_SUBJECTS, *_PASSIVE_SUBJECTS) is not None
    ):  # "the firm he founded", "a place where it is sold"
        return (
            [] if s.parse.child(i, "dobj", "auxpass") is not None else [Argument(PATIENT, n) for n in nouns]
        )
    return [Argument(AGENT, n) for n in nouns]


def _of_noun(s: ParsedSentence, i: int) -> list[Argument]:
    """What stands with a noun: its owner and its ``of`` may be the one who does it, or the one that it is done to."""
    found: list[Argument] = []
    owned = s.parse.child(i, "poss") is not None
    for c in s.children[i]:
        dep = s.tokens[c].dep
        if dep == "poss":
            found.append(Argument(EITHER if s.parse.child(i, "prep") is None else AGENT, c))
        elif dep in ("compound", "amod", "nmod"):
            found.append(Argument(EITHER, c))
        elif dep == "prep":
            lemma = s.tokens[c].lemma
            role = (PATIENT if owned else EITHER) if lemma == "of" else AGENT if lemma == "by" else lemma
            found += _of_preposition(s, c, role)
    head = s.tokens[i].head
    if s.tokens[i].dep in ("acomp", "attr") and is_predicate(s, head):
        found += [Argument(EITHER, a.token) for a in _of_verb(s, head) if a.role == AGENT]
    if s.tokens[i].dep in ("dobj", "nsubjpass") and is_predicate(s, head):
        found += [Argument(AGENT, a.token) for a in _of_verb(s, head) if a.role == AGENT]
        found += [a for a in _of_verb(s, head) if a.role not in (AGENT, PATIENT)]
    return found
