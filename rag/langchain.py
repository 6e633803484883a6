"""Pincite in LangChain: an index as a retriever, its embedder as ``Embeddings``, and a chatbot as a runnable."""

from collections.abc import Mapping
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict, Field

from rag.chatbot import Chatbot
from rag.errors import QuestionError
from rag.filters import EVERYTHING, Filter
from rag.index.index import Index
from rag.models.embedders import Embedder, open_embedder
from rag.schema import Answer


class ArticleRetriever(BaseRetriever):
    """Retrieve the ``k`` best chunks for a question, best first, from the articles that match ``within``.

    ``page_content`` is the chunk's text; ``metadata`` has the article's ``id``, ``title`` and ``url``, the
    chunk's ``span`` in the article's text, ``[start, end]`` in code points, and the fused ``score``.

    >>> retriever = ArticleRetriever(index=index, k=4)  # doctest: +SKIP
    >>> retriever.invoke("Who built Colossus?")[0].metadata["span"]  # doctest: +SKIP
    [2590, 3275]
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    k: int = Field(default=4, ge=1)
    within: Filter = EVERYTHING

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        documents: list[Document] = []
        for hit in self.index.search(query, limit=self.k, within=self.within):
            article = self.index.article(hit.chunk.article_id)
            metadata = {
                "id": article.id,
                "title": article.title,
                "url": article.url,
                "span": list(hit.chunk.span),
                "score": hit.score,
            }
            documents.append(Document(page_content=hit.chunk.text, metadata=metadata))
        return documents


class IndexEmbeddings(Embeddings):
    """The embedder of an index, for whoever searches its Chroma collection without Pincite.

    ``embedder`` is ``collection.metadata["embedder"]`` or another name that ``--embedder`` takes, a LangChain
    ``Embeddings`` or an open ``Embedder``; raises ``ModelError`` where none has that name. Vectors have unit length.
    Texts are embedded as they are given; those of the index were embedded after the titles of their articles.

    >>> embeddings = IndexEmbeddings("minilm")  # doctest: +SKIP
    >>> len(embeddings.embed_query("Who built Colossus?"))  # doctest: +SKIP
    384
    """

    def __init__(self, embedder: str | Embeddings | Embedder) -> None:
        self._embedder = embedder if isinstance(embedder, Embedder) else open_embedder(embedder)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vector of each text."""
        rows: list[list[float]] = self._embedder.embed(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        row: list[float] = self._embedder.embed_question(text).tolist()
        return row


def as_runnable(bot: Chatbot) -> Runnable[object, Answer]:
    """Return a LangChain ``Runnable`` from a question, or a mapping with one, to an ``Answer``.

    The mapping has a ``question`` and may have a ``history`` and ``within``, a ``Filter``. ``ainvoke`` and the like
    stop the model where their task is cancelled.

    >>> chain = as_runnable(bot) | (lambda answer: answer.text)  # doctest: +SKIP
    """

    def answer(given: object) -> Answer:
        return bot.ask(**_asked(given))

    async def answer_awaited(given: object) -> Answer:
        return await bot.aask(**_asked(given))

    return RunnableLambda(answer, afunc=answer_awaited, name="pincite")


def _asked(given: object) -> dict[str, Any]:
    """What ``ask`` is called with, for a question alone or a mapping; ``ask`` itself refuses what is no string."""
    if not isinstance(given, Mapping):
        return {"question": given}
    if "question" not in given:
        raise QuestionError(f"the input has the keys {sorted(map(str, given))}: it needs 'question'")
    history, within = given.get("history") or (), given.get("within") or EVERYTHING
    return {"question": given["question"], "history": history, "within": within}
