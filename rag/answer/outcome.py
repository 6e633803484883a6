"""The outcome of a question: whether its evidence answers it, by all the signs there are."""

import math
from dataclasses import dataclass

# Two logistic regressions over the signs, without a judgement and with one, rounded. They were fitted on the dev halves
# of the shipped questions and of SQuAD 2.0 alone: answerable questions against near misses and foreign ones, each kind
# weighted equally. The judged weights are of 217 questions; ``tests/benchmarks/calibrate_outcome.py`` fits them anew.
# ``docs/quality.md`` has the figures.
_CONFIDENCE, _UNMENTIONED, _INTERCEPT = 0.41, -1.01, -0.38
_JUDGED, _JUDGED_CONFIDENCE, _JUDGED_UNMENTIONED, _JUDGED_INTERCEPT = 0.95, 0.14, -0.62, -0.83


# A question is answered from here on. Chosen on the dev halves: there one answerable question in ten is lost, and a
# third of the near misses are declined. At 0.3, half as many near misses are; above 0.4, answers are lost faster.
_LEAST_PROBABILITY = 0.4
# Where the quotes lack a name that is asked about, and no model reads: of the dev questions so declined 5 of 264
# answerable ones and 14 of 114 near misses, each kind weighted equally.
REFUTED = 0.13
_LOGIT_LIMIT = 6.0  # a confidence beyond this, in log-odds, says no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is known of a question and its evidence.

    ``confidence`` is that of ``rag.evidence.abstention``, 0 to 1. ``judgement`` is the model's, in log-odds; ``None``
    without one. ``unmentioned`` says that a name of the question stands in no quote.
    """

    confidence: float
    unmentioned: bool
    judgement: float | None = None


def answer_probability(signs: Signs) -> float:
    """The probability that the evidence answers the question, 0 to 1."""
    confidence = log_odds(signs.confidence)
    if signs.judgement is None:
        score = _CONFIDENCE * confidence + _UNMENTIONED * signs.unmentioned + _INTERCEPT
    else:
        score = (
            _JUDGED * signs.judgement
            + _JUDGED_CONFIDENCE * confidence
            + _JUDGED_UNMENTIONED * signs.unmentioned
            + _JUDGED_INTERCEPT
        )
    return 1 / (1 + math.exp(-score))


def is_answered(probability: float) -> bool:
    """Whether the probability that ``answer_probability`` gives is high enough to answer."""
    return probability >= _LEAST_PROBABILITY


def log_odds(probability: float) -> float:
    """The log-odds of ``probability``, at most 6 either way: as the weights take a confidence."""
    odds = max(probability, 1e-9) / max(1 - probability, 1e-9)
    return max(-_LOGIT_LIMIT, min(_LOGIT_LIMIT, math.log(odds)))
