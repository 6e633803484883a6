"""How much a visitor may ask in a while. The only file that imports limits."""

import math
import time
from collections.abc import Callable

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from rag.errors import SettingsError
from ui.web.refusal import Refusal


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
        now: Callable[[], float] = time.time,
    ) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._now = now
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
            self._window.hit(self._sign_ins, "sign-in", key)

    def may_sign_in(self, *keys: str) -> None:
        """Refuse where too many sign-ins have failed."""
        for key in keys:
            if not self._window.test(self._sign_ins, "sign-in", key):
                raise self._refusal(self._sign_ins, "sign-in", key, "{} sign-ins have failed")

    def _count(self, rate: RateLimitItem, kind: str, key: str, said: str) -> None:
        if not self._window.hit(rate, kind, key):
            raise self._refusal(rate, kind, key, said)

    def _refusal(self, rate: RateLimitItem, kind: str, key: str, said: str) -> Refusal:
        again = self._window.get_window_stats(rate, kind, key).reset_time
        wait = max(1, math.ceil(again - self._now()))
        every = rate.get_expiry()
        return Refusal(
            f"{said.format(rate.amount)} within {every} seconds, which is the limit: wait {wait} s and try again",
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
