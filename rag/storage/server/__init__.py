"""rag/storage/server."""
