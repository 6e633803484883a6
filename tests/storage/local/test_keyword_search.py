"""Keywords as an index ranks them: the same whether the snapshot answers, the store, or both."""

import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rag.storage.local.keyword_search
import rag.storage.local.renewal
from rag.index.index import Index
from rag.settings import Settings
from rag.storage.bm25 import Bm25
from rag.storage.local.backend import LocalBackend
from rag.storage.local.keyword_snapshot import build
from tests.support.embedder import embedder, made, several

WORDS = ["report", "say", "found", "team", "find", "w3x1v0", "w3x2v0", "w17x1v0", "w41x3v1", "line", "nowher"]


def opened(folder: Path) -> Index:
    return Index.open(folder, embedder=embedder(), settings=Settings())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An index with a keyword snapshot, articles newer than it, and articles of it that are gone or changed."""
    folder = tmp_path_factory.mktemp("said") / "index"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rag.storage.local.renewal, "FEW", 0)
        with opened(folder) as index:
            index.add(several(range(60)))
        patch.setattr(rag.storage.local.renewal, "_BEHIND_POSTINGS", 9.0)
        with opened(folder) as index:
            index.add([*several(range(60, 70)), made(41, version=1)])
            index.remove(["a0003", "a0017"])
        yield folder


def bm25(place: LocalBackend, wanted: list[str]) -> Bm25:
    seen = place.store.frequencies(wanted)
    kept = [term for term in wanted if seen.counts[term]]
    return Bm25.of(kept, seen=seen, mean=place.store.mean_length)


def alone(place: LocalBackend, wanted: Bm25, *, limit: int, among: frozenset[int] | None) -> dict[int, float]:
    """What the store says without any snapshot: every chunk scored."""
    ids, _ = place.store.vectors_after(0)
    rows = place.store.bodies(ids if among is None else among)
    found = [(-wanted.score(body), article, start, one) for one, (article, start, body) in rows.items()]
    return {one: -score for score, _, _, one in sorted(found)[:limit] if score < 0}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    wanted=st.lists(st.sampled_from(WORDS), min_size=1, max_size=5, unique=True),
    limit=st.integers(1, 30),
    some=st.none() | st.integers(2, 9),
    few=st.sampled_from([0, 4096]),
)
def test_a_snapshot_and_what_is_newer_rank_as_every_chunk_scored_does(
    folder: Path, wanted: list[str], limit: int, some: int | None, few: int
) -> None:
    place = LocalBackend(folder)
    try:
        with place.store.reading(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(rag.storage.local.keyword_search, "FEW", few)
            assert place.store.postings
            asked = bm25(place, wanted)
            ids, _ = place.store.vectors_after(0)
            among = None if some is None else frozenset(ids[::some])
            found = place.keyword_search(asked, limit=limit, among=among)
            exact = alone(place, asked, limit=limit, among=among)
            assert place.degraded_reason is None
    finally:
        place.close()
    assert list(found.values()) == pytest.approx(list(exact.values()), rel=1e-9)
    # Of equal scores at the end, which are taken is the snapshot's choice.
    least = min(exact.values(), default=0.0) * (1 + 1e-9)
    assert {one for one in found if found[one] > least} == {one for one in exact if exact[one] > least}
    assert among is None or found.keys() <= among


def test_scores_are_those_of_the_full_text_index(folder: Path) -> None:
    place = LocalBackend(folder)
    with place.store.reading():
        asked = bm25(place, ["w41x3v1", "team", "found"])
        mine = place.keyword_search(asked, limit=500)
        theirs = place.store._scores(asked, 0)
    place.close()
    assert mine == pytest.approx(theirs, rel=1e-9)


def test_a_damaged_keyword_snapshot_changes_no_answer_and_is_made_anew(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rag.storage.local.renewal, "FEW", 0)
    with opened(tmp_path / "index") as index:
        index.add(several(range(20)))
        before = index.search("What of w7x1v0?", limit=5)
        assert index.check() == ()
    for file in (tmp_path / "index" / "postings").glob("*/*.term"):
        file.write_bytes(b"\x5a" * file.stat().st_size)
    with opened(tmp_path / "index") as index:
        assert any("cannot be used" in fault for fault in index.check())
        assert index.search("What of w7x1v0?", limit=5) == before
        assert index.check() == ()
        assert index.search("What of w7x1v0?", limit=5) == before


def test_a_chunk_that_lost_its_keywords_is_found_by_its_vector_alone(tmp_path: Path) -> None:
    with opened(tmp_path / "index") as index:
        index.add(several(range(3)))
        assert isinstance(index._backend, LocalBackend)
        index._backend.store._base.run("DELETE FROM words WHERE rowid = 1")
        assert len(index.search("What of w0x1v0?", limit=5)) == 5


def test_vectors_are_made_anew_though_keywords_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rag.storage.local.renewal, "FEW", 0)
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "postings").write_text("a file where the folder ought to be")
    with opened(tmp_path / "index") as index:
        index.add(several(range(3)))
        assert isinstance(index._backend, LocalBackend)
        assert index._backend.store.snapshot
        assert not index._backend.store.postings
        assert index.search("What of w2x1v0?", limit=1)[0].chunk.article_id == "a0002"


READ_ONLY = """
import os, sys
from pathlib import Path
import chromadb, chromadb.api.client, chromadb.api.rust
from rag.index.index import Index
from rag.settings import Settings
from tests.support.embedder import embedder
if os.geteuid() == 0:
    os.seteuid(65534)
with Index.open(Path(sys.argv[1]), embedder=embedder(), settings=Settings()) as index:
    for _ in range(2):
        assert index.search("w2x1v0", limit=2)[0].chunk.article_id == "a0002"
    place = index._backend
    place._nearest._snapshot._loader.join()
    assert index.search("w2x1v0", limit=2)[0].chunk.article_id == "a0002"
    assert place._said.fault is None, place._said.fault
    assert place._said._snapshot is not None
    assert place._nearest._snapshot is not None
    assert not place._nearest._recent
"""


@pytest.mark.slow
def test_in_a_folder_that_may_only_be_read_the_snapshots_answer_still(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rag.storage.local.renewal, "FEW", 0)
    place = Path(tempfile.mkdtemp())
    try:
        with opened(place / "index") as index:
            index.add(several(range(4)))
        place.chmod(0o755)
        for path in [place / "index", *(place / "index").rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(place / "index")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    finally:
        for path in [place, *place.rglob("*")]:
            path.chmod(path.stat().st_mode | stat.S_IRWXU)
        shutil.rmtree(place)


def test_the_check_finds_a_keyword_snapshot_of_other_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rag.storage.local.renewal, "FEW", 0)
    with opened(tmp_path / "index") as index:
        index.add(several(range(5)))
        other = build(tmp_path / "index" / "postings", blocks=[((1, "others"),)])
        assert isinstance(index._backend, LocalBackend)
        with index._backend.store.writing():
            index._backend.store.set_postings(other)
        assert any("does not find chunk" in fault for fault in index.check())
