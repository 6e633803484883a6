"""How much a visitor may ask in a while. The only file that imports limits.

Its rates are used and its counters are not: they go by the wall clock, and where that is set back by a year, whoever
has just asked must wait for a year.
"""

import math
import time
from collections import deque
from collections.abc import Callable
from threading import Lock

from limits import RateLimitItem, parse

from rag.errors import SettingsError
from ui.web.refusal import Refusal

_SWEEP_S = 60


class Limits:
    """Counts in memory, over a window that moves. Rates are as ``20/minute`` or ``5/10 seconds``.

    Raises ``SettingsError`` for a rate that cannot be read, ``Refusal`` with status 429 for one too many.
    """

    def __init__(
        self,
        *,
        per_visitor: str = "20/minute",
        per_address: str = "240/minute",
        uploads: str = "60/minute",
        sign_ins: str = "5/minute",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._window = _Window(now)
        self._visitor, self._address = _rate(per_visitor), _rate(per_address)
        self._uploads, self._sign_ins = _rate(uploads), _rate(sign_ins)

    def ask(self, visitor: str, address: str) -> None:
        """Count a question of a visitor, who is at an address."""
        self._count(self._address, "address", address, "This address has asked {} questions")
        self._count(self._visitor, "visitor", visitor, "You have asked {} questions")

    def upload(self, visitor: str, address: str) -> None:
        """Count an article that a visitor adds; also for the address, as a program may be a new visitor each time."""
        self._count(self._uploads, "upload", f"address {address}", "This address has added {} articles")
        self._count(self._uploads, "upload", visitor, "You have added {} articles")

    def failed_sign_in(self, *keys: str) -> None:
        """Count a sign-in that failed, for the address and for the name."""
        for key in keys:
            self._window.hit(self._sign_ins, ("sign-in", key))

    def may_sign_in(self, *keys: str) -> None:
        """Refuse where too many sign-ins have failed."""
        for key in keys:
            if wait := self._window.wait(self._sign_ins, ("sign-in", key)):
                raise _refusal(self._sign_ins, wait, "{} sign-ins have failed")

    def _count(self, rate: RateLimitItem, kind: str, key: str, said: str) -> None:
        if wait := self._window.hit(rate, (kind, key)):
            raise _refusal(rate, wait, said)


class _Window:
    """When each was last counted, over a window that moves. Safe in many threads."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = Lock()
        self._held: dict[
            tuple[str, str], deque[float]
        ] = {}  # by kind and key; each ends when its last is over
        self._swept = now()

    def wait(self, rate: RateLimitItem, key: tuple[str, str]) -> float:
        """How many seconds until one more is allowed; 0 where it is now."""
        with self._lock:
            return self._wait(rate, key)

    def hit(self, rate: RateLimitItem, key: tuple[str, str]) -> float:
        """Count one, where it is allowed; how many seconds until it is, and 0 where it was counted."""
        with self._lock:
            if wait := self._wait(rate, key):
                return wait
            self._held.setdefault(key, deque()).append(self._now() + rate.get_expiry())
            self._sweep()
            return 0.0

    def _wait(self, rate: RateLimitItem, key: tuple[str, str]) -> float:
        ends, now = self._held.get(key, deque()), self._now()
        while ends and ends[0] <= now:
            ends.popleft()
        return ends[-rate.amount] - now if len(ends) >= rate.amount else 0.0

    def _sweep(self) -> None:
        """Forget, once a minute, whom nothing is counted for any more."""
        now = self._now()
        if now - self._swept >= _SWEEP_S:
            self._swept = now
            self._held = {key: ends for key, ends in self._held.items() if ends and ends[-1] > now}


def _refusal(rate: RateLimitItem, wait: float, said: str) -> Refusal:
    return Refusal(
        f"{said.format(rate.amount)} within {rate.get_expiry()} seconds, which is the limit: "
        f"wait {max(1, math.ceil(wait))} s and try again",
        status=429,
    )


def _rate(text: str) -> RateLimitItem:
    try:
        rate = parse(text)
    except ValueError as error:
        raise SettingsError(
            f"the rate {text!r} cannot be read: write it as 20/minute or 5/10 seconds"
        ) from error
    if rate.amount < 1:
        raise SettingsError(f"the rate {text!r} allows nothing: give at least 1 in a period")
    return rate
