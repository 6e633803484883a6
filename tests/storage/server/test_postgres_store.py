"""The store in PostgreSQL: many processes, long ids, and texts that a database cannot keep as they are."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.schema import Article, Span
from rag.storage.server.postgres import Postgres
from rag.storage.server.postgres_store import SharedStore
from rag.storage.store import keywords
from tests.support.servers import SERVER_MARKS, PostgresServer
from tests.support.stores import ARTICLE, SPANS, VECTORS, put, ranked

pytestmark = SERVER_MARKS


def test_one_reading_sees_one_state_while_another_process_writes(
    store: SharedStore, postgres: PostgresServer, schema: str
) -> None:
    other = SharedStore(Postgres(postgres.url, schema=schema))
    with store.reading():
        before = store.generation
        with other.writing():
            other.remove("colossus")
        assert store.generation == before
        assert store.article("colossus") == ARTICLE
        assert [chunk_id for chunk_id, _ in ranked(store, ["122"], limit=5)] == [1]
    assert store.generation == before + 1
    assert store.article("colossus") is None
    other.close()


def test_a_change_that_fails_changes_nothing(store: SharedStore) -> None:
    before = store.generation

    def half_done() -> None:
        with store.writing():
            store.remove("colossus")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    assert (store.generation, store.article("colossus")) == (before, ARTICLE)
    assert store.removed.older_than(0) == ()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    words=st.text("\0\x1a01 aé𝄞\"'\\{},%:", min_size=1),
)
def test_any_text_comes_back_as_it_went_in(store: SharedStore, title: str, words: str) -> None:
    article = Article(id=f"id {title}\0", title=title, text=words, credit="\0")
    with store.writing():
        put(store, article, spans=[Span(0, len(words))], vectors=VECTORS[:1])
    assert store.article(article.id) == article
    (chunk_id,) = store.chunk_ids([article.id])
    assert store.chunks([chunk_id])[chunk_id].text == words
    assert store.bodies([chunk_id])[chunk_id][2] == keywords(title, words)
    assert store.vocabulary() == store.recount_terms()
    with store.writing():
        store.remove(article.id)


def test_ids_and_words_may_be_longer_than_postgresql_indexes(store: SharedStore) -> None:
    long = "".join(chr(ord("a") + number * number % 26) for number in range(9000))
    article = replace(ARTICLE, id=long)
    with store.writing():
        store.put(article, spans=SPANS[:1], bodies=[f"before {long} after"], vectors=VECTORS[:1])
    assert store.article(long) == article
    assert ranked(store, [long], limit=5)[0][0] == 4
    assert store.vocabulary()[long] == 1


def test_ids_of_a_change_that_came_to_nothing_are_not_given_again(store: SharedStore) -> None:
    def half_done() -> None:
        with store.writing():
            put(store, replace(ARTICLE, id="other"), spans=SPANS, vectors=VECTORS)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    with store.writing():
        put(store, replace(ARTICLE, id="other"), spans=SPANS[:1], vectors=VECTORS[:1])
    assert store.vectors_after(3)[0] == (7,)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("DELETE FROM words WHERE id = 1", "without keywords"),
        ("UPDATE meta SET value = '7' WHERE key = 'chunks'", "it counts 7 chunks of 3"),
    ],
)
def test_totals_and_rows_that_disagree_are_reported(
    store: SharedStore, postgres: PostgresServer, schema: str, damage: str, message: str
) -> None:
    assert store.problems() == ()
    postgres.run(f"SET search_path TO {schema}", damage)
    assert any(message in fault for fault in store.problems())
    with store.writing():
        store.remove_orphans()
    assert not any("counts" in fault for fault in store.problems())
