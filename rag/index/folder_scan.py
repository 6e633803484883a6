"""Scans a folder of articles, reading again only the files that may have changed.

What earlier scans found is kept as a memory that may be lost, or disagree with the index, at any time: an entry counts
only where the store has its articles with the same digests.
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
_READING_VERSION = 2


# A file system may count time in steps of up to two seconds (FAT), so a file changed twice within one can keep
# its size and its times. A file that is younger than this when it is read is read again the next time.
_FRESH_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was read: size in bytes, times in nanoseconds, SHA-256, and its articles' digests by id.

    ``trusted``: all of it could be read, and it was old enough for its times to tell a later change.
    """

    size: int
    modified: int
    changed: (
        int  # the inode's: rises also where a program sets ``modified`` back, as `cp -p` and `touch -r` do
    )
    sha256: str
    articles: Mapping[str, str]
    trusted: bool

    def same_stamp(self, other: "KnownFile") -> bool:
        """Whether size and times are equal."""
        return (self.size, self.modified, self.changed) == (other.size, other.modified, other.changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The files below ``root``, by relative path, as they were at ``time_ns``, nanoseconds since 1970."""

    root: str = ""
    time_ns: int = 0
    files: Mapping[str, KnownFile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderScan:
    """The articles of a folder. ``articles`` were read now; the index has those with an id in ``keep`` as they are.

    ``notes`` are of files read now: what was removed or guessed. ``skipped`` names, each time, what is never read.
    ``incomplete``: a folder or a file could not be read of which it is not known what it held, so that an article
    that was not found may still exist.
    """

    articles: tuple[Article, ...]
    keep: frozenset[str]
    errors: tuple[ArticleError, ...]
    notes: tuple[str, ...]
    skipped: tuple[str, ...]
    incomplete: bool
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
    scanner = _Scanner(root, _usable_files(memory, root, now), stored, now)
    skipped: list[str] = []
    for entry in article_files(root):
        if isinstance(entry, ArticleError):
            scanner.errors.append(entry)
            scanner.incomplete = True
        elif isinstance(entry, str):
            skipped.append(entry)
        else:
            scanner.scan(entry)
    return FolderScan(
        articles=tuple(scanner.articles.values()),
        keep=frozenset(scanner.keep),
        errors=tuple(scanner.errors),
        notes=tuple(scanner.notes),
        skipped=(*skipped, *ignored_files(folder)),
        incomplete=scanner.incomplete,
        memory=Memory(root=str(root.resolve()), time_ns=now, files=scanner.files),
    )


def _usable_files(memory: Memory, root: Path, now: int) -> Mapping[str, KnownFile]:
    """Return the files of the memory, if it is of this folder; none is trusted where the clock was set back."""
    if memory.root != str(root.resolve()):
        return {}
    if memory.time_ns <= now:
        return memory.files
    # A file changed since the clock was set back may have its old times by coincidence.
    return {path: replace(file, trusted=False) for path, file in memory.files.items()}


class _Scanner:
    """One walk through the files; an article id belongs to the first file that has it."""

    def __init__(
        self, root: Path, memory_files: Mapping[str, KnownFile], stored: Mapping[str, str], now: int
    ) -> None:
        self.articles: dict[str, Article] = {}
        self.keep: set[str] = set()
        self.errors: list[ArticleError] = []
        self.notes: list[str] = []
        self.files: dict[str, KnownFile] = {}
        self.incomplete = False
        self._root, self._memory_files, self._stored, self._now = root, memory_files, stored, now
        self._owners: dict[str, str] = {}

    def scan(self, path: Path) -> None:
        """Read the file at ``path``, or keep its articles where the file and the index are unchanged."""
        relative = path.relative_to(self._root).as_posix()
        before = self._memory_files.get(relative)
        current: KnownFile | None
        try:
            current = self._stat(path)
            if before is not None and self._is_unchanged(before, current, path):
                self._keep_articles(str(path), before.articles)
                trusted = current.trusted or (before.trusted and before.same_stamp(current))
                self.files[relative] = replace(
                    current, sha256=before.sha256, articles=before.articles, trusted=trusted
                )
                return
            current = replace(current, sha256=file_sha256(path))
        except OSError:
            current = None
        self._read(path, relative, before, current)

    def _stat(self, path: Path) -> KnownFile:
        """Return the file's size and times, taken before it is read: a change meanwhile shows the next time."""
        status = path.stat()
        times = status.st_mtime_ns, status.st_ctime_ns
        return KnownFile(status.st_size, *times, "", {}, max(times) < self._now - _FRESH_NS)

    def _is_unchanged(self, before: KnownFile, current: KnownFile, path: Path) -> bool:
        if any(self._stored.get(article_id) != value for article_id, value in before.articles.items()):
            return False  # something other than a sync changed the index
        if any(article_id in self._owners for article_id in before.articles):
            return False  # an earlier file took the id
        if before.trusted and before.same_stamp(current):
            return True
        return bool(before.articles) and bool(before.sha256) and file_sha256(path) == before.sha256

    def _keep_articles(self, source: str, articles: Mapping[str, str]) -> None:
        self.keep.update(articles)
        self._owners.update(dict.fromkeys(articles, source))

    def _read(self, path: Path, relative: str, before: KnownFile | None, current: KnownFile | None) -> None:
        digests: dict[str, str] = {}
        complete = True
        for item in read_file(path, Path(relative)):
            if isinstance(item, ArticleError):
                self.errors.append(item)
                complete = False
            elif isinstance(item, str):
                self.notes.append(item)
            elif (owner := self._owners.get(item.article.id)) is not None:
                self.errors.append(id_taken(item, owner))
                complete = False
            else:
                self._owners[item.article.id] = item.source
                self.articles[item.article.id] = item.article
                digests[item.article.id] = digest(item.article)
                self.notes.extend(f"{item.source!r}: {note}" for note in item.notes)
        if complete and current is not None:
            self.files[relative] = replace(current, articles=digests)
        else:
            self._keep_unread(path, relative, before, digests)

    def _keep_unread(
        self, path: Path, relative: str, before: KnownFile | None, digests: Mapping[str, str]
    ) -> None:
        """Keep the articles that a file gave before, where it cannot be read completely now."""
        kept = {} if before is None else {k: v for k, v in before.articles.items() if k not in self._owners}
        self._keep_articles(str(path), kept)
        # Not trusted, and without a checksum: it is read each time, so that its errors are reported each time.
        self.files[relative] = KnownFile(0, 0, 0, "", {**kept, **digests}, trusted=False)
        if before is None and not _is_readable(path):
            self.incomplete = True


def _is_readable(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError:
        return False
    return True


# The memory on disk


def load(file: Path) -> Memory:
    """Load the memory in ``file``; an empty one where there is none, or one of another version of reading."""
    try:
        data = json.loads(file.read_bytes())
        if data["reading"] != _READING_VERSION:
            return Memory()
        files = {path: KnownFile(*entry) for path, entry in data["files"].items()}
        return Memory(root=str(data["root"]), time_ns=int(data["at"]), files=files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory()


def save(memory: Memory, *, file: Path) -> None:
    """Write ``memory`` into ``file``, whole or not at all. Where that fails, files are read again the next time."""
    entries = {
        path: [
            entry.size,
            entry.modified,
            entry.changed,
            entry.sha256,
            dict(entry.articles),
            entry.trusted,
        ]
        for path, entry in memory.files.items()
    }
    data = {"reading": _READING_VERSION, "root": memory.root, "at": memory.time_ns, "files": entries}
    with suppress(OSError):
        write_whole(file, json.dumps(data).encode(), durable=Durability.NONE)  # a cache: it can be lost
        # Killed processes leave temporary files behind. A process that is writing now loses its own, and reads again.
        for leftover in file.parent.glob(f"{file.name}.*.part"):
            leftover.unlink(missing_ok=True)
