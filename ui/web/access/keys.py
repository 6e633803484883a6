"""The keys of programs: a file of names, each with the SHA-256 of its key.

A key is 256 random bits, which nobody guesses: it needs no slow hash, as a password does.
"""

import hashlib
import secrets
from pathlib import Path

from rag.errors import SettingsError
from ui.web.access.named_hashes import NamedHashes, check_name

_BEGINS = "pincite-"  # so that a key is known for one where it turns up
_HASH = "sha256$"


class Keys:
    """The keys of a file. Raises ``SettingsError`` as ``NamedHashes`` does."""

    def __init__(self, path: Path) -> None:
        self._file = NamedHashes(path, noun="key", begins=_HASH)

    def names(self) -> tuple[str, ...]:
        """The names of all keys, sorted."""
        return tuple(sorted(self._file.hashes()))

    def name(self, key: str) -> str:
        """The name of a key; empty where it is none."""
        hashed = _hashed(key)
        return next((name for name, known in self._file.hashes().items() if known == hashed), "")

    def add(self, name: str) -> str:
        """Make a key; it is kept nowhere. Raises ``SettingsError`` where the name has one."""
        check_name(name)
        if name in self._file.hashes():
            raise SettingsError(f"there is a key {name!r} already: give another name, or remove that one")
        key = f"{_BEGINS}{secrets.token_urlsafe(32)}"
        self._file.put(name, _hashed(key))
        return key

    def remove(self, name: str) -> None:
        """Take a key away; whoever has it can do nothing with it any more."""
        self._file.remove(name)


def _hashed(key: str) -> str:
    return _HASH + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
