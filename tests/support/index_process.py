"""Another process at an index. Run as ``python -m tests.support.index_process WORK WHERE [NUMBER]``.

The kinds of work: ``lock`` holds the write lock until a line is read; ``read`` answers each question it reads with the
best article's id and the generation; ``write`` adds ten articles from NUMBER on; ``read-only`` searches a folder that
it may not write, and prints why it cannot add to it.
"""

import os
import sys
from pathlib import Path

from rag.errors import IndexFault
from rag.storage.backend import open_backend
from rag.storage.location import ServerAddress, index_location
from tests.support.embedder import made
from tests.support.indexes import hit_ids, open_index


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def lock(where: Path | ServerAddress) -> None:
    with open_backend(where, wait_s=9).lock(0):
        say("held")
        sys.stdin.readline()


def read(where: Path | ServerAddress) -> None:
    with open_index(where) as index:
        for line in sys.stdin:
            say(*hit_ids(index, line.strip(), limit=1), index.generation)


def write(where: Path | ServerAddress, first: int) -> None:
    with open_index(where, wait_s=60) as index:
        for number in range(first, first + 10):
            index.add([made(number)])


def read_only(where: Path | ServerAddress) -> None:
    import chromadb.api.client
    import chromadb.api.rust  # noqa: F401  # loaded while their files may still be read

    import rag.storage.local.sqlite_store  # noqa: F401  # likewise

    if os.geteuid() == 0:
        os.seteuid(65534)  # root may write everything
    with open_index(where) as index:
        hits = index.search("w2x1v0", limit=2)
        assert hits[0].chunk.article_id == "a0002", hits
        assert not index.add([made(2)])
        try:
            index.add([made(77)])
        except IndexFault as error:
            say(error)


def main(work: str, where: str, *numbers: str) -> None:
    location = index_location(where)
    if work == "lock":
        lock(location)
    elif work == "read":
        read(location)
    elif work == "write":
        write(location, int(numbers[0]))
    else:
        read_only(location)


if __name__ == "__main__":
    main(*sys.argv[1:])
