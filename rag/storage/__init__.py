"""rag/storage."""
