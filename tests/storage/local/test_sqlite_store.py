"""The store in one SQLite file: how long terms are counted, and a damaged or foreign file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import IndexBroken, IndexFault
from rag.schema import Article, Span
from rag.storage.bm25 import Bm25
from rag.storage.local.limits import Limits
from rag.storage.local.sqlite_store import SqliteStore
from tests.support.stores import ARTICLE, SPANS, VECTORS, put, ranked


def run(path: Path, *statements: str) -> None:
    """Change a database as another program might."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "index.sqlite3")
    with store.writing():
        put(store, ARTICLE, spans=SPANS, vectors=VECTORS)
    yield store
    store.close()


@pytest.mark.parametrize("few", [0, 512])
def test_newer_chunks_rank_the_same_whether_few_or_many(tmp_path: Path, few: int) -> None:
    store = SqliteStore(tmp_path / "index.sqlite3", limits=Limits(fts_chunks=few))
    texts = ("old words", "words of one", "one one of three", "words one", "words one", "none")
    with store.writing():
        for number, text in zip((9, 1, 7, 5, 3, 2), texts, strict=True):
            article = Article(id=f"a{number}", title="", text=text)
            put(store, article, spans=(Span(0, len(text)),), vectors=VECTORS[:1])
    wanted = ["words", "one", "nowhere"]
    asked = Bm25.of(wanted, seen=store.frequencies(wanted), mean=store.mean_length)
    assert store.keyword_search(asked, limit=9, after=1) == store.keyword_search(asked, limit=9)[:4]
    assert store.keyword_search(asked, limit=2, after=1) == store.keyword_search(asked, limit=2)
    assert store.keyword_search(asked, limit=2, after=6) == ()


# The last ones differ beyond what FTS5 keeps of a term; of the second it keeps half a character at the end.
@pytest.mark.parametrize(
    "words", [("x" * 32_768,), ("क" * 12_000,), ("x" * 32_769,), ("x" * 40_000, "x" * 40_001)]
)
def test_a_term_longer_than_the_full_text_index_keeps_is_counted_whole(
    store: SqliteStore, words: tuple[str, ...]
) -> None:
    bodies = [f"{word} lamp" for word in words]
    with store.writing():
        store.put(
            replace(ARTICLE, id="long"),
            spans=SPANS[: len(words)],
            bodies=bodies,
            vectors=VECTORS[: len(words)],
        )
    before = store.vocabulary()
    assert {word: before[word] for word in words} == dict.fromkeys(words, 1)
    assert (store.recount_terms(), store.problems()) == (before, ())
    for number, word in enumerate(words):
        assert [chunk_id for chunk_id, _ in ranked(store, [word], limit=5)] == [4 + number]
    with store.writing():
        store.remove_orphans()
    assert store.vocabulary() == store.recount_terms() == before
    with store.writing():
        store.remove("long")
    assert store.vocabulary() == store.recount_terms()
    assert not {*words, "lamp"} & store.vocabulary().keys()


def test_a_file_that_is_no_database_is_broken_and_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite3"
    path.write_bytes(b"This is not a database, and longer than the header of one is. " * 100)
    with pytest.raises(IndexBroken, match=r"index\.sqlite3.*delete the folder .* add the articles again"):
        SqliteStore(path)


def test_a_truncated_file_is_broken(store: SqliteStore) -> None:
    store.close()
    whole = store.path.read_bytes()
    for size in (len(whole) - 1, len(whole) // 2, 4096, 100, 10):
        store.path.write_bytes(whole[:size])
        with pytest.raises(IndexBroken):
            SqliteStore(store.path)


def test_a_file_of_no_bytes_is_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite3"
    path.touch()
    assert SqliteStore(path).count() == 0


def test_a_file_scribbled_over_is_broken_when_it_is_read(store: SqliteStore) -> None:
    store.close()
    whole = bytearray(store.path.read_bytes())
    whole[4096:] = b"\x5a" * (len(whole) - 4096)
    store.path.write_bytes(whole)

    def read() -> None:
        damaged = SqliteStore(store.path)
        damaged.article("colossus")
        ranked(damaged, ["122"], limit=5)

    with pytest.raises(IndexBroken):
        read()


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite3"
    run(path, "CREATE TABLE theirs (x)")
    with pytest.raises(IndexBroken, match="not the index of Pincite"):
        SqliteStore(path)


def test_a_newer_format_asks_for_an_upgrade(store: SqliteStore) -> None:
    store.close()
    run(store.path, "PRAGMA user_version = 99")
    with pytest.raises(IndexBroken, match=r"format 99 .* upgrade Pincite"):
        SqliteStore(store.path)


def test_a_held_database_is_busy_and_not_broken(store: SqliteStore) -> None:
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store._file.run("PRAGMA busy_timeout = 10")
    with pytest.raises(IndexFault, match="held by another program"), store.writing():
        store.remove("colossus")
    other.execute("ROLLBACK")
    other.close()

    with store.writing():
        store.remove("colossus")
    assert store.count() == 0


def test_rows_that_belong_to_nothing_are_found(store: SqliteStore) -> None:
    run(
        store.path,
        "INSERT INTO words (rowid, body) VALUES (77, 'stray')",
        "INSERT INTO chunks (article_id, start, end, vector) VALUES ('gone', 0, 1, x'00')",
    )
    assert store.problems()[:2] == (
        "there are 1 chunks without an article",
        "there are 1 keyword rows without a chunk",
    )
