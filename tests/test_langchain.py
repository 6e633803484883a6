"""The index in other people's LangChain chains."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.documents import Document
from pydantic import ValidationError

from rag.errors import ModelError
from rag.index.index import Index
from rag.langchain import ArticleRetriever, IndexEmbeddings
from rag.settings import Settings
from tests.support.embedder import embedder, several


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index", embedder=embedder(), settings=Settings()) as index:
        index.add(several(range(5)))
        yield index


def test_documents_are_slices_with_their_source(index: Index) -> None:
    documents = ArticleRetriever(index=index, k=3).invoke("What of w2x1v0?")
    assert len(documents) == 3
    best = documents[0]
    assert best.metadata["id"] == "a0002"
    assert best.metadata["title"] == "Findings of team 2"
    assert best.metadata["url"] == "https://example.org/2"
    start, end = best.metadata["span"]
    assert best.page_content == index.article("a0002").text[start:end]
    scores = [document.metadata["score"] for document in documents]
    assert scores == sorted(scores, reverse=True)


def test_it_is_a_part_of_a_chain(index: Index) -> None:
    def ids(documents: list[Document]) -> list[str]:
        return [document.metadata["id"] for document in documents]

    chain = ArticleRetriever(index=index, k=1) | ids
    assert chain.batch(["w1x1v0", "w4x1v0"]) == [["a0001"], ["a0004"]]


def test_it_keeps_the_order_of_the_index(index: Index) -> None:
    hits = index.search("What of w3x1v0?", limit=4)
    documents = ArticleRetriever(index=index).invoke("What of w3x1v0?")
    assert [tuple(document.metadata["span"]) for document in documents] == [
        tuple(hit.chunk.span) for hit in hits
    ]


def test_none_at_all_is_no_number_of_documents(index: Index) -> None:
    with pytest.raises(ValidationError):
        ArticleRetriever(index=index, k=0)


def test_an_embedder_that_nobody_has_is_told_with_those_there_are() -> None:
    with pytest.raises(ModelError, match="no embedder is called 'bag-of-words': use 'minilm', 'fast' or"):
        IndexEmbeddings("bag-of-words")


async def _ask(index: Index) -> list[Document]:
    return await ArticleRetriever(index=index, k=1).ainvoke("w1x1v0")


def test_it_may_be_awaited(index: Index) -> None:
    import asyncio

    (best,) = asyncio.run(_ask(index))
    assert best.metadata["id"] == "a0001"
