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
from tests.benchmarks.rivals.common_index import CommonIndex

_BATCH = 5000  # Chroma takes no more than 5461 rows at once


class Vectors:
    """``Chroma`` of langchain-chroma, in memory, by cosine; a score is the cosine.

    ``as_retriever`` gives the same chunks in the same order, without their scores.
    """

    def __init__(self, common_index: CommonIndex) -> None:
        self._common_index = common_index
        # Clients in memory share one system, so each collection needs a name of its own.
        self._store = Chroma(
            client=chromadb.EphemeralClient(),
            collection_name=f"rivals-{uuid.uuid4().hex}",
            embedding_function=_IndexVectors(common_index),
            collection_configuration={"hnsw": {"space": "cosine"}},
        )
        documents = [
            Document(page_content=text, metadata={"chunk": number})
            for number, text in enumerate(common_index.passages)
        ]
        for start in range(0, len(documents), _BATCH):
            self._store.add_documents(documents[start : start + _BATCH])

    def search(self, question: str, *, limit: int) -> tuple[Hit, ...]:
        """The ``limit`` nearest chunks."""
        results = self._store.similarity_search_with_score(question, k=limit)
        hits: list[Hit] = []
        for rank, (document, distance) in enumerate(results, 1):
            cosine = 1 - float(distance)
            chunk = self._common_index.chunks[document.metadata["chunk"]]
            hits.append(Hit(chunk=chunk, score=cosine, cosine=cosine, ranks=Ranks(vector=rank, keyword=None)))
        return tuple(hits)

    def close(self) -> None:
        """Delete the collection."""
        self._store.delete_collection()


class _IndexVectors(Embeddings):
    """The vectors that the index has; only questions are embedded."""

    def __init__(self, common_index: CommonIndex) -> None:
        self._embedder = common_index.embedder
        self._vectors: Mapping[str, list[float]] = dict(
            zip(common_index.passages, common_index.vectors.tolist(), strict=True)
        )

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._vectors[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        row: list[float] = self._embedder.embed_question(text).tolist()
        return row


class Keywords:
    """BM25 as bm25s has it by default (Lucene's form, k1 1.5, b 0.75), over stems and without English stop words.

    BM25 has no upper end: a score is ``s / (s + 1)``. Chunks without a word of the question are not found, and the
    cosine is not known.
    """

    def __init__(self, common_index: CommonIndex) -> None:
        self._common_index = common_index
        self._stem = Stemmer.Stemmer("english").stemWords
        self._model = bm25s.BM25()
        self._model.index(self._terms(list(common_index.passages)), show_progress=False)

    def search(self, question: str, *, limit: int) -> tuple[Hit, ...]:
        """The ``limit`` best chunks; ties by article and place."""
        (terms,) = self._terms([question])
        terms = [term for term in terms if term in self._model.vocab_dict]
        if not terms:
            return ()
        scores = self._model.get_scores(terms)
        order = np.argsort(-scores, kind="stable")[:limit]
        best = [int(number) for number in order if scores[number] > 0]
        return tuple(
            Hit(
                chunk=self._common_index.chunks[number],
                score=float(scores[number] / (scores[number] + 1)),
                cosine=float("nan"),
                ranks=Ranks(vector=None, keyword=rank),
            )
            for rank, number in enumerate(best, 1)
        )

    def _terms(self, texts: list[str]) -> list[list[str]]:
        terms: list[list[str]] = bm25s.tokenize(
            texts, stopwords="en", stemmer=self._stem, return_ids=False, show_progress=False
        )
        return terms
