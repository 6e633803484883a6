"""Limits how many questions, uploads and failed sign-ins are allowed in a period: a sliding window log in memory.

Times are of a monotonic clock: by the wall clock, where that is set back by a year, whoever has just asked would have
to wait for a year.
"""

import math
import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock

from rag.errors import SettingsError
from ui.web.refusal import Refusal

_OF_NAME, _OF_ADDRESS = 6, 12  # times as many sign-ins as of one name from one address
_SWEEP_S = 60  # seconds between two removals of keys without a count
_RATE = re.compile(
    r"\s*(?P<amount>[0-9]{1,9})\s*(?:/|per)\s*(?P<periods>[1-9][0-9]{0,8})?\s*(?P<unit>[a-z]+?)s?\s*",
    re.IGNORECASE,
)
_UNITS_S = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 24 * 3600,
    "month": 30 * 24 * 3600,
    "year": 360 * 24 * 3600,
}


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``amount`` events in any ``seconds`` seconds."""

    amount: int
    seconds: int

    @classmethod
    def parse(cls, text: str) -> "Rate":
        """Read a rate such as ``20/minute``, ``5/10 seconds`` or ``1 per hour``; raises ``SettingsError``."""
        match = _RATE.fullmatch(text)
        unit_s = _UNITS_S.get(match["unit"].lower()) if match else None
        if match is None or unit_s is None:
            raise SettingsError(f"the rate {text!r} cannot be read: write it as 20/minute or 5/10 seconds")
        rate = cls(int(match["amount"]), int(match["periods"] or 1) * unit_s)
        if rate.amount < 1:
            raise SettingsError(f"the rate {text!r} allows nothing: give at least 1 in a period")
        return rate


_CALLS, _CALLS_OF_ADDRESS = Rate(200, 10), Rate(2000, 10)


class Limits:
    """Counts events by visitor and by address, in memory. Rates are texts that ``Rate.parse`` reads.

    Raises ``SettingsError`` for a rate that cannot be read, ``Refusal`` with status 429 for an event over a rate. Safe
    in many threads. ``now`` gives seconds of a clock that never goes back.
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
        self._window = Window(now)
        self._visitor, self._address = Rate.parse(per_visitor), Rate.parse(per_address)
        self._uploads, self._sign_ins = Rate.parse(uploads), Rate.parse(sign_ins)

    def ask(self, visitor: str, address: str) -> None:
        """Count a question of a visitor, who is at an address."""
        self._count(
            (self._address, ("address", address), "This address has asked {} questions"),
            (self._visitor, ("visitor", visitor), "You have asked {} questions"),
        )

    def upload(self, visitor: str, address: str) -> None:
        """Count an article that a visitor adds; also for the address, as a program may be a new visitor each time."""
        self._count(
            (self._uploads, ("upload", f"address {address}"), "This address has added {} articles"),
            (self._uploads, ("upload", visitor), "You have added {} articles"),
        )

    def call(self, visitor: str, address: str) -> None:
        """Count any call of a page: far more than a person makes are refused before they wait anywhere."""
        self._count(
            (_CALLS_OF_ADDRESS, ("call", f"address {address}"), "This address has made {} calls"),
            (_CALLS, ("call", visitor), "You have made {} calls"),
        )

    @contextmanager
    def sign_in(self, name: str, address: str) -> Iterator[None]:
        """Count an attempt to sign in before it is made; one that raises nothing is not counted.

        The fewest are allowed to one name from one address; more to an address, as all visitors have one behind a
        proxy, and to a name, so that a stranger does not lock its owner out.
        """
        pair = self._sign_ins
        keys = (
            (pair, f"{name} at {address}"),
            (replace(pair, amount=pair.amount * _OF_NAME), f"name {name}"),
            (replace(pair, amount=pair.amount * _OF_ADDRESS), f"address {address}"),
        )
        counted = [(rate, ("sign-in", key), "{} sign-ins have failed") for rate, key in keys]
        self._count(*counted)
        yield
        for _, key, _ in counted:
            self._window.forget(key)

    def _count(self, *counted: tuple[Rate, tuple[str, str], str]) -> None:
        """Count an event by each key, or by none: who is over one rate must not use up what others have of the next."""
        for at, (rate, key, complaint) in enumerate(counted):
            if wait := self._window.hit(rate, key):
                for _, before, _ in counted[:at]:
                    self._window.forget(before)
                raise _refusal(rate, wait, complaint)


class Window:
    """The times at which counted events leave the window, by kind and key. Safe in many threads."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = Lock()
        self._ends: dict[tuple[str, str], deque[float]] = {}
        self._swept = now()

    def __len__(self) -> int:
        return len(self._ends)

    def forget(self, key: tuple[str, str]) -> None:
        """Take the last event of a key back."""
        with self._lock:
            if ends := self._ends.get(key):
                ends.pop()

    def hit(self, rate: Rate, key: tuple[str, str]) -> float:
        """Count an event if it is allowed, and return 0; otherwise return the seconds until it is."""
        with self._lock:
            if wait := self._seconds_to_wait(rate, key):
                return wait
            self._ends.setdefault(key, deque()).append(self._now() + rate.seconds)
            self._sweep()
            return 0.0

    def _seconds_to_wait(self, rate: Rate, key: tuple[str, str]) -> float:
        ends, now = self._ends.get(key, deque()), self._now()
        while ends and ends[0] <= now:
            ends.popleft()
        return ends[-rate.amount] - now if len(ends) >= rate.amount else 0.0

    def _sweep(self) -> None:
        """Remove, once a minute, the keys whose events have all left the window."""
        now = self._now()
        if now - self._swept >= _SWEEP_S:
            self._swept = now
            self._ends = {key: ends for key, ends in self._ends.items() if ends and ends[-1] > now}


def _refusal(rate: Rate, wait: float, complaint: str) -> Refusal:
    wait_s = max(1, math.ceil(wait))
    return Refusal(
        f"{complaint.format(rate.amount)} within {rate.seconds} seconds, which is the limit: "
        f"wait {wait_s} s and try again",
        status=429,
        retry_s=wait_s,
    )
