"""rag/evaluation/measures."""
