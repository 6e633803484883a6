"""An index in a folder on this machine. In: articles cut into chunks, with vectors. Out: the best chunks for a query.

The store, one SQLite file, is the truth. Snapshots of its vectors and keywords make searches fast; they lag behind it,
can be lost, and are rebuilt from it.

- ``backend``: the ``Backend`` of a folder; puts the rest together.
- ``limits``: thresholds, which change speed and no answer.
- ``lock``: one writer, and one builder of snapshots, over all processes.
- ``sqlite_store``: the store; articles, chunks and vectors.
- ``sqlite_schema``: its tables, the number of their format, migrations.
- ``fts``: its full-text index; keywords and BM25 scoring by FTS5.
- ``snapshots``: folders of files that are written once and never changed.
- ``vector_snapshot``: vectors in a plain file and in Chroma's HNSW graph.
- ``keyword_snapshot``: keywords in an index of tantivy.
- ``vector_search``, ``keyword_search``: a snapshot and the chunks added since, searched together.
- ``renewal``: when snapshots are rebuilt, and rebuilding them.
- ``integrity``: where snapshots and store disagree.
- ``backup``: a whole index as one file, and back.
"""
