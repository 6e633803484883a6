"""The commands that copy a whole index: into one file, and back."""

import sys
from pathlib import Path

from rag.errors import IndexFault
from ui.terminal.screen import screen
from ui.wording import one_line


def backup(file: str, *, index: str | None) -> None:
    """Copy an index into ``file``."""
    from rag.storage.local.backup import backup as save

    place = Path(file).expanduser()
    count = save(_folder(index), file=place)
    screen(sys.stdout).write(
        f"saved {count} in {one_line(str(place))} ({place.stat().st_size / 1e6:,.1f} MB)\n"
    )


def restore(file: str, *, index: str | None, replace: bool) -> None:
    """Put the backup ``file`` in place of an index; ``replace`` lets the articles go that are there now."""
    from rag.storage.local.backup import restore as put

    count = put(_folder(index), file=Path(file).expanduser(), replace=replace)
    screen(sys.stdout).write(f"restored {count}\n")


def _folder(index: str | None) -> Path:
    from rag.storage.location import index_location

    place = index_location(index)
    if not isinstance(place, Path):
        raise IndexFault(
            f"the index {str(place)!r} is kept by PostgreSQL: copy it with pg_dump and pg_restore"
        )
    return place
