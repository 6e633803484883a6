"""Cited words that tell of another one of several: of the second, asked for the third; of the last, for the first.

An ordinal, a superlative and an adjective tell things of one kind apart. Where the cited words have none like it and
have another in its place, they tell of another thing.
"""

from collections.abc import Iterator, Sequence

from rag.question.premises import Cited
from rag.text.antonyms import opposite
from rag.text.forms.families import related
from rag.text.forms.names import Mentions, mentions_of
from rag.text.words import Word, terms, words
from rag.verify.syntax.parsed_sentence import ParsedSentence, parsed_sentences
from rag.verify.syntax.wording import same_term

_ORDINALS = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth last final".split())
_ENDS = frozenset("first last final".split())  # of a row; said of many things in passing
_LONGEST = 18  # words of a sentence whose adjectives are compared
_QUANTIFIERS = frozenset("many much few several more other such same own certain various different".split())
_HIGHEST = frozenset(("JJS", "RBS"))
_EXTREME = frozenset(terms("top maximum minimum record peak bottom"))


def another_one(asked: ParsedSentence, cited: Sequence[Cited]) -> str:
    """Say of which other one the cited words tell; empty where they may tell of the one asked about.

    >>> another_one(parsed_sentences("When does the first bus leave?")[0], [Cited("The last bus leaves at nine.")])
    'say “last”, not “first”'
    """
    said = [s for passage in cited for s in parsed_sentences(passage.text)]
    mentions = mentions_of(*(passage.whole for passage in cited))
    return _superlative(asked, said, mentions) or next(
        (f"say “{other}”, not “{asked.tokens[i].text}”" for i, other in _others(asked, said, mentions)), ""
    )


def _others(
    asked: ParsedSentence, said: Sequence[ParsedSentence], mentions: Mentions
) -> Iterator[tuple[int, str]]:
    """The words of a question that tell one from others, each with the other that the cited words have."""
    for i, token in enumerate(asked.tokens):
        word = _word(asked, i)
        if word is None or token.tag in _HIGHEST or mentions.has_word(word):
            continue
        for n, s in enumerate(said):
            for e, other in enumerate(s.tokens):
                both_ordinal = _is_ordinal(asked, i) and _is_ordinal(s, e)
                if (both_ordinal and _ENDS.isdisjoint((word.norm, other.text.casefold()))) or (
                    (
                        both_ordinal
                        or _are_opposite(asked, i, s, e)
                        or (n == 0 and _stands_for(asked, i, s, e, mentions))
                    )
                    and _same_head(asked, i, s, e)
                ):
                    yield i, other.text


def _word(s: ParsedSentence, i: int) -> Word | None:
    row = words(s.text)
    return row[s.word[i]] if s.word[i] >= 0 and s.tokens[i].pos in ("ADJ", "ADV", "NOUN") else None


def _is_ordinal(s: ParsedSentence, i: int) -> bool:
    """Whether it is an ordinal, and no second of time."""
    return s.tokens[i].text.casefold() in _ORDINALS and s.tokens[i].pos in ("ADJ", "ADV")


def _are_opposite(asked: ParsedSentence, i: int, s: ParsedSentence, e: int) -> bool:
    return asked.tokens[i].dep == s.tokens[e].dep == "amod" and bool(opposite(asked.term(i), [s.term(e)]))


def _stands_for(asked: ParsedSentence, i: int, s: ParsedSentence, e: int, mentions: Mentions) -> bool:
    """Whether a short sentence has another adjective before the noun, and nothing like the question's: lost, late."""
    both = asked.tokens[i], s.tokens[e]
    if not all(
        token.dep == "amod" and token.tag == "JJ" and token.text.isalpha() and token.text.islower()
        for token in both
    ):
        return False
    if any(token.lemma in _QUANTIFIERS for token in both):
        return False
    mine, own = asked.term(i), set(terms(asked.text))
    return (
        len(words(s.text)) <= _LONGEST
        and s.term(e) not in own
        and not any(same_term(mine, term) for term in mentions.terms)
    )


def _same_head(asked: ParsedSentence, i: int, s: ParsedSentence, e: int) -> bool:
    """Whether both describe the same noun, or one word for it."""
    mine, other = _heads(asked, i), _heads(s, e)
    same = {asked.term(one) for one in mine} & {s.term(one) for one in other}
    return bool(same) or same_term(asked.term(mine[0]), s.term(other[0]))


def _heads(s: ParsedSentence, i: int) -> list[int]:
    """The noun behind an adjective, and its head: the parser takes "The last bus leaves" for one phrase."""
    behind = [i + 1] if i + 1 < len(s.tokens) and s.tokens[i + 1].pos in ("NOUN", "PROPN") else []
    return [*behind, s.tokens[i].head]


def _superlative(asked: ParsedSentence, said: Sequence[ParsedSentence], mentions: Mentions) -> str:
    """Whether the question asks for the highest, and the nearest words name the lowest alone, or none by its degree."""
    for i, token in enumerate(asked.tokens):
        every = {term for s in said for term in terms(s.text)}
        if token.tag != "JJS" or not said or any(related(asked.term(i), term) for term in every):
            continue
        other = opposite(asked.term(i), terms(said[0].text))
        if other and not _has_extreme(said, other):
            return f"say “{_text_of(other, said[0].text)}”, not “{token.text}”"
        word = _word(asked, i)
        if word and token.text.endswith("est") and not _has_extreme(said, "") and not mentions.has_word(word):
            return f"do not mention “{token.text}”"
    return ""


def _has_extreme(said: Sequence[ParsedSentence], but: str) -> bool:
    """Whether the cited words name the most of something in other words: "the tallest", "the top one"."""
    return any(
        (token.tag in _HIGHEST or s.term(i) in _EXTREME) and s.term(i) != but
        for s in said
        for i, token in enumerate(s.tokens)
    )


def _text_of(term: str, text: str) -> str:
    return next(word.text for word in words(text) if word.term == term)
