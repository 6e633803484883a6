"""How values are written in PostgreSQL, which takes no NUL in a text and indexes no long text."""

import hashlib
from collections.abc import Iterable


def array_literal(values: Iterable[str | int | bytes]) -> str:
    """Values of one type as PostgreSQL writes an array of them, for a parameter that ``CAST`` gives its type.

    pg8000 would read the word ``null`` as a missing value.
    """
    return "{" + ",".join(_array_element(value) for value in values) + "}"


def _array_element(value: str | int | bytes) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def term_key(value: str) -> bytes:
    """The SHA-256 by which an id or a term is looked up, however long it is."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()


def term_number(term: str) -> int:
    """A number of 31 bits that stands for a term in an index; two terms may have the same."""
    return int.from_bytes(term_key(term)[:4]) >> 1


def escape(value: str) -> str:
    """A text without NUL, which PostgreSQL can store: SUB (U+001A), which hardly occurs, begins an escape."""
    return value.replace("\x1a", "\x1a1").replace("\0", "\x1a0")


def unescape(value: str) -> str:
    """The reverse of ``escape``."""
    return value.replace("\x1a0", "\0").replace("\x1a1", "\x1a") if "\x1a" in value else value


def pad_terms(body: str) -> str:
    """Keywords with a space before and after each, so that each can be counted by removing it."""
    return " " + escape(body).replace(" ", "  ") + " "


def unpad_terms(body: str) -> str:
    """The reverse of ``pad_terms``."""
    return unescape(body[1:-1].replace("  ", " "))
