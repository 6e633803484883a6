"""What a visitor may do once at a time, so that one visitor does not take all places."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from ui.web.refusal import Refusal


class Busy:
    """Who is at it now. ``complaint`` is what the others are told. Safe in many threads."""

    def __init__(self, complaint: str) -> None:
        self._complaint = complaint
        self._lock = Lock()
        self._at_it: set[str] = set()

    @contextmanager
    def one_of(self, visitor: str) -> Iterator[None]:
        """Do it once for this visitor. Raises ``Refusal`` 429 where the visitor is at it already."""
        with self._lock:
            if visitor in self._at_it:
                raise Refusal(self._complaint, status=429)
            self._at_it.add(visitor)
        try:
            yield
        finally:
            with self._lock:
                self._at_it.discard(visitor)
