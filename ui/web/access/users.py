"""Who may sign in: a file of names and hashed passwords. The only file that imports argon2."""

import hashlib
import secrets
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rag.errors import SettingsError
from ui.web.access.named_hashes import NamedHashes, check_name

_SHORTEST, _LONGEST = 8, 1024  # characters in a password


class Users:
    """The users of a file. Hashes are argon2id's (RFC 9106). Raises ``SettingsError`` as ``NamedHashes`` does."""

    def __init__(self, path: Path) -> None:
        self._file = NamedHashes(path, noun="user", begins="$argon2")
        self._hasher = PasswordHasher()
        # What an unknown name is checked against, so that it takes as long as a known one.
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted(self._file.hashes()))

    def mark(self, name: str) -> str:
        """What changes with the user's password, and tells nothing of it; empty where there is no such user."""
        hashed = self._file.hashes().get(name, "")
        return hashlib.sha256(hashed.encode()).hexdigest() if hashed else ""

    def verify(self, name: str, password: str) -> bool:
        """Whether this is the user's password. Takes as long for a name that is not there."""
        hashed = self._file.hashes().get(name)
        try:
            self._hasher.verify(hashed or self._nobody, password[:_LONGEST].encode("utf-8", "replace"))
        except (VerificationError, InvalidHashError):
            return False
        return hashed is not None and len(password) <= _LONGEST

    def add(self, name: str, password: str) -> None:
        """Add a user, or change the password."""
        check_name(name)
        if not _SHORTEST <= len(password) <= _LONGEST:
            raise SettingsError(
                f"a password of {len(password)} characters: give {_SHORTEST} to {_LONGEST} characters"
            )
        self._file.put(name, self._hasher.hash(password.encode("utf-8", "replace")))

    def remove(self, name: str) -> None:
        """Take a user away; whoever is signed in by that name no longer is."""
        self._file.remove(name)
