"""rag/reading."""
