"""Other programs open the collection of an index, with chromadb and langchain_chroma, and find the articles."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import pytest
from chromadb.api import ClientAPI
from chromadb.api.models.Collection import Collection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langchain_chroma import Chroma
from langchain_core.runnables import RunnableLambda

from rag.errors import IndexFault
from rag.index.contents import open_contents
from rag.index.index import Index
from rag.langchain import IndexEmbeddings
from rag.schema import Article
from rag.storage.chunk_entries import chunk_entries
from rag.storage.location import ServerAddress
from rag.storage.records import ChromaCollection
from tests.support.embedder import embedder, made, several
from tests.support.indexes import hit_ids, open_index, word

# chromadb leaves the sockets of a client to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings(
        "ignore:legacy embedding function config:DeprecationWarning"
    ),  # chromadb's own
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    ),
]

OLD = replace(made(1), publisher="Coast News", date=datetime.date(2025, 12, 31))
NEW = replace(made(2), publisher="Inland News", date=datetime.date(2026, 5, 1))
UNDATED = made(3)


def client(found: ChromaCollection) -> ClientAPI:
    if found.folder:
        return chromadb.PersistentClient(found.folder)
    return chromadb.HttpClient(found.host, found.port)


def opened(found: ChromaCollection) -> Collection:
    return client(found).get_collection(found.name, embedding_function=None)


def described(collection: Collection) -> dict[int, tuple[str, dict[str, Any]]]:
    """The text and the metadata of each chunk, by id, as chromadb returns them."""
    held = collection.get(include=["documents", "metadatas"])
    assert held["documents"] is not None
    assert held["metadatas"] is not None
    rows = zip(held["ids"], held["documents"], held["metadatas"], strict=True)
    return {int(key): (text, dict(metadata)) for key, text, metadata in rows}


def expected(index: Index) -> dict[int, tuple[str, dict[str, Any]]]:
    """The same as the store has it."""
    with index.reading():
        entries = chunk_entries(index._store, index._store.vectors_after(0)[0])
    return {chunk_id: (entry.text, dict(entry.metadata)) for chunk_id, entry in entries.items()}


def query(question: str) -> Any:  # noqa: ANN401
    """The vectors of one question as chromadb takes them."""
    return [IndexEmbeddings(embedder()).embed_query(question)]


def article_ids(collection: Collection, question: str, **options: object) -> list[object]:
    """The article of each of the nearest chunks, nearest first."""
    near = collection.query(query_embeddings=query(question), n_results=50, **options)  # type: ignore[arg-type]
    assert near["metadatas"] is not None
    return [metadata["article_id"] for metadata in near["metadatas"][0]]


def test_chromadb_finds_each_chunk_as_a_slice_of_its_article(where: Path | ServerAddress) -> None:
    with open_index(where) as index:
        index.add([OLD, NEW, UNDATED])
        found = index.collection()
        collection = opened(found)
        assert (found.chunks, found.outdated, found.texts) == (collection.count(), 0, True)
        assert (found.embedder, found.dimensions) == ("bag-of-words", 256)
        assert collection.metadata["embedder"] == "bag-of-words"
        assert collection.metadata["texts"] is True
        held = described(collection)
        assert held == expected(index)
        for text, metadata in held.values():
            article = index.article(str(metadata["article_id"]))
            assert text == article.text[metadata["start"] : metadata["end"]]
            assert (metadata["title"], metadata["url"]) == (article.title, article.url)
            assert metadata["publisher"] == article.publisher
        assert article_ids(collection, word(2))[0] == NEW.id


def test_filters_of_chromadb_work(where: Path | ServerAddress) -> None:
    with open_index(where) as index:
        index.add([OLD, NEW, UNDATED])
        collection = opened(index.collection())

        def among(condition: object, **more: object) -> set[object]:
            return set(article_ids(collection, word(3), where=condition, **more))

        assert among({"day": {"$gt": 20251231}}) == {NEW.id}
        assert among({"day": {"$lte": 20251231}}) == {OLD.id}
        assert among({"date": "2026-05-01"}) == {NEW.id}
        assert among({"publisher": "Coast News"}) == {OLD.id}
        assert among({"article_id": {"$in": [OLD.id, UNDATED.id]}}) == {OLD.id, UNDATED.id}
        assert among({"publisher": ""}) == {UNDATED.id}
        assert among({"title": {"$ne": OLD.title}}, where_document={"$contains": word(3)}) == {UNDATED.id}


def test_a_chain_of_langchain_stands_on_the_collection(where: Path | ServerAddress) -> None:
    with open_index(where) as index:
        index.add([OLD, NEW, UNDATED])
        found = index.collection()
        embeddings = IndexEmbeddings(embedder())
        before = opened(found).metadata
        store = Chroma(client=client(found), collection_name=found.name, embedding_function=embeddings)  # type: ignore[call-arg, unused-ignore]
        retriever = store.as_retriever(search_kwargs={"k": 2, "filter": {"day": {"$gte": 20260101}}})
        chain = retriever | RunnableLambda(lambda documents: documents[0])
        best = chain.invoke(f"What of {word(2)}?")
        start, end = best.metadata["start"], best.metadata["end"]
        assert best.metadata["article_id"] == NEW.id
        assert best.page_content == NEW.text[start:end]
        for _, score in store.similarity_search_with_relevance_scores(word(1), k=3):
            assert 0 <= score <= 1
        assert opened(found).metadata == before
        assert index.check() == ()


def test_its_vectors_are_nearest_to_those_of_the_same_embedder_in_the_order_of_the_index(
    folder: Path,
) -> None:
    with open_index(folder) as index:
        index.add(several(range(12)))
        question = index.article("a0007").text[:200]
        chunk_ids = index._backend.vector_search(index.prepare_question(question).vector, limit=5)
        near = opened(index.collection()).query(query_embeddings=query(question), n_results=5)
        starts = [(metadata["article_id"], metadata["start"]) for metadata in near["metadatas"][0]]  # type: ignore[index]
        assert starts == [(hit.article_id, hit.start) for hit in chunk_ids]


def test_what_changed_is_in_the_collection_as_it_is(where: Path | ServerAddress) -> None:
    with open_index(where) as index:
        index.add([*several(range(10, 30)), OLD, NEW, UNDATED])
        index.collection()
        retitled = replace(OLD, title="Another title")
        redated = replace(NEW, date=None, url="https://example.org/moved", publisher="")
        rewritten = replace(UNDATED, text=UNDATED.text.replace("v0", "v7"))
        index.add([retitled, redated, rewritten])
        index.remove(["a0010"])
        found = index.collection()
        held = described(opened(found))
        assert {chunk_id: held[chunk_id] for chunk_id in expected(index)} == expected(index)
        assert len(held) == found.chunks + found.outdated
        if found.folder:
            assert found.outdated == 0
        texts = " ".join(text for text, metadata in held.values() if metadata["article_id"] == UNDATED.id)
        assert word(3, version=7) in texts
        assert index.check() == ()


def test_a_renamed_file_is_found_by_its_new_id_and_no_vector_is_made_again(
    where: Path | ServerAddress,
) -> None:
    with open_index(where) as index:
        index.sync(several(range(9)))
        vectors = index._store.vectors_after(0)
        moved = [replace(article, id=f"moved/{article.id}") for article in several(range(9))]
        assert len(index.sync(moved).renamed) == 9
        np.testing.assert_array_equal(index._store.vectors_after(0)[1], vectors[1])
        held = described(opened(index.collection()))
        assert {str(metadata["article_id"]) for _, metadata in held.values()} == {one.id for one in moved}
        assert held == expected(index)


def test_texts_are_left_out_and_put_in_again(where: Path | ServerAddress) -> None:
    with open_index(where) as index:
        index.add([OLD, NEW])
        before = index.search(word(2), limit=5)
        index.set_collection_texts(included=False)
        found = index.collection()
        assert not found.texts
        documents = opened(found).get(include=["documents"])["documents"]
        assert documents is not None
        assert len(documents) == found.chunks
        assert not any(documents)
        assert set(article_ids(opened(found), word(1), where={"publisher": "Coast News"})) == {OLD.id}
        index.add([UNDATED])
        assert opened(index.collection()).metadata["texts"] is False
    with open_contents(where) as contents:
        assert not contents.collection().texts
        contents.set_collection_texts(included=True)
    with open_index(where) as index:
        assert described(opened(index.collection())) == expected(index)
        index.remove([UNDATED.id])
        assert index.search(word(2), limit=5) == before


def test_an_index_without_articles_has_no_collection_and_says_so(where: Path | ServerAddress) -> None:
    with open_index(where) as index:
        with pytest.raises(
            IndexFault, match="has no Chroma collection, as it has no articles: run `pincite add"
        ):
            index.collection()
        index.add([OLD])
        index.remove([OLD.id])
        with pytest.raises(IndexFault, match="has no articles"):
            index.collection()


def test_who_has_the_collection_open_in_the_same_process_disturbs_no_search(folder: Path) -> None:
    with open_index(folder) as index:
        index.add(several(range(9)))
        name = index.collection().folder
    other = chromadb.PersistentClient(name).get_collection("chunks", embedding_function=None)
    with open_index(folder) as index:
        for number in range(9):
            assert hit_ids(index, word(number), limit=1) == [f"a000{number}"]
            assert article_ids(other, made(number).text)[0] == f"a000{number}"
        assert index.check() == ()
        assert index.collection().folder == name


def test_what_a_stranger_writes_into_it_is_in_no_answer_and_gone_with_the_next_one(folder: Path) -> None:
    with open_index(folder) as index:
        index.add(several(range(9)))
        found = index.collection()
        before = index.search(word(4), limit=9)
    opened(found).add(ids=["999"], embeddings=np.eye(1, 256, dtype=np.float32), documents=["A forgery."])
    with open_index(folder) as index:
        assert index.check() != ()
        for _ in range(4):
            assert index.search(word(4), limit=9) == before
        index.rebuild()
        assert described(opened(index.collection())) == expected(index)
        assert index.check() == ()


ODD = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(
    title=ODD, url=ODD, publisher=ODD, words=st.lists(ODD, min_size=1, max_size=5), day=st.none() | st.dates()
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_and_metadata_come_back_character_for_character(
    tmp_path_factory: pytest.TempPathFactory,
    title: str,
    url: str,
    publisher: str,
    words: Sequence[str],
    day: datetime.date | None,
) -> None:
    text = "Found there. " + " ".join(words)
    article = Article(id="odd", title=title, text=text, url=url, publisher=publisher, date=day)
    with open_index(tmp_path_factory.mktemp("index")) as index:
        index.add([article])
        held = described(opened(index.collection()))
        assert held == expected(index)
        (metadata, *_) = (metadata for _, metadata in held.values())
        assert metadata.get("date") == (day.isoformat() if day else None)
        assert metadata.get("day") == (
            int(f"{day:%Y%m%d}") if day and day.year > 999 else metadata.get("day")
        )


def test_days_sort_as_their_dates_do(folder: Path) -> None:
    days = [datetime.date(1, 1, 1), datetime.date(999, 12, 31), datetime.date(2026, 5, 1), datetime.date.max]
    with open_index(folder) as index:
        index.add([replace(made(number), date=day) for number, day in enumerate(days)])
        held = described(opened(index.collection()))
        by_article = {metadata["article_id"]: metadata["day"] for _, metadata in held.values()}
        assert [by_article[f"a000{number}"] for number in range(4)] == [10101, 9991231, 20260501, 99991231]


def test_the_embeddings_are_those_of_the_index_by_its_name_for_them() -> None:
    from rag.models.embedders import open_embedder

    with_name = IndexEmbeddings("minilm-l6-v2-int8")
    model = open_embedder("minilm")
    np.testing.assert_array_equal(with_name.embed_query("A ferry."), model.embed_question("A ferry."))
    np.testing.assert_array_equal(with_name.embed_documents(["A", "b"]), model.embed(["A", "b"]))
