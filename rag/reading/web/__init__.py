"""rag/reading/web."""
