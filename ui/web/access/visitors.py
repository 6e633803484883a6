"""Who asks: a browser that came back, a user who signed in, or a program with a key."""

import hashlib
import re
import secrets
from dataclasses import dataclass

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_NAME = re.compile(r"[\w.@-]{1,64}")


@dataclass(frozen=True, slots=True)
class Visitor:
    """``id`` is hexadecimal and safe as a file name; ``name`` is the user's or the key's, empty for a browser."""

    id: str
    name: str = ""


def browser(token: str) -> Visitor:
    """The visitor of a browser's cookie."""
    return Visitor(_hashed(f"browser:{token}"))


def user(name: str) -> Visitor:
    """The visitor who signed in by this name, at whichever browser."""
    return Visitor(_hashed(f"user:{name}"), name)


def program(name: str) -> Visitor:
    """The visitor who has the key of this name."""
    return Visitor(_hashed(f"key:{name}"), name)


def fresh_token() -> str:
    """256 random bits for a browser's cookie."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether ``text`` has the form of such a cookie."""
    return _TOKEN.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether a user can have this name."""
    return _NAME.fullmatch(text) is not None


def _hashed(what: str) -> str:
    return hashlib.sha256(what.encode("utf-8", "replace")).hexdigest()[:32]
