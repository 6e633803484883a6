"""Keywords as an index ranks them: the same whether the snapshot answers, the store, or both."""

import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.storage.bm25 import Bm25
from rag.storage.local.backend import FILE, LocalBackend
from rag.storage.local.keyword_snapshot import build_keyword_snapshot
from rag.storage.local.limits import Limits
from tests.support.embedder import made, several
from tests.support.local_index import EAGER, local_backend, open_local

WORDS = ["report", "say", "found", "team", "find", "w3x1v0", "w3x2v0", "w17x1v0", "w41x3v1", "line", "nowher"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with a keyword snapshot, articles newer than it, and articles of it that are gone or changed."""
    folder = tmp_path_factory.mktemp("keywords") / "index"
    with open_local(folder, limits=EAGER) as index:
        index.add(several(range(60)))
    with open_local(folder, limits=Limits(scanned_chunks=0, keyword_lag=9.0)) as index:
        index.add([*several(range(60, 70)), made(41, version=1)])
        index.remove(["a0003", "a0017"])
    return folder


def bm25(backend: LocalBackend, terms: list[str]) -> Bm25:
    frequencies = backend.store.frequencies(terms)
    occurring = [term for term in terms if frequencies.counts[term]]
    return Bm25.of(occurring, seen=frequencies, mean=backend.store.mean_length)


def score_every_chunk(
    backend: LocalBackend, query: Bm25, *, limit: int, among: frozenset[int] | None
) -> dict[int, float]:
    """The best chunks without any snapshot."""
    ids, _ = backend.store.vectors_after(0)
    rows = backend.store.bodies(ids if among is None else among)
    scores = [(-query.score(body), article, start, one) for one, (article, start, body) in rows.items()]
    return {chunk_id: -score for score, _, _, chunk_id in sorted(scores)[:limit] if score < 0}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    wanted=st.lists(st.sampled_from(WORDS), min_size=1, max_size=5, unique=True),
    limit=st.integers(1, 30),
    some=st.none() | st.integers(2, 9),
    few=st.sampled_from([0, 4096]),
)
def test_a_snapshot_and_newer_chunks_rank_as_scoring_every_chunk_does(
    folder: Path, wanted: list[str], limit: int, some: int | None, few: int
) -> None:
    backend = LocalBackend(folder, limits=Limits(scanned_chunks=few))
    try:
        with backend.store.reading():
            assert backend.store.keyword_snapshot
            query = bm25(backend, wanted)
            ids, _ = backend.store.vectors_after(0)
            among = None if some is None else frozenset(ids[::some])
            hits = backend.keyword_search(query, limit=limit, among=among)
            exact = score_every_chunk(backend, query, limit=limit, among=among)
            assert backend.degraded_reason is None
    finally:
        backend.close()
    assert list(hits.values()) == pytest.approx(list(exact.values()), rel=1e-9)
    # Of equal scores at the end, which are taken is the snapshot's choice.
    least = min(exact.values(), default=0.0) * (1 + 1e-9)
    assert {one for one in hits if hits[one] > least} == {one for one in exact if exact[one] > least}
    assert among is None or hits.keys() <= among


def test_scores_are_those_of_the_full_text_index(folder: Path) -> None:
    backend = LocalBackend(folder)
    with backend.store.reading():
        query = bm25(backend, ["w41x3v1", "team", "found"])
        ours = backend.keyword_search(query, limit=500)
        theirs = backend.store.words.fts_scores(query)
    backend.close()
    assert ours == pytest.approx(theirs, rel=1e-9)


def test_a_damaged_keyword_snapshot_changes_no_answer_and_is_made_anew(
    tmp_path: Path,
) -> None:
    with open_local(tmp_path / "index", limits=EAGER) as index:
        index.add(several(range(20)))
        before = index.search("What of w7x1v0?", limit=5)
        assert index.check() == ()
    for file in (tmp_path / "index" / "postings").glob("*/*.term"):
        file.write_bytes(b"\x5a" * file.stat().st_size)
    with open_local(tmp_path / "index", limits=EAGER) as index:
        assert any("cannot be used" in fault for fault in index.check())
        assert index.search("What of w7x1v0?", limit=5) == before
        assert index.check() == ()
        assert index.search("What of w7x1v0?", limit=5) == before


def test_a_chunk_that_lost_its_keywords_is_found_by_its_vector_alone(tmp_path: Path) -> None:
    with open_local(tmp_path / "index", limits=EAGER) as index:
        index.add(several(range(3)))
        with closing(sqlite3.connect(tmp_path / "index" / FILE, isolation_level=None)) as file:
            file.execute("DELETE FROM words WHERE rowid = 1")
        assert len(index.search("What of w0x1v0?", limit=5)) == 5


def test_vectors_are_made_anew_though_keywords_cannot_be(
    tmp_path: Path,
) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "postings").write_text("a file where the folder ought to be")
    with open_local(tmp_path / "index", limits=EAGER) as index:
        index.add(several(range(3)))
        assert local_backend(index).store.vector_snapshot
        assert not local_backend(index).store.keyword_snapshot
        assert index.search("What of w2x1v0?", limit=1)[0].chunk.article_id == "a0002"


@pytest.mark.slow
def test_in_a_folder_that_may_only_be_read_the_snapshots_answer_still() -> None:
    place = Path(tempfile.mkdtemp())
    try:
        with open_local(place / "index", limits=EAGER) as index:
            index.add(several(range(4)))
        place.chmod(0o755)
        for path in [place / "index", *(place / "index").rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.read_only_index", "search", str(place / "index")],
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
    tmp_path: Path,
) -> None:
    with open_local(tmp_path / "index", limits=EAGER) as index:
        index.add(several(range(5)))
        other = build_keyword_snapshot(tmp_path / "index" / "postings", blocks=[((1, "others"),)])
        store = local_backend(index).store
        with store.writing():
            store.set_keyword_snapshot(other)
        assert any("does not find chunk" in fault for fault in index.check())
