"""A sentence with its parse, each token joined to the word and the quantity that it belongs to."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import regex

from rag.schema import Span
from rag.text.complements import PHRASAL_VERBS
from rag.text.parse import Parse, Token, parse
from rag.text.sentences import sentences
from rag.text.words import terms
from rag.verify.analysed_text import AnalysedText, analyse

_SEMICOLON = regex.compile(r";\s+(?=\p{L})")
_CLAUSE_WORDS = 3  # words after a semicolon from which on they are read as a sentence


@dataclass(frozen=True, eq=False)
class ParsedSentence:
    """One sentence. Indices are into ``parse.tokens``; ``offset`` is where it begins in its passage."""

    text: str
    offset: int
    passage: int
    number: int  # its place in the passage
    parse: Parse
    analysed: AnalysedText

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of the parse."""
        return self.parse.tokens

    @property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """The dependents of each token."""
        return self.parse.children

    @cached_property
    def word(self) -> tuple[int, ...]:
        """For each token the index of its word in ``analysed.words``; -1 for punctuation.

        A sign of a unit, such as ``%``, has the word of its number.
        """
        row = self.analysed.words
        spans = [token.span for token in self.tokens]
        for t, n in enumerate(self.quantity):
            if n >= 0 and not any(word.span.overlaps(spans[t]) for word in row):
                spans[t] = self.analysed.quantities[n].span
        return tuple(
            max((i for i, word in enumerate(row) if word.span.overlaps(span)), default=-1) for span in spans
        )

    @cached_property
    def quantity(self) -> tuple[int, ...]:
        """For each token the index of its quantity in ``analysed.quantities``; -1 where it is in none."""
        numbers = self.analysed.quantities
        return tuple(
            next((i for i, number in enumerate(numbers) if number.span.overlaps(token.span)), -1)
            for token in self.tokens
        )

    def term(self, i: int) -> str:
        """The stem of a token; its lemma where it is no word."""
        return self.analysed.words[self.word[i]].term if self.word[i] >= 0 else self.tokens[i].lemma

    def phrasal(self, i: int) -> str:
        """The stem of a single verb that says what a verb says with its particle: ``reject`` for ``turned down``."""
        particle = self.parse.child(i, "prt")
        if particle is None:
            return ""
        single = PHRASAL_VERBS.get(f"{self.tokens[i].lemma} {self.tokens[particle].lemma}", "")
        return terms(single)[0] if single else ""

    def span(self, i: int) -> Span:
        """The range of a subtree in the passage."""
        inside = self.parse.subtree(i)
        return Span(self.tokens[inside[0]].span.start, self.tokens[inside[-1]].span.end).shift(self.offset)


@lru_cache(maxsize=2048)
def parsed_sentences(text: str, passage: int = 0) -> tuple[ParsedSentence, ...]:
    """Parse the sentences of a text; a semicolon ends one too, where a clause follows it."""
    found: list[ParsedSentence] = []
    for span in (part for whole in sentences(text) for part in _parts(text, whole)):
        sentence = span.of(text)
        found.append(
            ParsedSentence(sentence, span.start, passage, len(found), parse(sentence), analyse(sentence))
        )
    return tuple(found)


def _parts(text: str, whole: Span) -> list[Span]:
    """The parts of a sentence between semicolons that stand in no brackets."""
    cuts = [whole.start]
    for match in _SEMICOLON.finditer(text, whole.start, whole.end):
        before, after = text[cuts[-1] : match.start()], text[match.end() : whole.end]
        nested = text.count("(", whole.start, match.start()) != text.count(")", whole.start, match.start())
        if not nested and min(len(before.split()), len(after.split())) > _CLAUSE_WORDS:
            cuts.append(match.end())
    return [
        Span(start, start + len(text[start:end].rstrip("; ")))
        for start, end in zip(cuts, [*cuts[1:], whole.end], strict=True)
    ]
