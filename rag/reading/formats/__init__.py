"""rag/reading/formats."""
