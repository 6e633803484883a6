"""Snapshots are made while others write: nobody waits for it, no wrong one is named, two are not at it at once."""

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import rag.storage.local.vector_snapshot
from rag.errors import IndexBusy
from rag.index.index import Index
from rag.storage.local.backend import LocalBackend
from rag.storage.local.backup import backup, restore
from rag.storage.local.limits import DEFAULT_LIMITS, Limits
from rag.storage.local.lock import snapshot_lock, write_lock
from rag.storage.local.vector_snapshot import Block, build_vector_snapshot
from tests.support.embedder import embedder, made, several
from tests.support.local_index import local_backend, open_local

Blocks = Iterable[Block]


def opened(
    folder: Path,
    *,
    name: str = "bag-of-words",
    dimensions: int = 256,
    stale: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Index:
    return open_local(folder, model=embedder(name, dimensions), wait_s=0, stale=stale, limits=limits)


@contextmanager
def renewing(
    monkeypatch: pytest.MonkeyPatch, work: Callable[[], object], *, read: bool = False
) -> Iterator[None]:
    """``work`` in a thread, held within its first vector snapshot until after the block.

    Where it has read some of the chunks, or, with ``read``, all of them.
    """
    begun, go, build = (
        threading.Event(),
        threading.Event(),
        rag.storage.local.vector_snapshot.build_vector_snapshot,
    )

    def held(folder: Path, *, blocks: Blocks, **options: Any) -> str:  # noqa: ANN401
        def stop() -> None:
            begun.set()
            assert go.wait(60)

        def some() -> Iterator[Block]:
            for block in blocks:
                yield block
                stop()

        name = build(folder, blocks=blocks if read else some(), **options)
        stop()
        return name

    monkeypatch.setattr(rag.storage.local.vector_snapshot, "build_vector_snapshot", held)
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        try:
            assert begun.wait(60)
            monkeypatch.setattr(rag.storage.local.vector_snapshot, "build_vector_snapshot", build)
            yield
        finally:
            go.set()
        working.result()


def refused(folder: Path, *, blocks: Blocks, **options: Any) -> str:  # noqa: ANN401
    raise AssertionError(f"a second snapshot is made in {folder} of {blocks} with {options}")


def settled(folder: Path) -> bool:
    place = LocalBackend(folder)
    try:
        return not place.needs_refresh() and place.problems() == ()
    finally:
        place.close()


def best(index: Index, number: int) -> str:
    return index.search(f"What of w{number}x1v0?", limit=1)[0].chunk.article_id


def test_others_add_and_remove_while_a_snapshot_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as index, opened(tmp_path) as other:
        with renewing(monkeypatch, lambda: index.add(several(range(9)))):
            other.add([made(20)])
            other.remove(["a0003"])
            assert best(other, 20) == "a0020"
        for one in (index, other):
            assert best(one, 20) == "a0020"
            assert best(one, 4) == "a0004"
            assert "a0003" not in {hit.chunk.article_id for hit in one.search("What of w3x1v0?", limit=9)}
            assert one.check() == ()


def test_what_was_written_meanwhile_is_made_fast_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as index, opened(tmp_path) as other:
        with renewing(monkeypatch, lambda: index.add(several(range(2)))):
            other.add(several(range(10, 40)))
            assert not settled(tmp_path)
        assert settled(tmp_path)
        assert best(index, 33) == "a0033"


@pytest.mark.parametrize("read", [False, True], ids=["while it is read", "before it is named"])
def test_a_snapshot_begun_before_all_was_made_anew_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: bool
) -> None:
    with (
        opened(tmp_path, limits=Limits(refresh_rounds=1)) as index,
        renewing(monkeypatch, lambda: index.add(several(range(9))), read=read),
        opened(tmp_path, name="other", dimensions=64, stale=True) as other,
    ):
        other.rebuild()
        assert best(other, 4) == "a0004"
    place = LocalBackend(tmp_path)
    assert place.store.vector_snapshot == ""
    place.close()
    with opened(tmp_path, name="other", dimensions=64) as anew:
        assert settled(tmp_path)
        assert best(anew, 4) == "a0004"
        assert anew.check() == ()
    assert len([*(tmp_path / "vectors").iterdir()]) == 1


