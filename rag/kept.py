"""How ids, texts and keywords are kept in PostgreSQL, which takes no NUL and indexes no long text."""

import hashlib


def hashed(value: str) -> bytes:
    """What stands for an id or a term where it is looked up, however long it is; no two have the same."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()


def numbered(term: str) -> int:
    """A number of 31 bits that stands for a term in an index; two terms may have the same."""
    return int.from_bytes(hashed(term)[:4]) >> 1


def put_in(value: str) -> str:
    """As PostgreSQL can keep it, which is without NUL; SUB, which hardly occurs, marks what stands for one."""
    return value.replace("\x1a", "\x1a1").replace("\0", "\x1a0")


def taken_out(value: str) -> str:
    """The reverse of ``put_in``."""
    return value.replace("\x1a0", "\0").replace("\x1a1", "\x1a") if "\x1a" in value else value


def apart(body: str) -> str:
    """Keywords with a space before and after each, so that each can be counted by taking it out."""
    return " " + put_in(body).replace(" ", "  ") + " "


def together(body: str) -> str:
    """The reverse of ``apart``."""
    return taken_out(body[1:-1].replace("  ", " "))
