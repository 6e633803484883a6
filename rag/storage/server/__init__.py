"""An index that many machines share: a store in PostgreSQL, and a copy of its vectors on a Chroma server.

A ``ServerAddress`` goes in; a ``Backend`` comes out. PostgreSQL has the truth: the collection on the Chroma server can
be lost and made again, and no answer depends on how far it lags behind. In order of reading:

- ``backend``: the backend itself, out of the parts below
- ``postgres_store``: the store: articles, chunks, keywords and counts, as tables
- ``postgres_keywords``: how keywords are written in PostgreSQL, and BM25 in SQL
- ``postgres``: connections, transactions and the lock of the writer
- ``vector_search``: the chunks nearest to a vector: those of a collection, and those added since
- ``chroma``: collections of vectors on a Chroma server
"""
