"""The store in PostgreSQL: what holds of the one in a file holds of it, and both rank alike."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

import rag.storage.server.postgres_keywords
from rag.errors import IndexAway, IndexBroken, IndexBusy, IndexFault, SettingsError
from rag.schema import Article, Span
from rag.storage.bm25 import Bm25
from rag.storage.local.sqlite_store import SqliteStore
from rag.storage.server.postgres import Postgres
from rag.storage.server.postgres_store import SharedStore
from rag.storage.store import keywords
from tests.storage.test_store import (  # what any store must do  # noqa: F401
    ARTICLE,
    SPANS,
    VECTORS,
    put,
    ranked,
    test_a_lone_surrogate_asked_for_is_not_found,
    test_a_removed_article_leaves_nothing_behind,
    test_a_renamed_article_keeps_its_chunks_keywords_and_vectors,
    test_a_term_with_odd_characters_stays_one_term,
    test_a_thousand_terms_are_no_trouble,
    test_amending_keeps_the_chunks,
    test_an_article_comes_back_as_it_went_in,
    test_chunks_are_slices_and_vectors_are_exact,
    test_frequencies_count_chunks,
    test_ids_of_removed_chunks_are_not_given_again,
    test_keywords_rank_the_chunk_that_says_it_first,
    test_many_threads_may_use_one_store,
    test_no_terms_find_nothing,
    test_titles_are_keywords_of_every_chunk,
)
from tests.support.servers import PASSWORD, PostgresServer

pytestmark = [
    pytest.mark.slow,
    # pg8000 leaves the socket of a connection that was refused to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    ),
]

_NAMES = (f"s{number}" for number in count())


def opened(server: PostgresServer, schema: str) -> SharedStore:
    return SharedStore(Postgres(server.url, schema=schema))


@pytest.fixture
def schema() -> str:
    return next(_NAMES)


@pytest.fixture
def store(postgres: PostgresServer, schema: str) -> Iterator[SharedStore]:
    store = opened(postgres, schema)
    with store.writing():
        put(store, ARTICLE, spans=SPANS, vectors=VECTORS)
    yield store
    store.close()


def run(server: PostgresServer, *statements: str) -> None:
    engine = create_engine(
        server.url.replace("postgresql:", "postgresql+pg8000:"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_one_reading_sees_one_state_while_another_process_writes(
    store: SharedStore, postgres: PostgresServer, schema: str
) -> None:
    other = opened(postgres, schema)
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
    assert store.gone(older_s=0) == ()


TERMS = st.lists(
    st.sampled_from(["a", "b", "cc", "a'b", "中", "é", "%s", ":x", "null"]), min_size=1, max_size=12
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    few=st.sampled_from([0, 40]),
    bodies=st.lists(TERMS, min_size=1, max_size=30),
    wanted=TERMS,
    limit=st.integers(1, 8),
)
def test_it_ranks_as_the_store_in_a_file_does(
    store: SharedStore,
    tmp_path_factory: pytest.TempPathFactory,
    bodies: list[list[str]],
    wanted: list[str],
    limit: int,
    few: int,
) -> None:
    rag.storage.server.postgres_keywords._FEW = few
    file = SqliteStore(tmp_path_factory.mktemp("store") / "index.sqlite3")
    said = [" ".join(body) for body in bodies]
    article = Article(id="x", title="", text="." * len(said))
    spans = [Span(place, place + 1) for place in range(len(said))]
    vectors = np.ones((len(said), 4), np.float32)
    for one in (file, store):
        with one.writing():
            one.remove("colossus")
            one.put(article, spans=spans, bodies=said, vectors=vectors)
    ranks = []
    for one in (file, store):
        seen = one.frequencies(wanted)
        asked = Bm25.of((term for term in wanted if seen.counts[term]), seen=seen, mean=one.mean_length)
        places = {chunk_id: start for chunk_id, (_, start, _) in one.bodies(one.vectors_after(0)[0]).items()}
        ranks.append(
            (
                [places[chunk_id] for chunk_id in one.keyword_search(asked, limit=limit)],
                seen,
                one.vocabulary(),
            )
        )
    rag.storage.server.postgres_keywords._FEW = 40
    assert ranks[0] == ranks[1]
    file.close()


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
    assert store.vocabulary() == store.counted()
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


def test_only_the_chunks_that_count_are_ranked(store: SharedStore) -> None:
    seen = store.frequencies(["anthrop"])
    wanted = Bm25.of(["anthrop"], seen=seen, mean=store.mean_length)
    assert set(store.keyword_search(wanted, limit=9, among=frozenset((1, 3)))) == {1, 3}
    assert store.keyword_search(wanted, limit=9, among=frozenset()) == ()
    assert set(store.keyword_search(wanted, limit=9, after=1)) == {2, 3}


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("DELETE FROM words WHERE id = 1", "without keywords"),
        ("UPDATE meta SET value = '7' WHERE key = 'chunks'", "it counts 7 chunks of 3"),
    ],
)
def test_what_does_not_agree_is_told(
    store: SharedStore, postgres: PostgresServer, schema: str, damage: str, told: str
) -> None:
    assert store.problems() == ()
    run(postgres, f"SET search_path TO {schema}", damage)
    assert any(told in fault for fault in store.problems())
    with store.writing():
        store.remove_orphans()
    assert not any("counts" in fault for fault in store.problems())


def test_two_that_make_the_same_index_at_once_make_one(postgres: PostgresServer, schema: str) -> None:
    import threading

    made: list[SharedStore] = []
    threads = [threading.Thread(target=lambda: made.append(opened(postgres, schema))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len({store.meta("collections") for store in made}) == 1
    for store in made:
        store.close()


# What is refused


def test_a_newer_format_asks_for_an_upgrade(
    store: SharedStore, postgres: PostgresServer, schema: str
) -> None:
    run(postgres, f"UPDATE {schema}.meta SET value = '99' WHERE key = 'format'")  # noqa: S608
    with pytest.raises(IndexBroken, match=r"format 99 .* up to 1: upgrade Pincite"):
        opened(postgres, schema)
    with pytest.raises(IndexBroken, match="upgrade Pincite"), store.writing():
        store.remove("colossus")
    assert store.count() == 3


def test_a_schema_of_another_program_is_refused(postgres: PostgresServer, schema: str) -> None:
    run(postgres, f"CREATE SCHEMA {schema}", f"CREATE TABLE {schema}.meta (id integer)")
    with pytest.raises(IndexBroken, match="not an index of Pincite"):
        opened(postgres, schema)


def test_a_database_that_cannot_hold_all_characters_is_refused(postgres: PostgresServer, schema: str) -> None:
    run(postgres, "CREATE DATABASE narrow ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    url = postgres.url.removesuffix("postgres") + "narrow"
    with pytest.raises(IndexFault, match="'LATIN1': make it anew with `createdb -E UTF8"):
        SharedStore(Postgres(url, schema=schema))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ((PASSWORD, "wrong"), "lets nobody in .*put the user and password right in PINCITE_DATABASE"),
        (("/postgres", "/nowhere"), "no database .*createdb"),
        (("@127", "@127.0.0.1:1,127"), "is no address: give PINCITE_DATABASE as postgresql://"),
        (("postgresql:", "mysql:"), "does not name a PostgreSQL database"),
        (("/postgres", "/postgres?sslmode=perhaps"), "sslmode='perhaps'"),
        (("/postgres", "/postgres?secret=1"), r"not known, \['secret'\]"),
    ],
)
def test_a_wrong_address_says_what_is_wrong_and_no_password(
    postgres: PostgresServer, schema: str, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], told: str
) -> None:
    hasty(monkeypatch)
    with pytest.raises((IndexFault, SettingsError), match=told) as caught:
        SharedStore(Postgres(postgres.url.replace(*change), schema=schema))
    error: BaseException | None = caught.value
    assert PASSWORD not in str(error)
    assert "\n" not in str(error)


def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give servers up within about a second."""
    from tenacity import stop_after_delay

    import rag.storage.server.postgres

    monkeypatch.setattr(
        rag.storage.server.postgres,
        "_AGAIN",
        rag.storage.server.postgres._AGAIN.copy(stop=stop_after_delay(0.8)),
    )
    monkeypatch.setattr(rag.storage.server.postgres, "_CONNECT_S", 0.6)
    monkeypatch.setattr(rag.storage.server.postgres, "_READ_S", 0.9)


