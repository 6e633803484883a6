"""rag/index."""
