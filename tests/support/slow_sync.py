"""A sync that can be killed while it embeds: ``python -m tests.support.slow_sync FOLDER INDEX``.

It writes a line each time it embeds, and then takes 30 milliseconds.
"""

import sys
import time
from pathlib import Path

from rag.index.sync import sync
from rag.models.embedders import Embedder
from rag.settings import Settings
from tests.support.embedder import BagOfWords


class SlowEmbeddings(BagOfWords):
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        sys.stdout.write("embeds\n")
        sys.stdout.flush()
        time.sleep(0.03)
        return super().embed_documents(texts)


def main(folder: str, index: str) -> None:
    embedder = Embedder(name="bag-of-words", model=SlowEmbeddings())
    sync(Path(folder), where=Path(index), embedder=lambda _: embedder, settings=Settings())


if __name__ == "__main__":
    main(*sys.argv[1:])
