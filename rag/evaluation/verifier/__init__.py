"""rag/evaluation/verifier."""
