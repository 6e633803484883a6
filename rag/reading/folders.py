"""Finds the files of a folder that are read: by their suffix, and each real folder once, whatever links lead to it."""

import errno
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ArticleError
from rag.reading.documents import NOT_ARTICLES, SUFFIXES

Identity = tuple[int, int]  # device and inode: the same folder by whatever name


def articles_root(folder: Path) -> Path:
    """The folder that is read for ``folder``: its subfolder named ``articles``, where there is one."""
    inner = folder / "articles"
    try:
        # Through a link to a parent the whole of that would be read.
        return inner if inner.is_dir() and _identity(inner) not in _with_parents(folder) else folder
    except OSError:
        return folder


def article_files(root: Path) -> Iterator[Path | str | ArticleError]:
    """Every file of ``rag.reading.documents.SUFFIXES`` under ``root`` by name, with errors and warnings among them.

    An error is a folder that cannot be read, or a broken link. A warning is a line for each link to a folder that is
    not followed: one that contains a folder being read, or is read under another name. Other linked folders are
    followed, those outside ``root`` too. Never raises.
    """
    return _walk(root, {})


def folders(root: Path) -> Mapping[Identity, Path]:
    """Every folder that is read under ``root``, and ``root`` itself."""
    entered: dict[Identity, Path] = {}
    for _ in _walk(root, entered):
        pass
    return entered


def _walk(root: Path, entered: dict[Identity, Path]) -> Iterator[Path | str | ArticleError]:
    """As ``article_files``; adds the folders that it enters to ``entered``."""
    stack = [(root, _Route())]  # no recursion: folders may be nested deeper than calls can
    while stack:
        path, route = stack.pop()
        if not is_folder(path):
            yield from _file_or_error(path)
            continue
        try:
            identity = _identity(path)
            if reason := route.refusal(path, identity, entered):
                yield f"{str(path)!r} is passed over: {reason}"
                continue
            entries = sorted(path.iterdir(), key=lambda entry: entry.name, reverse=True)
            route_below = route.through(path) if path is root or path.is_symlink() else route
        except OSError as fault:
            yield ArticleError(str(path), unreadable_reason(fault))
            continue
        entered[identity] = path
        stack += [(entry, route_below) for entry in entries if not _is_ignored(entry.name)]


def ignored_files(folder: Path) -> Iterator[str]:
    """A warning where files of ``folder`` are not read because it has a subfolder named ``articles``."""
    if articles_root(folder) == folder:
        return
    try:
        files = sorted(
            entry.name for entry in folder.iterdir() if _is_article(entry) and not is_folder(entry)
        )
    except OSError:
        return
    if files:
        yield f"{str(folder)!r}: {len(files)} file(s) beside 'articles' not read, {files[0]!r} first"


def is_folder(path: Path) -> bool:
    """Whether ``path`` is a folder; false where permissions do not allow to see that."""
    try:
        return path.is_dir()
    except OSError:  # no permission: reading it as a file then gives the error
        return False


_LIKE_ADDRESS = re.compile(r"www\.|(?:[\w-]+\.)+[a-z]{2,}/\S")  # www.example.org, news.example/feed.xml


def unreadable_reason(fault: OSError | ValueError) -> str:
    """The reason why a file or folder cannot be read, and the fix."""
    if isinstance(fault, FileNotFoundError):
        address = (
            "; an address on the web begins with https://" if _LIKE_ADDRESS.match(str(fault.filename)) else ""
        )
        return f"no such file or folder: check the path{address}"
    if isinstance(fault, PermissionError):
        return "permission denied: allow yourself to read it"
    why = fault.strerror if isinstance(fault, OSError) else str(fault)
    return f"cannot be read ({why}): check the path and the disk"


@dataclass(frozen=True, slots=True)
class _Route:
    """The links through which a folder is reached: ``starts`` are the root and the linked folders on the way.

    Each start is its real path and the path by which it is read. ``parents`` are the starts and all that contain them.
    """

    parents: frozenset[Identity] = frozenset()
    starts: tuple[tuple[Path, Path], ...] = ()

    def through(self, folder: Path) -> "_Route":
        """This route and then through ``folder``, which is the root or a link."""
        return _Route(self.parents | _with_parents(folder), (*self.starts, (folder.resolve(), folder)))

    def refusal(self, folder: Path, identity: Identity, entered: dict[Identity, Path]) -> str:
        """Why ``folder`` is not to be read; ``""`` where it is."""
        if identity in self.parents:
            return f"it leads back up to {str(folder.resolve())!r}"
        first = entered.get(identity) or (self._direct_path(folder) if folder.is_symlink() else None)
        return f"it is the folder {str(first)!r}, and each is read once" if first else ""

    def _direct_path(self, link: Path) -> Path | None:
        """The path by which the target of ``link`` will be read without it: that one goes into articles' ids."""
        target = link.resolve()
        for start, path in self.starts:
            if target.is_relative_to(start):
                below = target.relative_to(start)
                if not any(_is_ignored(part) for part in below.parts):
                    return path / below
        return None


def _with_parents(folder: Path) -> frozenset[Identity]:
    """The folder and all that contain its real path; but for those that cannot be looked at."""
    identities = {_identity(folder)}
    for parent in folder.resolve().parents:
        with suppress(OSError):
            identities.add(_identity(parent))
    return frozenset(identities)


def _identity(folder: Path) -> Identity:
    status = folder.stat()
    return status.st_dev, status.st_ino


def _is_ignored(name: str) -> bool:
    return name.startswith(".") or name.lower() in NOT_ARTICLES


def _is_article(file: Path) -> bool:
    return not _is_ignored(file.name) and file.suffix.lower() in SUFFIXES


def _file_or_error(path: Path) -> Iterator[Path | str | ArticleError]:
    if path.suffix.lower() in SUFFIXES:
        yield path
        return
    try:
        if path.is_symlink():
            path.stat()
    except OSError as fault:
        if fault.errno == errno.ELOOP:
            yield f"{str(path)!r} is passed over: it is a link that leads to itself"
        else:  # perhaps to a folder of articles on a disk that is away
            yield ArticleError(str(path), "a link to what is not there: mount its disk, or remove it")
