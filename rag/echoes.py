"""What several articles say: a name or number that other articles give too is likelier the answer.

Redundancy as evidence is that of Brill, Lin, Banko, Dumais and Ng, "Data-Intensive Question Answering" (TREC 2001).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.words import is_name, words

# A sentence speaks for what it names by how far its match is above this.
_LEAST = 0.5
_COUNTED = 3  # names and numbers of a sentence that count, those most agreed on


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, the id of the article it stands in, and how much of the question it answers, 0 to 1."""

    article_id: str
    text: str
    match: float


def echoes(question: str, told: Sequence[Told]) -> tuple[float, ...]:
    """How much the other articles bear out each sentence, 0 or more, on a logarithmic scale.

    Each new name or number of a sentence, one that the question does not have, is weighed by the best match of every
    other article that has it as well.
    """
    asked = {word.term for word in words(question)}
    new = [
        {word.term for word in words(one.text) if (is_name(word) or word.number) and word.term not in asked}
        for one in told
    ]
    best: dict[str, dict[str, float]] = {}
    for one, terms in zip(told, new, strict=True):
        for term in terms:
            by_article = best.setdefault(term, {})
            by_article[one.article_id] = max(by_article.get(one.article_id, 0.0), one.match - _LEAST)
    said = ([best[term] for term in terms] for terms in new)
    return tuple(_borne_out(one.article_id, weighed) for one, weighed in zip(told, said, strict=True))


def _borne_out(article_id: str, said: Sequence[Mapping[str, float]]) -> float:
    others = (sum(weight for other, weight in by.items() if other != article_id) for by in said)
    return math.log1p(sum(sorted(others, reverse=True)[:_COUNTED]))
