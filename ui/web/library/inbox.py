"""Files that visitors have sent and that no listener has taken yet: whose each is, and how much may lie there.

Gradio keeps what is sent under the hash of its bytes, and takes any path that a page names for a file that was sent.
Here each file gets a folder of its own, with a name that nobody guesses, and only its visitor can name it.
"""

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from ui.web.refusal import Refusal

_LIFE_S = 600  # seconds after which a file that nobody took is deleted
_VISITORS = 10  # for so many there is room at the same time


def upload_folder() -> Path:
    """Where Gradio keeps what is sent, and what it serves."""
    return Path(os.environ.get("GRADIO_TEMP_DIR") or Path(tempfile.gettempdir()) / "gradio").resolve()


@dataclass(frozen=True, slots=True)
class _Sent:
    visitor: str
    size: int
    at: float


class Inbox:
    """What lies there, by path. ``room`` is for one visitor, in bytes. Safe in many threads."""

    def __init__(self, room: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self._room = room
        self._now = now
        self._lock = Lock()
        self._there: dict[Path, _Sent] = {}
        self._coming: dict[str, list[int]] = {}

    @contextmanager
    def room(self, visitor: str, size: int) -> Iterator[None]:
        """Keep room for a request of ``size`` bytes. Raises ``Refusal`` 429 or 507 where there is none."""
        self.sweep()
        with self._lock:
            mine = self._coming.setdefault(visitor, [])
            lying = sum(one.size for one in self._there.values() if one.visitor == visitor)
            if lying + sum(mine) + size > self._room:
                raise Refusal(
                    "what you sent before is not read yet: wait a minute and send it again", status=429
                )
            total = sum(one.size for one in self._there.values()) + sum(map(sum, self._coming.values()))
            if total + size > _VISITORS * self._room:
                raise Refusal("this server is busy with other files: try again in a minute", status=507)
            mine.append(size)
        try:
            yield
        finally:
            with self._lock:
                mine.remove(size)
                if not mine:
                    self._coming.pop(visitor, None)

    def put(self, visitor: str, path: str) -> str:
        """Put a file that Gradio has stored into a folder of its own; its path there."""
        stored = Path(path)
        there = upload_folder() / secrets.token_hex(32) / stored.name
        there.parent.mkdir(parents=True)
        os.link(stored, there)  # another visitor who sends the same bytes has the same stored file
        with self._lock:
            self._there[there] = _Sent(visitor, there.stat().st_size, self._now())
        return str(there)

    def holds(self, visitor: str, path: str) -> bool:
        """Whether a visitor has sent the file at ``path``, and nobody has taken it."""
        with self._lock:
            found = self._there.get(Path(path))
        return found is not None and found.visitor == visitor

    @contextmanager
    def taken(self, visitor: str, path: str) -> Iterator[Path]:
        """The file at ``path``, to be read; it is deleted at the end. Raises ``Refusal`` 404 where it is not there."""
        if not self.holds(visitor, path):
            raise Refusal("this file is not here any more: send it again", status=404)
        try:
            yield Path(path)
        finally:
            self._remove(Path(path))

    def sweep(self) -> None:
        """Delete what nobody took for ten minutes, also what Gradio stored."""
        with self._lock:
            old = [path for path, one in self._there.items() if one.at + _LIFE_S < self._now()]
        for path in old:
            self._remove(path)
        before = time.time() - _LIFE_S
        for folder in upload_folder().glob("[0-9a-f]*"):
            with suppress(OSError):  # another thread takes a file away meanwhile
                if len(folder.name) == 64 and all(
                    file not in self._there and file.stat().st_mtime < before for file in folder.iterdir()
                ):
                    shutil.rmtree(folder, ignore_errors=True)

    def _remove(self, path: Path) -> None:
        with self._lock:
            if self._there.pop(path, None):
                shutil.rmtree(path.parent, ignore_errors=True)
