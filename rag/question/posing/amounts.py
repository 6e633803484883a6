"""Questions for an amount: how long, how many, how much, how tall, at what temperature."""

from collections.abc import Iterator

import regex

from rag.question.posing.plain_clause import Clause, is_whole
from rag.question.posing.posed import Posed
from rag.question.posing.well_posed import may_be_asked, stands_alone
from rag.question.posing.wording import Wording

_SPELL = regex.compile(r"\b(?:second|minute|hour|day|night|week|month|year|decade)s?\b", regex.IGNORECASE)
_NO_SPELL = regex.compile(
    r"\b(?:ago|old|last|next|past|first|this|per|each|every|ages?|later|earlier)\b", regex.IGNORECASE
)
_DEGREES = regex.compile(r"°|\bdegrees\b", regex.IGNORECASE)
_YEAR = regex.compile(r"(?:1[0-9]|20)[0-9]{2}s?")
# "How many pounds" asks for less than is meant.
_UNITS = frozenset(
    "pound euro dollar crown cent penny franc yen metre meter kilometre kilometer mile foot inch degree gram kilogram "
    "ounce ton tonne litre liter point".split()
)
_MEASURED = frozenset("tall high long wide deep old large heavy thick".split())
_TRADED = frozenset("acquire buy purchase sell".split())


def how_long(clause: Clause) -> Iterator[Posed]:
    """ "How long did Colossus take to build?" """
    if not stands_alone(clause, clause.subject):
        return
    for i in clause.complements:
        dep = clause.token(i).dep
        inner = clause.object_of(i) if dep == "prep" else i
        lasting = dep == "prep" and clause.token(i).lemma == "for"
        if inner is not None and (_is_spent(clause, i) or (lasting and _is_spell(clause, inner))):
            yield Posed(Wording(clause).inverted("How long", asked=i), clause.phrase(inner), "how")


def _is_spell(clause: Clause, i: int) -> bool:
    """Whether a noun phrase is a length of time: ``122 days``."""
    text = clause.phrase(i)
    counted = any(clause.token(c).dep == "nummod" for c in clause.parsed.children[i])
    return counted and _SPELL.search(text) is not None and not _NO_SPELL.search(text)


def _is_spent(clause: Clause, i: int) -> bool:
    """Whether a complement of "take", "last" or "spend" is the time that it takes."""
    spending = clause.token(clause.verb).lemma in ("take", "last", "spend")
    return spending and clause.token(i).dep in ("dobj", "npadvmod") and _is_spell(clause, i)


def within(clause: Clause) -> Iterator[Posed]:
    """ "Within how many days must employees submit claims?" """
    if not stands_alone(clause, clause.subject):
        return
    for i in clause.complements:
        inner = clause.object_of(i)
        if clause.token(i).lemma == "within" and inner is not None and _is_spell(clause, inner):
            noun = clause.phrase(inner, without=number_parts(clause, inner))
            yield Posed(
                Wording(clause).inverted(f"Within how many {noun}", asked=i), clause.phrase(inner), "how"
            )


def how_many(clause: Clause) -> Iterator[Posed]:
    """ "How many GPUs does Colossus have?", "How many people attended the fair?" """
    for i in (clause.subject, *clause.complements):
        if i is None or clause.token(i).dep not in ("nsubj", "nsubjpass", "dobj"):
            continue
        number = number_parts(clause, i)
        countable = (
            clause.token(i).tag == "NNS"
            and clause.label(i) != "MONEY"
            and clause.token(i).lemma not in _UNITS
        )
        known = clause.token(clause.verb).lemma in ("know", "want", "see", "mean")
        if known or not (number and countable) or _is_spent(clause, i):
            continue
        loose = [c for c in clause.parsed.children[i] if c > i and not is_whole(clause, c)]
        noun = f"How many {clause.phrase(i, without=[*number, *loose])}"
        if i == clause.subject:
            yield Posed(Wording(clause).of_subject(noun, plural=True), clause.phrase(i), "how")
        elif stands_alone(clause, clause.subject):
            yield Posed(Wording(clause).inverted(noun, asked=i), clause.phrase(i), "how")


