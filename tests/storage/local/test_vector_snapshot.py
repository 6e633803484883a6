"""Vector snapshots: what is put in is found, nothing changes after, and damage is told before Chroma sees it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.storage.local.snapshots import SnapshotBroken, delete_old_snapshots, read_manifest
from rag.storage.local.vector_snapshot import Block, VectorSnapshot, build_vector_snapshot


def vectors(count: int, *, dimensions: int = 16, seed: int = 0) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)
    normal: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return normal


def loaded(folder: Path, name: str) -> VectorSnapshot:
    """An open snapshot that asks Chroma's graph from the first question on."""
    snapshot = VectorSnapshot(folder, name)
    snapshot.load()
    return snapshot


def contents(folder: Path) -> dict[str, bytes]:
    """All files but Chroma's own database, which it touches whenever it opens it."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "chroma.sqlite3")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("count", [1, 2, 3, 100, 1001])
def test_every_vector_finds_itself(tmp_path: Path, count: int) -> None:
    rows = vectors(count)
    ids = tuple(range(7, 7 + 2 * count, 2))
    snapshot = loaded(tmp_path, build_vector_snapshot(tmp_path, blocks=[Block(ids, rows)]))
    for place in range(0, count, max(1, count // 50)):
        assert snapshot.nearest(rows[place], limit=1) == (ids[place],)
    assert sorted(snapshot.nearest(rows[0], limit=5000)) == list(ids)
    snapshot.close()


def test_the_nearest_come_in_order_of_cosine(tmp_path: Path) -> None:
    rows = vectors(200)
    ids = tuple(range(200))
    snapshot = loaded(tmp_path, build_vector_snapshot(tmp_path, blocks=[Block(ids, rows)]))
    exact = np.argsort(-(rows @ rows[3]), kind="stable")[:10]
    assert snapshot.nearest(rows[3], limit=10) == tuple(int(i) for i in exact)
    snapshot.close()


def test_the_first_questions_are_compared_with_all_vectors_and_agree_with_the_graph(tmp_path: Path) -> None:
    rows = vectors(300)
    name = build_vector_snapshot(
        tmp_path,
        blocks=[Block(tuple(range(0, 400, 2)), rows[:200]), Block(tuple(range(400, 500)), rows[200:])],
    )
    exact = VectorSnapshot(tmp_path, name)
    first = exact.nearest(rows[7], limit=20)
    assert exact._loader is None  # one question is no reason to load Chroma
    assert len(first) == 20
    assert first[0] == 14
    assert len(exact.nearest(rows[7], limit=999)) == 300
    exact.load()
    assert exact._plain is None
    assert exact.nearest(rows[7], limit=20) == first
    exact.close()


def test_a_snapshot_closed_while_its_graph_is_loaded_leaves_nothing_open(tmp_path: Path) -> None:
    snapshot = VectorSnapshot(
        tmp_path, build_vector_snapshot(tmp_path, blocks=[Block(tuple(range(50)), vectors(50))])
    )
    snapshot.nearest(vectors(1)[0], limit=1)
    snapshot.nearest(vectors(1)[0], limit=1)
    snapshot.close()
    assert snapshot._loader is not None
    assert not snapshot._loader.is_alive()  # or Chroma would make anew a folder that is deleted now
    assert snapshot._graph is None
    with pytest.raises(SnapshotBroken, match="closed"):
        snapshot.nearest(vectors(1)[0], limit=1)


def test_a_damaged_graph_is_told_and_all_vectors_are_compared_in_its_place(tmp_path: Path) -> None:
    name = build_vector_snapshot(tmp_path, blocks=[Block(tuple(range(50)), vectors(50))])
    next((tmp_path / name).glob("*/header.bin")).write_bytes(b"no header")
    snapshot = VectorSnapshot(tmp_path, name)
    assert len(snapshot.nearest(vectors(1)[0], limit=3)) == 3
    with pytest.raises(SnapshotBroken, match="not those that were written"):
        snapshot.load()
    assert snapshot.fault is not None
    assert len(snapshot.nearest(vectors(1)[0], limit=3)) == 3


def test_vectors_that_lost_their_end_are_refused(tmp_path: Path) -> None:
    name = build_vector_snapshot(tmp_path, blocks=[Block(tuple(range(50)), vectors(50))])
    file = tmp_path / name / "vectors.f32"
    file.write_bytes(file.read_bytes()[:-4])
    with pytest.raises(SnapshotBroken, match="not those that were written"):
        VectorSnapshot(tmp_path, name)


def test_the_manifest_tells_what_is_inside_without_opening_it(tmp_path: Path) -> None:
    name = build_vector_snapshot(tmp_path, blocks=[Block((3, 5, 8), vectors(3))])
    manifest = read_manifest(tmp_path, name)
    assert (manifest.count, manifest.last, manifest.dimensions) == (3, 8, 16)
    assert manifest.files


def test_the_vectors_come_back(tmp_path: Path) -> None:
    rows = vectors(30)
    snapshot = loaded(tmp_path, build_vector_snapshot(tmp_path, blocks=[Block(tuple(range(30)), rows)]))
    held = snapshot.vectors(range(99))
    assert len(held) == 30
    np.testing.assert_allclose(np.stack([held[i] for i in range(30)]), rows, atol=1e-6)
    snapshot.close()


def test_reading_changes_no_vector_file(tmp_path: Path) -> None:
    """Chroma files what is above its threshold when the collection is next opened; here nothing is left to file."""
    for count in (1, 2, 37, 1234):
        name = build_vector_snapshot(tmp_path, blocks=[Block(tuple(range(count)), vectors(count))])
        before = contents(tmp_path / name)
        for _ in range(2):
            snapshot = loaded(tmp_path, name)
            snapshot.nearest(vectors(1)[0], limit=10)
            snapshot.close()
        assert contents(tmp_path / name) == before


@pytest.mark.slow
def test_a_snapshot_of_several_syncs_is_whole(tmp_path: Path) -> None:
    rows = vectors(11_003, dimensions=8)
    name = build_vector_snapshot(tmp_path, blocks=[Block(tuple(range(len(rows))), rows)])
    before = contents(tmp_path / name)
    snapshot = loaded(tmp_path, name)
    for place in range(0, len(rows), 311):
        assert snapshot.nearest(rows[place], limit=1) == (place,)
    snapshot.close()
    assert contents(tmp_path / name) == before


@pytest.mark.slow
def test_several_processes_may_open_one_snapshot_at_once(tmp_path: Path) -> None:
    name = build_vector_snapshot(tmp_path, blocks=[Block(tuple(range(500)), vectors(500))])
    code = (
        "import sys; from pathlib import Path; import numpy as np\n"
        "from rag.storage.local.vector_snapshot import VectorSnapshot\n"
        "snapshot = VectorSnapshot(Path(sys.argv[1]), sys.argv[2]); snapshot.load()\n"
        "for i in range(100): assert len(snapshot.nearest(np.eye(1, 16, i % 16, dtype='f4')[0], limit=5)) == 5\n"
    )
    children = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for _ in range(4)]
    assert [child.wait() for child in children] == [0, 0, 0, 0]
    snapshot = loaded(tmp_path, name)
    assert snapshot.nearest(vectors(500)[9], limit=1) == (9,)
    snapshot.close()


def test_scribbled_vector_files_are_refused(tmp_path: Path) -> None:
    name = build_vector_snapshot(tmp_path, blocks=[Block(tuple(range(50)), vectors(50))])
    for file in sorted((tmp_path / name).glob("*/*")):
        kept = file.read_bytes()
        file.write_bytes(b"\xff" * max(1, len(kept)))
        with pytest.raises(SnapshotBroken, match="not those that were written"):
            loaded(tmp_path, name)
        file.write_bytes(kept)
    loaded(tmp_path, name).close()


def test_missing_vector_files_are_refused(tmp_path: Path) -> None:
    name = build_vector_snapshot(tmp_path, blocks=[Block(tuple(range(50)), vectors(50))])
    next((tmp_path / name).glob("*/header.bin")).unlink()
    with pytest.raises(SnapshotBroken):
        loaded(tmp_path, name)


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough to look at. " * 99])
def test_a_scribbled_database_is_refused(tmp_path: Path, content: bytes) -> None:
    name = build_vector_snapshot(tmp_path, blocks=[Block(tuple(range(50)), vectors(50))])
    (tmp_path / name / "chroma.sqlite3").write_bytes(content)
    with pytest.raises(SnapshotBroken, match="doctor --repair"):
        loaded(tmp_path, name)


def test_a_snapshot_of_another_count_is_refused(tmp_path: Path) -> None:
    name = build_vector_snapshot(tmp_path, blocks=[Block(tuple(range(50)), vectors(50))])
    manifest = tmp_path / name / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"count": 51}))
    with pytest.raises(SnapshotBroken, match="50 vectors of 51"):
        loaded(tmp_path, name)


def test_a_snapshot_that_is_not_there_or_not_complete_is_refused(tmp_path: Path) -> None:
    name = build_vector_snapshot(tmp_path, blocks=[Block((1,), vectors(1))])
    for manifest in ("", "{}", "[]", '{"count": 1}'):
        (tmp_path / name / "manifest.json").write_text(manifest)
        with pytest.raises(SnapshotBroken):
            read_manifest(tmp_path, name)
    with pytest.raises(SnapshotBroken):
        loaded(tmp_path, "nowhere")


def test_asking_with_another_number_of_dimensions_is_a_fault_and_not_a_crash(tmp_path: Path) -> None:
    snapshot = loaded(tmp_path, build_vector_snapshot(tmp_path, blocks=[Block((1, 2), vectors(2))]))
    with pytest.raises(SnapshotBroken):
        snapshot.nearest(vectors(1, dimensions=3)[0], limit=1)
    snapshot.close()
    snapshot.close()


def test_what_chroma_refuses_is_a_fault(tmp_path: Path) -> None:
    rows = vectors(3)
    rows[1, 1] = np.nan
    with pytest.raises(SnapshotBroken):
        build_vector_snapshot(tmp_path, blocks=[Block((1, 2, 3), rows)])
    with pytest.raises(SnapshotBroken):
        build_vector_snapshot(tmp_path, blocks=[Block((1, 1, 2), vectors(3))])
    assert all(path.suffix == ".part" for path in tmp_path.iterdir())


def test_sweeping_keeps_what_is_named_and_nothing_else(tmp_path: Path) -> None:
    first, second = (build_vector_snapshot(tmp_path, blocks=[Block((1,), vectors(1))]) for _ in range(2))
    (tmp_path / "abc.part").mkdir()
    delete_old_snapshots(tmp_path, keep={second})
    assert [path.name for path in tmp_path.iterdir()] == [second]
    assert first != second
    delete_old_snapshots(tmp_path / "nowhere", keep=set())
