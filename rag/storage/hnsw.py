"""Settings of Chroma's HNSW graph, the same for a snapshot in a folder and a collection on a server."""

from types import MappingProxyType

# Twice and three times Chroma's own values: built with 16 neighbours, a graph of near-equal texts hid up to one in
# five of them; with 48, one in 5,000. It costs 256 bytes a vector.
HNSW = MappingProxyType(
    {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 48}
)  # Chroma's `configuration={"hnsw": …}`
