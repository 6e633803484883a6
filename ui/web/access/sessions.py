"""Who is signed in: tokens in memory, so that a restart signs everybody out."""

import base64
import binascii
import hashlib
import secrets
import time
from collections.abc import Callable
from threading import Lock, Semaphore

from ui.web.access.rate_limits import Limits
from ui.web.access.users import Users
from ui.web.refusal import Refusal

_LIFE_S = 30 * 24 * 3600  # seconds without a request after which one is signed out
_REMEMBERED_S = 60  # seconds for which a password sent with each request is not hashed again
_MOST = 100_000  # sessions held
_HASHING = 2  # passwords hashed at the same time, each in 64 MB


class Sessions:
    """Signs users in and out. What a cookie holds is kept only as its SHA-256."""

    def __init__(self, users: Users, *, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        self._users = users
        self._limits = limits
        self._now = now
        self._lock = Lock()
        self._hashing = Semaphore(_HASHING)
        self._held: dict[str, tuple[str, str, float]] = {}  # name, its password's mark, the end
        self._basic: dict[str, tuple[str, str, float]] = {}

    def sign_in(self, name: str, password: str, *, address: str) -> str:
        """A token for the cookie. Raises ``Refusal``: 400 for a wrong name or password, 429 after too many.

        It takes as long as hashing a password does: not for an event loop.
        """
        self._check(name, password, address)
        token = secrets.token_urlsafe(32)
        with self._lock:
            while len(self._held) >= _MOST:
                del self._held[next(iter(self._held))]
            self._held[_digest(token)] = (name, self._users.mark(name), self._now() + _LIFE_S)
        return token

    def name(self, token: str) -> str:
        """The user of a token; empty where it is none, has expired, or the user is gone or has a new password."""
        key = _digest(token)
        with self._lock:
            name, mark, ends = self._held.pop(key, ("", "", 0.0))
            if not name or ends < self._now() or mark != self._users.mark(name):
                return ""
            self._held[key] = (name, mark, self._now() + _LIFE_S)  # last again, so that the oldest go first
        return name

    def sign_out(self, token: str) -> None:
        """The token is worth nothing any more."""
        with self._lock:
            self._held.pop(_digest(token), None)

    def basic(self, header: str, *, address: str) -> str:
        """The user of an ``Authorization: Basic`` header (RFC 7617), for programs; raises as ``sign_in`` does."""
        key = _digest(header)
        with self._lock:
            name, mark, ends = self._basic.get(key, ("", "", 0.0))
        if name and ends >= self._now() and mark == self._users.mark(name):
            return name
        try:
            given = base64.b64decode(header.partition(" ")[2], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise Refusal(
                "the Authorization header cannot be read: send name and password as Basic", status=400
            ) from None
        name, _, password = given.partition(":")
        self._check(name, password, address)
        with self._lock:
            self._basic = {known: kept for known, kept in self._basic.items() if kept[2] >= self._now()}
            self._basic[key] = (name, self._users.mark(name), self._now() + _REMEMBERED_S)
        return name

    def _check(self, name: str, password: str, address: str) -> None:
        with self._limits.sign_in(name, address), self._hashing:
            if not self._users.verify(name, password):
                raise Refusal("The name or the password is wrong.", status=400)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
