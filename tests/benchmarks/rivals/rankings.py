"""Two ways to search that are usual: vectors alone in Chroma by LangChain, and keywords alone by BM25."""

import uuid
from collections.abc import Mapping

import bm25s
import chromadb
import numpy as np
import Stemmer  # type: ignore[import-not-found, unused-ignore]
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from rag.schema import Hit, Ranks
from tests.benchmarks.rivals.shelf import Shelf

_BATCH = 5000  # Chroma takes no more than 5461 rows at once


class Vectors:
    """``Chroma`` of langchain-chroma, in memory, by cosine; a score is the cosine.

    ``as_retriever`` gives the same chunks in the same order, without their scores.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        # Clients in memory share one system, so each collection needs a name of its own.
        self._store = Chroma(
            client=chromadb.EphemeralClient(),
            collection_name=f"rivals-{uuid.uuid4().hex}",
            embedding_function=_Stored(shelf),
            collection_configuration={"hnsw": {"space": "cosine"}},
        )
        documents = [
            Document(page_content=text, metadata={"chunk": at}) for at, text in enumerate(shelf.passages)
        ]
        for start in range(0, len(documents), _BATCH):
            self._store.add_documents(documents[start : start + _BATCH])

    def search(self, question: str, *, limit: int) -> tuple[Hit, ...]:
        """The ``limit`` nearest chunks."""
        found = self._store.similarity_search_with_score(question, k=limit)
        hits: list[Hit] = []
        for rank, (document, distance) in enumerate(found, 1):
            cosine = 1 - float(distance)
            chunk = self._shelf.chunks[document.metadata["chunk"]]
            hits.append(Hit(chunk=chunk, score=cosine, cosine=cosine, ranks=Ranks(vector=rank, keyword=None)))
        return tuple(hits)

    def close(self) -> None:
        """Let go of the collection."""
        self._store.delete_collection()


class _Stored(Embeddings):
    """The vectors that the index has; only questions are embedded."""

    def __init__(self, shelf: Shelf) -> None:
        self._embedder = shelf.embedder
        self._known: Mapping[str, list[float]] = dict(
            zip(shelf.passages, shelf.vectors.tolist(), strict=True)
        )

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._known[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        row: list[float] = self._embedder.embed_question(text).tolist()
        return row


class Keywords:
    """BM25 as bm25s has it by default (Lucene's form, k1 1.5, b 0.75), over stems and without English stop words.

    BM25 has no upper end: a score is ``s / (s + 1)``. Chunks without a word of the question are not found, and the
    cosine is not known.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._stem = Stemmer.Stemmer("english").stemWords
        self._model = bm25s.BM25()
        self._model.index(self._terms(list(shelf.passages)), show_progress=False)

    def search(self, question: str, *, limit: int) -> tuple[Hit, ...]:
        """The ``limit`` best chunks; ties by article and place."""
        (wanted,) = self._terms([question])
        known = [term for term in wanted if term in self._model.vocab_dict]
        if not known:
            return ()
        scores = self._model.get_scores(known)
        best = [int(at) for at in np.argsort(-scores, kind="stable")[:limit] if scores[at] > 0]
        return tuple(
            Hit(
                chunk=self._shelf.chunks[at],
                score=float(scores[at] / (scores[at] + 1)),
                cosine=float("nan"),
                ranks=Ranks(vector=None, keyword=rank),
            )
            for rank, at in enumerate(best, 1)
        )

    def _terms(self, texts: list[str]) -> list[list[str]]:
        found: list[list[str]] = bm25s.tokenize(
            texts, stopwords="en", stemmer=self._stem, return_ids=False, show_progress=False
        )
        return found
