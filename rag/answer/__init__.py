"""rag/answer."""
