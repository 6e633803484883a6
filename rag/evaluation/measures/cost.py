"""Measures of cost: seconds, tokens, memory."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from rag.evaluation.measures.metric import Counted, Measure, SetMeasure, mean
from rag.evaluation.results import QuestionResult

STAGES = ("retrieve", "evidence", "write", "total")


def seconds(rows: Sequence[QuestionResult], *, stage: str, share: float) -> Counted:
    """Return the quantile ``share`` (0 to 1) of the seconds that ``stage`` took, and how many answers have it timed.

    Between two times it is interpolated linearly, as NumPy does; NaN if no answer has it timed.
    """
    times = [row.answer.timings[stage] for row in rows if stage in row.answer.timings]
    return float(np.quantile(times, share)) if times else float("nan"), len(times)


def _peak_memory(rows: Sequence[QuestionResult]) -> Counted:
    peaks = [row.peak_mb for row in rows if row.peak_mb]
    return max(peaks, default=float("nan")), len(peaks)


# Tokens given to the chat model and written by it, as ``rag.text.tokens`` counts; declined questions take part.
COST_MEASURES: Sequence[Measure] = (
    mean(
        "tokens read",
        "cost",
        "of questions",
        lambda row: row.tokens_in,
        unit="tokens",
        lower_is_better=True,
    ),
    mean(
        "tokens written",
        "cost",
        "of questions",
        lambda row: row.tokens_out,
        unit="tokens",
        lower_is_better=True,
    ),
)

COST_SET_MEASURES: Sequence[SetMeasure] = (
    *(
        SetMeasure(
            f"seconds, {stage}, {label}",
            "cost",
            "over questions timed",
            partial(seconds, stage=stage, share=share),
            lower_is_better=True,
            unit="seconds",
        )
        for stage in STAGES
        for label, share in (("median", 0.5), ("95th percentile", 0.95))
    ),
    SetMeasure(
        "peak memory",
        "cost",
        "over questions; the most at the end of any",
        _peak_memory,
        lower_is_better=True,
        unit="MB",
    ),
)
