"""rag/verify/rules."""
