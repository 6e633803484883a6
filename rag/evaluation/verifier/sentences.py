"""The sentences of some articles that edits can be applied to, and the names that replace other names."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import regex

from rag.schema import Article, Span
from rag.text.forms.families import related
from rag.text.names import name_runs, names, run_text, spelled_out
from rag.text.outline import outline
from rag.text.quantity_patterns import MONTHS, WEEKDAYS
from rag.text.words import words
from rag.verify.analysed_text import analyse

_MIN_WORDS, _MAX_WORDS = 7, 45  # words in a sentence that can be edited
_MAX_DRAWS = 40  # names, or other sentences, drawn before giving up
_NAME_SENTENCES = 1500  # sentences that the names are taken from
_SIMILAR_SHARE = 0.34  # share of common key words above which one sentence may support the other
_FUNCTION_WORDS = 6  # an English sentence has at least one function word in so many

# Speech, questions, notes and lists of links: there an edit may not change the truth as it does in a plain statement.
_NO_STATEMENT = regex.compile(r"[\"“”«»„?!\[\]{}|<>*…\n]|(?:^|\W)['‘]|['’](?:\s|$)|https?:|\.\.")  # fmt: skip
_CONDITION = regex.compile(r"\b(?:[Ii]f|[Ww]hether|[Uu]nless)\b")
_FINITE = regex.compile(r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|did|does|became|made|took|said|says|say|earns?|plans|plan|intends?|hopes?|proposes?|\w{3,}ed)\b")  # fmt: skip # noqa: E501
_CALENDAR = frozenset((*MONTHS, *WEEKDAYS, "christmas", "easter"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article; ``number`` is the number of plain statements of the article before it."""

    article_id: str
    span: Span
    text: str
    number: int

    def cut(self, span: Span) -> "Sentence":
        """Return a part of it; ``span`` is a range of ``text``."""
        return Sentence(self.article_id, span.shift(self.span.start), span.of(self.text), self.number)


class SentencePool:
    """The sentences and names that the edits draw from; the same articles, seed and order of calls give equal draws."""

    def __init__(self, articles: Iterable[Article], *, seed: int, max_sentences: int) -> None:
        """Collect sentences from whole articles, in an order set by ``seed``, until there are ``max_sentences``."""
        self.random = random.Random(seed)  # noqa: S311 (a sample, no secret)
        self.by_article: dict[str, tuple[Sentence, ...]] = {}
        conditional: list[Sentence] = []
        shuffled = sorted(articles, key=lambda article: article.id)
        self.random.shuffle(shuffled)
        sentences: list[Sentence] = []
        for article in shuffled:
            if len(sentences) >= max_sentences:
                break
            editable = tuple(_editable_sentences(article))
            self.by_article[article.id] = tuple(s for s in editable if not _CONDITION.search(s.text))
            sentences += self.by_article[article.id]
            conditional += [s for s in editable if _CONDITION.search(s.text)]
        self.random.shuffle(sentences)
        self.random.shuffle(conditional)
        self.sentences = tuple(sentences)
        self.conditional = tuple(
            conditional
        )  # what is so only if something else is: no other edit fits these

    def reseed(self, seed: str) -> None:
        """Begin the draws anew, so that the draws of one edit do not change those of the next."""
        self.random = random.Random(seed)  # noqa: S311

    @cached_property
    def _names(self) -> tuple[tuple[str, str], ...]:
        """The names in the first sentences, each with the id of its article; once for each article that has it."""
        names = {
            (run_text(sentence.text, run), sentence.article_id): None
            for sentence in self.sentences[:_NAME_SENTENCES]
            for run in name_runs(sentence.text)
        }
        return tuple(names)

    def draw_name(self, like: str, sentence: Sentence) -> str:
        """Draw a name with the shape of ``like`` that shares no word with the sentence; ``""`` if none is found.

        A name in the sentence's own article is not drawn if there are other articles.
        """
        shape, terms = _name_shape(like), {word.term for word in words(sentence.text)}
        candidates = [
            name
            for name, article_id in self._names
            if len(self.by_article) == 1 or article_id != sentence.article_id
        ]
        for _ in range(_MAX_DRAWS if candidates else 0):
            name = self.random.choice(candidates)
            parts = words(name)
            occurs = any(related(word.term, term) for word in parts for term in terms)
            fits = (
                _name_shape(name) == shape and len(parts) == len(words(like)) and not _has_calendar_word(name)
            )
            if fits and not occurs and not spelled_out(name, sentence.text):
                return name
        return ""

    def draw_other_sentence(self, sentence: Sentence, *, other_article: bool) -> Sentence | None:
        """Draw a dissimilar sentence of another article, or else of the same one; ``None`` if none is found."""
        candidates = self.sentences if other_article else self.by_article[sentence.article_id]
        for _ in range(_MAX_DRAWS):
            other = self.random.choice(candidates)
            fits = (other.article_id != sentence.article_id) is other_article
            if fits and not _are_similar(sentence.text, other.text):
                return other
        return None


def replace_span(text: str, span: Span, new: str) -> str:
    """Return ``text`` with ``new`` in place of ``span``."""
    return text[: span.start] + new + text[span.end :]


def decapitalise(text: str) -> str:
    """Return the sentence as it is written after a comma: with a small letter, unless it begins with a name."""
    candidates = names(text)
    first = words(text)[0]
    begins_with_name = 0 in candidates.sure or (not first.function and 0 in candidates.maybe)
    return text if begins_with_name else text[0].lower() + text[1:]


def is_negated(text: str, span: Span) -> bool:
    """Return whether a word at ``span`` is in a negated clause."""
    reading = analyse(text)
    return any(reading.denied[i] and word.span.overlaps(span) for i, word in enumerate(reading.words))


def _has_calendar_word(name: str) -> bool:
    return not _CALENDAR.isdisjoint(word.norm for word in words(name))


def _editable_sentences(article: Article) -> Iterable[Sentence]:
    """Yield the sentences of the article that state something plainly, in English."""
    number = 0
    for line in outline(article.text):
        text = line.span.of(article.text)
        if line.kind in ("paragraph", "item") and _is_plain_statement(text):
            yield Sentence(article.id, line.span, text, number)
            number += not _CONDITION.search(text)


def _is_plain_statement(text: str) -> bool:
    if not text.endswith(".") or _NO_STATEMENT.search(text) or not (text[0].isupper() or text[0].isdigit()):
        return False
    if text.count("(") != text.count(")") or not _MIN_WORDS <= len(words(text)) <= _MAX_WORDS:
        return False
    if _FINITE.search(text) is None:
        return False
    parts = words(text)
    return _FUNCTION_WORDS * sum(word.function for word in parts) >= len(parts)


def _name_shape(name: str) -> tuple[str, ...]:
    """Return how each word of a name is written: in capitals, capitalised, or in another way."""
    return tuple(
        "AA" if part.isupper() and len(part) > 1 else "Aa" if regex.fullmatch(r"\p{Lu}\p{Ll}+", part) else "x"
        for part in regex.split(r"[ \u00a0-]", name)
    )


def _are_similar(text: str, other: str) -> bool:
    """Return whether two sentences share so many key words that one may support the other."""
    first, second = _key_terms(text), _key_terms(other)
    return not first or not second or len(first & second) > _SIMILAR_SHARE * min(len(first), len(second))


def _key_terms(text: str) -> frozenset[str]:
    reading = analyse(text)
    return frozenset(reading.words[i].term for i in reading.keys)
