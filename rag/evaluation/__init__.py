"""rag/evaluation."""
