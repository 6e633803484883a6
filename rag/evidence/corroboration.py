"""How far other articles corroborate a sentence: a name or number that several articles give is likelier the answer.

Redundancy as evidence is that of Brill, Lin, Banko, Dumais and Ng 2001, "Data-Intensive Question Answering" (TREC).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.text.names import sentence_names
from rag.text.words import words

_LEAST_MATCH = 0.5  # a sentence counts by what its match is above this
_TERMS_COUNTED = 3  # names and numbers of a sentence that count, those corroborated most


@dataclass(frozen=True, slots=True)
class MatchedSentence:
    """A sentence, the id of its article, and how much of the question it answers, 0 to 1."""

    article_id: str
    text: str
    match: float


def corroboration(question: str, sentences: Sequence[MatchedSentence]) -> tuple[float, ...]:
    """Score each sentence by how far other articles give the same answer: 0 or more, on a logarithmic scale.

    The names and numbers of a sentence that the question does not have count. Each is weighed by the best match of
    every other article that has it as well, less 0.5.
    """
    asked = {word.term for word in words(question)}
    new_terms = [_answer_terms(sentence.text) - asked for sentence in sentences]
    weights: dict[str, dict[str, float]] = {}  # of each term, by the id of the article
    for sentence, terms in zip(sentences, new_terms, strict=True):
        for term in terms:
            by_article = weights.setdefault(term, {})
            weight = max(by_article.get(sentence.article_id, 0.0), sentence.match - _LEAST_MATCH)
            by_article[sentence.article_id] = weight
    return tuple(
        _support(sentence.article_id, [weights[term] for term in terms])
        for sentence, terms in zip(sentences, new_terms, strict=True)
    )


def _answer_terms(sentence: str) -> set[str]:
    """The terms of the names and numbers of a sentence."""
    named = sentence_names(sentence)
    return {word.term for i, word in enumerate(words(sentence)) if i in named or word.number}


def _support(article_id: str, weights: Sequence[Mapping[str, float]]) -> float:
    """The weights that other articles give to the terms of a sentence, the three highest together."""
    by_term = (
        sum(weight for other, weight in by_article.items() if other != article_id) for by_article in weights
    )
    return math.log1p(sum(sorted(by_term, reverse=True)[:_TERMS_COUNTED]))
