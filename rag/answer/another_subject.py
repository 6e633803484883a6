"""Cited words that tell what is asked of somebody else: asked when Vale joined, they say when Reyes did.

Every name and every word of such a question may be in the cited words, only not together. A question's verb, and a
noun with an owner, is looked for in the cited sentences. Where each that has it has another name in the place of
the question's, and none leaves that open, nobody has said it of the one asked about.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.question.premises import Cited
from rag.question.sought import ASKING
from rag.text.complements import ERGATIVE, LIGHT_VERBS, SYMMETRIC
from rag.text.forms.families import related
from rag.text.forms.kinds import of_its_kind, singular
from rag.text.forms.lists import TITLES
from rag.text.forms.names import mentions_of
from rag.text.names import name_text, sentence_names
from rag.text.words import Word, terms, words
from rag.verify.syntax.arguments import AGENT, PATIENT, arguments, is_predicate
from rag.verify.syntax.parsed_sentence import ParsedSentence, parsed_sentences

_LONGEST = 24  # words of a sentence: in longer ones several are named, and the parser errs
_LONGEST_TURNED = 12  # words of a question whose doer may be what its words say it is done to
_OWNING = ("poss", "compound", "nmod")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question says of a name: ``head`` is the verb or noun, ``role`` that of the name beside it."""

    sentence: ParsedSentence
    head: int
    role: str  # empty for the owner of a noun
    name: tuple[Word, ...]


def said_of_another(asked: ParsedSentence, cited: Sequence[Cited]) -> str:
    """Say of whom the cited words tell what is asked of another; empty where they may tell it of the one asked about.

    >>> said_of_another(parsed_sentences("When did Ada Vale win it?")[0], [Cited("Tom Reyes won it.")])
    'say it of “Tom Reyes”, not of “Ada Vale”'
    """
    if _is_turned_round(asked, [passage.text for passage in cited]):
        return "have it the other way round"
    if other := _of_another_kind(asked, cited):
        return other
    for one in _claims(asked):
        others = _others(one, cited)
        if others:
            text = name_text(asked.text, one.name[0], one.name[-1])
            other = next((other for other in others if other), "")
            return f"say it of {f'“{other}”' if other else 'another'}, not of “{text}”"
    return ""


def _is_turned_round(asked: ParsedSentence, cited: Sequence[str]) -> bool:
    """Whether whoever does it in a cited sentence is in the question what it is done to, or with, and the reverse."""
    if len(words(asked.text)) > _LONGEST_TURNED:
        return False
    told = [
        (s, _doers(s, e))
        for i in _verbs(asked)
        for text in cited
        for s in parsed_sentences(text)
        for e in _verbs(s)
        if asked.term(i) == s.term(e)
    ]
    mine = frozenset().union(*(_doers(asked, i) for i in _verbs(asked)))
    return bool(told and mine) and all(
        its and its.isdisjoint(mine) and its <= set(terms(asked.text)) and mine <= set(terms(s.text))
        for s, its in told
    )


def _of_another_kind(asked: ParsedSentence, cited: Sequence[Cited]) -> str:
    """Say of which other thing of its kind the cited words tell what is asked of a thing without a name."""
    said = [s for passage in cited for line in passage.text.split("\n") for s in parsed_sentences(line)]
    for i, token in enumerate(asked.tokens):
        if not is_predicate(asked, i) or token.lemma in LIGHT_VERBS | SYMMETRIC:
            continue
        for one in arguments(asked, i):
            if one.role not in (AGENT, PATIENT) or not _is_thing(asked, one.token):
                continue
            told = [
                _instead(asked, one.token, s, e, one.role)
                for s in said
                for e in range(len(s.tokens))
                if is_predicate(s, e) and asked.term(i) == s.term(e)
            ]
            if told and all(told):
                return f"say it of “{told[0]}”, not of “{_phrase(asked, one.token)}”"
    return ""


def _is_thing(s: ParsedSentence, i: int) -> bool:
    """Whether a token is a noun that is no name, and not what is asked for."""
    asking = any(
        s.tokens[t].tag in ASKING or s.tokens[t].lemma in ("many", "much") for t in s.parse.subtree(i)
    )
    return s.tokens[i].pos == "NOUN" and not asking


def _instead(asked: ParsedSentence, i: int, s: ParsedSentence, e: int, role: str) -> str:
    """The phrase that has a noun's role in a sentence and names another of its kind; empty where it may be the same."""
    noun = singular(asked.tokens[i].text.casefold())
    nouns = {singular(word.norm) for word in words(s.text)}
    for filler in (one.token for one in arguments(s, e) if one.role == role):
        head = singular(s.tokens[filler].text.casefold())
        parted = (
            head == noun
            and _kind(asked, i)
            and _kind(s, filler)
            and _kind(asked, i).isdisjoint(terms(s.text))
        )
        another = noun not in nouns and head in of_its_kind(noun)
        if len(words(s.text)) <= _LONGEST and (parted or another):
            return _phrase(s, filler)
    return ""


def _kind(s: ParsedSentence, i: int) -> frozenset[str]:
    """The stems of the nouns before a noun, which tell its kind: the rye of a rye harvest."""
    return frozenset(s.term(c) for c in s.children[i] if s.tokens[c].dep == "compound")


def _phrase(s: ParsedSentence, i: int) -> str:
    before = [c for c in s.children[i] if s.tokens[c].dep in ("compound", "amod") and c < i]
    return s.text[s.tokens[min([i, *before])].span.start : s.tokens[i].span.end]


def _verbs(s: ParsedSentence) -> list[int]:
    return [
        i
        for i, token in enumerate(s.tokens)
        if is_predicate(s, i) and token.lemma not in LIGHT_VERBS | SYMMETRIC | ERGATIVE
    ]


