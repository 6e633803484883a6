"""The index: articles come in, and the best chunks for a question come out.

Articles are cut into chunks, which are embedded and stored by ``rag.storage``; a search fuses vector and keyword
search. BM25 itself is ``rag.storage.bm25``. Nothing here knows of answers.

In order of reading:

- ``index``: an open index: adds, searches, rebuilds
- ``contents``: the part of it that needs no embedder
- ``readable``: the protocol of an index that is read and searched
- ``corpus``: from a corpus on disk to an open index
- ``preparation``: articles are validated, cut into chunks and embedded
- ``chunking``: chunks of whole sentences up to a number of tokens
- ``changes``: what given articles would change in a store
- ``writing``: the transactions that make these changes
- ``recipe``: the embedder and chunk sizes of an index, and when it is stale
- ``embedder_choice``: which embedder an index is made with
- ``hybrid_search``: candidates of both searches, their fused scores, the ranking
- ``federated``: several indexes searched as one
- ``sync``: keeps an index in step with a folder
- ``folder_scan``: reads of a folder what may have changed
- ``following/``: adds to an index what is new in a feed or sitemap
- ``near_duplicates``: articles that say almost the same
"""
