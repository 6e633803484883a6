"""Add articles and back up where no file may grow over 60 kB, print the errors, then go on without the limit.

``-m … FOLDER``, which is to be a new index.
"""

import resource
import sys
from pathlib import Path

from rag.errors import IndexFault
from rag.index.index import Index
from rag.settings import Settings
from rag.storage.local.backup import backup
from tests.support.embedder import embedder, several


def main(folder: Path) -> None:
    with Index.open(folder, embedder=embedder(), settings=Settings()) as index:
        index.add(several(range(5)))
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
        for work in (
            lambda: index.add(several(range(5, 60))),
            lambda: backup(folder, file=folder.parent / "saved"),
        ):
            try:
                work()
            except IndexFault as fault:
                sys.stdout.write(f"{fault}\n")
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert len(index.listing()) >= 5
        assert index.check() == ()
        index.add(several(range(5, 60)))
        assert len(index.listing()) == 60


if __name__ == "__main__":
    main(Path(sys.argv[1]))
