"""What any store does: what goes in comes back, a change is whole, keywords rank, and damage is reported.

Every test runs over the store in a file and over the one in PostgreSQL.
"""

import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rag.errors import IndexBroken, IndexFault
from rag.filters import ArticleFacts
from rag.schema import Article, Chunk, Span
from rag.storage.bm25 import Bm25
from rag.storage.records import DocumentFrequencies, Recipe
from rag.storage.store import Store, digest, keywords
from tests.support.stores import ARTICLE, SPANS, VECTORS, Stores, put, ranked

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def test_an_article_comes_back_as_it_went_in(store: Store) -> None:
    assert store.article("colossus") == ARTICLE
    assert store.article("other") is None
    assert store.digests() == {"colossus": digest(ARTICLE)}
    (line,) = store.listing()
    assert (line.id, line.characters, line.chunks, line.date) == (
        "colossus",
        len(ARTICLE.text),
        3,
        ARTICLE.date,
    )


def test_the_facts_of_an_article_are_what_filters_and_messages_need(store: Store) -> None:
    assert store.article_facts() == {
        "colossus": ArticleFacts("GogoAI News", ARTICLE.date, chunks=3, title="Anthropic rents Colossus")
    }


def test_articles_come_in_order_of_their_ids(stores: Stores) -> None:
    store = stores.open()
    with store.writing():
        for article_id in ("b", "é", "a", "B", "𝄞", "\uffff"):
            put(store, Article(id=article_id, title="", text="x"), spans=[Span(0, 1)], vectors=VECTORS[:1])
    ordered = ["B", "a", "b", "é", "\uffff", "𝄞"]
    assert list(store.digests()) == list(store.article_facts()) == ordered
    assert [article.id for article in store.listing()] == ordered


def test_chunks_are_slices_and_vectors_are_exact(store: Store) -> None:
    chunks = store.chunks([1, 2, 3, 99])
    assert chunks == {i: Chunk("colossus", span, span.of(ARTICLE.text)) for i, span in enumerate(SPANS, 1)}
    ids, vectors = store.vectors_after(1)
    assert ids == (2, 3)
    np.testing.assert_array_equal(vectors, VECTORS[1:])
    article_id, start, vector = store.vectors([2])[2]
    assert (article_id, start) == ("colossus", 24)
    np.testing.assert_array_equal(vector, VECTORS[1])


def test_keywords_rank_the_chunk_that_says_it_first(store: Store) -> None:
    assert [chunk_id for chunk_id, _ in ranked(store, ["122", "day"], limit=5)] == [1]
    assert [chunk_id for chunk_id, _ in ranked(store, ["中文"], limit=5)] == [3]
    assert {chunk_id for chunk_id, _ in ranked(store, ["122", "1.5"], limit=5)} == {1, 2}
    assert all(score > 0 for _, score in ranked(store, ["coloss", "colossus"], limit=5))


def test_equal_scores_stand_in_order_of_article_and_place(stores: Stores) -> None:
    store = stores.open()
    for name in ("b", "a"):
        with store.writing():
            article = Article(id=name, title="", text="same words. same words.")
            put(store, article, spans=[Span(12, 23), Span(0, 11)], vectors=np.eye(2, dtype=np.float32))
    same = ranked(store, ["same"], limit=9)
    assert len({score for _, score in same}) == 1
    assert [chunk_id for chunk_id, _ in same] == [4, 3, 2, 1]
    assert ranked(store, ["same"], limit=2) == same[:2]


TERMS = st.lists(st.sampled_from(["a", "b", "cc", "a'b"]), min_size=1, max_size=12)
NEARLY = [["a"], ["a"], ["a"] * 5, ["a"] * 5, ["a"] * 4 + ["a'b"], ["a", "a", "b", "b", "b", "cc", "a'b"]]
NEARLY += [["a", "b", "b", "b", "cc", "cc", "a'b"], ["a"] * 10, ["a"] * 12, *[["a"] * 10 + ["cc", "a'b"]] * 3]
NEARLY += [["a"] * 10 + ["cc"], ["a"] * 10 + ["cc", "a'b"]]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies=st.lists(TERMS, min_size=1, max_size=30), wanted=TERMS, limit=st.integers(1, 8))
@example(bodies=NEARLY, wanted=["cc", "a'b", "a"], limit=5)
def test_scores_that_nearly_tie_stand_as_they_are_shown(
    stores: Stores, bodies: list[list[str]], wanted: list[str], limit: int
) -> None:
    store = stores.open()
    texts = [" ".join(body) for body in bodies]
    spans = [Span(start, start + 1) for start in range(len(texts))]
    with store.writing():
        article = Article(id="x", title="", text="." * len(texts))
        store.put(article, spans=spans, bodies=texts, vectors=np.ones((len(texts), 4), np.float32))
    query = Bm25.of(wanted, seen=store.frequencies(wanted), mean=store.mean_length)
    first = min(store.chunk_ids(["x"]))
    scores = sorted((-query.score(text), chunk_id) for chunk_id, text in enumerate(texts, first))
    best = tuple(chunk_id for score, chunk_id in scores[:limit] if score < 0)
    assert store.keyword_search(query, limit=limit) == best
    store.close()