def number_parts(clause: Clause, i: int) -> list[int]:
    """The parts of a noun phrase that count it, with an article before them; empty where nothing does."""
    children = clause.parsed.children[i]
    numbers = [c for c in children if clause.token(c).dep == "nummod" and clause.token(c).tag == "CD"]
    if len(numbers) != 1 or clause.token(numbers[0]).text.casefold() == "one":
        return []
    if _YEAR.fullmatch(clause.token(numbers[0]).text):
        return []
    return [*numbers, *(c for c in children if c < numbers[0])]


def in_how_many(clause: Clause) -> Iterator[Posed]:
    """ "In how many countries does the firm operate?" """
    if not stands_alone(clause, clause.subject):
        return
    for i in clause.complements:
        inner = clause.object_of(i)
        if inner is None or clause.token(i).lemma not in ("in", "to", "from", "at", "across"):
            continue
        number = number_parts(clause, inner)
        if (
            number
            and clause.token(inner).tag == "NNS"
            and not clause.label(inner)
            and is_whole(clause, inner)
        ):
            noun = clause.phrase(inner, without=number)
            asked_by = f"{clause.token(i).text.capitalize()} how many {noun}"
            yield Posed(Wording(clause).inverted(asked_by, asked=i), clause.phrase(inner), "how")


def what_share(clause: Clause) -> Iterator[Posed]:
    """ "What percentage of tenants pay by card?" """
    subject = clause.subject
    if subject is None or clause.token(subject).lemma not in ("%", "percent"):
        return
    of = clause.parsed.child(subject, "prep")
    people = clause.object_of(of) if of is not None else None
    if (
        of is not None
        and people is not None
        and clause.token(of).lemma == "of"
        and may_be_asked(clause, people)
    ):
        asked_by = f"What percentage {clause.phrase(of)}"
        yield Posed(Wording(clause).of_subject(asked_by, plural=True), clause.phrase(subject), "how")


def how_much(clause: Clause) -> Iterator[Posed]:
    """ "How much did the bridge cost?", "For how much did Apple acquire Beats?" """
    if not stands_alone(clause, clause.subject):
        return
    lemma = clause.token(clause.verb).lemma
    for i in clause.complements:
        inner = clause.object_of(i)
        if clause.token(i).dep in ("dobj", "npadvmod", "attr") and clause.label(i) == "MONEY":
            if not any(clause.token(c).dep == "prep" for c in clause.parsed.children[i]):
                yield Posed(Wording(clause).inverted("How much", asked=i), clause.phrase(i), "how")
        elif lemma in _TRADED and inner is not None and clause.label(inner) == "MONEY":
            yield Posed(Wording(clause).inverted("For how much", asked=i), clause.phrase(inner), "how")


def how_tall(clause: Clause) -> Iterator[Posed]:
    """ "How tall is the Eiffel Tower?" """
    if not stands_alone(clause, clause.subject):
        return
    for i in clause.complements:
        adjective = clause.token(i)
        measure = clause.parsed.child(i, "npadvmod")
        if adjective.dep == "acomp" and adjective.lemma in _MEASURED and measure is not None:
            yield Posed(Wording(clause).inverted(f"How {adjective.text}", asked=i), clause.phrase(i), "how")


def ordered(clause: Clause) -> Iterator[Posed]:
    """ "How long should you bake the cake?", "At what temperature should you bake the cake?" """
    thing = next((i for i in clause.complements if clause.token(i).dep == "dobj"), None)
    if thing is None or clause.auxiliaries or not may_be_asked(clause, thing):
        return
    place = [
        clause.phrase(i)
        for i in clause.complements
        if clause.token(i).lemma in ("in", "on", "into", "with") and is_whole(clause, i)
    ]
    said = " ".join(("should you", clause.token(clause.verb).lemma, clause.phrase(thing), *place[:1])) + "?"
    for i in clause.complements:
        inner = clause.object_of(i)
        if inner is None:
            continue
        if clause.token(i).lemma == "for" and _is_spell(clause, inner):
            yield Posed(f"How long {said}", clause.phrase(inner), "how")
        elif clause.token(i).lemma == "at" and _DEGREES.search(clause.phrase(inner)):
            yield Posed(f"At what temperature {said}", clause.phrase(inner), "what")
