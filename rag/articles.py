"""Reads files into articles: bytes become text once, here, and the words never change again.

Text is cleaned as ``rag.decode`` says, whatever the kind of file; what goes or may mislead is counted in
``Reading.warnings``. The text of a JSONL record is kept as given, code point for code point.
"""

import hashlib
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rag.decode import clean, one_line, refuse_surrogates, too_large, trimmed
from rag.documents import FILE_BYTES, NOT_ARTICLES, SUFFIXES, limit_of, read_document
from rag.errors import ArticleError, IdTaken
from rag.records import Read, checked_id, read_records, slug, title_in
from rag.schema import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of reading: one bad file or record costs itself alone.

    ``warnings`` are single lines: a file and what was removed from it or guessed about it.
    """

    articles: tuple[Article, ...] = ()
    errors: tuple[ArticleError, ...] = ()
    warnings: tuple[str, ...] = ()


def read_articles(path: Path) -> Reading:
    """The articles of a file, or of a folder and all folders in it, in the order of their names.

    Files are those of ``rag.documents.SUFFIXES``: text, Markdown, web pages, PDF, Word, OpenDocument, RTF, EPUB, CSV,
    JSONL, and ZIP archives of these. Hidden ones, ``README.md`` and ``questions.jsonl`` are passed over in a folder.
    Where a folder has one named ``articles`` in it, that one is read instead. Linked folders are followed, each once.

    An article's id is what its front matter or record says, else its path below the folder read, without the
    suffix, in lower case and with hyphens; an archive counts as a folder. The second of two articles with one
    id is an error. Never raises.
    """
    articles: dict[str, Read] = {}
    errors: list[ArticleError] = []
    warnings: list[str] = []
    for item in _read(path):
        if isinstance(item, ArticleError):
            errors.append(item)
        elif isinstance(item, str):
            warnings.append(item)
        elif (first := articles.get(item.article.id)) is not None:
            errors.append(taken(item, first.source))
        else:
            articles[item.article.id] = item
            warnings.extend(f"{item.source!r}: {note}" for note in item.notes)
    found = tuple(item.article for item in articles.values())
    return Reading(articles=found, errors=tuple(errors), warnings=tuple(warnings))


def taken(item: Read, first: str) -> IdTaken:
    """Why an article is left out whose id that of the source ``first`` has already."""
    reason = f"its id {item.article.id!r} is taken by {first!r}: rename one or give it another id"
    return IdTaken(item.source, reason)


def article_from_text(text: str, *, title: str, id: str = "") -> Article:
    """An article from pasted text, cleaned and checked as a text file is.

    An empty ``title`` is looked for in the text. An empty ``id`` is made from the title and the words, so
    that the same text pasted twice is one article and two texts under one title are two.
    Raises ``ArticleError``.
    """
    source = "pasted text"
    refuse_surrogates(text, "the text", source)
    if len(text.encode()) > FILE_BYTES:
        raise ArticleError(source, too_large("text", FILE_BYTES))
    body, _ = clean(text, source)
    body = trimmed(body, source)
    name = one_line(title) or title_in(body, markdown=True) or "Pasted text"
    digest = hashlib.sha256(body.encode()).hexdigest()
    return Article(id=checked_id(id or f"{slug(name)[:150]}-{digest[:8]}", source), title=name, text=body)


# --- which files -------------------------------------------------------------------------------------------


def articles_root(folder: Path) -> Path:
    """The folder that is read for ``folder``: the one named ``articles`` in it, where there is one."""
    inner = folder / "articles"
    return inner if _is_folder(inner) else folder


def article_files(root: Path) -> Iterator[Path | ArticleError]:
    """Every file that ``read_articles`` would read under ``root``, by name, and each folder that cannot be read."""
    return _files(root, set())


def _read(path: Path) -> Iterator[Read | str | ArticleError]:
    """Articles, warnings and errors, in the order of the files."""
    if not _is_folder(path):
        yield from read_file(path, Path(path.name))
        return
    root = articles_root(path)
    empty = True
    for found in article_files(root):
        empty = False
        if isinstance(found, ArticleError):
            yield found
        else:
            yield from read_file(found, found.relative_to(root))
    if empty:
        yield ArticleError(str(root), f"no articles in this folder: put {', '.join(SUFFIXES)} files into it")
    yield from beside(path)


def beside(folder: Path) -> Iterator[str]:
    """A line where files of ``folder`` are not read, as it has a folder named ``articles`` in it."""
    root = articles_root(folder)
    if root != folder:
        files = [f for f in _files(folder, {_identity(root)}) if isinstance(f, Path) and f.parent == folder]
        if files:
            yield f"{str(folder)!r}: {len(files)} file(s) beside 'articles' not read, {files[0].name!r} first"


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # no permission: reading it as a file then says so
        return False


def _dangles(entry: Path) -> bool:
    try:
        return entry.is_symlink() and not entry.exists()
    except OSError:
        return True


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino


def _files(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path | ArticleError]:
    """Every file worth reading under ``folder``, by name, but for ``seen`` folders: links make loops."""
    try:
        here = _identity(folder)
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as fault:
        yield ArticleError(str(folder), _unreadable(fault))
        return
    if here in seen:
        return
    seen.add(here)
    for entry in entries:
        name = entry.name.lower()
        if name.startswith(".") or name in NOT_ARTICLES:
            continue
        if _is_folder(entry):
            yield from _files(entry, seen)
        elif entry.suffix.lower() in SUFFIXES:
            yield entry
        elif _dangles(entry):  # perhaps to a folder of articles on a disk that is away
            yield ArticleError(str(entry), "a link to what is not there: mount its disk, or remove it")


def read_file(path: Path, below: Path) -> Iterator[Read | str | ArticleError]:
    """The articles of one file; ``below`` is its path under the folder read, from which its id is made."""
    suffix, source = path.suffix.lower(), str(path)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as fault:  # ValueError: a NUL in the path
        yield ArticleError(source, _unreadable(fault))
        return
    if suffix not in SUFFIXES:
        yield ArticleError(source, f"cannot read {suffix!r} files: save it as one of {', '.join(SUFFIXES)}")
        return
    if not stat.S_ISREG(mode):  # opening a named pipe would wait for ever
        yield ArticleError(source, "not a regular file: copy what it gives into one")
        return
    try:
        with path.open("rb") as file:
            if suffix == ".jsonl":
                yield from read_records(file, source, line_bytes=FILE_BYTES)
            else:
                yield from _document(file, source, below)
    except ArticleError as error:
        yield error
    except OSError as fault:
        yield ArticleError(source, _unreadable(fault))


def _unreadable(fault: OSError | ValueError) -> str:
    if isinstance(fault, FileNotFoundError):
        return "no such file or folder: check the path"
    if isinstance(fault, PermissionError):
        return "permission denied: allow yourself to read it"
    why = fault.strerror if isinstance(fault, OSError) else str(fault)
    return f"cannot be read ({why}): check the path and the disk"


def _document(file: BinaryIO, source: str, below: Path) -> Iterator[Read | str | ArticleError]:
    limit = limit_of(below.suffix)
    data = file.read(limit + 1)
    if len(data) > limit:
        raise ArticleError(source, too_large("file", limit))
    yield from read_document(data, source, below)
