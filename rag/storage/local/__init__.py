"""rag/storage/local."""
