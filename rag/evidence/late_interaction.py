"""Late interaction: how much of a question a sentence answers, word by word.

For each word piece of the question the best cosine among the sentence's word pieces, summed with weights
(Khattab and Zaharia 2020, "ColBERT", equation 3, with IDF weights and divided by their sum, so 0 to 1).
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import numpy as np

from rag.models.float_array import FloatArray
from rag.models.minilm import MiniLM, TokenVectors
from rag.text.words import words

# Sentences whose token vectors are kept, about 20 KB each.
_KEPT = 2048


# What a function word of the question weighs, in units of IDF: little, yet "by" and "before" are not nothing.
_FUNCTION_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Score:
    """How much of a question a passage answers, 0 to 1: by its own words, and with the words around it.

    ``headed`` is what of the latter it owes to its heading: 0 where it does as well without. ``alike`` is how near
    the two are as a whole, 0 to 1: the cosine of the means of their token vectors.
    """

    own: float
    whole: float
    alike: float
    headed: float = 0.0


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with the words around it that may stand in for its own, each at a discount from 0 to 1."""

    text: str
    around: tuple[tuple[str, float], ...] = ()
    heading: tuple[str, float] | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is compared with the question."""
        heading = () if self.heading is None else (self.heading[0],)
        return (self.text, *(text for text, _ in self.around), *heading)


class LateInteraction:
    """Scores passages against a question; keeps the token vectors of recent sentences. Safe in many threads."""

    def __init__(self, model: MiniLM) -> None:
        self._model = model
        self._kept: OrderedDict[str, TokenVectors] = OrderedDict()
        self._lock = Lock()

    def scores(self, question: str, passages: Sequence[Passage], idf: Callable[[str], float]) -> list[Score]:
        """One score for each passage, in order. ``idf`` gives the weight of a term."""
        asked = self._model.token_vectors([question])[0]
        weights = _weights(question, asked, idf)
        if not passages or not float(weights.sum()):
            return [Score(own=0.0, whole=0.0, alike=0.0)] * len(passages)
        vectors = self._vectors({text for passage in passages for text in passage.texts})
        best = {text: _best(asked.vectors, found.vectors) for text, found in vectors.items()}
        middle = _mean(asked.vectors)
        alike = {text: _unit(np.dot(_mean(found.vectors), middle)) for text, found in vectors.items()}
        share = weights / weights.sum()
        scores: list[Score] = []
        for passage in passages:
            own = matched = best[passage.text]
            for text, discount in passage.around:
                matched = np.maximum(matched, discount * best[text])
            plain = _unit(matched @ share)
            if passage.heading is not None:
                text, discount = passage.heading
                matched = np.maximum(matched, discount * best[text])
            whole = _unit(matched @ share)
            scores.append(Score(_unit(own @ share), whole, alike[passage.text], headed=whole - plain))
        return scores

    def _vectors(self, texts: set[str]) -> dict[str, TokenVectors]:
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
        missing = sorted(texts - found.keys())
        # Half precision halves the memory and moves a cosine by less than 0.001.
        fresh = {
            text: TokenVectors(vectors.vectors.astype(np.float16), vectors.spans)
            for text, vectors in zip(missing, self._model.token_vectors(missing), strict=True)
        }
        with self._lock:
            self._kept.update(fresh)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found | fresh


@lru_cache(maxsize=1)
def late_interaction() -> LateInteraction:
    """The one that all chatbots of this process share, with what it keeps. Raises ``ModelError`` as ``MiniLM`` does."""
    return LateInteraction(MiniLM())


def _unit(score: np.floating) -> float:
    """Rounding may carry a cosine a hair out of its range."""
    return min(1.0, max(0.0, float(score)))


def _best(question: FloatArray, sentence: FloatArray) -> FloatArray:
    if not len(sentence):
        return np.zeros(len(question), dtype=np.float32)
    best: FloatArray = (question @ sentence.astype(np.float32).T).max(axis=1)
    return best


def _mean(vectors: FloatArray) -> FloatArray:
    """The mean of the rows, of length 1; zeros where there are none."""
    if not len(vectors):
        return np.zeros(vectors.shape[1], dtype=np.float32)
    mean: FloatArray = vectors.astype(np.float32).mean(axis=0)
    return mean / np.float32(max(float(np.linalg.norm(mean)), 1e-12))


def _weights(question: str, asked: TokenVectors, idf: Callable[[str], float]) -> FloatArray:
    """The weight of each word piece: its word's IDF shared among the pieces of the word; 0 for punctuation."""
    weights = np.zeros(len(asked.spans), dtype=np.float32)
    for word in words(question):
        pieces = [i for i, span in enumerate(asked.spans) if span.overlaps(word.span)]
        weight = _FUNCTION_WEIGHT if word.function else idf(word.term)
        for piece in pieces:
            weights[piece] = weight / len(pieces)
    return weights
