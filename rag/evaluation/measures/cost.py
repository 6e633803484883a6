"""What is measured of cost: seconds, tokens, memory."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from rag.evaluation.measures.metric import Counted, Measure, SetMeasure, mean
from rag.evaluation.results import QuestionResult

STAGES = ("retrieve", "evidence", "write", "total")


def seconds(rows: Sequence[QuestionResult], *, stage: str, share: float) -> Counted:
    """The time that ``share`` of the answers' ``stage`` took at most, in seconds, and how many answers have it timed.

    Between two answers' times it is interpolated linearly, as NumPy does; NaN where none has it timed.
    """
    times = [row.answer.timings[stage] for row in rows if stage in row.answer.timings]
    return float(np.quantile(times, share)) if times else float("nan"), len(times)


def _peak(rows: Sequence[QuestionResult]) -> Counted:
    known = [row.peak_mb for row in rows if row.peak_mb]
    return max(known, default=float("nan")), len(known)


COSTS: Sequence[Measure] = (
    mean(
        "tokens read",
        "cost",
        "of questions",
        lambda row: row.tokens_in,
        unit="tokens",
        lower=True,
    ),
    mean(
        "tokens written",
        "cost",
        "of questions",
        lambda row: row.tokens_out,
        unit="tokens",
        lower=True,
    ),
)


"""Tokens handed to the chat model and written by it, as ``rag.text.tokens`` counts; declined questions take part."""


COST_SETS: Sequence[SetMeasure] = (
    *(
        SetMeasure(
            f"seconds, {stage}, {word}",
            "cost",
            "over questions timed",
            partial(seconds, stage=stage, share=share),
            lower_is_better=True,
            unit="seconds",
        )
        for stage in STAGES
        for word, share in (("median", 0.5), ("95th percentile", 0.95))
    ),
    SetMeasure(
        "peak memory",
        "cost",
        "over questions; the most at the end of any",
        _peak,
        lower_is_better=True,
        unit="MB",
    ),
)
