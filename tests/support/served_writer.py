"""Writes to the index on servers at ``argv[1]`` until it is killed. Run as ``python -m tests.support.served_writer``.

The number of each article is printed as soon as it is stored.
"""

import sys

from rag.storage.location import parse_address
from tests.support.embedder import made
from tests.support.served_index import open_index


def main() -> None:
    with open_index(parse_address(sys.argv[1]), wait_s=60) as index:
        for number in range(1000):
            index.add([made(number, sentences=60)])
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()
            if number % 3 == 2:
                index.remove([made(number - 2).id])
                index.add([made(number - 1, version=1)])
            if number % 7 == 6:
                index.rebuild()


if __name__ == "__main__":
    main()
