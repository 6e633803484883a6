"""Compares Pincite with what people would otherwise build: the same questions, chunks, vectors and language model."""
