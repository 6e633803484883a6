"""The one decision whether the articles answer a question, and what is said where they do not."""

import math
from collections.abc import Mapping, Sequence

from rag.evidence import Found
from rag.words import Word, content, terms

# A question that the articles do not answer still finds its best match, and a better one the more there is to
# search: the highest of many chance matches grows with the logarithm of their number. So does the bar.
#
# Calibrated as the 97th percentile of the best match of 99 questions foreign to the articles, over corpora of 30
# to 420 chunks (one, two, four and eight encyclopaedia articles), fitted by a line; the questions and articles it
# is measured on were others. ``docs/quality.md`` has the figures and how to make them again.
_BAR = 0.30
_BAR_PER_TENFOLD = 0.07
# Beyond this a question's own words, found one by one, would be declined.
_HIGHEST_BAR = 0.60


def bar(chunks: int) -> float:
    """The match (late interaction, 0 to 1) below which a question to ``chunks`` chunks is declined."""
    return min(_HIGHEST_BAR, _BAR + _BAR_PER_TENFOLD * math.log10(max(1, chunks)))


def answers(found: Sequence[Found], *, chunks: int) -> bool:
    """Whether the best of the sentences found matches the question better than chance would have it."""
    return bool(found) and max(item.match for item in found) >= bar(chunks)


def declined(question: str, found: Sequence[Found], counts: Mapping[str, int]) -> str:
    """What is said instead of an answer: that the articles do not say, and which of the words asked they lack.

    ``counts`` says in how many chunks each term of the question stands.
    """
    asked = [word for word in content(question) if not word.number or len(word.norm) > 1]
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
