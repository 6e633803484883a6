"""The nouns of a question that cited words neither have nor tell in other words: a fare for children, where only that
for adults is told.

A noun may be told by a synonym, a kind of the thing, or what it is a kind of. What else is of the kind tells
it not: a bus is no tram. That says most where it stands in the noun's own place, with the same verb or noun.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.question.sought import ASKED_FOR, KINDS, Noun
from rag.text.forms.families import related, synonym_groups
from rag.text.forms.kinds import kinds_of, of_its_kind, other_words, siblings
from rag.text.forms.names import Mentions
from rag.text.parse import Parse, parse
from rag.text.sentences import sentences
from rag.text.words import Word, terms

_LINKS = ("ADP", "AUX", "DET", "PART")  # between a noun and the words whose noun it is
_HEADS = 2  # words above a noun that make its place: the ticket, and what is done with it
_ARTICLES = frozenset("the this that these those its their".split())
_PERSONS = frozenset(terms("person people someone part thing"))
_COUNTERS = frozenset(terms("copy unit item piece specimen"))  # in which anything is counted
_LONGEST = 18  # words of a sentence that is compared
_SHORT = 8  # words of a sentence that has one place, however it is parsed


@dataclass(frozen=True, slots=True)
class AbsentNoun:
    """A noun that is not told. ``replaced`` says whether another of its kind stands in its place."""

    word: Word
    replaced: bool


def absent_nouns(
    question: str, asked: Sequence[tuple[Word, Noun]], texts: Iterable[str], mentions: Mentions
) -> tuple[AbsentNoun, ...]:
    """Those of the nouns ``asked`` that no text tells, in any wording; ``mentions`` are those of ``texts``."""
    absent = [
        (word, noun)
        for word, noun in asked
        if not mentions.has_word(word)
        and not is_told(word, mentions)
        and not _stands_for_name(question, word)
    ]
    if not absent:
        return ()
    lines = [line for text in texts for line in _short_sentences(text)]
    found = []
    for word, noun in absent:
        others = mentions.terms - set(terms(question))
        replaced = _is_replaced(question, word, of_its_kind(word.term) & others, lines)
        # "The lamp" may tell of a light: but for its place, the nearest of a kind stand for one another.
        if replaced or not (noun.describes or siblings(word.term) & others):
            found.append(AbsentNoun(word, replaced))
    return tuple(found)


def _short_sentences(text: str) -> list[str]:
    """The sentences in which what stands together belongs together."""
    found = [span.of(line) for line in text.split("\n") for span in sentences(line)]
    return [one for one in found if len(terms(one)) <= _LONGEST]


def is_told(word: Word, mentions: Mentions) -> bool:
    """Whether the texts have a word of the family of ``word``, a synonym, or the words that it is the letters of."""
    if mentions.spells_out(word.norm) or not other_words(word.term).isdisjoint(mentions.terms):
        return True
    groups = set(synonym_groups(word.term))
    return any(related(word.term, term) or groups & set(synonym_groups(term)) for term in mentions.terms)


def _is_measured(word: Word, mentions: Mentions) -> bool:
    """Whether the texts have a word for what a noun asks for: "cost" for a fare, "copies" for books."""
    if not _COUNTERS.isdisjoint(mentions.terms):
        return True
    measures = kinds_of(word.term) & ASKED_FOR - _PERSONS
    return any(_alike(measure, term) for measure in measures for term in mentions.terms)


def _stands_for_name(question: str, word: Word) -> bool:
    """Whether it is a general word behind an article, which may stand for anything named: "the company"."""
    before = question[: word.span.start].split()[-2:]
    return word.term in KINDS and any(one.casefold() in _ARTICLES for one in before)


def _is_replaced(question: str, word: Word, kin: frozenset[str], lines: Sequence[str]) -> bool:
    """Whether a noun out of ``kin`` has a word above it that the noun ``word`` of the question has too."""
    parsed = parse(question)
    token = next((t for t, one in enumerate(parsed.tokens) if one.span.overlaps(word.span)), None)
    place = _place(parsed, token) if token is not None else frozenset()
    return any(
        _alike(mine, its)
        for line in lines
        if not kin.isdisjoint(terms(line))
        for its in _places(line, kin)
        for mine in place
    )


def _places(line: str, kin: frozenset[str]) -> Iterator[str]:
    """The stems above the nouns out of ``kin``."""
    if len(terms(line)) <= _SHORT:
        yield from terms(line)
        return
    said = parse(line)
    for t, one in enumerate(said.tokens):
        if _stem(one.text) in kin:
            yield from _place(said, t)


def _place(parsed: Parse, t: int) -> frozenset[str]:
    """The stems of the words above a noun; those beside it where only "is" stands above it."""
    found = [c for c in parsed.children[t] if parsed.tokens[c].dep in ("acl", "relcl")]
    while parsed.tokens[t].head != t and len(found) < _HEADS:
        t = parsed.tokens[t].head
        if parsed.tokens[t].pos not in _LINKS:
            found.append(t)
        elif parsed.tokens[t].pos == "AUX":
            found += [
                c for c in parsed.children[t] if parsed.tokens[c].dep in ("acomp", "attr", "advcl", "oprd")
            ]
    return frozenset(_stem(parsed.tokens[i].text) for i in found) - {""}


def _stem(text: str) -> str:
    return next(iter(terms(text)[-1:]), "")


def _alike(one: str, other: str) -> bool:
    groups = set(synonym_groups(one))
    return related(one, other) or bool(groups & set(synonym_groups(other))) or other in other_words(one)
