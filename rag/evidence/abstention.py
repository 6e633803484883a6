"""Whether to answer or to abstain: the confidence that the articles answer a question, and the text of a refusal."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from rag.evidence.sentences import ScoredSentence
from rag.text.language import is_foreign_question
from rag.text.words import UNSPACED, Word, content, quoted_list, terms

# Three measures of the retrieved sentences say how well the articles answer: how much of the question the best match
# answers word by word, the highest similarity of a sentence as a whole, and the highest cosine of a chunk. A question
# about something else finds its words too, but spread over sentences about other things.
#
# A question that the articles do not answer still has a best match, and a better one the larger the index: the highest
# of many chance matches grows with the logarithm of their number. So the number of chunks counts too.
#
# The weights are those of a logistic regression, fitted by ``tests/benchmarks/calibrate.py`` over corpora of 14 to
# 25,187 chunks (the shipped article; one, two, four and eight encyclopaedia articles; a news archive), each corpus and
# in it each kind of question weighted equally. They are measured on other questions and articles;
# ``docs/quality.md`` has the figures. They were fitted to MiniLM's cosines and are used for the fast embedder's too: a
# fit to those alone separates foreign questions no better, and declines fewer of them.
_MATCH, _ALIKE, _NEAR, _PER_TENFOLD_CHUNKS, _INTERCEPT = 10.4, 6.1, 5.8, -1.5, -7.1


# Declining an answerable question costs twice as much as answering a foreign one.
_LEAST_CONFIDENCE = 1 / 3
_UNSPACED = regex.compile(rf"[{UNSPACED}]")
_WORDS_NAMED = 4  # at most, in a refusal


# Words by which a question refers to the articles themselves: it means nothing that no article has them.
_OF_ARTICLES = frozenset(terms("article text story piece page document passage news say tell mention"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerabilitySignals:
    """The features of the confidence: the best of each measure over the retrieved sentences, 0 to 1.

    ``chunks`` is the number of chunks searched. ``near`` is ``None`` where the index was made with a provider's
    embedder, as its cosines have another range than those of the two embedders that come with Pincite.
    """

    match: float
    alike: float
    near: float | None
    chunks: int


def answerability_signals(
    sentences: Sequence[ScoredSentence], *, chunks: int, builtin_embedder: bool
) -> AnswerabilitySignals:
    """Compute the features; ``builtin_embedder`` says that the index was made with an embedder of Pincite's."""
    near = max((item.near for item in sentences), default=0.0)
    return AnswerabilitySignals(
        match=max((item.match for item in sentences), default=0.0),
        alike=max((item.alike for item in sentences), default=0.0),
        near=near if builtin_embedder else None,
        chunks=chunks,
    )


def confidence(signals: AnswerabilitySignals) -> float:
    """The probability that the articles answer, 0 to 1, if foreign questions were as common as answerable ones."""
    near = (signals.match + signals.alike) / 2 if signals.near is None else signals.near
    size = _PER_TENFOLD_CHUNKS * math.log10(max(1, signals.chunks))
    logit = _MATCH * signals.match + _ALIKE * signals.alike + _NEAR * near + size + _INTERCEPT
    return 1 / (1 + math.exp(-logit))


def is_answerable(probability: float) -> bool:
    """Whether the probability that ``confidence`` gives is high enough to answer."""
    return probability >= _LEAST_CONFIDENCE


def refusal_text(question: str, ranked: Sequence[ScoredSentence], counts: Mapping[str, int]) -> str:
    """Say that the articles do not answer, and which words of ``question`` they lack, or else the best sentence lacks.

    ``counts`` gives the number of chunks that hold each term of the question.
    """
    if is_foreign_question(question):
        return (
            "The articles do not say. The question may be in another language than they are: ask in theirs."
        )
    asked = [word for word in content(question) if _is_telling(word)]
    absent = [word for word in asked if not counts.get(word.term)]
    if absent:
        return f"The articles do not say. They do not mention {_named(absent)}."
    if ranked:
        nearest = set(terms(ranked[0].line.whole.of(ranked[0].article.text)))
        missing = [word for word in asked if word.term not in nearest]
        if missing:
            return f"The articles do not say. The nearest passage does not mention {_named(missing)}."
    return "The articles do not say. No passage answers this question."


def _is_telling(word: Word) -> bool:
    """Whether it tells the reader something that the articles lack a word: no single letter, no half of a word."""
    return len(word.norm) > 1 and word.term not in _OF_ARTICLES and not _UNSPACED.search(word.text)


def _named(words: Sequence[Word]) -> str:
    """The first four of ``words``, each once."""
    return quoted_list(tuple(dict.fromkeys(word.text for word in words))[:_WORDS_NAMED])
