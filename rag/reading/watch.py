"""Waits for changes in a folder. The only file that imports watchfiles."""

from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import closing
from pathlib import Path

from rag.errors import ArticleError
from rag.reading.folders import Identity, articles_root, folders

_QUIET_MS = 500  # so that a program that writes a file, or many, can finish
_LONGEST_MS = 5_000  # of waiting for quiet, where it never comes
_TICK_MS = 1_000
_TICKS = 60
_Change = tuple[int, str]  # what happened, as a number of watchfiles, and the path


def changes_in(folder: Path, *, ticks: int = _TICKS) -> Generator[None, None, None]:
    """Yield each time that a file to read in ``folder`` may have changed, after half a second without changes.

    Also yields a second after the start, as changes before the watch began are not reported, and every ``ticks``
    seconds, as network disks report none. Changes while the caller works are reported afterwards. Ends by
    ``KeyboardInterrupt``; raises ``ArticleError`` where the folder cannot be watched.
    """
    try:
        while True:
            watched = watched_folders(folder)
            try:
                yield from _changes_until_moved(folder, watched, ticks=ticks)
            except FileNotFoundError:  # a folder in it that was removed since it was listed
                if not folder.is_dir():
                    raise
    except (OSError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise ArticleError(
            str(folder), f"cannot be watched ({reason}): run `pincite sync` now and then instead"
        ) from error


def _changes_until_moved(
    folder: Path, watched: Mapping[Identity | None, Path], *, ticks: int
) -> Generator[None, None, None]:
    """Likewise for the folders ``watched``; ends when others are to be watched."""
    from watchfiles import watch

    idle, outdated = ticks - 1, False
    # Each folder by itself: a recursive watch follows every link, up to the root of the disk.
    events = watch(
        *watched.values(),
        watch_filter=None,
        step=_QUIET_MS,
        debounce=_LONGEST_MS,
        rust_timeout=_TICK_MS,
        yield_on_timeout=True,
        recursive=False,
    )
    with closing(events):
        for changes in events:
            idle = 0 if changes else idle + 1
            outdated = outdated or _has_replaced_folder(changes, watched.values())
            if changes or idle >= ticks:
                idle = 0
                yield
                outdated = outdated or watched_folders(folder) != watched
            if outdated and folder.is_dir():  # a folder that was removed may come back
                return


def watched_folders(folder: Path) -> Mapping[Identity | None, Path]:
    """The folders in ``folder`` that are read, and itself, even if it does not exist."""
    entered = folders(articles_root(folder))
    watched: dict[Identity | None, Path] = {
        identity: path for identity, path in entered.items() if _is_unicode(path)
    }
    return watched if folder in watched.values() else {**watched, None: folder}


def _is_unicode(path: Path) -> bool:
    """Whether watchfiles can be given this path: file systems allow any bytes in names."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _has_replaced_folder(changes: Iterable[_Change], watched: Collection[Path]) -> bool:
    """Whether a watched folder was added or deleted: a new one of its name is not watched by itself."""
    from watchfiles import Change

    names = set(map(str, watched))
    return any(kind != Change.modified and path in names for kind, path in changes)
