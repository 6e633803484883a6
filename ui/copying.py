"""The commands that copy a whole index: into one file, and back."""

import sys
from pathlib import Path

from ui.render import one_line
from ui.terminal import screen


def backup(file: str, *, index: str | None) -> None:
    """Copy an index into ``file``."""
    from rag.backup import backup as save
    from rag.home import index_place

    place = Path(file).expanduser()
    count = save(index_place(index), file=place)
    screen(sys.stdout).write(
        f"saved {count} in {one_line(str(place))} ({place.stat().st_size / 1e6:,.1f} MB)\n"
    )


def restore(file: str, *, index: str | None, replace: bool) -> None:
    """Put the backup ``file`` in place of an index; ``replace`` lets the articles go that are there now."""
    from rag.backup import restore as put
    from rag.home import index_place

    count = put(index_place(index), file=Path(file).expanduser(), replace=replace)
    screen(sys.stdout).write(f"restored {count}\n")
