"""An index in a folder: SQLite is the truth, and snapshots of vectors and keywords make searches fast.

In comes a folder; out come a ``rag.storage.store.Store`` and a ``rag.storage.backend.Backend`` over it. In order of
reading:

- ``backend``: the store with its searches and snapshots
- ``sqlite_store``: articles, chunks and vectors in SQLite tables
- ``sqlite_schema``: these tables, their format number and the migrations to it
- ``fts``: keywords of chunks, document frequencies and BM25 by SQLite FTS5
- ``vector_search``: the nearest chunks: the snapshot, and what changed since
- ``vector_snapshot``: Chroma's graph, and a plain file of all vectors
- ``keyword_search``: the best chunks by BM25: the snapshot, and what changed since
- ``keyword_snapshot``: tantivy's postings
- ``snapshots``: folders of files that are written once and never changed
- ``renewal``: when snapshots are rebuilt, and rebuilding them
- ``limits``: the numbers of chunks at which the above switch
- ``lock``: one writer, and one process that rebuilds snapshots, over all processes
- ``integrity``: where snapshots disagree with the store
- ``backup``: the whole index as one file, and back
"""
