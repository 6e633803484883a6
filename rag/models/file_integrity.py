"""Whether a model file is whole: compares it with its SHA-256, and records which files were found good.

The checksums themselves are in ``catalogue``, beside the name and the sources of each model.

A record lets the next start skip reading hundreds of megabytes. It names the file by path, size and time of change;
if any of them differs, the record no longer applies.
"""

import contextlib
import hashlib
import json
import os
from pathlib import Path

from rag.errors import ModelError
from rag.system.files import Durability, write_whole
from rag.system.paths import home


def read_checked(path: Path, *, sha256: str, fix: str) -> bytes:
    """Return the content of the file if it has this SHA-256.

    Raises ``ModelError``, with ``fix`` as its last part, if the file cannot be read or has another checksum.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"cannot read {str(path)!r}: {error.strerror}; {fix}") from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != sha256:
        raise ModelError(f"{str(path)!r} is damaged: SHA-256 {digest[:12]}…, expected {sha256[:12]}…; {fix}")
    return content


def is_recorded(path: Path, *, sha256: str = "") -> bool:
    """Return whether the file is recorded as good and unchanged since; with ``sha256``, also under that checksum."""
    try:
        record = json.loads(_record_path(path).read_text("utf-8"))
        state = _file_state(path)
    except (OSError, ValueError):
        return False
    if not isinstance(record, dict) or any(record.get(key) != value for key, value in state.items()):
        return False
    return not sha256 or record.get("sha256") == sha256


def record_good(path: Path, *, sha256: str = "") -> None:
    """Record the file, as it is now, as good. If the record cannot be written, the file is just checked again later."""
    record = _record_path(path)
    with contextlib.suppress(OSError):
        record.parent.mkdir(parents=True, exist_ok=True)
        data = json.dumps(_file_state(path) | {"sha256": sha256}).encode()
        write_whole(record, data, durable=Durability.NONE, private=True)  # a cache: it can be made again


def _file_state(path: Path) -> dict[str, str | int]:
    stat = path.stat()
    return {"path": str(path.resolve()), "bytes": stat.st_size, "changed_ns": stat.st_mtime_ns}


def _record_path(path: Path) -> Path:
    name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:24]
    return home() / "checked" / f"{name}.json"
