"""rag/models."""
