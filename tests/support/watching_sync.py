"""``pincite sync FOLDER --watch --index INDEX`` with an embedder that needs no model: ``-m … FOLDER INDEX``."""

import sys

import rag.models.embedders
from tests.support.embedder import embedder

if __name__ == "__main__":
    rag.models.embedders.open_embedder = lambda *_: embedder()
    from ui.cli import main

    sys.exit(main(["sync", sys.argv[1], "--watch", "--index", sys.argv[2]]))
