"""A collection is brought in step with the store, mended where it lost something, and of one database alone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import chromadb
import numpy as np
import pytest

from rag.errors import IndexAway
from rag.schema import Article
from rag.storage.location import ServerAddress
from rag.storage.server.limits import Limits
from tests.support.embedder import made, several
from tests.support.served_index import (
    HASTY,
    chunk_count,
    collection,
    collection_name,
    nearest_article,
    open_index,
    word_of,
)
from tests.support.servers import SERVER_MARKS, PostgresServer, Proxy

pytestmark = SERVER_MARKS

AT_ONCE = Limits(removal_delay_s=0.0)


def is_text_of(documents: list[str], article: Article) -> bool:
    """Whether these chunks, which overlap, hold all lines of the article and no other."""
    return {line for text in documents for line in text.split("\n")} == set(article.text.split("\n"))


def test_vectors_are_sent_once_and_removed_ones_leave_the_collection_later(served: ServerAddress) -> None:
    with open_index(served) as index:
        index.add(several(range(4)))
        name, chunks = collection_name(served), chunk_count(index)
        assert collection(served).count() == chunks
        index.remove(["a0001"])
        assert collection(served).count() == chunks  # for those whose search began before
    with open_index(served, limits=AT_ONCE) as index:
        index.add([made(9)])
        assert collection(served).count() == chunk_count(index)
        assert collection_name(served) == name
        assert index.check() == ()


def test_two_databases_on_one_chroma_server_keep_apart(
    served: ServerAddress, postgres: PostgresServer
) -> None:
    database = f"other_{served.name}"
    postgres.tool("createdb", database)
    elsewhere = replace(served, database=postgres.url.removesuffix("postgres") + database)
    with open_index(served) as index, open_index(elsewhere) as other:
        index.add([made(1)])
        other.add([made(2)])
        for each in (index, other):
            each.rebuild()
            each.rebuild()
            assert each.check() == ()
        assert collection(served).count() > 0
        assert collection(elsewhere).count() > 0


def test_a_collection_that_is_gone_is_made_anew_embedding_nothing(served: ServerAddress) -> None:
    with open_index(served) as index:
        index.add(several(range(6)))
        name = collection_name(served)
        before = index.search(word_of(2), limit=9)
        chromadb.HttpClient(served.host, served.port).delete_collection(name)
        assert index.search(word_of(2), limit=9) == before
        assert collection_name(served) != name  # the search that noticed had it mended
        assert index.search(word_of(2), limit=9) == before
        assert index.check() == ()


def test_a_collection_that_lost_vectors_is_noticed_at_the_next_opening(served: ServerAddress) -> None:
    with open_index(served) as index:
        index.add(several(range(6)))
        name = collection_name(served)
        collection(served).delete(ids=["1", "2"])
        (fault,) = index.check()
        assert "lack 2 chunks, the first 1" in fault
    with open_index(served) as index:
        assert collection_name(served) != name
        assert index.check() == ()
        assert nearest_article(index, 0) == "a0000"


def test_other_vectors_in_the_collection_are_reported(served: ServerAddress) -> None:
    with open_index(served) as index:
        index.add(several(range(3)))
        collection(served).update(ids=["1"], embeddings=np.eye(1, 256, dtype=np.float32))
        (fault,) = index.check()
        assert "are others for 1 chunks, the first 1" in fault


def test_a_database_of_chroma_that_is_not_there_is_reported_and_answers_are_right(
    served: ServerAddress,
) -> None:
    with open_index(replace(served, chroma_database="nowhere")) as index:
        index.add(several(range(3)))
        assert nearest_article(index, 2) == "a0002"
        (fault,) = index.check()
        assert "nowhere" in fault


def test_collections_that_are_no_longer_used_are_deleted(served: ServerAddress) -> None:
    with open_index(served) as index:
        index.add(several(range(3)))
        for _ in range(4):
            index.rebuild()
        collections = chromadb.HttpClient(served.host, served.port).list_collections()
        assert sum(each.name.startswith(f"{served.name}-") for each in collections) <= 2
        assert index.check() == ()


def test_a_dump_that_is_restored_into_an_empty_database_is_the_same_index(
    served: ServerAddress, postgres: PostgresServer, tmp_path: Path
) -> None:
    with open_index(served) as index:
        index.add(several(range(6)))
        before = index.search(word_of(2), limit=9)
    copy, dump = f"copy_{served.name}", str(tmp_path / "dump")
    postgres.tool("pg_dump", "-Fc", "-n", served.name, "-f", dump, "postgres")
    postgres.tool("createdb", "-E", "UTF8", "-T", "template0", copy)
    postgres.tool("pg_restore", "-d", copy, dump)
    restored = replace(served, database=postgres.url.removesuffix("postgres") + copy)
    with open_index(restored) as index:
        assert index.search(word_of(2), limit=9) == before
        assert index.check() == ()
        index.add([made(7)])
        assert nearest_article(index, 7) == "a0007"


def test_a_dump_that_is_restored_after_more_changes_is_not_answered_from_the_newer_vectors(
    served: ServerAddress, postgres: PostgresServer, tmp_path: Path
) -> None:
    dump = str(tmp_path / "dump")
    with open_index(served, limits=AT_ONCE) as index:
        index.add(several(range(6)))
        name = collection_name(served)
        postgres.tool("pg_dump", "-Fc", "-n", served.name, "-f", dump, "postgres")
        index.remove(["a0002"])
        index.add(several(range(10, 16)))
    postgres.tool("psql", "-q", "-c", f"DROP SCHEMA {served.name} CASCADE", "postgres")
    postgres.tool("pg_restore", "-d", "postgres", dump)
    with open_index(served, limits=AT_ONCE) as index:
        assert collection_name(served) != name  # made anew: it had enough vectors, but of others
        assert nearest_article(index, 2) == "a0002"
        assert index.check() == ()


def test_an_index_in_format_1_gets_a_described_collection_from_the_next_writer(
    served: ServerAddress, postgres: PostgresServer
) -> None:
    with open_index(served) as index:
        index.add(several(range(4)))
        before = index.search(word_of(2), limit=9)
        vectors = index._store.vectors_after(0)
    old = collection_name(served)
    postgres.run(
        f"SET search_path TO {served.name}",
        "DROP TABLE redescribed",
        "UPDATE meta SET value = '1' WHERE key = 'format'",
        "DELETE FROM meta WHERE key = 'described'",
    )
    with open_index(served) as index, open_index(served) as other:
        assert collection_name(served) == old  # no search needs another
        assert index.search(word_of(2), limit=9) == other.search(word_of(2), limit=9) == before
        assert index._backend.collection() is not None
        index.add([replace(made(1), publisher="Coast News")])
        assert collection_name(served) != old
        assert index.collection().outdated == 0
        np.testing.assert_array_equal(index._store.vectors_after(0)[1], vectors[1])
        held = collection(served).get(where={"publisher": "Coast News"}, include=["documents"])
        assert is_text_of(held["documents"] or [], made(1))
        assert index.check() == other.check() == ()


def test_what_was_described_anew_while_chroma_was_away_is_told_to_it_later(
    served: ServerAddress, proxies: Callable[[int], Proxy]
) -> None:
    proxy = proxies(served.port)
    with open_index(replace(served, port=proxy.port), limits=HASTY) as index:
        index.add(several(range(6)))
        name = collection_name(served)
        proxy.become("cut")
        index.add([replace(made(1), publisher="Coast News", url=""), made(7)])
        index.add([replace(made(7), publisher="Coast News")])  # described anew before it was ever sent
        with pytest.raises(IndexAway, match="cannot be reached"):
            index.collection()
        proxy.become("pass")
        assert index.collection().outdated == 0
        assert collection_name(served) == name
        for article, url in ((made(1), ""), (made(7), made(7).url)):
            condition = {"$and": [{"article_id": article.id}, {"publisher": "Coast News"}, {"url": url}]}
            held = collection(served).get(where=condition, include=["documents"])  # type: ignore[arg-type]
            assert is_text_of(held["documents"] or [], article)
        assert index.check() == ()