def test_an_index_emptied_while_its_snapshot_is_made_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as index, opened(tmp_path) as other:
        with renewing(monkeypatch, lambda: index.add(several(range(3)))):
            other.remove(["a0000", "a0001", "a0002"])
        assert index.search("What of w1x1v0?", limit=9) == ()
        assert settled(tmp_path)


def test_two_do_not_make_it_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as index, opened(tmp_path) as other:
        with renewing(monkeypatch, lambda: index.add(several(range(9)))):
            with monkeypatch.context() as patch:
                patch.setattr(rag.storage.local.vector_snapshot, "build_vector_snapshot", refused)
                other.add(several(range(20, 40)))
                with opened(tmp_path) as third:
                    assert best(third, 33) == "a0033"
            assert not settled(tmp_path)
        assert settled(tmp_path)


def test_who_opens_an_index_leaves_it_to_the_one_who_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as index:
        index.add(several(range(9)))
        with index._backend.store.writing():
            index._backend.invalidate()
    with monkeypatch.context() as patch, write_lock(tmp_path, wait_s=0):
        patch.setattr(rag.storage.local.vector_snapshot, "build_vector_snapshot", refused)
        with opened(tmp_path) as reader:
            assert best(reader, 4) == "a0004"
    assert not settled(tmp_path)
    with opened(tmp_path):
        assert settled(tmp_path)


def test_a_backup_is_not_restored_into_a_snapshot_that_is_being_made(tmp_path: Path) -> None:
    folder, file = tmp_path / "index", tmp_path / "saved.pincite"
    with opened(folder) as index:
        index.add(several(range(3)))
    backup(folder, file=file)
    with (
        snapshot_lock(folder, wait_s=0),
        pytest.raises(
            IndexBusy, match=f"is being made fast to search by process {os.getpid()}, which did not"
        ),
    ):
        restore(folder, file=file, replace=True, wait_s=0)
    assert restore(folder, file=file, replace=True, wait_s=0) == 3
    assert settled(folder)


def older_snapshot(folder: Path) -> None:
    """Put a snapshot in place of the one in use as Pincite made them before they described their chunks."""
    backend = LocalBackend(folder)
    vectors = folder / "vectors"
    name = build_vector_snapshot(vectors, blocks=[Block(*backend.store.vectors_after(0))])
    manifest = json.loads((vectors / name / "manifest.json").read_text())
    del manifest["texts"], manifest["redescribed"]
    (vectors / name / "manifest.json").write_text(json.dumps(manifest))
    with backend.store.writing():
        backend.store.set_vector_snapshot(name)
    backend.close()


def test_a_snapshot_without_descriptions_serves_searches_until_someone_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as index:
        index.add(several(range(30)))
    older_snapshot(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(rag.storage.local.vector_snapshot, "build_vector_snapshot", refused)
        with opened(tmp_path) as index:
            assert best(index, 4) == "a0004"
            assert index.check() == ()
    with opened(tmp_path) as index:
        before = index._store.vectors_after(0)[0]
        index.add([made(30)])
        collection = index._backend.collection()
        assert collection is not None
        assert (collection.texts, collection.outdated) == (True, 0)
        assert index._store.vectors_after(0)[0][: len(before)] == before  # nothing was embedded again
        assert best(index, 30) == "a0030"
        assert index.check() == ()


def test_articles_that_are_described_anew_count_as_a_lag_of_writers(tmp_path: Path) -> None:
    with opened(tmp_path) as index:
        index.add(several(range(8)))
        first = local_backend(index).store.vector_snapshot
        index.add([replace(made(1), publisher="Coast News")])
        assert local_backend(index).store.vector_snapshot == first  # one of eight is no reason
        index.add([replace(made(number), publisher="Inland News") for number in range(3)])
        assert local_backend(index).store.vector_snapshot != first
        assert not local_backend(index).needs_refresh()
