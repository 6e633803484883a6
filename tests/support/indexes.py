"""Indexes of made-up articles for tests: opened with the cheap embedder, and asked for words of one article alone."""

import subprocess
import sys
from pathlib import Path

from rag.index.index import Index
from rag.settings import Settings
from rag.storage.backend import Backend
from rag.storage.location import ServerAddress
from tests.support.embedder import embedder


def open_index(where: Path | ServerAddress | Backend, **options: object) -> Index:
    """Open the index with the embedder of the tests, unless the options of ``Index.open`` say otherwise."""
    return Index.open(where, **{"embedder": embedder(), "settings": Settings(), **options})  # type: ignore[arg-type]


def index_process(work: str, where: Path | ServerAddress, *arguments: str) -> "subprocess.Popen[str]":
    """Start ``tests.support.index_process``, with pipes to it."""
    command = [sys.executable, "-m", "tests.support.index_process", work, str(where), *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def word(number: int, line: int = 1, version: int = 0) -> str:
    """A word that stands in this line of the article ``made(number, version=version)``, and nowhere else."""
    return f"w{number}x{line}v{version}"


def hit_ids(index: Index, question: str, *, limit: int = 5) -> list[str]:
    """The ids of the articles of the hits, best first."""
    return [hit.chunk.article_id for hit in index.search(question, limit=limit)]
