"""Adding, updating, renaming and removing articles: what is stored, what is embedded, and what stays."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import ArticleError, IndexFault
from rag.index.changes import Changes
from rag.index.index import Index
from rag.schema import Article
from rag.storage.location import ServerAddress
from tests.support.embedder import made, several
from tests.support.indexes import hit_ids, open_index, word


@pytest.fixture
def index(where: Path | ServerAddress) -> Iterator[Index]:
    with open_index(where) as index:
        yield index


SNAPSHOTS = "vectors"


def snapshots(folder: Path) -> list[Path]:
    return sorted((folder / SNAPSHOTS).iterdir())


def test_what_is_added_is_found_as_a_slice_of_its_article(index: Index) -> None:
    assert index.add(several(range(5))) == Changes(added=("a0000", "a0001", "a0002", "a0003", "a0004"))
    best = index.search(f"What of {word(3)}?", limit=3)[0]
    assert best.chunk.article_id == "a0003"
    assert word(3) in best.chunk.text
    assert best.chunk.text == best.chunk.span.of(index.article("a0003").text)
    assert best.ranks.keyword == 1
    assert -1 <= best.cosine <= 1
    assert index.article("a0003") == made(3)
    assert [item.id for item in index.listing()] == ["a0000", "a0001", "a0002", "a0003", "a0004"]
    assert index.check() == ()


def test_adding_the_same_again_changes_nothing(index: Index, folder: Path) -> None:
    index.add(several(range(3)))
    before, files = index.generation, snapshots(folder)
    assert index.add(several(range(3))) == Changes(unchanged=("a0000", "a0001", "a0002"))
    assert not index.add([])
    assert index.generation == before
    assert snapshots(folder) == files


def test_a_changed_article_replaces_its_old_chunks(index: Index) -> None:
    index.add(several(range(4)))
    assert index.add([made(2, version=1), made(3)]) == Changes(updated=("a0002",), unchanged=("a0003",))
    assert word(2, version=1) in index.search(word(2, version=1), limit=1)[0].chunk.text
    assert index.frequencies([word(2)]).counts == {word(2): 0}
    assert index.check() == ()


def test_a_changed_date_is_stored_without_embedding_anything(index: Index) -> None:
    index.add([made(1)])
    reports: list[tuple[int, int]] = []
    dated = replace(made(1), date=date(2026, 5, 1), credit="Thanks")
    assert index.add([dated], on_progress=lambda *step: reports.append(step)) == Changes(updated=("a0001",))
    assert index.article("a0001") == dated
    assert reports == [(0, 0)]
    assert index.check() == ()


def test_a_changed_title_is_searched_for(index: Index) -> None:
    index.add(several(range(3)))
    index.add([replace(made(1), title="Zebras of Zanzibar")])
    assert hit_ids(index, "zebra", limit=1) == ["a0001"]
    assert index.check() == ()


def test_a_sync_gives_an_article_of_the_same_words_another_id_without_embedding(index: Index) -> None:
    index.add(several(range(3)))
    reports: list[tuple[int, int]] = []
    moved = replace(made(1), id="moved", credit="Thanks")
    changes = index.sync([moved], keep=["a0002"], on_progress=lambda *step: reports.append(step))
    assert changes == Changes(unchanged=("a0002",), removed=("a0000",), renamed=(("a0001", "moved"),))
    assert reports == [(0, 0)]
    assert index.article("moved") == moved
    assert hit_ids(index, word(1), limit=1) == ["moved"]
    assert index.check() == ()


def test_a_removed_article_leaves_nothing_behind(index: Index) -> None:
    index.add(several(range(3)))
    assert index.remove(["a0001"]) == Changes(removed=("a0001",))
    assert "a0001" not in hit_ids(index, word(1), limit=50)
    with pytest.raises(IndexFault, match="'a0001'"):
        index.article("a0001")
    assert index.check() == ()
    index.remove(["a0000", "a0002"])
    assert index.search(word(1), limit=5) == ()
    assert index.listing() == ()
    assert index.check() == ()


def test_removing_an_unknown_id_removes_nothing(index: Index) -> None:
    index.add(several(range(2)))
    with pytest.raises(IndexFault, match="no article 'nope'"):
        index.remove(["a0000", "nope"])
    assert len(index.listing()) == 2


def test_sync_mirrors_what_it_is_given(index: Index) -> None:
    index.add(several(range(4)))
    changes = index.sync([made(1), made(2, version=1), made(9)])
    assert changes == Changes(
        added=("a0009",), updated=("a0002",), unchanged=("a0001",), removed=("a0000", "a0003")
    )
    assert [item.id for item in index.listing()] == ["a0001", "a0002", "a0009"]
    assert index.check() == ()


def test_progress_counts_chunks_up_to_all_of_them(index: Index) -> None:
    reports: list[tuple[int, int]] = []
    index.add(several(range(40)), on_progress=lambda *step: reports.append(step))
    total = sum(item.chunks for item in index.listing())
    assert reports[0][0] == 0
    assert reports[-1] == (total, total)
    assert reports == sorted(reports)


def test_the_same_article_twice_in_one_call_is_one(index: Index) -> None:
    assert index.add([made(1), made(1)]) == Changes(added=("a0001",))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (replace(made(1), text="another text"), "two different articles"),
        (Article(id="blank", title="t", text=" \n\n "), "no words"),
        (Article(id=" ", title="t", text="words"), "no id"),
        (Article(id="half", title="t", text="a \udce9 b"), "half a character"),
    ],
)
def test_an_article_that_cannot_be_stored_is_named_and_nothing_is_stored(
    index: Index, bad: Article, reason: str
) -> None:
    with pytest.raises(ArticleError, match=reason):
        index.add([made(1), bad])
    assert index.listing() == ()


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["add", "remove", "change"]), st.integers(0, 7)), min_size=1, max_size=9
    )
)
def test_after_any_changes_the_index_is_as_if_made_afresh(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    articles: dict[str, Article] = {}
    parent = tmp_path_factory.mktemp("any")
    with open_index(parent / "changed") as index, open_index(parent / "fresh") as fresh:
        for turn, (action, number) in enumerate(steps):
            if action == "remove" and made(number).id in articles:
                index.remove([made(number).id])
                del articles[made(number).id]
            elif action != "remove":
                article = made(number, version=turn if action == "change" else 0)
                index.add([article])
                articles[article.id] = article
        fresh.add(list(articles.values()))
        assert index.check() == ()
        for number in range(8):
            question = f"What did team {number} find in line 3, {word(number, 3)}?"
            assert index.search(question, limit=6) == fresh.search(question, limit=6)
