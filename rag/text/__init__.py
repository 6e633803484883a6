"""rag/text."""
