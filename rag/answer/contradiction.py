"""What a question takes for granted and the cited words contradict: that it fell where they say that it rose.

The names and numbers of such a question are all there (``rag.question.premises`` finds what is lacking), and no model
is asked. The question's verb, with whoever does it and to whom, is compared with the verbs of the cited words, as the
verifier compares a statement with them. Only a "who", "what", "when", "where", "why" or "how" takes something for
granted: to "Did it fall?" the words that it rose are the answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from rag.answer.another_one import another_one
from rag.answer.another_subject import said_of_another
from rag.question.premises import Cited
from rag.question.sought import ASKING
from rag.text.antonyms import opposite
from rag.text.complements import ERGATIVE, LIGHT_VERBS, NEGATIVE, SYMMETRIC
from rag.text.forms.families import related
from rag.text.language import is_foreign_question
from rag.text.lines.marks import is_row
from rag.text.parse import parse
from rag.text.words import terms
from rag.verify.syntax.arguments import AGENT, EITHER, PATIENT, RECIPIENT, Argument, arguments, is_predicate
from rag.verify.syntax.clauses import is_converse
from rag.verify.syntax.modality.denial import is_denied
from rag.verify.syntax.parsed_sentence import ParsedSentence, parsed_sentences
from rag.verify.syntax.wording import same_wording

_NAMING = ("compound", "appos", "nmod")  # dependents that belong to the name of a thing
# What is asked for is the object: the parser knows "Did Jon Ravn hire it?" better than "Who did Jon Ravn hire?".
_OBJECT = regex.compile(
    r"(?:who|whom|what|(?:which|what|how many|how much) [\p{Ll}-]+)\s+"
    r"(?P<rest>(?:did|does|do|will|would|can|could|should|may|might|must)\s[^?]+?)\s*\?*",
    regex.IGNORECASE,
)
_WHY_NOT = regex.compile(
    r"\W*why\s+not\b", regex.IGNORECASE
)  # takes for granted what the question after it denies
_PAID_FOR = regex.compile(r"pay for (?=\S)")  # whoever pays for a thing buys it
_SOURCE = "from"
_SIDES = frozenset((AGENT, PATIENT, RECIPIENT, _SOURCE))  # the roles whose exchange makes another event
# Where whoever has a role stands with the same verb, and with the one for the other side: the buyer is the seller's
# "to". To whom something is done and what is done to him are hard to tell apart: "lent Kestrel a million".
_DONE_TO = (PATIENT, RECIPIENT, _SOURCE)
_SAME = {AGENT: (AGENT,), PATIENT: _DONE_TO, RECIPIENT: _DONE_TO, _SOURCE: _DONE_TO}
_TURNED = {AGENT: (RECIPIENT, _SOURCE), RECIPIENT: (AGENT,), _SOURCE: (AGENT,), PATIENT: _DONE_TO}
_PRONOUNS = frozenset("it they he she them him her this these".split())
_EITHER_WAY = SYMMETRIC | {"play"}  # who plays somebody is played by him
_NEAR = 6  # tokens behind a verb in which "until" may say when it came about
# Whoever has not won has lost: the one is asked for by the other.
_TOLD_BY_OPPOSITE = frozenset(terms("win won lose lost succeed fail"))


@dataclass(frozen=True, slots=True)
class _Clause:
    """A verb of the cited words beside that of the question: whether it says the same, and what speaks against it."""

    shares: bool  # it has an argument of the question in its place
    exchanged: bool  # it has one only in another's place
    denied: bool  # it says the opposite, or denies what the question does not
    opposed: bool  # it has the verb for the opposite, or for the other side
    text: str  # the verb, as it stands


def contradiction(question: str, passages: Sequence[Cited], *, deeds: bool = False) -> str:
    """Say what the cited passages, best first, contradict of ``question``; empty where nothing. They are the subject.

    With ``deeds`` only what is done counts, not that another does it, or that it is another one of several.

    >>> contradiction("How much did output fall?", [Cited("Output rose from 200 sacks to 350.")])
    'say “rose”, not “fall”'
    """
    cited = [passage.text for passage in passages]
    if (
        not cited
        or _WHY_NOT.match(question)
        or len(parsed_sentences(question)) != 1
        or not _takes_for_granted(question)
    ):
        return ""
    asked = parsed_sentences(_as_yes_or_no(_PAID_FOR.sub("buy ", question)))[0]
    verb = next((i for i, token in enumerate(asked.tokens) if token.head == i), 0)
    reports = asked.parse.child(verb, "ccomp") is not None  # "Who said that it fell?" asks of the saying
    if is_predicate(asked, verb) and not reports and asked.tokens[verb].lemma not in LIGHT_VERBS:
        sentences = [parsed_sentences(passage) for passage in cited]
        found = [clause for passage in sentences for clause in _clauses(asked, verb, passage)]
        if any(clause.shares and not clause.exchanged and not clause.denied for clause in found):
            return "" if deeds else _of_another(asked, passages)
        for clause in found:
            if clause.opposed and _is_told_otherwise(asked, verb, sentences):
                continue
            if clause.exchanged:
                return "have it the other way round"
            if clause.denied and clause.shares and not _is_named(asked, verb, clause.text, cited):
                mine = _verb_text(asked, verb)
                return f"say “{clause.text}”, not “{mine if mine in question else asked.tokens[verb].text}”"
    return "" if deeds else _of_another(asked, passages)


def _of_another(asked: ParsedSentence, passages: Sequence[Cited]) -> str:
    told = [passage for passage in passages if not is_row(passage.text)]  # a row is no sentence to parse
    return said_of_another(asked, told) or another_one(asked, told)


def _is_told_otherwise(
    asked: ParsedSentence, verb: int, sentences: Sequence[Sequence[ParsedSentence]]
) -> bool:
    """Whether another verb of the cited words may tell it of the same thing: "it closed, inaugurated in 1950".

    The lists of words that mean the same are short, and one thing can open as well as close.
    """
    mine = _sides(asked, verb)
    return any(
        is_predicate(s, e)
        and s.tokens[e].lemma not in LIGHT_VERBS
        and not (is_denied(s, e) or is_converse(asked, verb, s, e) or _are_opposite(asked, verb, s, e))
        and _may_be_about(asked, mine, s, e)
        for passage in sentences
        for s in passage
        for e in range(len(s.tokens))
    )


def _may_be_about(asked: ParsedSentence, mine: Sequence[Argument], s: ParsedSentence, e: int) -> bool:
    others = [other.token for other in _roles(s, e) if other.role in (*_SIDES, EITHER)]
    if not others:
        return s.tokens[e].dep == "conj"  # its subject is that of the verb before it
    return any(
        _is_pronoun(s, other) or _same_thing(asked, argument.token, s, other)
        for argument in mine
        for other in others
    )


def _is_pronoun(s: ParsedSentence, i: int) -> bool:
    """Whether a token stands for something named elsewhere, which may be what the question names."""
    return s.tokens[i].lemma in _PRONOUNS


def _as_yes_or_no(question: str) -> str:
    match = _OBJECT.fullmatch(question.strip())
    if match:
        return f"{match['rest'][:1].upper()}{match['rest'][1:]} it?"
    return _as_statement(question)


def _as_statement(question: str) -> str:
    """ "Where did Ada Vale study?", where the parser takes the verb for a noun, as "Ada Vale will study."."""
    tokens = parse(question).tokens
    does = next((i for i, token in enumerate(tokens) if token.text in ("do", "does", "did")), len(tokens))
    root = next((i for i, token in enumerate(tokens) if token.head == i), 0)
    last = max((i for i, token in enumerate(tokens) if token.pos != "PUNCT"), default=0)
    verb = last if root == does else root
    if verb <= does + 1 or tokens[verb].pos not in ("NOUN", "ADJ"):
        return question
    subject = question[tokens[does + 1].span.start : tokens[verb].span.start].rstrip()
    rest = question[tokens[verb].span.start :].rstrip(" ?")
    return f"{subject[:1].upper()}{subject[1:]} will {rest}."


def _takes_for_granted(question: str) -> bool:
    """Whether it asks for more than yes or no, in English, which alone can be parsed."""
    return not is_foreign_question(question) and any(token.tag in ASKING for token in parse(question).tokens)


def _clauses(asked: ParsedSentence, verb: int, sentences: Sequence[ParsedSentence]) -> Iterator[_Clause]:
    """The verbs of a passage that tell of the same deed, or of its opposite."""
    mine = _sides(asked, verb)
    for s in sentences:
        for e in range(len(s.tokens)):
            if not is_predicate(s, e):
                continue
            # "They get it free" turns nothing round: what is got need not be paid.
            other = s.tokens[e].lemma not in (asked.tokens[verb].lemma, *LIGHT_VERBS)
            turned = other and is_converse(asked, verb, s, e)
            opposed = not turned and _are_opposite(asked, verb, s, e)
            if turned or opposed or asked.term(verb) == s.term(e) or same_wording(asked, verb, s, e):
                yield _compared(asked, verb, mine, s, e, turned=turned, opposed=opposed)


def _sides(asked: ParsedSentence, verb: int) -> list[Argument]:
    """Whoever the question says does it, or has it done."""
    return [one for one in _roles(asked, verb) if one.role in _SIDES and not _is_asked_for(asked, one.token)]


def _roles(s: ParsedSentence, verb: int) -> list[Argument]:
    """The arguments of a verb; the parser takes some passives for actives: "When was the old brewery founded?"."""
    found = arguments(s, verb)
    children = [s.tokens[c] for c in s.children[verb]]
    object_ = any(child.dep == "dobj" for child in children)
    by = any(child.lemma == "by" for child in children) and not object_
    if s.tokens[verb].tag in ("VBN", "VBD") and (by or any(child.lemma == "be" for child in children)):
        done_to = [one for one in found if one.role == AGENT and s.tokens[one.token].dep != "pobj"]
        return [
            *(Argument(PATIENT, one.token) for one in done_to),
            *(one for one in found if one not in done_to),
        ]
    return list(found)


def _named_things(asked: ParsedSentence, verb: int) -> frozenset[str]:
    return frozenset().union(*(_name(asked, argument.token) for argument in _sides(asked, verb)))


def _compared(
    asked: ParsedSentence,
    verb: int,
    mine: Sequence[Argument],
    s: ParsedSentence,
    e: int,
    *,
    turned: bool,
    opposed: bool,
) -> _Clause:
    lemma = asked.tokens[verb].lemma
    others = _roles(s, e)
    has_agent = any(other.role == AGENT for other in others)
    exchanged = False
    shares = not mine
    may = not (opposed or turned)  # what it is about is left open, and may be what is asked about
    for argument in mine:
        roles = {other.role for other in others if _same_thing(asked, argument.token, s, other.token)}
        fits = roles & set((_TURNED if turned else _SAME)[argument.role])
        if turned and argument.role == PATIENT and not any(other.role == PATIENT for other in others):
            fits = roles  # "She owns the shop", "The shop belongs to her"
        if turned and argument.role == AGENT and asked.term(verb) in _TOLD_BY_OPPOSITE:
            fits |= roles & {PATIENT}  # whoever loses is beaten
        free = lemma in _EITHER_WAY or (lemma in ERGATIVE and argument.role in (AGENT, PATIENT))
        shares = shares or bool(fits) or (free and bool(roles))
        placed = {o.token for o in others if o.role in (_TURNED if turned else _SAME)[argument.role]}
        may = may and not roles and (not placed or any(_is_pronoun(s, token) for token in placed))
        # "It was linked to others" does not say that it linked none.
        open_ = free or (argument.role == AGENT and not turned and not has_agent)
        exchanged = exchanged or bool(roles and not fits and not open_ and roles <= _SIDES)
    denied = bool(mine) and is_denied(asked, verb) ^ (_is_denied(s, e) and not _has_an_end(s, e)) ^ opposed
    # "Who killed Harold" and "where Harold died" tell of one event: other verbs may put him in another place.
    alike = turned or asked.term(verb) == s.term(e) or any(one.role == PATIENT for one in mine)
    told = shares or exchanged or may
    apart = exchanged and alike and not opposed
    return _Clause(told, apart, denied and not may, opposed or turned, _verb_text(s, e))


def _is_denied(s: ParsedSentence, e: int) -> bool:
    """Whether a verb is denied, by itself or by the one above it: "refused to sign"."""
    return is_denied(s, e) ^ _is_refused(s, e)


def _is_refused(s: ParsedSentence, e: int) -> bool:
    return s.tokens[e].dep == "xcomp" and s.tokens[s.tokens[e].head].lemma in NEGATIVE


def _has_an_end(s: ParsedSentence, e: int) -> bool:
    """Whether what is denied came about later, or by others: "it did not open until 1902", "not by him but by her"."""
    after = s.tokens[e + 1 :]
    contrasted = any(
        one.lemma == "but" and following.pos in ("ADP", "SCONJ") for one, following in pairwise(after)
    )
    return contrasted or any(token.lemma in ("until", "till", "before") for token in after[: _NEAR - 1])


def _same_thing(asked: ParsedSentence, c: int, s: ParsedSentence, e: int) -> bool:
    """Whether two phrases name one thing: the name or a part of it, else the same head."""
    mine, other = _name(asked, c), _name(s, e)
    if asked.tokens[c].pos == "PROPN":
        return mine <= other or other <= mine
    return asked.term(c) in other


def _name(s: ParsedSentence, i: int) -> frozenset[str]:
    """The stems of a noun and of what belongs to its name."""
    found, stack = set(), [i]
    while stack:
        found.add(s.term(current := stack.pop()))
        stack += [c for c in s.children[current] if s.tokens[c].dep in _NAMING]
    return frozenset(found)


def _is_asked_for(s: ParsedSentence, i: int) -> bool:
    """Whether a phrase is what the question asks for: "who", "which plant"."""
    return any(s.tokens[t].tag in ASKING for t in s.parse.subtree(i)) or s.tokens[i].pos == "PRON"


def _are_opposite(asked: ParsedSentence, verb: int, s: ParsedSentence, e: int) -> bool:
    mine, other = terms(asked.tokens[verb].lemma), terms(s.tokens[e].lemma)
    if not mine or not other or {*mine, *other} & _TOLD_BY_OPPOSITE:
        return False
    return opposite(mine[0], other) == other[0]


def _is_named(asked: ParsedSentence, verb: int, said: str, cited: Sequence[str]) -> bool:
    """Whether words about the same thing have the question's verb in another form: "a fall of 6 percent"."""
    mine, things, but = asked.term(verb), _named_things(asked, verb), set(terms(said))
    return any(
        related(mine, term)
        for text in cited
        if not things or things & set(terms(text))
        for term in set(terms(text)) - but
    )


def _verb_text(s: ParsedSentence, e: int) -> str:
    """A verb with the words before it that make its tense, voice or denial."""
    parts = [c for c in s.children[e] if s.tokens[c].dep in ("aux", "auxpass", "neg") and c < e]
    if _is_refused(s, e):
        parts = list(range(s.tokens[e].head, e))
    start = next((p for p in sorted(parts) if all(t in parts for t in range(p, e))), e)
    return s.text[s.tokens[start].span.start : s.tokens[e].span.end]
