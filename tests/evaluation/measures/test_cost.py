"""Measures of cost: quantiles of times, means of tokens, the peak of memory."""

import math
from dataclasses import replace

import pytest

from tests.support.results import metric_over, row_1871


def test_times_are_quantiles_over_the_questions_timed() -> None:
    rows = [*(row_1871(seconds=second) for second in (4.0, 1.0, 2.0, 3.0)), row_1871()]
    assert metric_over("seconds, total, median", *rows).value == 2.5
    assert metric_over("seconds, total, 95th percentile", *rows).value == pytest.approx(3.85)
    assert metric_over("seconds, total, median", *rows).total == 4
    assert math.isnan(metric_over("seconds, write, median", *rows).value)


def test_tokens_are_means_and_memory_is_the_peak() -> None:
    rows = [
        replace(row_1871(), tokens_in=300, tokens_out=20, peak_mb=250.0),
        replace(row_1871("adversarial"), tokens_in=100, tokens_out=0, peak_mb=260.5),
    ]
    assert metric_over("tokens read", *rows).value == 200
    assert metric_over("tokens written", *rows).value == 10
    assert metric_over("peak memory", *rows).value == 260.5
