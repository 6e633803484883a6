"""When something changes in a folder. The only file that imports watchfiles."""

from collections.abc import Generator
from pathlib import Path

from rag.errors import ArticleError

_QUIET_MS = 500  # a program that writes a file, or many, is let finish
_AT_MOST_MS = 5_000  # of one that never ends
_TICK_MS = 1_000
_TICKS = 60


def moments(folder: Path, *, ticks: int = _TICKS) -> Generator[None, None, None]:
    """Yields when something below ``folder`` has changed, each time once it has been quiet for half a second.

    Also a second after the start, as what changes until the watch begins is not told, and every ``ticks``
    seconds, as network disks tell nothing. What changes while the caller works is told after. Ends by
    ``KeyboardInterrupt``; raises ``ArticleError`` where the folder cannot be watched.
    """
    from watchfiles import watch

    idle = ticks - 1
    try:
        for changes in watch(
            folder,
            watch_filter=None,
            step=_QUIET_MS,
            debounce=_AT_MOST_MS,
            rust_timeout=_TICK_MS,
            yield_on_timeout=True,
        ):
            idle = 0 if changes else idle + 1
            if changes or idle >= ticks:
                idle = 0
                yield
    except (OSError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise ArticleError(
            str(folder), f"cannot be watched ({reason}): run `pincite sync` now and then instead"
        ) from error
