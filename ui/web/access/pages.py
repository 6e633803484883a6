"""Open pages, by the hash that each gives itself: whose it is, and whether anybody still listens.

The hash stands in addresses, and so in the logs of proxies. It is worth something only together with its visitor's
cookie: the first who calls with it owns it.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from ui.web.refusal import Refusal

_REMEMBERED = 20_000  # pages
_LEFT_S = 15  # seconds without a stream after which a page counts as left


@dataclass(slots=True)
class _Page:
    owner: str
    streams: int
    seen: float


class Pages:
    """The pages that have called. Safe in many threads."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = Lock()
        self._pages: OrderedDict[str, _Page] = OrderedDict()

    def claim(self, page: str, visitor: str) -> None:
        """Note that a visitor calls from a page. Raises ``Refusal`` 403 for the page of another visitor."""
        with self._lock:
            known = self._pages.setdefault(page, _Page(visitor, 0, self._now()))
            if known.owner != visitor:
                raise Refusal("this page is another visitor's: reload it", status=403)
            known.seen = self._now()
            self._pages.move_to_end(page)
            while len(self._pages) > _REMEMBERED:
                self._pages.popitem(last=False)

    def refuse_others(self, page: str, visitor: str) -> None:
        """Raise ``Refusal`` 403 for a page that another visitor has claimed."""
        with self._lock:
            known = self._pages.get(page)
        if known is not None and known.owner != visitor:
            raise Refusal("this page is another visitor's: reload it", status=403)

    @contextmanager
    def listening(self, page: str) -> Iterator[None]:
        """A stream of a page is open."""
        self._count(page, 1)
        try:
            yield
        finally:
            self._count(page, -1)

    def left(self, page: str | None) -> bool:
        """Whether a page that has called has had no stream for a while: nobody waits for what it asked for."""
        with self._lock:
            known = self._pages.get(page or "")
            return known is not None and not known.streams and known.seen + _LEFT_S < self._now()

    def _count(self, page: str, more: int) -> None:
        with self._lock:
            if known := self._pages.get(page):
                known.streams += more
                known.seen = self._now()
