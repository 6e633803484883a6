"""What lies in a folder of articles now, reading no file again that is known to be as it was.

What is known of the files is a memory that may be lost, or be wrong about the index, at any time: an entry
counts only where the store has its articles with the same digests.
"""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.errors import ArticleError, IndexFault
from rag.reading.articles import id_taken, read_file
from rag.reading.folders import article_files, articles_root, ignored_files
from rag.schema import Article
from rag.storage.store import digest
from rag.system.files import Durability, file_sha256, write_whole

# To be raised where reading changes, so that the same file gives another article: all files are read again then.
_READING = 2


# A file system may count time in steps of up to two seconds (FAT), so a file changed twice within one can keep
# its size and its times. One that is younger than this when it is read is read again the next time.
_FRESH_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was read: size in bytes, times in nanoseconds, SHA-256, and its articles' digests by id.

    ``trusted``: all of it could be read, and it was old enough for its times to tell a later change.
    """

    size: int
    modified: int
    changed: int  # the inode's: rises also where a program puts the other back, as `cp -p` and `touch -r` do
    sha256: str
    articles: Mapping[str, str]
    trusted: bool

    def same_stamp(self, other: "KnownFile") -> bool:
        """Whether size and times are equal."""
        return (self.size, self.modified, self.changed) == (other.size, other.modified, other.changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The files of ``root`` by their paths below it, as they were at ``at``, nanoseconds since 1970."""

    root: str = ""
    at: int = 0
    files: Mapping[str, KnownFile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderScan:
    """What there is. ``articles`` were read now; those in ``keep`` are in the index as they are.

    ``notes`` are of files read now: what was removed or guessed; ``passed`` names what is not read at all, each time.
    ``blind``: a folder or a file cannot be read of which it is not known what it held, so that an article
    which is not found may yet be there.
    """

    articles: tuple[Article, ...]
    keep: frozenset[str]
    errors: tuple[ArticleError, ...]
    notes: tuple[str, ...]
    passed: tuple[str, ...]
    blind: bool
    memory: Memory


def scan_folder(folder: Path, *, memory: Memory, stored: Mapping[str, str]) -> FolderScan:
    """Read what is new or changed in ``folder``; ``stored`` are the digests of the index's articles by id.

    Raises ``IndexFault`` where ``folder`` itself is missing or cannot be read.
    """
    root = articles_root(folder)
    try:
        next(root.iterdir(), None)
    except OSError as error:
        raise IndexFault(
            f"the folder {str(folder)!r} cannot be read ({error.strerror}), so nothing was changed: "
            "check the path, and whether its disk is mounted"
        ) from error
    now = time.time_ns()
    look = _Look(root, _usable(memory, root, now), stored, now)
    passed: list[str] = []
    for found in article_files(root):
        if isinstance(found, ArticleError):
            look.errors.append(found)
            look.blind = True
        elif isinstance(found, str):
            passed.append(found)
        else:
            look.file(found)
    return FolderScan(
        articles=tuple(look.articles.values()),
        keep=frozenset(look.keep),
        errors=tuple(look.errors),
        notes=tuple(look.notes),
        passed=(*passed, *ignored_files(folder)),
        blind=look.blind,
        memory=Memory(root=str(root.resolve()), at=now, files=look.files),
    )


def _usable(memory: Memory, root: Path, now: int) -> Mapping[str, KnownFile]:
    if memory.root != str(root.resolve()):
        return {}
    if memory.at <= now:
        return memory.files
    # The clock was moved back: a file changed since may have come by its old times again.
    return {below: replace(known, trusted=False) for below, known in memory.files.items()}


class _Look:
    """One walk through the files; each id belongs to the first that has it."""

    def __init__(
        self, root: Path, known: Mapping[str, KnownFile], stored: Mapping[str, str], now: int
    ) -> None:
        self.articles: dict[str, Article] = {}
        self.keep: set[str] = set()
        self.errors: list[ArticleError] = []
        self.notes: list[str] = []
        self.files: dict[str, KnownFile] = {}
        self.blind = False
        self._root, self._known, self._stored, self._now = root, known, stored, now
        self._owners: dict[str, str] = {}

    def file(self, path: Path) -> None:
        below = path.relative_to(self._root).as_posix()
        before = self._known.get(below)
        try:
            fresh = self._stamped(path)
            if before is not None and self._as_before(before, fresh, path):
                self._keep(str(path), before.articles)
                trusted = fresh.trusted or (before.trusted and before.same_stamp(fresh))
                self.files[below] = replace(
                    fresh, sha256=before.sha256, articles=before.articles, trusted=trusted
                )
                return
            fresh = replace(fresh, sha256=file_sha256(path))
        except OSError:
            fresh = None
        self._read(path, below, before, fresh)

    def _stamped(self, path: Path) -> KnownFile:
        """The file's size and times, taken before it is read: a change meanwhile shows the next time."""
        status = path.stat()
        times = status.st_mtime_ns, status.st_ctime_ns
        return KnownFile(status.st_size, *times, "", {}, max(times) < self._now - _FRESH_NS)

    def _as_before(self, before: KnownFile, fresh: KnownFile, path: Path) -> bool:
        if any(self._stored.get(one) != value for one, value in before.articles.items()):
            return False  # the index was changed by another hand
        if any(one in self._owners for one in before.articles):
            return False  # a file before this one took the id
        if before.trusted and before.same_stamp(fresh):
            return True
        return bool(before.articles) and bool(before.sha256) and file_sha256(path) == before.sha256

    def _keep(self, source: str, articles: Mapping[str, str]) -> None:
        self.keep.update(articles)
        self._owners.update(dict.fromkeys(articles, source))

    def _read(self, path: Path, below: str, before: KnownFile | None, fresh: KnownFile | None) -> None:
        found: dict[str, str] = {}
        whole = True
        for item in read_file(path, Path(below)):
            if isinstance(item, ArticleError):
                self.errors.append(item)
                whole = False
            elif isinstance(item, str):
                self.notes.append(item)
            elif (owner := self._owners.get(item.article.id)) is not None:
                self.errors.append(id_taken(item, owner))
                whole = False
            else:
                self._owners[item.article.id] = item.source
                self.articles[item.article.id] = item.article
                found[item.article.id] = digest(item.article)
                self.notes.extend(f"{item.source!r}: {note}" for note in item.notes)
        if whole and fresh is not None:
            self.files[below] = replace(fresh, articles=found)
        else:
            self._leave(path, below, before, found)

    def _leave(self, path: Path, below: str, before: KnownFile | None, found: Mapping[str, str]) -> None:
        """Keep the articles that a file gave before, where it cannot be read whole now."""
        kept = {} if before is None else {k: v for k, v in before.articles.items() if k not in self._owners}
        self._keep(str(path), kept)
        # Not trusted, and with no sum: it is read again each time, so its errors are said each time.
        self.files[below] = KnownFile(0, 0, 0, "", {**kept, **found}, trusted=False)
        if before is None and not _opens(path):
            self.blind = True


def _opens(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError:
        return False
    return True


# --- the memory on disk ------------------------------------------------------------------------------------


def load(file: Path) -> Memory:
    """The memory in ``file``; an empty one where there is none, or not one that reads files as this Pincite does."""
    try:
        data = json.loads(file.read_bytes())
        if data["reading"] != _READING:
            return Memory()
        files = {below: KnownFile(*entry) for below, entry in data["files"].items()}
        return Memory(root=str(data["root"]), at=int(data["at"]), files=files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory()


def save(memory: Memory, *, file: Path) -> None:
    """Write ``memory`` into ``file``, whole or not at all. That it cannot be written costs reading alone."""
    entries = {
        below: [one.size, one.modified, one.changed, one.sha256, dict(one.articles), one.trusted]
        for below, one in memory.files.items()
    }
    data = {"reading": _READING, "root": memory.root, "at": memory.at, "files": entries}
    with suppress(OSError):
        write_whole(file, json.dumps(data).encode(), durable=Durability.NONE)  # a cache: it can be lost
        # What killed processes left. Another that is writing now loses its file, which costs it reading alone.
        for left in file.parent.glob(f"{file.name}.*.part"):
            left.unlink(missing_ok=True)
