"""How long work reports its progress: called with the units done so far and the units in all."""

from collections.abc import Callable

# The unit (chunks, bytes, articles) is that of the work; the total may be an estimate that changes between calls.
Progress = Callable[[int, int], None]


def ignore_progress(done: int, total: int) -> None:
    """A ``Progress`` for callers that did not ask for one."""
