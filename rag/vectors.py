"""The nearest chunks to a vector: Chroma snapshots, made from the store's vectors and never changed after.

A snapshot is a folder that holds one Chroma collection and ``manifest.json``. Chroma keeps its vectors in
files that two processes must not write at once, that a killed process can leave unreadable, and that a
process which has opened them does not read again. So a snapshot is written once, by one process, under a
name never used before, and is complete when its manifest is there; the store says which one is in use.
Opening one writes none of its vectors: ``sync_threshold`` is set so that all of them are in their final files
before it is published. (Above that threshold Chroma leaves vectors to be filed by whoever opens it next.)
"""

import hashlib
import json
import os
import secrets
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from rag.errors import IndexFault

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

Vectors = NDArray[np.float32]

_COLLECTION = "chunks"
_MANIFEST = "manifest.json"
# Chroma writes all vectors again at each sync and keeps those since the last one in SQLite as well.
_SYNC_EVERY = 5000
# Chroma shares the systems of one process in a dictionary that it does not guard.
_OPENING = threading.Lock()


class SnapshotBroken(IndexFault):
    """A snapshot cannot be opened or asked; its vectors are in the store, so another can be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a snapshot holds: ``count`` vectors of chunks up to the id ``last``, and the sums of its files."""

    count: int
    last: int
    dimensions: int
    files: dict[str, str]


def build(folder: Path, *, ids: tuple[int, ...], vectors: Vectors) -> str:
    """Write a snapshot of ``vectors`` (n, dimensions), n > 0, into ``folder`` and return its name.

    ``ids`` are the chunks' ids, rising. Raises ``SnapshotBroken`` where Chroma or the disk fails.
    """
    name = secrets.token_hex(8)
    unfinished = folder / f"{name}.part"
    with _ours(unfinished), _whole(unfinished):
        unfinished.mkdir(parents=True)
        parts = np.array_split(np.arange(len(ids)), -(-len(ids) // _SYNC_EVERY))
        with _client(unfinished) as client:
            collection = client.create_collection(
                _COLLECTION,
                embedding_function=None,
                configuration={
                    "hnsw": {
                        "space": "cosine",
                        "sync_threshold": len(ids) // len(parts),
                        # Twice and three times Chroma's own: built with 16 neighbours, a graph of near-equal
                        # texts hid up to one in five of them; with 48, one in 5,000. It costs 256 bytes a vector.
                        "ef_construction": 200,
                        "ef_search": 200,
                        "max_neighbors": 48,
                    }
                },
            )
            size = client.get_max_batch_size()
            for part in parts:
                for start in range(0, len(part), size):
                    rows = part[start : start + size]
                    collection.add(ids=[str(ids[row]) for row in rows], embeddings=vectors[rows])
        manifest = Manifest(
            count=len(ids), last=ids[-1], dimensions=vectors.shape[1], files=_sums(unfinished)
        )
        (unfinished / _MANIFEST).write_text(json.dumps(asdict(manifest)), encoding="utf-8")
        for path in [*unfinished.rglob("*"), unfinished]:
            flush(path)
        unfinished.rename(folder / name)
        flush(folder)
    return name


def sweep(folder: Path, *, keep: set[str]) -> None:
    """Delete all snapshots but those named in ``keep``, and what a killed process left half written."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)


class Snapshot:
    """An open snapshot, for any thread. Raises ``SnapshotBroken`` where it is not as it was made."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._path = folder / name
        self.manifest = read_manifest(folder, name)
        with _ours(self._path):
            # Damaged files would crash Chroma's native code, not raise.
            if _sums(self._path) != self.manifest.files:
                raise ValueError("its files are not those that were written")
            self._client = _open_client(self._path)
        try:
            with _ours(self._path):
                self._collection: Collection = self._client.get_collection(
                    _COLLECTION, embedding_function=None
                )
                if (found := self._collection.count()) != self.manifest.count:
                    raise ValueError(f"it holds {found} vectors of {self.manifest.count}")
        except BaseException:
            self.close()
            raise

    def nearest(self, vector: Vectors, *, limit: int) -> tuple[int, ...]:
        """The ids of the ``limit`` chunks nearest to ``vector`` by cosine, nearest first, as HNSW has it."""
        with _ours(self._path):
            asked: list[Sequence[float] | Sequence[int]] = [vector.tolist()]
            found = self._collection.query(
                query_embeddings=asked, n_results=min(limit, self.manifest.count), include=[]
            )
            return tuple(int(chunk_id) for chunk_id in found["ids"][0])

    def vectors(self) -> dict[int, Vectors]:
        """All vectors by chunk id, as Chroma gives them back."""
        with _ours(self._path):
            held = self._collection.get(include=["embeddings"])
            rows = [] if held["embeddings"] is None else held["embeddings"]
            pairs = zip(held["ids"], rows, strict=True)
            return {int(chunk_id): np.asarray(row, np.float32) for chunk_id, row in pairs}

    def close(self) -> None:
        """Let go of the files. A second call does nothing."""
        with _OPENING, suppress(KeyError):
            self._client.close()


def read_manifest(folder: Path, name: str) -> Manifest:
    """What the snapshot holds, without opening it; raises ``SnapshotBroken`` where it is not complete."""
    path = folder / name
    with _ours(path):
        return Manifest(**json.loads((path / _MANIFEST).read_text(encoding="utf-8")))


def _sums(path: Path) -> dict[str, str]:
    """BLAKE2b of each file of vectors; Chroma's own database changes at each opening and checks itself."""
    return {
        file.relative_to(path).as_posix(): _sum(file) for file in sorted(path.glob("*/*")) if file.is_file()
    }


def _sum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "blake2b").hexdigest()


def _open_client(path: Path) -> "Client":
    import chromadb
    from chromadb.config import Settings

    with _OPENING:
        settings = Settings(anonymized_telemetry=False)
        return cast("Client", chromadb.PersistentClient(str(path), settings=settings))


@contextmanager
def _client(path: Path) -> Iterator["Client"]:
    client = _open_client(path)
    try:
        yield client
    finally:
        with _OPENING:
            client.close()


@contextmanager
def _whole(unfinished: Path) -> Iterator[None]:
    """What could not be finished goes, as the disk may be full; what a killed process left goes with ``sweep``."""
    try:
        yield
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


@contextmanager
def _ours(path: Path) -> Iterator[None]:
    """Whatever Chroma raises becomes ``SnapshotBroken``: its errors, built-in ones, panics of its Rust."""
    try:
        yield
    except SnapshotBroken:
        raise
    except Exception as error:
        raise _broken(path, error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _broken(path, error) from error


def _broken(path: Path, error: BaseException) -> SnapshotBroken:
    reason = " ".join(str(error).split()) or type(error).__name__
    return SnapshotBroken(
        f"the vector snapshot {str(path)!r} cannot be used ({reason}): run `pincite doctor --repair`"
    )


def flush(path: Path) -> None:
    """Have the disk hold what was written: a name may not point at files that a power cut empties."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
