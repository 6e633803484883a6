"""The recipe of an index: with another one it is stale, until it is rebuilt."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import IndexStale
from rag.index.index import Index
from rag.settings import Settings
from rag.storage.location import ServerAddress
from tests.support.embedder import embedder, made, several
from tests.support.indexes import hit_ids, open_index, word


@pytest.fixture
def index(where: Path | ServerAddress) -> Iterator[Index]:
    with open_index(where) as index:
        yield index


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"embedder": embedder("other")},
            "embedder 'bag-of-words', and 'other'.*leave --embedder out, or run",
        ),
        ({"settings": Settings(chunk_tokens=80)}, "chunk tokens 160, and 80"),
        ({"settings": Settings(overlap_tokens=0)}, "overlap tokens 32, and 0"),
    ],
)
def test_another_recipe_makes_the_index_stale_until_it_is_rebuilt(
    where: Path | ServerAddress, change: dict[str, object], message: str
) -> None:
    with open_index(where) as index:
        index.add(several(range(5)))
    with pytest.raises(IndexStale, match=f"{message}.*pincite doctor --repair --index"):
        open_index(where, **change)
    with open_index(where, stale=True, **change) as index:
        with pytest.raises(IndexStale):
            index.search("w1x1v0", limit=1)
        with pytest.raises(IndexStale):
            index.add([made(9)])
        index.rebuild()
        assert hit_ids(index, word(3), limit=1) == ["a0003"]
        assert index.check() == ()
    with pytest.raises(IndexStale):
        open_index(where)


def test_other_dimensions_under_the_same_name_are_stale(where: Path | ServerAddress) -> None:
    with open_index(where) as index:
        index.add(several(range(3)))
    other = {"embedder": embedder(dimensions=32)}
    with open_index(where, **other) as index:
        with pytest.raises(IndexStale, match="dimensions 256, and 32"):
            index.search(word(1), limit=1)
        with pytest.raises(IndexStale, match="dimensions"):
            index.add([made(7)])
        index.rebuild()
        assert hit_ids(index, word(1), limit=1) == ["a0001"]
        assert index.check() == ()


def test_an_open_reader_sees_that_the_index_was_rebuilt_with_something_else(
    where: Path | ServerAddress,
) -> None:
    with open_index(where) as reader:
        reader.add(several(range(3)))
        assert hit_ids(reader, word(1), limit=1) == ["a0001"]
        with open_index(where, embedder=embedder("other", 32), stale=True) as writer:
            writer.rebuild()
        with pytest.raises(IndexStale):
            reader.search(word(1), limit=1)


def test_an_open_index_goes_on_with_the_embedder_it_was_made_anew_with(where: Path | ServerAddress) -> None:
    other = embedder("other", 32)
    with open_index(where, open_named={"other": other}.__getitem__) as reader:
        reader.add(several(range(3)))
        assert hit_ids(reader, word(1), limit=1) == ["a0001"]
        with open_index(where, embedder=other, stale=True) as writer:
            writer.rebuild()
        assert hit_ids(reader, word(1), limit=1) == ["a0001"]
        assert (reader.embedder, reader.model) == ("other", other)
        reader.add([made(7)])
        assert hit_ids(reader, word(7), limit=1) == ["a0007"]
        assert reader.check() == ()


def test_an_emptied_index_is_not_bound_to_the_embedder_it_had(where: Path | ServerAddress) -> None:
    with open_index(where) as index:
        index.add([made(1)])
        index.remove(["a0001"])
    other = embedder("other", 32)
    with open_index(where, embedder=other, open_named={}.__getitem__) as index:
        index.add([made(2)])
        assert index.embedder == "other"


def test_another_embedder_is_taken_up_by_making_the_index_anew(where: Path | ServerAddress) -> None:
    with open_index(where) as index:
        index.add(several(range(3)))
        index.replace_embedder(embedder("other", 32))
        with pytest.raises(IndexStale):
            index.search(word(1), limit=1)
        index.rebuild()
        assert hit_ids(index, word(1), limit=1) == ["a0001"]
        assert index.check() == ()


def test_an_empty_index_takes_any_recipe(where: Path | ServerAddress) -> None:
    with open_index(where) as index:
        index.add([made(1)])
        index.remove(["a0001"])
    with open_index(where, embedder=embedder("other", 32), settings=Settings(chunk_tokens=80)) as index:
        index.add([made(2)])
        assert set(hit_ids(index, word(2))) == {"a0002"}
        assert index.check() == ()


def test_rebuilding_keeps_every_article(index: Index) -> None:
    index.add(several(range(6)))
    before = index.search(f"What of {word(4)}?", limit=6)
    reports: list[tuple[int, int]] = []
    index.rebuild(on_progress=lambda *step: reports.append(step))
    assert index.search(f"What of {word(4)}?", limit=6) == before
    assert index.check() == ()
    assert reports[-1][0] == reports[-1][1] > 0
