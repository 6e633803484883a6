"""A file of a model that must be, byte for byte, what it was when it was measured."""

import hashlib
from pathlib import Path

from rag.errors import ModelError


def intact(path: Path, *, sha256: str, fix: str) -> bytes:
    """What is in the file. Raises ``ModelError``, which ends with ``fix``, where it cannot be read or is another."""
    try:
        found = path.read_bytes()
    except OSError as error:
        raise ModelError(f"cannot read {str(path)!r}: {error.strerror}; {fix}") from error
    digest = hashlib.sha256(found).hexdigest()
    if digest != sha256:
        raise ModelError(f"{str(path)!r} is damaged: SHA-256 {digest[:12]}…, expected {sha256[:12]}…; {fix}")
    return found
