"""Snapshots of an index and its check: what lags is caught up, what is damaged is found and rebuilt."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rag.index.index import Index
from rag.storage.local.backend import LocalBackend
from rag.storage.local.keyword_snapshot import build_keyword_snapshot
from rag.storage.location import ServerAddress
from tests.support.embedder import made, several
from tests.support.indexes import hit_ids, open_index, word
from tests.support.waiting import wait_until


@pytest.fixture
def index(where: Path | ServerAddress) -> Iterator[Index]:
    with open_index(where) as index:
        yield index


SNAPSHOTS = "vectors"


def snapshots(folder: Path) -> list[Path]:
    return sorted((folder / SNAPSHOTS).iterdir())


def run_sql(folder: Path, statement: str) -> None:
    """Change the database behind the index's back."""
    with closing(sqlite3.connect(folder / "index.sqlite3")) as database, database:
        database.execute(statement)


def lose(folder: Path) -> None:
    shutil.rmtree(folder / SNAPSHOTS)


def scribble(folder: Path) -> None:
    for path in (folder / SNAPSHOTS).rglob("*.bin"):
        path.write_bytes(os.urandom(path.stat().st_size))


def scribble_database(folder: Path) -> None:
    for path in (folder / SNAPSHOTS).rglob("chroma.sqlite3"):
        path.write_bytes(b"\x5a" * path.stat().st_size)


def cut_short(folder: Path) -> None:
    for path in (folder / SNAPSHOTS).rglob("manifest.json"):
        path.write_bytes(path.read_bytes()[:20])


def test_a_few_new_chunks_are_found_without_a_new_snapshot(index: Index, folder: Path) -> None:
    index.add(several(range(30)))
    before = snapshots(folder)
    index.add([made(50)])
    assert snapshots(folder) == before
    best = index.search(index.article("a0050").text[:200], limit=1)[0]
    assert (best.chunk.article_id, best.ranks.vector) == ("a0050", 1)
    index.remove(["a0007"])
    assert "a0007" not in hit_ids(index, index.article("a0008").text[:200].replace("8", "7"), limit=100)
    assert snapshots(folder) == before
    assert index.check() == ()


def test_many_new_chunks_get_a_new_snapshot_and_old_ones_are_swept(index: Index, folder: Path) -> None:
    for start in range(0, 60, 10):
        index.add(several(range(start, start + 10)))
    assert len(snapshots(folder)) <= 2
    assert all(path.suffix != ".part" for path in snapshots(folder))
    assert index.check() == ()


@pytest.mark.parametrize("damage", [lose, scribble, scribble_database, cut_short])
def test_a_damaged_snapshot_is_made_anew_from_the_store(folder: Path, damage: Callable[[Path], None]) -> None:
    with open_index(folder) as index:
        index.add(several(range(8)))
        before = index.search(f"What of {word(5)}?", limit=5)
    damage(folder)
    with open_index(folder) as index:

        def is_whole_again() -> bool:
            """What Chroma would read is looked at when it is first needed, which is not at the first question."""
            assert index.search(f"What of {word(5)}?", limit=5) == before
            return index.check() == ()

        assert index.search(f"What of {word(5)}?", limit=5) == before
        wait_until(is_whole_again)


def test_a_snapshot_lost_while_it_is_in_use_changes_no_answer(folder: Path) -> None:
    with open_index(folder) as index:
        index.add(several(range(8)))
        before = index.search(word(5), limit=5)
        lose(folder)
        assert index.search(word(5), limit=5) == before
    with open_index(folder) as index:
        assert index.search(word(5), limit=5) == before
        assert index.check() == ()


def test_check_tells_of_a_damaged_snapshot(folder: Path) -> None:
    with open_index(folder) as index:
        index.add(several(range(8)))
    with open_index(folder) as index:
        scribble(folder)
        (fault,) = index.check()
        assert "cannot be used" in fault


@pytest.mark.parametrize(
    ("damage", "fault_part"),
    [
        ("UPDATE chunks SET end = 99999 WHERE id = 1", "reaches from"),
        ("UPDATE words SET body = 'other' WHERE rowid = 1", "other keywords"),
        ("UPDATE chunks SET vector = x'0000' WHERE id = 1", "vector of 2 bytes"),
        ("UPDATE chunks SET vector = (SELECT vector FROM chunks WHERE id = 9) WHERE id = 1", "other vectors"),
        ("UPDATE articles SET text = text || '!' WHERE id = 'a0001'", "not the one that was stored"),
        ("DELETE FROM words WHERE rowid = 1", "keywords"),
        ("INSERT INTO words (rowid, body) VALUES (999, 'stray')", "without a chunk"),
    ],
)
def test_check_finds_what_does_not_agree(index: Index, folder: Path, damage: str, fault_part: str) -> None:
    index.add(several(range(8)))
    assert index.check() == ()
    run_sql(folder, damage)
    faults = index.check()
    assert any(fault_part in fault for fault in faults), faults


@pytest.mark.parametrize("long_word", ["x" * 40_000, "क" * 12_000, "x" * 70_000])
def test_a_title_of_one_word_without_end_is_no_fault(folder: Path, long_word: str) -> None:
    LocalBackend.ready(folder, wait_s=0)
    backend = LocalBackend(folder)
    with open_index(backend) as index:
        titled = replace(made(3, sentences=2), title=f"Of {long_word} and {long_word}a")
        index.add([*several(range(3)), titled])
        assert index.check() == ()
        index.rebuild()
        assert index.check() == ()
        with backend.store.writing():
            blocks = [backend.store.words.bodies_after(0, limit=99)]
            backend.store.set_keyword_snapshot(build_keyword_snapshot(folder / "postings", blocks=blocks))
        assert index.check() == ()
        index.remove(["a0003"])
        assert index.check() == ()
        run_sql(folder, "UPDATE terms SET chunks = 9 WHERE term = 'team'")
        assert any("miscounts" in fault for fault in index.check())