def test_without_its_packages_one_is_told_what_to_install(
    schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "sqlalchemy.engine", None)
    with pytest.raises(IndexFault, match=r"pip install '\.\[shared\]'"):
        Postgres("postgresql://u@localhost/d", schema=schema)


def test_a_user_who_may_only_read_is_told_so(
    store: SharedStore, postgres: PostgresServer, schema: str
) -> None:
    run(
        postgres,
        f"CREATE ROLE {schema}_reader LOGIN PASSWORD 'r'",
        f"GRANT USAGE ON SCHEMA {schema} TO {schema}_reader",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {schema}_reader",
    )
    reader = SharedStore(
        Postgres(postgres.url.replace(f"pincite:{PASSWORD}", f"{schema}_reader:r"), schema=schema)
    )
    assert reader.article("colossus") == ARTICLE
    with (
        pytest.raises(IndexFault, match=r"cannot be written .*name a user in PINCITE_DATABASE who may"),
        reader.lock(wait_s=0),
    ):
        pass
    reader.close()


def test_the_socket_of_a_server_on_this_machine_does_too(postgres: PostgresServer, schema: str) -> None:
    url = f"postgresql://pincite:{PASSWORD}@/postgres?host={postgres.folder}"
    with pytest.raises(IndexAway, match="the local socket"):
        SharedStore(Postgres(url, schema=schema))
    store = SharedStore(Postgres(url.replace("@/", f"@:{postgres.port}/"), schema=schema))
    assert store.count() == 0
    store.close()


def test_postgresql_is_spoken_to_over_tls_and_its_certificate_is_checked(
    postgres: PostgresServer, schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty(monkeypatch)
    for mode in (
        "require",
        f"verify-ca&sslrootcert={postgres.certificate}",
        f"verify-full&sslrootcert={postgres.certificate}",
    ):
        store = SharedStore(Postgres(f"{postgres.url}?sslmode={mode}", schema=schema))
        assert store._base.run("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") == [(True,)]
        store.close()
    with pytest.raises(IndexFault, match="certificate verify failed"):
        SharedStore(Postgres(f"{postgres.url}?sslmode=verify-full", schema=schema))
    with pytest.raises(SettingsError, match="sslrootcert='/nowhere'"):
        Postgres(f"{postgres.url}?sslmode=verify-full&sslrootcert=/nowhere", schema=schema)


def test_a_closed_store_says_so(store: SharedStore) -> None:
    store.close()
    store.close()
    with pytest.raises(IndexFault, match="closed: open it again"):
        store.count()


def test_the_lock_is_free_again_after_a_fault(store: SharedStore) -> None:
    with pytest.raises(ZeroDivisionError), store.lock(wait_s=0):
        raise ZeroDivisionError
    with (
        store.lock(wait_s=0),
        pytest.raises(IndexBusy, match=r"process \d+ on '.*' since \d+-"),
        store.lock(wait_s=0),
    ):
        pass
    with store.lock(wait_s=0):
        pass
