"""A cheap, deterministic embedder for tests of what happens around embedding: hashed bags of words."""

import hashlib
from collections.abc import Iterable

import numpy as np
from langchain_core.embeddings import Embeddings

from rag.models.embedders import Embedder
from rag.schema import Article
from rag.text.words import terms

DIMENSIONS = 256


class BagOfWords(Embeddings):
    """Each term adds 1 at a place that its hash gives; texts with common words are near each other."""

    def __init__(self, dimensions: int = DIMENSIONS) -> None:
        self.dimensions = dimensions

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = np.zeros(self.dimensions)
        for term in terms(text) or ("",):
            number = int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest())
            vector[number % self.dimensions] += 1
        rows: list[float] = (vector / np.linalg.norm(vector)).tolist()
        return rows


def embedder(name: str = "bag-of-words", dimensions: int = DIMENSIONS) -> Embedder:
    return Embedder(name=name, model=BagOfWords(dimensions))


def made(number: int, *, sentences: int = 12, version: int = 0) -> Article:
    """An article like no other: sentence 2 of article 7, version 0, holds ``w7x2v0``, which is nowhere else."""
    lines = [
        f"Report {number} says in line {line} that w{number}x{line}v{version} was found there."
        for line in range(sentences)
    ]
    return Article(
        id=f"a{number:04d}",
        title=f"Findings of team {number}",
        text="\n".join(lines),
        url=f"https://example.org/{number}",
    )


def several(numbers: Iterable[int]) -> tuple[Article, ...]:
    return tuple(made(number) for number in numbers)
