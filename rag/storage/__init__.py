"""Where an index is kept: articles, chunks, embedding vectors and keywords, in a folder or on servers that many share.

The value of ``--index`` goes in; a ``Backend`` comes out, which stores articles in transactions and searches their
chunks by vector and by BM25. Both kinds of backend give the same answers. Every failure is an ``IndexFault`` of one
line. In order of reading:

- ``location``: from ``--index`` and the environment to a folder or an address of servers
- ``records``: what a store returns besides articles and chunks
- ``store``: what any store can be asked (a protocol), and what it derives from an article: digest and keywords
- ``backend``: what any backend can be asked (a protocol), and opening one by its location
- ``bm25``: the BM25 score of a chunk
- ``exact_search``: vectors compared one by one
- ``oversampling``: asks a source for more ids until enough of them are still in the store
- ``hnsw``: the settings of Chroma's HNSW graph, for snapshots and collections
- ``chunk_entries``: what a collection of Chroma says of a chunk, for other programs
- ``snapshot_follower``: keeps open the snapshot that a store names now
- ``integrity``: checks everything that a store holds
- ``local/``: an index in a folder on this machine, in SQLite
- ``server/``: an index in PostgreSQL, with its vectors on a Chroma server
"""
