"""Which language model is the default: the best one of the catalogue that was measured and fits the free memory."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.models.catalogue import CATALOGUE, KnownModel
from rag.system.memory import available_memory

_OTHER_BYTES = 1_100_000_000  # memory for the index, the embedder and the browser chat, and some to spare
_STEP_BYTES = 100_000_000  # memory is compared as it is shown: in tenths of a gigabyte


@dataclass(frozen=True, slots=True)
class DefaultModel:
    """The chosen model, ``None`` for answers of quotes alone, and the ``reason`` in words for a reader."""

    model: KnownModel | None
    reason: str


def default_model() -> DefaultModel:
    """Choose the default model by the memory that is free now."""
    return choose_default(available_bytes=available_memory())


def choose_default(
    *, available_bytes: int | None, catalogue: Sequence[KnownModel] = CATALOGUE
) -> DefaultModel:
    """Choose the model with the most parameters of those that answer, were tried, and fit ``available_bytes``.

    ``None`` stands for an unknown amount of memory: the best model is assumed to fit.
    """
    usable = sorted(
        (model for model in catalogue if model.answers and model.tried),
        key=lambda model: model.parameters,
        reverse=True,
    )
    if not usable:
        return DefaultModel(None, "quotes alone, as no model of the catalogue was tried")
    if available_bytes is None:
        return DefaultModel(
            usable[0], "the best one tried; how much memory is free is unknown and assumed to do"
        )
    free = _gigabytes(available_bytes // _STEP_BYTES * _STEP_BYTES)
    for model in usable:
        if available_bytes >= wanted_bytes(model):
            wanted = _gigabytes(wanted_bytes(model))
            return DefaultModel(
                model, f"the best one tried that fits: it wants {wanted} of memory, and {free} are free"
            )
    least = min(usable, key=wanted_bytes)
    return DefaultModel(
        None,
        f"quotes alone, as {free} of memory are free and the {least.short_parameters} model wants "
        f"{_gigabytes(wanted_bytes(least))}",
    )


def wanted_bytes(model: KnownModel) -> int:
    """Return how much memory must be free for ``model`` to be the default: a multiple of 0.1 GB, in bytes."""
    return math.ceil((model.memory_bytes + _OTHER_BYTES) / _STEP_BYTES) * _STEP_BYTES


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
