"""All measures together: their names, their groups, and their values over no rows."""

import math

from rag.evaluation.measures.metric import GROUPS
from rag.evaluation.measures.registry import MEASURES, SET_MEASURES, metrics


def test_names_are_unique_and_every_group_has_some() -> None:
    every = metrics(())
    assert len({metric.name for metric in every}) == len(every) == len(MEASURES) + len(SET_MEASURES)
    assert {metric.group for metric in every} == set(GROUPS)
    assert all(math.isnan(metric.value) and metric.total == 0 for metric in every)
    assert every[0].name == "answer holds gold"
