"""Snapshots of a store's vectors: an HNSW graph of Chroma, and a plain file for exact search.

Chroma keeps its vectors in files that two processes must not write at once, that a killed process can leave
unreadable, and that a process which has opened them does not read again. So a collection is written once, by one
process, and never changed. Opening one writes none of its vectors: ``sync_threshold`` is set so that all of
them are in their final files before the snapshot is published. (Above that threshold Chroma leaves vectors to be
filed by whoever opens it next.)

For other programs that open it, the collection has the text and the metadata of each chunk as well.

Loading Chroma and its graph takes seconds. So the vectors are also in a plain file, with which the first queries of a
process are compared exactly: it needs no loading, and a process with one query needs no Chroma.
"""

import json
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from rag.storage.chunk_entries import ChunkEntry
from rag.storage.hnsw import HNSW
from rag.storage.local.snapshots import (
    Manifest,
    SnapshotBroken,
    complete_snapshot,
    create_unfinished,
    file_checksums,
    read_manifest,
    translate_errors,
)
from rag.storage.store import Vectors

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection


COLLECTION = "chunks"
_VECTORS, _IDS = "vectors.f32", "ids.i64"
_ENTRIES = "entries.jsonl"  # while a snapshot is written
_GRAPH = "*/*"  # Chroma's own database, beside its folder, changes at each opening and checks itself


# Chroma writes all vectors again at each sync, so that few syncs are best, and keeps those since the last one in SQLite
# and in memory as well.
_SYNC_EVERY, _SYNCS = 5000, 6  # vectors; so many syncs at most
_BLOCK = 65536  # vectors compared at a time


# Chroma shares the systems of one process in a dictionary that it does not guard.
_OPENING = threading.Lock()


class Block(NamedTuple):
    """Some chunks: ids, rising, vectors (n, dimensions), and what the collection says of each; nothing where empty."""

    ids: Sequence[int]
    vectors: Vectors
    entries: Sequence[ChunkEntry] = ()


def build_vector_snapshot(
    folder: Path,
    *,
    blocks: Iterable[Block],
    texts: bool | None = None,
    redescribed: int = 0,
    about: Mapping[str, str | int | bool] = MappingProxyType({}),
) -> str:
    """Write all chunks of ``blocks`` as a snapshot in ``folder``; return its name.

    ``about`` is the metadata of the collection; for ``texts`` and ``redescribed`` see ``Manifest``. At least one vector
    is needed. Raises ``SnapshotBroken`` where Chroma or the disk fails.
    """
    with create_unfinished(folder) as path:
        dimensions = _write_plain_files(path, blocks, texts=bool(texts))
        plain = _VectorFile(path, dimensions)
        _build_graph(path, plain, about=about)
        (path / _ENTRIES).unlink()
        manifest = Manifest(
            count=len(plain.ids),
            last=int(plain.ids[-1]),
            dimensions=dimensions,
            files=file_checksums(path, _GRAPH),
            texts=texts,
            redescribed=redescribed,
        )
        return complete_snapshot(path, manifest)


def _write_plain_files(path: Path, blocks: Iterable[Block], *, texts: bool) -> int:
    """Write ids, vectors and entries to files of their own, as each block was read at one moment; the dimensions."""
    dimensions = 0
    with (
        (path / _VECTORS).open("wb") as vectors,
        (path / _IDS).open("wb") as ids,
        (path / _ENTRIES).open("w", encoding="utf-8") as lines,
    ):
        for block in blocks:
            np.asarray(block.ids, "<i8").tofile(ids)
            np.asarray(block.vectors, "<f4").tofile(vectors)
            for entry in block.entries:
                line = {"text": entry.text if texts else None, "metadata": dict(entry.metadata)}
                lines.write(json.dumps(line) + "\n")
            dimensions = block.vectors.shape[1]
    return dimensions


