"""Which files of a folder are read: by their kind, and each real folder once, however links lead to it."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ArticleError
from rag.reading.documents import NOT_ARTICLES, SUFFIXES

Identity = tuple[int, int]  # device and inode: the same folder by whatever name


def articles_root(folder: Path) -> Path:
    """The folder that is read for ``folder``: the one named ``articles`` in it, where there is one."""
    inner = folder / "articles"
    try:
        # A link back up would have the whole of a parent read.
        return inner if inner.is_dir() and _identity(inner) not in _upwards(folder) else folder
    except OSError:
        return folder


def article_files(root: Path) -> Iterator[Path | str | ArticleError]:
    """Every file of ``rag.reading.documents.SUFFIXES`` under ``root``, by name; each folder that cannot be
    read; what is left.

    That is a line for each link to a folder that is passed over: one that holds a folder being read, or one that is
    read under another name. Other linked folders are followed, those outside too. Never raises.
    """
    return _walk(root, {})


def folders(root: Path) -> Mapping[Identity, Path]:
    """Every folder that is read under ``root``, ``root`` too."""
    read: dict[Identity, Path] = {}
    for _ in _walk(root, read):
        pass
    return read


def _walk(root: Path, read: dict[Identity, Path]) -> Iterator[Path | str | ArticleError]:
    """As ``article_files``; notes in ``read`` the folders that it enters."""
    waiting = [(root, _Way())]  # not a call for each folder: they may lie deeper than calls can
    while waiting:
        path, way = waiting.pop()
        if not is_folder(path):
            yield from _file(path)
            continue
        try:
            here = _identity(path)
            if reason := way.against(path, here, read):
                yield f"{str(path)!r} is passed over: {reason}"
                continue
            entries = sorted(path.iterdir(), key=lambda entry: entry.name, reverse=True)
            below = way.entering(path) if path is root or path.is_symlink() else way
        except OSError as fault:
            yield ArticleError(str(path), unreadable(fault))
            continue
        read[here] = path
        waiting += [(entry, below) for entry in entries if not _hidden(entry.name)]


def beside(folder: Path) -> Iterator[str]:
    """A line where files of ``folder`` are not read, as it has a folder named ``articles`` in it."""
    if articles_root(folder) == folder:
        return
    try:
        files = sorted(entry.name for entry in folder.iterdir() if _wanted(entry) and not is_folder(entry))
    except OSError:
        return
    if files:
        yield f"{str(folder)!r}: {len(files)} file(s) beside 'articles' not read, {files[0]!r} first"


def is_folder(path: Path) -> bool:
    """Whether there is a folder of this name, as far as can be seen."""
    try:
        return path.is_dir()
    except OSError:  # no permission: reading it as a file then says so
        return False


def unreadable(fault: OSError | ValueError) -> str:
    """Why a file or folder cannot be read, and what to do."""
    if isinstance(fault, FileNotFoundError):
        return "no such file or folder: check the path"
    if isinstance(fault, PermissionError):
        return "permission denied: allow yourself to read it"
    why = fault.strerror if isinstance(fault, OSError) else str(fault)
    return f"cannot be read ({why}): check the path and the disk"


@dataclass(frozen=True, slots=True)
class _Way:
    """How a folder was come to: the one first asked for, and the linked ones that lead to it.

    ``above`` are these and all that hold them; ``tops`` where each lies, and the name it is read by.
    """

    above: frozenset[Identity] = frozenset()
    tops: tuple[tuple[Path, Path], ...] = ()

    def entering(self, folder: Path) -> "_Way":
        """The way on from here; ``folder`` is a link, or the first."""
        return _Way(self.above | _upwards(folder), (*self.tops, (folder.resolve(), folder)))

    def against(self, folder: Path, here: Identity, read: dict[Identity, Path]) -> str:
        """Why ``folder`` is not to be read; empty where it is."""
        if here in self.above:
            return f"it leads back up to {str(folder.resolve())!r}"
        first = read.get(here) or (self._own_place(folder) if folder.is_symlink() else None)
        return f"it is the folder {str(first)!r}, and each is read once" if first else ""

    def _own_place(self, link: Path) -> Path | None:
        """Where the folder that ``link`` leads to will be come by without it, as that is its name in articles' ids."""
        real = link.resolve()
        for top, name in self.tops:
            if real.is_relative_to(top):
                below = real.relative_to(top)
                if not any(_hidden(part) for part in below.parts):
                    return name / below
        return None


def _upwards(folder: Path) -> frozenset[Identity]:
    """The folder and all that hold it, by its real place; but for those that cannot be looked at."""
    found = {_identity(folder)}
    for one in folder.resolve().parents:
        with suppress(OSError):
            found.add(_identity(one))
    return frozenset(found)


def _identity(folder: Path) -> Identity:
    status = folder.stat()
    return status.st_dev, status.st_ino


def _hidden(name: str) -> bool:
    return name.startswith(".") or name.lower() in NOT_ARTICLES


def _wanted(file: Path) -> bool:
    return not _hidden(file.name) and file.suffix.lower() in SUFFIXES


def _file(path: Path) -> Iterator[Path | str | ArticleError]:
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
