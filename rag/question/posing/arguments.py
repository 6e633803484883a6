"""Questions for who, what, when, where and why."""

from collections.abc import Iterator

import regex

from rag.question.posing.amounts import number_parts
from rag.question.posing.plain_clause import Clause
from rag.question.posing.posed import Posed
from rag.question.posing.well_posed import may_be_asked, stands_alone
from rag.question.posing.wording import Wording, is_person
from rag.text.parse import entities, parse

_DATED = regex.compile(
    r"\b(?:1[0-9]|20)[0-9]{2}s?\b|\b[0-9]{1,2}(?:st|nd|rd|th)[ -]century\b"
    r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December) [0-9]{1,2}\b"
    r"|\b[0-9]{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)\b",
    regex.IGNORECASE,
)
_INERT = frozenset(
    "take have include contain cost weigh measure become remain mean require feature cover last run stay be "
    "represent consist mark show see bring tell say ask".split()
)
_LIGHT = frozenset(
    "have make take get do give see say want need know put let keep hold go come use be become find feel think tell "
    "help start begin try leave call mean seem include".split()
)
_FULL_NAME = regex.compile(r"\p{Lu}[\p{L}'’.-]+(?: \p{Lu}[\p{L}'’.-]*){1,3}")
# What somebody is: by its ending, or by its name.
_CALLING = regex.compile(
    r"(?:er|or|ist|ian|ic|man|woman|ant|ent|ee|ess|eer)$|^(?:actress|analyst|attorney|captain|chef|chief|coach|expert|head"
    r"|host|king|nurse|pilot|poet|priest|queen|secretary|star)$"
)
_PLACES = frozenset(["GPE", "LOC", "FAC"])
_THINGS = frozenset(["ORG", "PRODUCT", "FAC", "EVENT", "WORK_OF_ART", "LAW"])


def when(clause: Clause) -> Iterator[Posed]:
    """ "When was the lighthouse built?" """
    if not stands_alone(clause, clause.subject) or clause.token(clause.verb).lemma == "be":
        return
    for i in (*clause.complements, *clause.leading):
        inner = clause.object_of(i)
        if inner is None or clause.token(i).lemma not in ("in", "on"):
            continue
        text = clause.phrase(inner)
        if clause.label(inner) == "DATE" and _DATED.search(text) and clause.words(inner) <= 5:
            yield Posed(Wording(clause).inverted("When", asked=i), text, "when")


def where(clause: Clause) -> Iterator[Posed]:
    """ "Where was Maria Keller born?" """
    if not stands_alone(clause, clause.subject) or clause.token(clause.verb).lemma == "be":
        return
    for i in clause.complements:
        inner = clause.object_of(i)
        if inner is None or clause.token(i).lemma not in ("in", "at", "near"):
            continue
        if clause.label(inner) in _PLACES and clause.token(inner).pos == "PROPN":
            yield Posed(Wording(clause).inverted("Where", asked=i), clause.phrase(inner), "where")


def why(clause: Clause) -> Iterator[Posed]:
    """ "Why was the line closed?" """
    if not stands_alone(clause, clause.subject):
        return
    parsed = clause.parsed
    for i in parsed.children[clause.verb]:
        mark = parsed.child(i, "mark")
        because = (
            clause.token(i).dep == "advcl" and mark is not None and clause.token(mark).lemma == "because"
        )
        if i > clause.verb and (because or clause.token(i).text.casefold() == "because"):
            yield Posed(Wording(clause).inverted("Why", asked=i), parsed.words(i), "why")


def who(clause: Clause) -> Iterator[Posed]:
    """ "Who built the lighthouse?", "Who was it designed by?" """
    subject = clause.subject
    verb = clause.token(clause.verb)
    agent = next((i for i in clause.complements if clause.token(i).dep == "agent"), None)
    by = clause.object_of(agent) if agent is not None else None
    if (
        agent is not None
        and by is not None
        and clause.label(by) in ("PERSON", "ORG")
        and stands_alone(clause, clause.subject)
    ):
        yield Posed(Wording(clause).of_agent(agent), clause.phrase(by), "who")
    if subject is None or clause.token(subject).dep != "nsubj" or verb.lemma in _INERT:
        return
    acts = any(clause.token(i).dep in ("dobj", "prep", "xcomp") for i in clause.complements)
    named = clause.token(subject).pos == "PROPN" and clause.label(subject) in ("PERSON", "ORG")
    if not stands_alone(clause, subject):
        return
    if acts and (named or is_person(clause, subject)) and not clause.phrase(subject)[0].isdigit():
        yield Posed(Wording(clause).of_subject("Who"), clause.phrase(subject), "who")


def what_is(clause: Clause) -> Iterator[Posed]:
    """ "What is a heat pump?", "Who was Maria Keller?" """
    subject = clause.subject
    verb = clause.token(clause.verb)
    attribute = next((i for i in clause.complements if clause.token(i).dep == "attr"), None)
    if subject is None or attribute is None or verb.lemma != "be" or clause.auxiliaries:
        return
    if clause.words(subject) > 4 or clause.parsed.child(attribute, "det") is None:
        return
    if clause.token(attribute).pos != "NOUN" or not may_be_asked(clause, subject):
        return
    about = clause.token(subject)
    determiner = clause.parsed.child(subject, "det")
    kind = clause.label(subject)
    common = about.pos == "NOUN" and (
        about.tag == "NNS" if determiner is None else clause.token(determiner).lemma in ("a", "an")
    )
    if kind == "PERSON" and clause.words(subject) > 1:
        yield Posed(Wording(clause).bare("Who"), clause.phrase(attribute), "who")
    elif common or (about.pos == "PROPN" and kind in _THINGS and not is_person(clause, attribute)):
        yield Posed(Wording(clause).bare("What"), clause.phrase(attribute), "what")


def what(clause: Clause) -> Iterator[Posed]:
    """ "What did Jonas Brandt replace in 1923?" """
    subject = clause.subject
    verb = clause.token(clause.verb)
    if subject is None or verb.lemma in _LIGHT or not stands_alone(clause, clause.subject):
        return
    modal = any(clause.token(i).tag == "MD" for i in clause.auxiliaries)
    if clause.token(subject).pos != "PROPN" and not (modal and is_person(clause, subject)):
        return
    for i in clause.complements:
        if _is_told_thing(clause, i):
            yield Posed(Wording(clause).inverted("What", asked=i), clause.phrase(i), "what")


def _is_told_thing(clause: Clause, i: int) -> bool:
    """Whether a complement is an object of which more is said than its name: no person, amount or day."""
    token = clause.token(i)
    told = token.tag == "NNS" or clause.words(i) > 1
    if not told or token.dep != "dobj" or token.pos != "NOUN" or number_parts(clause, i):
        return False
    if is_person(clause, i) or clause.label(i) in ("PERSON", "NORP", "MONEY", "DATE", "TIME", "PERCENT"):
        return False
    return may_be_asked(clause, i)


def who_is(sentence: str) -> Iterator[Posed]:
    """ "Who is Jonas Brandt?", of "Jonas Brandt, a keeper from Pell, replaced the lamp." """
    parsed = parse(sentence)
    for span, label in entities(sentence):
        name = span.of(sentence).removesuffix("'s").removesuffix("’s")
        if label != "PERSON" or not _FULL_NAME.fullmatch(name):
            continue
        for i, token in enumerate(parsed.tokens):
            inside = token.dep == "appos" and span.holds(parsed.tokens[token.head].span)
            if inside and token.tag == "NN" and _CALLING.search(token.lemma):
                yield Posed(f"Who is {name}?", parsed.words(i), "who")