def _build_graph(path: Path, plain: "_VectorFile", *, about: Mapping[str, str | int | bool]) -> None:
    count = len(plain.ids)
    parts = np.array_split(np.arange(count), min(_SYNCS, -(-count // _SYNC_EVERY)))
    client = _client(path)
    try:
        collection = client.create_collection(
            COLLECTION,
            embedding_function=None,
            metadata=dict(about) or None,
            configuration={
                "hnsw": cast("CreateHNSWConfiguration", {**HNSW, "sync_threshold": count // len(parts)})
            },
        )
        size = client.get_max_batch_size()
        with (path / _ENTRIES).open(encoding="utf-8") as lines:
            for part in parts:
                for start in range(0, len(part), size):
                    rows = part[start : start + size]
                    block = slice(rows[0], rows[-1] + 1)
                    numbers = [str(number) for number in plain.ids[block].tolist()]
                    entries = [json.loads(line) for line in islice(lines, len(numbers))]
                    collection.add(
                        ids=numbers, embeddings=np.array(plain.vectors[block]), **_columns(entries)
                    )
    finally:
        with _OPENING:
            client.close()


def _columns(entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The entries as ``Collection.add`` takes them."""
    if not entries:
        return {}
    columns = {"metadatas": [entry["metadata"] for entry in entries]}
    if entries[0]["text"] is not None:
        columns["documents"] = [entry["text"] for entry in entries]
    return columns


class VectorSnapshot:
    """An open snapshot; thread-safe. Raises ``SnapshotBroken`` where its files are not those that were written.

    ``fault`` says why Chroma's graph could not be loaded, once that was tried.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.manifest = read_manifest(folder, name)
        self.fault: SnapshotBroken | None = None
        self._path = folder / name
        self._lock = threading.Lock()
        self._was_searched = False
        self._closed = False
        self._loader: threading.Thread | None = None
        self._graph: _Graph | None = None
        with translate_errors(self._path):
            self._plain: _VectorFile | None = _VectorFile(self._path, self.manifest.dimensions)
            if (count := len(self._plain.ids)) != self.manifest.count:
                raise ValueError(f"it holds {count} vectors of {self.manifest.count}")

    def nearest(self, vector: Vectors, *, limit: int) -> tuple[int, ...]:
        """The ids of the ``limit`` chunks nearest to ``vector`` by cosine, nearest first.

        Exact until Chroma's graph is loaded, which starts in the background with the second query; then approximate,
        by HNSW. Where the graph cannot be loaded, it stays exact.
        """
        with self._lock:
            if self._was_searched and not self._closed:
                self._start_loading()
            self._was_searched = True
            graph, plain = self._graph, self._plain
        with translate_errors(self._path):
            if graph is not None:
                return graph.nearest(vector, limit=min(limit, self.manifest.count))
            if plain is None:
                raise ValueError("it is closed")
            return plain.nearest(vector, limit=limit)

    def load(self) -> None:
        """Load Chroma's graph now, and wait for it."""
        with self._lock:
            loader = self._start_loading()
        loader.join()
        if self.fault is not None:
            raise self.fault

    def vectors(self, ids: Iterable[int]) -> dict[int, Vectors]:
        """The vectors of these chunks, those that it has, by id, as Chroma returns them."""
        self.load()
        with translate_errors(self._path):
            if self._graph is None:
                raise ValueError("it is closed")
            return self._graph.vectors(ids)

    def close(self) -> None:
        """Close the files, which may be deleted then. A second call does nothing."""
        with self._lock:
            self._closed = True
            graph, self._graph, self._plain = self._graph, None, None
            loader = self._loader
        if graph is not None:
            graph.close()
        if loader is not None:
            loader.join()  # Chroma creates the folder that it opens: one just deleted would come back

    def _start_loading(self) -> threading.Thread:
        """Start loading the graph unless that was done, and return the thread. Call with the lock held."""
        if self._loader is None:
            self._loader = threading.Thread(target=self._load, name="chroma")
            self._loader.start()
        return self._loader

    def _load(self) -> None:
        graph = fault = None
        try:
            graph = _Graph(self._path, self.manifest)
        except SnapshotBroken as error:
            fault = error
        with self._lock:
            self.fault = fault
            if not self._closed and graph is not None:
                self._graph, self._plain, graph = graph, None, None
        if graph is not None:  # closed meanwhile
            graph.close()


class _VectorFile:
    """The vectors of a snapshot in a plain file, mapped into memory, and their chunk ids."""

    def __init__(self, path: Path, dimensions: int) -> None:
        self.ids = np.fromfile(path / _IDS, "<i8")
        shape = (len(self.ids), dimensions)
        if (path / _VECTORS).stat().st_size != shape[0] * shape[1] * 4:
            raise ValueError("its vectors are not those that were written")
        self.vectors: Vectors = np.memmap(path / _VECTORS, "<f4", mode="r", shape=shape)

    def nearest(self, vector: Vectors, *, limit: int) -> tuple[int, ...]:
        """The nearest chunks by exact comparison with all; ties by id."""
        starts = range(0, len(self.ids), _BLOCK)
        products = np.concatenate([self.vectors[start : start + _BLOCK] @ vector for start in starts])
        rows = np.arange(len(products))
        if limit < len(products):
            rows = np.sort(np.argpartition(-products, limit)[:limit])
        ordered = rows[np.argsort(-products[rows], kind="stable")]
        return tuple(self.ids[ordered].tolist())


class _Graph:
    """Chroma's collection of a snapshot. Raises ``SnapshotBroken`` where its files are not those that were written."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        with translate_errors(path):
            # Damaged files would crash Chroma's native code, not raise.
            if file_checksums(path, _GRAPH) != manifest.files:
                raise ValueError("its files are not those that were written")
            self._client = _client(path)
        try:
            with translate_errors(path):
                self._collection: Collection = self._client.get_collection(
                    COLLECTION, embedding_function=None
                )
                if (count := self._collection.count()) != manifest.count:
                    raise ValueError(f"it holds {count} vectors of {manifest.count}")
                # Chroma reads the graph at the first query.
                self.nearest(np.ones(manifest.dimensions, np.float32), limit=1)
        except BaseException:
            self.close()
            raise

    def nearest(self, vector: Vectors, *, limit: int) -> tuple[int, ...]:
        queries: list[Sequence[float] | Sequence[int]] = [vector.tolist()]
        result = self._collection.query(query_embeddings=queries, n_results=limit, include=[])
        return tuple(int(chunk_id) for chunk_id in result["ids"][0])

    def vectors(self, ids: Iterable[int]) -> dict[int, Vectors]:
        wanted = [str(chunk_id) for chunk_id in ids]
        if not wanted:
            return {}  # Chroma would return all
        result = self._collection.get(ids=wanted, include=["embeddings"])
        rows = [] if result["embeddings"] is None else result["embeddings"]
        pairs = zip(result["ids"], rows, strict=True)
        return {int(chunk_id): np.asarray(row, np.float32) for chunk_id, row in pairs}

    def close(self) -> None:
        with _OPENING, suppress(KeyError):
            self._client.close()


def _client(path: Path) -> "Client":
    import chromadb
    from chromadb.config import Settings

    with _OPENING:
        settings = Settings(anonymized_telemetry=False)
        # Spelled as nobody else does: whoever opens the folder by its name in this process, with other settings, would
        # be refused in that dictionary, or this would.
        return cast("Client", chromadb.PersistentClient(f"{path}{os.sep}.", settings=settings))
