"""rag/system."""
