"""The one decision whether the articles answer a question, and what is said where they do not."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.evidence.sentences import ScoredSentence
from rag.text.words import Word, content, terms

# How well the articles answer is told by three measures of what was found: how much of the question the best match
# answers word by word, how near the nearest sentence is as a whole, and how near the nearest chunk is. Foreign
# questions find their words here and there, in sentences about something else.
#
# A question that the articles do not answer still finds its best match, and a better one the more there is to
# search: the highest of many chance matches grows with the logarithm of their number. So the size counts too.
#
# The weights are a logistic regression's, fitted by ``tests/benchmarks/calibrate.py`` over corpora of 14 to 25,187
# chunks (the shipped article; one, two, four and eight encyclopaedia articles; a news archive), each corpus and in it
# each kind of question counting alike. They are measured on other questions and articles;
# ``docs/quality.md`` has the figures. They were fitted to MiniLM's cosines and serve the fast embedder's as well: a
# fit to those alone tells foreign questions no better, and declines fewer of them.
_MATCH, _ALIKE, _NEAR, _TENFOLD, _FROM = 10.4, 6.1, 5.8, -1.5, -7.1


# Declining an answerable question is held twice as bad as answering a foreign one.
_LEAST = 1 / 3


# Words by which a question speaks of the articles themselves: that they hold none of these says nothing.
_OF_ARTICLES = frozenset(terms("article text story piece page document passage news say tell mention"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerabilitySignals:
    """What speaks for the articles answering a question: the best of each measure over the sentences found, 0 to 1.

    ``chunks`` is how many the index has. ``near`` is ``None`` where the index was made with a provider's embedder,
    whose cosines lie elsewhere than those of the two that come with Pincite.
    """

    match: float
    alike: float
    near: float | None
    chunks: int


def answerability_signals(
    found: Sequence[ScoredSentence], *, chunks: int, own_embedder: bool
) -> AnswerabilitySignals:
    """The signs of what was found."""
    near = max((item.near for item in found), default=0.0)
    return AnswerabilitySignals(
        match=max((item.match for item in found), default=0.0),
        alike=max((item.alike for item in found), default=0.0),
        near=near if own_embedder else None,
        chunks=chunks,
    )


def confidence(read: AnswerabilitySignals) -> float:
    """How likely it is that the articles answer, 0 to 1, were foreign questions as common as answerable ones."""
    near = (read.match + read.alike) / 2 if read.near is None else read.near
    sized = _TENFOLD * math.log10(max(1, read.chunks))
    return 1 / (1 + math.exp(-(_MATCH * read.match + _ALIKE * read.alike + _NEAR * near + sized + _FROM)))


def answers(sure: float) -> bool:
    """Whether that confidence is enough to answer."""
    return sure >= _LEAST


def refusal_text(question: str, found: Sequence[ScoredSentence], counts: Mapping[str, int]) -> str:
    """What is said instead of an answer: that the articles do not say, and which of the words asked they lack.

    ``counts`` says in how many chunks each term of the question stands.
    """
    asked = [word for word in content(question) if not word.number or len(word.norm) > 1]
    asked = [word for word in asked if word.term not in _OF_ARTICLES]
    absent = [word for word in asked if not counts.get(word.term)]
    if absent:
        return f"The articles do not say. They do not mention {_listed(absent)}."
    near = set(terms(found[0].line.whole.of(found[0].article.text))) if found else set()
    apart = [word for word in asked if word.term not in near]
    if apart and found:
        return f"The articles do not say. The nearest passage does not mention {_listed(apart)}."
    return "The articles do not say. No passage answers this question."


def _listed(found: Sequence[Word]) -> str:
    names = list(dict.fromkeys(f"“{word.text}”" for word in found))[:4]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1]
