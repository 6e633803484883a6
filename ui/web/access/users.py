"""Who may sign in: a file of names and hashed passwords. The only file that imports argon2."""

import hashlib
import secrets
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rag.errors import SettingsError, remedy
from rag.system.files import Durability, write_whole
from ui.web.access.visitors import is_name

_SHORTEST, _LONGEST = 8, 1024  # characters in a password


class Users:
    """The users of a file, one ``name:hash`` a line; lines that begin with ``#`` are passed over.

    Hashes are argon2id's (RFC 9106). The file is read again when it has changed. Raises ``SettingsError``
    where it cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._hasher = PasswordHasher()
        # What an unknown name is checked against, so that it takes as long as a known one.
        self._nobody = self._hasher.hash(secrets.token_hex(16))
        self._lock = Lock()
        self._read: tuple[tuple[int, ...], Mapping[str, str]] = ((), {})

    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted(self._hashes()))

    def mark(self, name: str) -> str:
        """What changes with the user's password, and tells nothing of it; empty where there is no such user."""
        hashed = self._hashes().get(name, "")
        return hashlib.sha256(hashed.encode()).hexdigest() if hashed else ""

    def verify(self, name: str, password: str) -> bool:
        """Whether this is the user's password. Takes as long for a name that is not there."""
        hashed = self._hashes().get(name)
        try:
            self._hasher.verify(hashed or self._nobody, password[:_LONGEST].encode("utf-8", "replace"))
        except (VerificationError, InvalidHashError):
            return False
        return hashed is not None and len(password) <= _LONGEST

    def add(self, name: str, password: str) -> None:
        """Add a user, or change the password."""
        if not is_name(name):
            raise SettingsError(
                f"the name {name!r:.80} cannot be used: give 1 to 64 letters, digits or . _ @ -"
            )
        if not _SHORTEST <= len(password) <= _LONGEST:
            raise SettingsError(
                f"a password of {len(password)} characters: give {_SHORTEST} to {_LONGEST} characters"
            )
        self._write({**self._hashes(), name: self._hasher.hash(password.encode("utf-8", "replace"))})

    def remove(self, name: str) -> None:
        """Take a user away; whoever is signed in by that name no longer is."""
        hashes = self._hashes()
        if name not in hashes:
            raise SettingsError(f"no user {name!r:.80} in {str(self._path)!r}: `pincite users` lists them")
        self._write({known: hashed for known, hashed in hashes.items() if known != name})

    def _hashes(self) -> Mapping[str, str]:
        with self._lock:
            try:
                state = self._path.stat()
                # Two hashes are as long as each other, and times may come again where the clock is set back.
                stamp = (state.st_mtime_ns, state.st_ctime_ns, state.st_ino, state.st_size)
                if stamp != self._read[0]:
                    self._read = (stamp, _parsed(self._path.read_text("utf-8"), self._path))
            except FileNotFoundError:
                return {}
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(
                    f"cannot read the users in {str(self._path)!r} ({error}): check the file"
                ) from error
            return self._read[1]

    def _write(self, hashes: Mapping[str, str]) -> None:
        """Replace the file, for its owner alone."""
        text = "".join(f"{name}:{hashed}\n" for name, hashed in sorted(hashes.items()))
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, text.encode(), durable=Durability.CONTENT, private=True)
        except OSError as error:
            fix = remedy(error, otherwise="give another --file")
            raise SettingsError(
                f"cannot write the users to {str(self._path)!r} ({error.strerror}): {fix}"
            ) from error


def _parsed(text: str, path: Path) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for at, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, hashed = line.strip().partition(":")
        if not is_name(name) or not hashed.startswith("$argon2"):
            raise SettingsError(
                f"{str(path)!r}:{at} is no user: `pincite users add NAME` writes the line name:hash"
            )
        if name in found:
            raise SettingsError(f"{str(path)!r}:{at} has {name!r} a second time: remove one")
        found[name] = hashed
    return found
