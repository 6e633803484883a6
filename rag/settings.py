"""The one settings object: frozen, checked, with the unit beside each field."""

from dataclasses import dataclass, fields

from rag.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The limits that may be changed. Every value is a whole number, in the unit named beside it.

    Raises ``SettingsError`` where a value is not an ``int`` or lies outside its range.
    """

    chunk_tokens: int = 160  # tiktoken tokens (cl100k_base) in a chunk, at most; 16 to 256
    overlap_tokens: int = 32  # tokens repeated from the chunk before, at most, whole sentences only
    candidates: int = 50  # chunks taken from each of the two rankings before they are fused
    top_chunks: int = 20  # chunks whose sentences are read for evidence
    read_sentences: int = 48  # sentences of those chunks compared word by word with the question
    evidence_sentences: int = 8  # numbered sentences a model is shown, at most
    evidence_tokens: int = 512  # tiktoken tokens of evidence a model is shown, at most
    broad_sentences: int = 7  # sentences in the answer to a broad question, at most
    answer_tokens: int = 320  # tokens a large model may write
    question_chars: int = 2000  # characters (code points) in a question, at most

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            low, high = _RANGES[field.name]
            if type(value) is not int or not low <= value <= high:
                raise SettingsError(
                    f"{field.name}={value!r} is out of range: give a whole number from {low} to {high}"
                )
        if self.overlap_tokens * 2 > self.chunk_tokens:
            raise SettingsError(
                f"overlap_tokens={self.overlap_tokens!r} is more than half of "
                f"chunk_tokens={self.chunk_tokens!r}: lower it"
            )


# 256 is where MiniLM stops reading; its word pieces run up to 1.1 per tiktoken token in English.
_RANGES: dict[str, tuple[int, int]] = {
    "chunk_tokens": (16, 256),
    "overlap_tokens": (0, 128),
    "candidates": (1, 1000),
    "top_chunks": (1, 200),
    "read_sentences": (1, 1000),
    "evidence_sentences": (1, 50),
    "evidence_tokens": (32, 32_000),
    "broad_sentences": (1, 50),
    "answer_tokens": (16, 8192),
    "question_chars": (1, 100_000),
}
