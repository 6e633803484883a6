"""Use an index in a folder that may only be read, as a user without rights: ``-m … search|write FOLDER``.

``search`` checks that the snapshots answer; ``write`` prints the errors of a writer and of a migration, a line each.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

# Loaded now: a user without rights may not be able to read them.
import chromadb
import chromadb.api.client
import chromadb.api.rust  # noqa: F401

from rag.errors import IndexFault
from rag.storage.local.lock import write_lock
from rag.storage.local.snapshots import SnapshotBroken
from tests.support.embedder import embedder
from tests.support.local_index import EAGER, local_backend, newer_format, open_local

NOBODY = 65534


def search(folder: Path) -> None:
    """Search three times, the third after an attempt to load the graph."""
    model = embedder()
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
    with open_local(folder, model=model, limits=EAGER) as index:
        backend = local_backend(index)
        for turn in range(3):
            if turn == 2:
                assert backend.vectors.snapshot is not None
                with suppress(SnapshotBroken):  # Chroma writes into what it opens; searches stay exact then
                    backend.vectors.snapshot.load()
            assert index.search("w2x1v0", limit=2)[0].chunk.article_id == "a0002"
        assert backend.keywords.fault is None, backend.keywords.fault
        assert backend.keywords.snapshot is not None
        assert backend.vectors.snapshot is not None
        assert backend.vectors.snapshot.manifest.last == backend.store.last_chunk_id


def write(folder: Path) -> None:
    """Take the lock, then open the index in a newer format."""
    model = embedder()
    if os.geteuid() == 0:
        os.setuid(NOBODY)

    def lock() -> None:
        with write_lock(folder, wait_s=0):
            pass

    def migrate() -> None:
        open_local(folder, model=model, form=newer_format(lambda _: None)).close()

    for work in (lock, migrate):
        try:
            work()
        except IndexFault as fault:
            sys.stdout.write(f"{fault}\n")


if __name__ == "__main__":
    {"search": search, "write": write}[sys.argv[1]](Path(sys.argv[2]))
