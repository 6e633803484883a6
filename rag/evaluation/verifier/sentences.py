"""Sentences of some articles that can be edited by machine, and names of the articles to put in place of others."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import regex

from rag.schema import Article, Span
from rag.text.names import run_text, runs, spelled_out
from rag.text.outline import outline
from rag.text.quantity_patterns import MONTHS
from rag.text.words import words
from rag.verify.analysed_text import analyse
from rag.verify.lookup import related

_WORDS = 7, 45  # words in a sentence that can be edited


_TRIES = 40  # names, or other sentences, looked at before one gives up


_NAMED = 1500  # sentences that the names are taken from


_ALIKE = 0.34  # share of its key words from which one sentence may say what another does


# Speech, questions, notes and lists of links: an edit there does not do what it does in a plain statement.
_NO_STATEMENT = regex.compile(r"[\"“”«»„?!\[\]{}|<>*…\n]|(?:^|\W)['‘]|['’](?:\s|$)|https?:|\.\.|\b(?:If|if|[Ww]hether|[Uu]nless)\b")  # fmt: skip # noqa: E501


_FINITE = regex.compile(r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|did|does|became|made|took|said|\w{3,}ed)\b")  # fmt: skip # noqa: E501


_CALENDAR = frozenset((*MONTHS, *"monday tuesday wednesday thursday friday saturday sunday christmas easter".split()))  # fmt: skip # noqa: E501


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article; ``number`` is its place among the article's sentences that can be edited."""

    article_id: str
    span: Span
    text: str
    number: int

    def cut(self, span: Span) -> "Sentence":
        """A part of it; ``span`` is a range of ``text``."""
        return Sentence(self.article_id, span.shift(self.span.start), span.of(self.text), self.number)


class SentencePool:
    """What the edits draw from. The same articles, seed and order of calls give the same draws."""

    def __init__(self, articles: Iterable[Article], *, seed: int, most: int) -> None:
        """Takes sentences from the articles, in an order set by ``seed``, until there are ``most``."""
        self.draw = random.Random(seed)  # noqa: S311 (a sample, no secret)
        self.by_article: dict[str, tuple[Sentence, ...]] = {}
        everything = sorted(articles, key=lambda article: article.id)
        self.draw.shuffle(everything)
        found: list[Sentence] = []
        for article in everything:
            if len(found) >= most:
                break
            mine = tuple(_statements(article))
            self.by_article[article.id] = mine
            found += mine
        self.draw.shuffle(found)
        self.sentences = tuple(found)

    def again(self, seed: str) -> None:
        """Begin the draws anew, so that what one kind of edit takes does not change what the next is given."""
        self.draw = random.Random(seed)  # noqa: S311

    @cached_property
    def _names(self) -> tuple[tuple[str, str], ...]:
        """The names of the first sentences, each with the article it is from; once for each article that has it."""
        found = {
            (run_text(sentence.text, run), sentence.article_id): None
            for sentence in self.sentences[:_NAMED]
            for run in runs(sentence.text)
        }
        return tuple(found)

    def name(self, like: str, sentence: Sentence) -> str:
        """A name of the articles that has the shape of ``like`` and shares no word with the sentence; ``""`` if none.

        One that stands anywhere in the sentence's own article is not taken, where there are other articles.
        """
        shape, terms = _shape(like), {word.term for word in words(sentence.text)}
        others = [name for name in self._names if len(self.by_article) == 1 or name[1] != sentence.article_id]
        for _ in range(_TRIES if others else 0):
            name, _article = self.draw.choice(others)
            parts = words(name)
            known = any(related(word.term, term) for word in parts for term in terms)
            fits = _shape(name) == shape and len(parts) == len(words(like)) and not _calendar(name)
            if fits and not known and not spelled_out(name, sentence.text):
                return name
        return ""

    def other(self, sentence: Sentence, *, article: bool) -> Sentence | None:
        """A sentence that says something else, of another ``article`` or of the same; ``None`` if none is found."""
        near = self.sentences if article else self.by_article[sentence.article_id]
        for _ in range(_TRIES):
            other = self.draw.choice(near)
            if (other.article_id != sentence.article_id) is article and not _alike(sentence.text, other.text):
                return other
        return None


def exchanged(text: str, span: Span, new: str) -> str:
    """``text`` with ``new`` in place of what stands at ``span``."""
    return text[: span.start] + new + text[span.end :]


def denied(text: str, span: Span) -> bool:
    """Whether a word at ``span`` stands in a denied clause."""
    reading = analyse(text)
    return any(reading.denied[i] and word.span.overlaps(span) for i, word in enumerate(reading.words))


def _calendar(name: str) -> bool:
    return not _CALENDAR.isdisjoint(word.norm for word in words(name))


def _statements(article: Article) -> Iterable[Sentence]:
    number = 0
    for line in outline(article.text):
        text = line.span.of(article.text)
        if line.kind in ("paragraph", "item") and _states(text):
            yield Sentence(article.id, line.span, text, number)
            number += 1


def _states(text: str) -> bool:
    if not text.endswith(".") or _NO_STATEMENT.search(text) or not (text[0].isupper() or text[0].isdigit()):
        return False
    if text.count("(") != text.count(")") or not _WORDS[0] <= len(words(text)) <= _WORDS[1]:
        return False
    if _FINITE.search(text) is None:
        return False
    found = words(text)
    return 6 * sum(word.function for word in found) >= len(found)  # as English has it


def _shape(name: str) -> tuple[str, ...]:
    """For each word of a name how it is written: in capitals, as a title, or in another way."""
    return tuple(
        "AA" if part.isupper() and len(part) > 1 else "Aa" if regex.fullmatch(r"\p{Lu}\p{Ll}+", part) else "x"
        for part in regex.split(r"[ \u00a0-]", name)
    )


def _alike(mine: str, other: str) -> bool:
    """Whether two sentences share so many key words that one may carry the other."""
    first, second = _terms(mine), _terms(other)
    return not first or not second or len(first & second) > _ALIKE * min(len(first), len(second))


def _terms(text: str) -> frozenset[str]:
    reading = analyse(text)
    return frozenset(reading.words[i].term for i in reading.keys)
