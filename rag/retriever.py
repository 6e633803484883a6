"""The index as a LangChain retriever, for people's own chains."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from rag.filtering import EVERYTHING, Filter
from rag.index import Index


class ArticleRetriever(BaseRetriever):
    """Gives the ``k`` best chunks for a question, best first, of the articles that match ``within``.

    ``page_content`` is the chunk's text; ``metadata`` has the article's ``id``, ``title`` and ``url``, the
    chunk's place in the article's text as ``span``, ``[start, end]`` in code points, and the fused ``score``.

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
        found: list[Document] = []
        for hit in self.index.search(query, limit=self.k, within=self.within):
            article = self.index.article(hit.chunk.article_id)
            metadata = {
                "id": article.id,
                "title": article.title,
                "url": article.url,
                "span": list(hit.chunk.span),
                "score": hit.score,
            }
            found.append(Document(page_content=hit.chunk.text, metadata=metadata))
        return found
