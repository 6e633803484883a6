"""Keyword search in PostgreSQL: it ranks as the store in a file does."""

from contextlib import closing

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.schema import Article, Span
from rag.storage.bm25 import Bm25
from rag.storage.local.sqlite_store import SqliteStore
from rag.storage.server.limits import Limits
from rag.storage.server.postgres import Postgres
from rag.storage.server.postgres_store import SharedStore
from tests.support.servers import SERVER_MARKS, PostgresServer

pytestmark = SERVER_MARKS

TERMS = st.lists(
    st.sampled_from(["a", "b", "cc", "a'b", "中", "é", "%s", ":x", "null"]), min_size=1, max_size=12
)


@pytest.mark.parametrize("separate_terms", [0, 40])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies=st.lists(TERMS, min_size=1, max_size=30), wanted=TERMS, limit=st.integers(1, 8))
def test_it_ranks_as_the_store_in_a_file_does(
    postgres: PostgresServer,
    store: SharedStore,
    schema: str,
    tmp_path_factory: pytest.TempPathFactory,
    bodies: list[list[str]],
    wanted: list[str],
    limit: int,
    separate_terms: int,
) -> None:
    limits = Limits(separate_terms=separate_terms)
    file = SqliteStore(tmp_path_factory.mktemp("store") / "index.sqlite3")
    texts = [" ".join(body) for body in bodies]
    article = Article(id="x", title="", text="." * len(texts))
    spans = [Span(start, start + 1) for start in range(len(texts))]
    vectors = np.ones((len(texts), 4), np.float32)
    results = []
    with (
        closing(file),
        closing(SharedStore(Postgres(postgres.url, schema=schema), limits=limits)) as shared,
    ):
        for each in (file, shared):
            with each.writing():
                each.remove("colossus")
                each.put(article, spans=spans, bodies=texts, vectors=vectors)
            seen = each.frequencies(wanted)
            query = Bm25.of((term for term in wanted if seen.counts[term]), seen=seen, mean=each.mean_length)
            rows = each.bodies(each.vectors_after(0)[0])
            starts = [rows[chunk_id][1] for chunk_id in each.keyword_search(query, limit=limit)]
            results.append((starts, seen, each.vocabulary()))
    assert results[0] == results[1]


def test_only_the_chunks_that_count_are_ranked(store: SharedStore) -> None:
    seen = store.frequencies(["anthrop"])
    query = Bm25.of(["anthrop"], seen=seen, mean=store.mean_length)
    assert set(store.keyword_search(query, limit=9, among=frozenset((1, 3)))) == {1, 3}
    assert store.keyword_search(query, limit=9, among=frozenset()) == ()
    assert set(store.keyword_search(query, limit=9, after=1)) == {2, 3}
