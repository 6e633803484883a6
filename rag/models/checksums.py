"""A file of a model that must be, byte for byte, what it was when it was measured."""

import contextlib
import hashlib
import json
import os
from pathlib import Path

from rag.errors import ModelError
from rag.system.files import Durability, write_whole
from rag.system.paths import home


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


def is_checked(path: Path, *, sha256: str = "") -> bool:
    """Whether the file was recorded as it is now; with ``sha256``, also that this was its checksum."""
    try:
        noted = json.loads(_note(path).read_text("utf-8"))
        now = _identity(path)
    except (OSError, ValueError):
        return False
    if not isinstance(noted, dict) or any(noted.get(key) != value for key, value in now.items()):
        return False
    return not sha256 or noted.get("sha256") == sha256


def record(path: Path, *, sha256: str = "") -> None:
    """Notes the file as good. Where the note cannot be written the file is merely checked again next time."""
    note = _note(path)
    with contextlib.suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        data = json.dumps(_identity(path) | {"sha256": sha256}).encode()
        write_whole(note, data, durable=Durability.NONE, private=True)  # a cache: it can be made again


def _identity(path: Path) -> dict[str, str | int]:
    state = path.stat()
    return {"path": str(path.resolve()), "bytes": state.st_size, "changed_ns": state.st_mtime_ns}


def _note(path: Path) -> Path:
    name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:24]
    return home() / "checked" / f"{name}.json"