def test_titles_are_keywords_of_every_chunk(store: Store) -> None:
    assert len(ranked(store, ["anthrop"], limit=9)) == 3


def test_no_terms_find_nothing(store: Store) -> None:
    assert ranked(store, [], limit=5) == []
    assert ranked(store, [""], limit=5) == []


def test_a_thousand_terms_are_no_trouble(store: Store) -> None:
    wanted = [f"word{i}" for i in range(3000)] + ["122"]
    assert [chunk_id for chunk_id, _ in ranked(store, wanted, limit=5)] == [1]


def test_frequencies_count_chunks(store: Store) -> None:
    seen = store.frequencies(["122", "anthrop", "1.5", "nowhere"])
    assert seen == DocumentFrequencies(3, {"1.5": 1, "122": 1, "anthrop": 3, "nowhere": 0})
    assert seen.idf("nowhere") > seen.idf("122") > seen.idf("anthrop") > 0


def test_a_renamed_article_keeps_its_chunks_keywords_and_vectors(store: Store) -> None:
    before = store.vectors([1, 2, 3])
    renamed = replace(ARTICLE, id="machines/colossus", url="https://example.org/moved")
    with store.writing():
        store.rename("colossus", renamed)
    assert store.article("colossus") is None
    assert store.article("machines/colossus") == renamed
    assert store.digests() == {"machines/colossus": digest(renamed)}
    after = store.vectors([1, 2, 3])
    assert {row[0] for row in after.values()} == {"machines/colossus"}
    for chunk_id, (_, start, vector) in before.items():
        assert after[chunk_id][1] == start
        np.testing.assert_array_equal(after[chunk_id][2], vector)
    assert [chunk_id for chunk_id, _ in ranked(store, ["122"], limit=5)] == [1]
    assert store.problems()[:2] == ()


def test_a_removed_article_leaves_nothing_behind(store: Store) -> None:
    with store.writing():
        store.remove("colossus")
    assert store.count() == 0
    assert store.frequencies(["122"]) == DocumentFrequencies(0, {"122": 0})
    assert ranked(store, ["122"], limit=5) == []
    assert store.vocabulary() == store.recount_terms() == {}
    assert store.problems()[:2] == ()


def test_ids_of_removed_chunks_are_not_given_again(store: Store) -> None:
    with store.writing():
        put(store, ARTICLE, spans=SPANS[:1], vectors=VECTORS[:1])
    assert store.vectors_after(0)[0] == (4,)


def test_amending_keeps_the_chunks(store: Store) -> None:
    renamed = Article(id="colossus", title=ARTICLE.title, text=ARTICLE.text, url="https://example.org/new")
    with store.writing():
        store.update_metadata(renamed)
    assert store.article("colossus") == renamed
    assert store.vectors_after(0)[0] == (1, 2, 3)
    assert store.digests() == {"colossus": digest(renamed)}


def test_each_change_raises_the_generation_and_a_failed_one_changes_nothing(store: Store) -> None:
    before = store.generation

    def half_done() -> None:
        with store.writing():
            store.remove("colossus")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    assert store.generation == before
    assert store.article("colossus") == ARTICLE
    with store.writing():
        store.set_recipe(Recipe(embedder="e", dimensions=4, chunk_tokens=160, overlap_tokens=32))
        store.set_source("/articles")
    assert store.generation == before + 1
    assert store.recipe == Recipe(embedder="e", dimensions=4, chunk_tokens=160, overlap_tokens=32)
    assert store.source == "/articles"


def test_one_reading_sees_one_state_while_another_connection_writes(store: Store, stores: Stores) -> None:
    other = stores.open()
    with store.reading():
        before = store.generation
        with other.writing():
            other.remove("colossus")
        assert store.generation == before
        assert store.article("colossus") == ARTICLE
    assert store.article("colossus") is None
    other.close()


def test_many_threads_may_use_one_store(store: Store) -> None:
    sums: list[int] = []

    def read() -> None:
        for _ in range(50):
            with store.reading():
                sums.append(len(ranked(store, ["anthrop"], limit=99)) + store.count())

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(20):
        with store.writing():
            put(
                store,
                Article(id=f"n{number}", title="Anthropic", text="x"),
                spans=[Span(0, 1)],
                vectors=VECTORS[:1],
            )
    for thread in threads:
        thread.join()
    assert len(sums) == 200
    assert all(number % 2 == 0 for number in sums)  # the two counts never disagree
    store.close()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TEXT, text=TEXT.filter(bool))
