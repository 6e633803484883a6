"""Ask a source for more ids until enough of them are live: still in the store, and among those that count.

A snapshot or a collection lags behind its store, so some of the ids that it gives are of chunks that are gone.
"""

from collections.abc import Callable, Sequence, Sized
from typing import TypeVar

_Live = TypeVar("_Live", bound=Sized)
_GROWTH = 4  # how many times as many ids are asked for at each step


def until_enough(
    ask: Callable[[int], Sequence[int]],
    live: Callable[[Sequence[int]], _Live],
    *,
    limit: int,
    source_size: int | None = None,
    most: int | None = None,
) -> _Live | None:
    """Ask for ``limit`` ids, then for four times as many, and so on, until ``limit`` of them are live.

    ``ask(n)`` gives the best n ids of the source, or fewer; ``live(ids)`` what there is of those that are live. Returns
    that of the last step: with fewer than ``limit`` where the source is exhausted, that is, was asked for all of its
    ``source_size`` ids or, if that is not given, returned fewer than asked for. Returns ``None`` where the next step
    would ask for more than ``most`` ids.
    """
    size = limit
    while most is None or size <= most:
        ids = ask(size)
        rows = live(ids)
        exhausted = len(ids) < size if source_size is None else size >= source_size
        if len(rows) >= limit or exhausted:
            return rows
        size *= _GROWTH
    return None
