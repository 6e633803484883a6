"""The nouns of a question that cited words neither have nor tell in other words: a fare for children, where only that
for adults is told.

A noun may be told by a synonym, a kind of the thing, or what it is a kind of. What else is of the kind tells
it not: a bus is no tram. That says most where it stands in the noun's own place, with the same verb or noun.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from rag.question.sought import ASKED_FOR, KINDS, Noun
from rag.text.forms.families import related, synonym_groups
from rag.text.forms.kinds import kinds_of, made_of, of_its_kind, other_words, singular
from rag.text.forms.names import Mentions
from rag.text.parse import Parse, parse
from rag.text.sentences import sentences
from rag.text.words import Word, terms, words

_LINKS = ("ADP", "AUX", "DET", "PART")  # between a noun and the words whose noun it is
_HEADS = 2  # words above a noun that make its place: the ticket, and what is done with it
_ARTICLES = frozenset("the this that these those its their".split())
_PERSONS = frozenset(terms("person people someone part thing"))
_COUNTERS = frozenset(terms("copy unit item piece specimen"))  # in which anything is counted
_DESCRIBING = ("acl", "relcl", "amod", "compound")
_EMPTY = frozenset(("be", "have", "do"))
_LONGEST = 18  # words of a sentence that is compared
_SHORT = 8  # words of a sentence that has one place, however it is parsed


def absent_nouns(
    question: str,
    asked: Sequence[tuple[Word, Noun]],
    texts: Iterable[str],
    mentions: Mentions,
    rare: Collection[Word],
) -> tuple[Word, ...]:
    """Those of the nouns ``asked`` that no text tells, in any wording; ``mentions`` are those of ``texts``.

    A noun counts where another of its kind stands in its place, or where it is ``rare``: no article has it at all.
    """
    absent = [
        (word, noun)
        for word, noun in asked
        if not (
            mentions.has_word(word)
            or is_told(word, mentions)
            or _stands_for_name(question, word)
            or (noun.sought and _is_measured(word, mentions))
        )
    ]
    if not absent:
        return ()
    lines = [line for text in texts for line in _short_sentences(text)]
    others = mentions.nouns - {singular(word.norm) for word in words(question)}
    return tuple(
        word
        for word, noun in absent
        # "The lamp" may tell of a light: but for its place, the nearest of a kind stand for one another.
        if (word in rare and not (noun.describes or of_its_kind(singular(word.norm), 1) & others))
        or _is_replaced(question, word, of_its_kind(singular(word.norm)) & others, lines)
    )


def _short_sentences(text: str) -> list[str]:
    """The sentences in which what stands together belongs together."""
    found = [span.of(line) for line in text.split("\n") for span in sentences(line)]
    return [one for one in found if len(terms(one)) <= _LONGEST]


def is_told(word: Word, mentions: Mentions) -> bool:
    """Whether the texts have a word of the family of ``word``, a synonym, or the words that it is the letters of."""
    noun = singular(word.norm)
    told = not (other_words(noun).isdisjoint(mentions.nouns) and made_of(noun).isdisjoint(mentions.terms))
    return told or mentions.spells_out(word.norm) or any(_alike(word.term, term) for term in mentions.terms)


def _is_measured(word: Word, mentions: Mentions) -> bool:
    """Whether the texts have a general word for what is asked for: "cost" for a fare, "copies" for books."""
    if not _COUNTERS.isdisjoint(mentions.terms):
        return True
    measures = {stem for kind in kinds_of(singular(word.norm)) for stem in terms(kind)} & ASKED_FOR - _PERSONS
    return any(_alike(measure, term) for measure in measures for term in mentions.terms)


def _stands_for_name(question: str, word: Word) -> bool:
    """Whether it is a general word behind an article, which may stand for anything named: "the company"."""
    before = question[: word.span.start].split()[-2:]
    return word.term in KINDS and any(one.casefold() in _ARTICLES for one in before)


def _is_replaced(question: str, word: Word, kin: frozenset[str], lines: Sequence[str]) -> bool:
    """Whether a noun out of ``kin`` has a word above it, or before it, that the noun ``word`` of the question has."""
    parsed = parse(question)
    token = next((t for t, one in enumerate(parsed.tokens) if one.span.overlaps(word.span)), None)
    place = _place(parsed, token) if token is not None else frozenset()
    return any(
        _alike(mine, its)
        for line in lines
        if any(singular(one.norm) in kin for one in words(line))
        for its in _places(line, kin)
        for mine in place
    )


def _places(line: str, kin: frozenset[str]) -> Iterator[str]:
    """The stems about the nouns out of ``kin``."""
    if len(terms(line)) <= _SHORT:
        yield from (word.term for word in words(line) if not word.function and singular(word.norm) not in kin)
        return
    said = parse(line)
    for t, one in enumerate(said.tokens):
        if singular(one.text.casefold()) in kin:
            yield from _place(said, t)


def _place(parsed: Parse, t: int) -> frozenset[str]:
    """The stems of the words above a noun, and of those that describe it; those beside it below an "is"."""
    found = [c for c in parsed.children[t] if parsed.tokens[c].dep in _DESCRIBING]
    steps = 0
    while parsed.tokens[t].head != t and steps < _HEADS:
        t = parsed.tokens[t].head
        if parsed.tokens[t].pos not in _LINKS:
            found.append(t)
            steps += 1
        elif parsed.tokens[t].pos == "AUX":
            found += [
                c for c in parsed.children[t] if parsed.tokens[c].dep in ("acomp", "attr", "advcl", "oprd")
            ]
    tokens = (parsed.tokens[i] for i in found)
    return frozenset(_stem(token.text) for token in tokens if token.lemma not in _EMPTY) - {""}


def _stem(text: str) -> str:
    return next(iter(terms(text)[-1:]), "")


@lru_cache(maxsize=65536)
def _alike(one: str, other: str) -> bool:
    """Whether two stems are of one family, or synonyms."""
    return related(one, other) or not set(synonym_groups(one)).isdisjoint(synonym_groups(other))
