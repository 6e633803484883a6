"""JSON on standard output, and text into a file that was asked for."""

import json
import re
import sys
from pathlib import Path

from rag.errors import ReportError
from rag.serialization import Json

# JSON may hold these as they are, and a terminal would obey them; half characters have no UTF-8.
_ESCAPED = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def write_json(value: Json) -> None:
    """Print one JSON value: UTF-8, and safe to show on a terminal."""
    sys.stdout.write(as_text(value) + "\n")


def as_text(value: Json, *, indent: int | None = 2) -> str:
    """``value`` as JSON with readable letters of every script; controls are escaped. On one line without ``indent``."""
    written = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def write_file(name: str, text: str) -> None:
    """Write ``text`` to the file; half characters become escapes. Raises ``ReportError`` where it cannot be written."""
    try:
        Path(name).expanduser().write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise ReportError(f"cannot write {name!r} ({error.strerror}): give another path") from error