def test_any_text_is_stored_and_each_of_its_terms_finds_it(store: Store, title: str, text: str) -> None:
    article = Article(id="a", title=title, text=text)
    with store.writing():
        store.remove("colossus")
        put(store, article, spans=[Span(0, len(text))], vectors=VECTORS[:1])
    (chunk_id,) = store.chunk_ids(["a"])
    assert store.article("a") == article
    assert store.chunks([chunk_id])[chunk_id].text == text
    wanted = set(keywords(title, text).split())
    for term in wanted:
        assert [hit for hit, _ in ranked(store, [term], limit=5)] == [chunk_id]
    assert all(store.frequencies(wanted).counts.values())
    assert store.vocabulary() == store.recount_terms() == dict.fromkeys(wanted, 1)


@pytest.mark.parametrize(
    "term", ["c++", "a'b", 'x"y', "a:b", "-", "*", "^", "(", "\\", "near", "or", "é", "ﬁ", "a\u00a0b"]
)
def test_a_term_with_odd_characters_stays_one_term(store: Store, term: str) -> None:
    body = f"before {term} after"
    with store.writing():
        store.put(replace(ARTICLE, id="odd"), spans=SPANS[:1], bodies=[body], vectors=VECTORS[:1])
    assert store.frequencies([term]).counts == {term: 1}
    assert store.recount_terms() == store.vocabulary()
    assert [chunk_id for chunk_id, _ in ranked(store, [term], limit=5)] == [4]


def test_a_lone_surrogate_asked_for_is_not_found(store: Store) -> None:
    assert store.article("\ud800") is None


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(IndexFault, match="closed: open it again"):
        store.count()
    with pytest.raises(IndexFault, match="closed: open it again"), store.reading():
        store.count()


@pytest.mark.parametrize("damaged", [b"", b"\0\0\0", b"\0" * 8])
def test_a_vector_of_another_length_is_damage_and_says_so(
    store: Store, stores: Stores, damaged: bytes
) -> None:
    with store.writing():
        store.set_recipe(Recipe(embedder="any", dimensions=4, chunk_tokens=9, overlap_tokens=0))
    stores.run(f"UPDATE chunks SET vector = {stores.blob(damaged)} WHERE id = 2")
    assert store.vectors([1, 3]).keys() == {1, 3}
    for read in (lambda: store.vectors([1, 2, 3]), lambda: store.vectors_after(0)):
        with pytest.raises(
            IndexBroken, match=r"vector of chunk 2 .* is damaged: run `pincite doctor --repair"
        ):
            read()


def test_a_chunk_without_its_keywords_goes_with_its_article_and_is_counted_as_one(
    store: Store, stores: Stores
) -> None:
    stores.run(f"DELETE FROM words WHERE {stores.words_id} = (SELECT min(id) FROM chunks)")
    with store.writing():
        store.remove_orphans()
        store.remove("colossus")
    assert (store.count(), store.vocabulary(), store.problems()) == (0, {}, ())


def test_an_article_whose_keywords_are_all_gone_can_be_stored_again(store: Store, stores: Stores) -> None:
    stores.run("DELETE FROM words")
    with store.writing():
        store.remove_orphans()
        put(store, ARTICLE, spans=SPANS, vectors=VECTORS)
    assert (store.count(), store.vocabulary(), store.problems()) == (3, store.recount_terms(), ())


def test_a_chunk_of_mere_signs_counts_no_word(store: Store) -> None:
    mean_length = store.mean_length
    with store.writing():
        put(store, Article(id="signs", title="", text="* * *"), spans=(Span(0, 5),), vectors=VECTORS[:1])
    assert store.mean_length == mean_length * 3 / 4
    assert store.problems() == ()
    with store.writing():
        store.remove("signs")
    assert store.mean_length == mean_length
    assert store.problems() == ()


def test_a_term_with_another_space_in_it_counts_as_one_word(store: Store) -> None:
    with store.writing():
        store.put(replace(ARTICLE, id="odd"), spans=SPANS[:1], bodies=["a\u00a0b c"], vectors=VECTORS[:1])
    assert store.problems() == ()


def test_removing_an_unknown_article_changes_nothing(store: Store) -> None:
    with store.writing():
        store.remove("other")
        store.remove("\ud800")
    assert (store.article("colossus"), store.count(), store.problems()) == (ARTICLE, 3, ())


@pytest.mark.parametrize("unknown", ["other", "\ud800"])
def test_an_unknown_article_has_no_chunks_and_no_fingerprint(store: Store, unknown: str) -> None:
    assert (store.chunk_ids([unknown]), store.fingerprint(unknown), store.chunk_rows(unknown)) == (
        frozenset(),
        "",
        (),
    )
