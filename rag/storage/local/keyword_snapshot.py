"""Snapshots of a store's keywords: an inverted index of tantivy, which finds the best chunks by BM25.

SQLite's FTS5 scores every chunk that has any term of the query. Tantivy skips blocks of chunks that cannot be among
the best (Ding and Suel 2011, "Faster Top-k Document Retrieval Using Block-Max Indexes"): at 250,000
chunks that is a hundred times faster.
"""

import math
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy

from rag.storage.bm25 import Bm25
from rag.storage.local.snapshots import (
    Manifest,
    complete_snapshot,
    create_unfinished,
    file_checksums,
    read_manifest,
    translate_errors,
)

MAX_TERM_BYTES = 65_530  # longer terms tantivy leaves out
_ID, _BODY = "id", "body"
_HEAP = 64 << 20  # bytes that the writer buffers before it writes
_FILES = "[!.]*"  # tantivy's lock files and its list of files begin with a dot


def build_keyword_snapshot(folder: Path, *, blocks: Iterable[tuple[tuple[int, str], ...]]) -> str:
    """Write a snapshot of ``blocks`` of chunk ids, rising, and their keywords into ``folder``; return its name.

    At least one chunk is needed. Raises ``SnapshotBroken`` where tantivy or the disk fails.
    """
    with create_unfinished(folder) as path:
        count = last = 0
        # One thread: so that the same chunks are written in the same order, which is that of equal scores.
        writer = tantivy.Index(_schema(), path=str(path)).writer(heap_size=_HEAP, num_threads=1)
        for block in blocks:
            for chunk_id, body in block:
                writer.add_document(tantivy.Document(**{_ID: chunk_id, _BODY: body}))
                count, last = count + 1, chunk_id
        writer.commit()
        writer.wait_merging_threads()
        return complete_snapshot(
            path, Manifest(count=count, last=last, dimensions=0, files=file_checksums(path, _FILES))
        )


class KeywordSnapshot:
    """An open snapshot; thread-safe. Raises ``SnapshotBroken`` where its files are not those that were written."""

    def __init__(self, folder: Path, name: str) -> None:
        self.manifest = read_manifest(folder, name)
        self._path = folder / name
        self._schema = _schema()
        with translate_errors(self._path):
            checksums = file_checksums(self._path, _FILES)
            checksums.pop("manifest.json", None)
            if checksums != self.manifest.files:
                raise ValueError("its files are not those that were written")
            self._searcher = self._open_searcher()
            if self._searcher.num_docs != self.manifest.count:
                raise ValueError(f"it holds {self._searcher.num_docs} chunks of {self.manifest.count}")

    def best(self, query: Bm25, *, limit: int) -> tuple[int, ...]:
        """The ids of the ``limit`` chunks that ``query`` scores best, best first.

        The ranking is approximate: tantivy rounds the length of a chunk, and takes the snapshot's mean length.
        """
        with translate_errors(self._path):
            clauses = [
                (tantivy.Occur.Should, tantivy.Query.boost_query(self._term(term), weight / self._idf(term)))
                for term, weight in query.weights.items()
            ]
            # Tantivy allocates room for as many hits as it is asked for; without that much memory the process aborts.
            size = min(limit, self.manifest.count)
            result = self._searcher.search(tantivy.Query.boolean_query(clauses), limit=size, count=False)
            return tuple(int(self._searcher.doc(address)[_ID][0]) for _, address in result.hits)

    def _open_searcher(self) -> tantivy.Searcher:
        try:
            return tantivy.Index(self._schema, path=str(self._path)).searcher()
        except ValueError:
            # Tantivy makes a lock beside the files even to read them. Where this process may not, links to them do;
            # once open they are not looked for again.
            with TemporaryDirectory(prefix="pincite-postings-") as links:
                for file in self._path.iterdir():
                    if file.suffix != ".lock":
                        (Path(links) / file.name).symlink_to(file.absolute())
                return tantivy.Index(self._schema, path=links).searcher()

    def _term(self, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, _BODY, term, index_option="freq")

    def _idf(self, term: str) -> float:
        """The weight that tantivy gives a term; ``best`` divides it out, to put the query's weight in its place."""
        count = self._searcher.doc_freq(_BODY, term)
        return math.log(1 + (self.manifest.count - count + 0.5) / (count + 0.5))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field(_ID, stored=True)
    # Keywords are terms already, a space between two.
    builder.add_text_field(_BODY, tokenizer_name="whitespace", index_option="freq")
    return builder.build()
