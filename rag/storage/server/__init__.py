"""An index that many machines share: a store in PostgreSQL, and a copy of its vectors on a Chroma server.

A ``ServerAddress`` goes in; a ``Backend`` comes out. PostgreSQL has the truth: the collection on the Chroma server can
be lost and made again, and no answer depends on how far it lags behind. In order of reading:

- ``backend``: the backend itself, out of the parts below
- ``limits``: how long a server is waited for, and when its vectors are not asked for
- ``postgres_store``: the store: articles, chunks, keywords and counts, as tables
- ``postgres_schema``: the tables, the version of their format, and an article as a row
- ``postgres_keywords``: how often a term occurs, and BM25 in SQL
- ``postgres_meta``: named values of the whole index
- ``postgres_removed``: removed chunks that a collection may still have
- ``postgres_redescribed``: chunks of which a collection may have old metadata
- ``postgres_values``: arrays, texts and keys as PostgreSQL takes them
- ``postgres``: connections, transactions and the lock of the writer
- ``postgres_url``: the address of the database, its TLS settings, and its errors in one line each
- ``vector_search``: the chunks nearest to a vector: those of a collection, and those added since
- ``vector_sync``: the collection brought in step with the store, and checked against it
- ``chroma``: collections of vectors on a Chroma server
"""
