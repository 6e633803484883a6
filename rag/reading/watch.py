"""When something changes in a folder. The only file that imports watchfiles."""

from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import closing
from pathlib import Path

from rag.errors import ArticleError
from rag.reading.folders import Identity, articles_root, folders

_QUIET_MS = 500  # a program that writes a file, or many, is let finish


_AT_MOST_MS = 5_000  # of one that never ends


_TICK_MS = 1_000


_TICKS = 60


_Told = tuple[int, str]  # what happened, and to which path


def moments(folder: Path, *, ticks: int = _TICKS) -> Generator[None, None, None]:
    """Yields when something that is read of ``folder`` may have changed, once it has been quiet for half a second.

    Also a second after the start, as what changes until the watch begins is not told, and every ``ticks``
    seconds, as network disks tell nothing. What changes while the caller works is told after. Ends by
    ``KeyboardInterrupt``; raises ``ArticleError`` where the folder cannot be watched.
    """
    try:
        while True:
            watched = _folders(folder)
            try:
                yield from _moments(folder, watched, ticks=ticks)
            except FileNotFoundError:  # a folder in it that went away since it was found
                if not folder.is_dir():
                    raise
    except (OSError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise ArticleError(
            str(folder), f"cannot be watched ({reason}): run `pincite sync` now and then instead"
        ) from error


def _moments(
    folder: Path, watched: Mapping[Identity | None, Path], *, ticks: int
) -> Generator[None, None, None]:
    """Likewise of the folders ``watched``, until others are read."""
    from watchfiles import watch

    idle, others = ticks - 1, False
    # Each by itself: with all that is below it, it would be watched across every link, up to the root of the disk.
    changing = watch(
        *watched.values(),
        watch_filter=None,
        step=_QUIET_MS,
        debounce=_AT_MOST_MS,
        rust_timeout=_TICK_MS,
        yield_on_timeout=True,
        recursive=False,
    )
    with closing(changing):
        for changes in changing:
            idle = 0 if changes else idle + 1
            others = others or _replaced(changes, watched.values())
            if changes or idle >= ticks:
                idle = 0
                yield
                others = others or _folders(folder) != watched
            if others and folder.is_dir():  # what is away may come back
                return


def _folders(folder: Path) -> Mapping[Identity | None, Path]:
    """The folders in it that are read, and the folder itself, also where there is none."""
    read = folders(articles_root(folder))
    found: dict[Identity | None, Path] = {one: path for one, path in read.items() if _named(path)}
    return found if folder in found.values() else {**found, None: folder}


def _named(path: Path) -> bool:
    """Whether watchfiles can be given this path, which is bytes to the system."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _replaced(changes: Iterable[_Told], watched: Collection[Path]) -> bool:
    """Whether a folder that is watched came or went: another of its name is not watched."""
    from watchfiles import Change

    names = set(map(str, watched))
    return any(what != Change.modified and path in names for what, path in changes)
