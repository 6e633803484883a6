"""The commands that copy a whole index: into one file, and back."""

import argparse
import sys
from pathlib import Path

from rag.errors import IndexFault
from ui.commands.options import add_index
from ui.commands.parsing import DONE, Commands
from ui.terminal.screen import screen
from ui.wording import one_line


def backup(file: str, *, index: str | None) -> None:
    """Copy an index into ``file``."""
    from rag.storage.local.backup import backup as save

    path = Path(file).expanduser()
    count = save(_folder(index), file=path)
    screen(sys.stdout).write(
        f"saved {count} in {one_line(str(path))} ({path.stat().st_size / 1e6:,.1f} MB)\n"
    )


def restore(file: str, *, index: str | None, replace: bool) -> None:
    """Put the backup ``file`` in place of an index; ``replace`` lets the articles go that are there now."""
    from rag.storage.local.backup import restore as put

    count = put(_folder(index), file=Path(file).expanduser(), replace=replace)
    screen(sys.stdout).write(f"restored {count}\n")


def _folder(index: str | None) -> Path:
    from rag.storage.location import index_location

    path = index_location(index)
    if not isinstance(path, Path):
        raise IndexFault(
            f"the index {str(path)!r} is kept by PostgreSQL: copy it with pg_dump and pg_restore"
        )
    return path


def define(commands: Commands) -> None:
    """Add ``backup`` and ``restore``."""
    save = commands.add(
        "backup",
        _run_backup,
        "copy an index into one file",
        notes="The index stays in use meanwhile. The file is written whole or not at all, and replaces an "
        "earlier backup of that name.",
    )
    save.add_argument("file", metavar="FILE", help="the file to write")
    add_index(save)
    put = commands.add(
        "restore",
        _run_restore,
        "put a backup in place of an index",
        notes="All of it or nothing, also when it is stopped; nothing is embedded again.",
    )
    put.add_argument("file", metavar="FILE", help="a file that `pincite backup` wrote")
    add_index(put)
    put.add_argument(
        "--replace", action="store_true", help="let go of the articles that are in the index now"
    )


def _run_backup(options: argparse.Namespace) -> int:
    backup(options.file, index=options.index)
    return DONE


def _run_restore(options: argparse.Namespace) -> int:
    restore(options.file, index=options.index, replace=options.replace)
    return DONE
