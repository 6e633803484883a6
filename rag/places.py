"""From what is given with ``--index`` to the place it names: a folder on this machine, or servers that many share."""

from pathlib import Path

from rag.address import Address
from rag.errors import IndexFault
from rag.folder import FILE, Folder
from rag.place import Place
from rag.sqlite import SqliteStore
from rag.store import Store


def exists(where: Path | Address) -> bool:
    """Whether there is an index. Raises ``IndexFault`` where a server cannot be asked."""
    if isinstance(where, Path):
        return Folder.exists(where)
    from rag.servers import Servers

    return Servers.exists(where)


def refuse_missing(where: Path | Address) -> None:
    """Raise ``IndexFault``, which says how to make one, where there is no index."""
    if not exists(where):
        raise IndexFault(f"no index in {str(where)!r}: make one with `pincite add --index {where} PATH`")


def place(where: Path | Address, *, wait_s: float) -> Place:
    """The place, ready to be used: made where it is missing, and brought to today's format.

    Raises ``IndexFault`` where that cannot be, ``IndexBusy`` where another process is at it for longer than
    ``wait_s`` seconds.
    """
    if isinstance(where, Path):
        Folder.ready(where, wait_s=wait_s)
        return Folder(where)
    from rag.servers import Servers

    return Servers(where)


def store(where: Path | Address) -> Store:
    """The store alone, of an index that exists."""
    if isinstance(where, Path):
        return SqliteStore(where / FILE)
    from rag.servers import opened_store

    return opened_store(where)
