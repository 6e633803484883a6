"""Late interaction: score how much of a question a sentence answers, word piece by word piece.

The score is the mean, weighted by IDF, of each question piece's best cosine among the sentence's pieces, 0 to 1. It is
equation 3 of Khattab and Zaharia 2020, "ColBERT", with weights and divided by their sum.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import numpy as np

from rag.models.float_array import FloatArray
from rag.models.minilm import MiniLM, TokenVectors
from rag.question.parts import asking_sentence
from rag.text.words import words

_CACHED_SENTENCES = 2048  # whose token vectors are cached, about 20 KB each


# The weight of a function word of the question, in units of IDF: little, but "by" and "before" do matter.
_FUNCTION_WEIGHT = 0.5
# The share of that of a word in a sentence before the one that asks. Chosen on the tuned half of the news questions, 17
# of which have such a sentence: .6 to .1 find one to three more of 95.
_TELLING_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Score:
    """How well a passage answers a question, each 0 to 1.

    ``match`` is how much of the question the passage answers, with the words around it. ``headed`` is the part of
    ``match`` that the heading adds. ``alike`` is the cosine of the mean token vectors of sentence and question.
    """

    match: float
    alike: float
    headed: float = 0.0


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with the texts around it, whose words may match in its place at a discount from 0 to 1."""

    text: str
    around: tuple[tuple[str, float], ...] = ()
    heading: tuple[str, float] | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts that are compared with the question."""
        heading = () if self.heading is None else (self.heading[0],)
        return (self.text, *(text for text, _ in self.around), *heading)


class LateInteraction:
    """Scores passages against a question, with a cache of the token vectors of recent sentences. Thread-safe."""

    def __init__(self, model: MiniLM) -> None:
        self._model = model
        self._cache: OrderedDict[str, TokenVectors] = OrderedDict()
        self._lock = Lock()

    def scores(self, question: str, passages: Sequence[Passage], idf: Callable[[str], float]) -> list[Score]:
        """Score each passage, in order. ``idf`` gives the weight of a term. A wordless question scores 0."""
        asked = self._model.token_vectors([question])[0]
        weights = _weights(question, asked, idf)
        if not passages or not float(weights.sum()):
            return [Score(match=0.0, alike=0.0)] * len(passages)
        token_vectors = self._vectors({text for passage in passages for text in passage.texts})
        best = {text: _best_cosines(asked.vectors, tokens.vectors) for text, tokens in token_vectors.items()}
        asked_mean = _mean(asked.vectors)
        alike = {
            text: _clip(np.dot(_mean(tokens.vectors), asked_mean)) for text, tokens in token_vectors.items()
        }
        share = weights / weights.sum()
        scores: list[Score] = []
        for passage in passages:
            matched = best[passage.text]
            for text, discount in passage.around:
                matched = np.maximum(matched, discount * best[text])
            without_heading = _clip(matched @ share)
            if passage.heading is not None:
                text, discount = passage.heading
                matched = np.maximum(matched, discount * best[text])
            match = _clip(matched @ share)
            scores.append(Score(match, alike[passage.text], headed=match - without_heading))
        return scores

    def is_common(self, word: str) -> bool:
        """Whether a word in its normal form is one of common English: the model has it as a whole."""
        return self._model.has_word(word)

    def _vectors(self, texts: set[str]) -> dict[str, TokenVectors]:
        """The token vectors of ``texts``, from the cache or the model, in half precision."""
        with self._lock:
            cached = {text: self._cache[text] for text in texts if text in self._cache}
        missing = sorted(texts - cached.keys())
        # Half precision halves the memory and changes a cosine by less than 0.001.
        fresh = {
            text: TokenVectors(vectors.vectors.astype(np.float16), vectors.spans)
            for text, vectors in zip(missing, self._model.token_vectors(missing), strict=True)
        }
        with self._lock:
            self._cache.update(fresh)
            while len(self._cache) > _CACHED_SENTENCES:
                self._cache.popitem(last=False)
        return cached | fresh


@lru_cache(maxsize=1)
def late_interaction() -> LateInteraction:
    """The instance shared by all chatbots of this process. Raises ``ModelError`` as ``MiniLM`` does."""
    return LateInteraction(MiniLM())


def _clip(score: np.floating) -> float:
    """``score`` limited to 0 to 1, as rounding may carry a cosine slightly out of its range."""
    return min(1.0, max(0.0, float(score)))


def _best_cosines(question: FloatArray, sentence: FloatArray) -> FloatArray:
    """For each row of ``question`` its highest cosine with a row of ``sentence``; zeros where that has no rows."""
    if not len(sentence):
        return np.zeros(len(question), dtype=np.float32)
    best: FloatArray = (question @ sentence.astype(np.float32).T).max(axis=1)
    return best


def _mean(vectors: FloatArray) -> FloatArray:
    """The mean of the rows, scaled to length 1; zeros where there are no rows."""
    if not len(vectors):
        return np.zeros(vectors.shape[1], dtype=np.float32)
    mean: FloatArray = vectors.astype(np.float32).mean(axis=0)
    return mean / np.float32(max(float(np.linalg.norm(mean)), 1e-12))


def _weights(question: str, asked: TokenVectors, idf: Callable[[str], float]) -> FloatArray:
    """The weight of each word piece: the IDF of its word, divided by the pieces of that word; 0 for punctuation.

    What is told before the sentence that asks weighs less.
    """
    weights = np.zeros(len(asked.spans), dtype=np.float32)
    asking = asking_sentence(question)
    for word in words(question):
        pieces = [i for i, span in enumerate(asked.spans) if span.overlaps(word.span)]
        weight = _FUNCTION_WEIGHT if word.function else idf(word.term)
        if word.span.start < asking.start:
            weight *= _TELLING_WEIGHT
        for piece in pieces:
            weights[piece] = weight / len(pieces)
    return weights