def _doers(s: ParsedSentence, i: int) -> frozenset[str]:
    found = [one.token for one in arguments(s, i) if one.role == AGENT]
    return frozenset(s.term(token) for token in found if s.tokens[token].pos in ("NOUN", "PROPN"))


def _claims(asked: ParsedSentence) -> Iterator[_Asked]:
    """The names of a question with the verb or the noun that it has of them."""
    for i, token in enumerate(asked.tokens):
        if is_predicate(asked, i) and token.lemma not in LIGHT_VERBS | SYMMETRIC:
            for argument in arguments(asked, i):
                name = _name_at(asked, argument.token)
                if argument.role in (AGENT, PATIENT) and name:
                    yield _Asked(asked, i, argument.role, name)
        elif token.pos == "NOUN":
            for owner in _owners(asked, i):
                if name := _name_at(asked, owner):
                    yield _Asked(asked, i, "", name)


def _owners(s: ParsedSentence, i: int) -> list[int]:
    """Whatever a noun is said to be of: "Tern's coach", "the coach of Tern"."""
    of = [
        c
        for p in s.children[i]
        if s.tokens[p].lemma == "of"
        for c in s.children[p]
        if s.tokens[c].dep == "pobj"
    ]
    return [*(c for c in s.children[i] if s.tokens[c].dep in _OWNING), *of]


def _name_at(s: ParsedSentence, i: int) -> tuple[Word, ...]:
    """The words of a name that a phrase is, or begins with, without a title."""
    row = words(s.text)
    named = sentence_names(s.text)
    inside = [t for t in s.parse.subtree(i) if s.tokens[t].dep in (*_OWNING, "appos", "flat") or t == i]
    found = tuple(
        row[s.word[t]]
        for t in inside
        if (s.word[t] in named or (s.tokens[t].pos == "PROPN" and s.tokens[t].text.istitle()))
        and row[s.word[t]].norm not in TITLES
    )
    if not any(word.norm.isalpha() for word in found):
        return ()  # numbers, and models whose signs are parted: "T-4"
    return found if s.tokens[i].pos == "PROPN" or (found and s.tokens[i].pos == "NOUN") else ()


def _others(one: _Asked, cited: Sequence[Cited]) -> list[str]:
    """Of whom each cited sentence tells it, empty for one without a name; none where one may tell it of the name."""
    for texts in ([passage.text for passage in cited], [passage.around for passage in cited]):
        told = [
            other
            for passage, text in zip(cited, texts, strict=True)
            for other in _told_of(one, passage, text)
        ]
        if told:
            return [] if None in told else [other for other in told if other is not None]
    return []


def _told_of(one: _Asked, passage: Cited, text: str) -> Iterator[str | None]:
    """For each place of a text that tells it: of whom; ``None`` where that may be whoever was asked about."""
    for s in (s for line in text.split("\n") for s in parsed_sentences(line)):
        for e, token in enumerate(s.tokens):
            if token.pos not in ("NOUN", "VERB", "AUX") or not _is_told(one, s, e):
                continue
            fillers = _fillers(one, s, e)
            named_too = not mentions_of(s.text).missing(one.name) or _is_titled(passage, one.name)
            if named_too or len(words(s.text)) > _LONGEST:
                yield None
            elif named := [name for filler in fillers if (name := _name_at(s, filler))]:
                if _overlap(named[0], one.name):
                    yield None
                    continue
                yield name_text(s.text, named[0][0], named[0][-1])
            else:
                yield _antecedent(one, passage, text, s, fillers)


def _overlap(name: Sequence[Word], other: Sequence[Word]) -> bool:
    """Whether two names may be one, as a word of one begins one of the other: Woodson, Apple and AppleTalk."""
    return any(a.norm.startswith(b.norm) or b.norm.startswith(a.norm) for a in name for b in other)


def _is_titled(passage: Cited, name: Sequence[Word]) -> bool:
    """Whether a title or heading over a passage has the name: a subject named otherwise may be another name of it."""
    return {word.term for word in name} <= {*terms(passage.title), *terms(passage.heading)}


def _is_told(one: _Asked, s: ParsedSentence, e: int) -> bool:
    """Whether a token of a cited sentence says the verb or noun that is asked about."""
    if one.role and not is_predicate(s, e):
        return related(one.sentence.term(one.head), s.term(e)) and bool(_owners(s, e))
    if one.role == PATIENT or bool(one.role) != is_predicate(s, e):
        return False  # a thing may be told by another word for it; whoever does it seldom is
    return one.sentence.term(one.head) == s.term(e)


def _fillers(one: _Asked, s: ParsedSentence, e: int) -> list[int]:
    """The tokens that stand in a cited sentence where the name stands in the question."""
    if not is_predicate(s, e):
        return _owners(s, e)
    return [argument.token for argument in arguments(s, e) if argument.role == one.role]


def _antecedent(
    one: _Asked, passage: Cited, text: str, s: ParsedSentence, fillers: Sequence[int]
) -> str | None:
    """Of whom a sentence speaks without a name: the last one named before a pronoun, else whatever the article has."""
    before = text[: text.index(s.text)] if s.text in text else ""
    if any(s.tokens[filler].pos == "PRON" for filler in fillers) and (named := _subjects(before)):
        if not mentions_of(before).missing(one.name):
            return None
        return named[-1]
    is_there = not mentions_of(passage.whole, passage.article).missing(one.name)
    return None if is_there else ""


def _subjects(text: str) -> list[str]:
    """The names of those of whom a text speaks, in order."""
    return [
        name_text(s.text, name[0], name[-1])
        for s in parsed_sentences(text)
        for i, token in enumerate(s.tokens)
        if token.dep in ("nsubj", "nsubjpass") and (name := _name_at(s, i))
    ]
