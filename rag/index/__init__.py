"""The index: articles come in, and the best chunks for a question come out.

Articles are cut into chunks, which are embedded and stored by ``rag.storage``; a search fuses vector and keyword
search. Nothing here knows of answers.

In order of reading:

- ``index``: an open index: adds, searches, rebuilds. ``contents`` is the part that needs no embedder, ``readable``
  the protocol for those that only read and search
- ``preparation``: articles are validated, chunked by ``chunking``, and embedded
- ``changes``: what given articles would change in a store
- ``writing``: the transactions that make these changes
- ``recipe``: the embedder and chunk sizes of an index, and when it is stale
- ``hybrid_search``: candidates of both searches, their fused scores, the ranking
- ``federated``: several indexes searched as one
- ``embedder_choice``: which embedder an index is made with
- ``corpus``: from a corpus on disk to an open index
- ``sync``: keeps an index in step with a folder, which ``folder_scan`` reads; ``near_duplicates`` are reported
"""
