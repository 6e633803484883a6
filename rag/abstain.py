"""The one decision whether the articles answer a question, and what is said where they do not."""

import math
from collections.abc import Mapping, Sequence

from rag.evidence import Found
from rag.words import Word, content, terms

# Two measures are put together: how much of the question the best match answers word by word, and how near the
# nearest sentence is as a whole. Foreign questions find their words here and there, in sentences about something else.
#
# A question that the articles do not answer still finds its best match, and a better one the more there is to
# search: the highest of many chance matches grows with the logarithm of their number. So does the bar.
#
# Calibrated by ``tests/benchmarks/calibrate.py`` over corpora of 14 to 420 chunks (the shipped article; one, two,
# four and eight encyclopaedia articles), with 255 answerable and 118 foreign questions, and each article's put to
# the others: the line at which the shares of answerable ones declined, counted twice, and of foreign ones not
# declined add up to least, each corpus counting alike. It is measured on other questions and articles;
# ``docs/quality.md`` has the figures.
_BAR = 0.4075
_BAR_PER_TENFOLD = 0.035
# Words by which a question speaks of the articles themselves: that they hold none of these says nothing.
_OF_ARTICLES = frozenset(terms("article text story piece page document passage news say tell mention"))


def bar(chunks: int) -> float:
    """The relevance, 0 to 1, below which a question to ``chunks`` chunks is declined."""
    return _BAR + _BAR_PER_TENFOLD * math.log10(max(1, chunks))


def relevance(found: Sequence[Found]) -> float:
    """How well the sentences found speak to the question, 0 to 1: the mean of the best match and the most alike."""
    if not found:
        return 0.0
    return (max(item.match for item in found) + max(item.alike for item in found)) / 2


def answers(found: Sequence[Found], *, chunks: int) -> bool:
    """Whether the sentences found speak to the question better than chance would have it."""
    return relevance(found) >= bar(chunks)


def declined(question: str, found: Sequence[Found], counts: Mapping[str, int]) -> str:
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
