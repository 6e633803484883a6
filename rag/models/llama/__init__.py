"""rag/models/llama."""
