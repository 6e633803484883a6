"""Reads files and folders into articles. A bad file or record costs itself alone.

Text is cleaned as ``rag.reading.cleaning`` says, whatever the format; what is removed or may mislead is counted in
``ReadResult.warnings``. The text of a JSONL record is kept as given, code point for code point. After this the words
of an article never change.
"""

import hashlib
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rag.errors import ArticleError, IdTaken
from rag.reading.cleaning import clean, one_line, refuse_surrogates, too_large_reason, trim
from rag.reading.documents import FILE_LIMITS, SUFFIXES, FileLimits, read_document
from rag.reading.fields import Origin, ReadArticle, ReadItem, check_id, find_title, slug
from rag.reading.folders import article_files, articles_root, ignored_files, is_folder, unreadable_reason
from rag.reading.formats.jsonl import read_records
from rag.schema import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """The articles that were read, and an error for each file or record that could not be.

    ``warnings`` are single lines: a file and what was removed from it or guessed about it, or a link passed over.
    """

    articles: tuple[Article, ...] = ()
    errors: tuple[ArticleError, ...] = ()
    warnings: tuple[str, ...] = ()


def read_articles(path: str | Path, limits: FileLimits = FILE_LIMITS) -> ReadResult:
    """The articles of a file, or of a folder and all folders in it, in the order of their names.

    Files are those of ``rag.reading.documents.SUFFIXES``: text, Markdown, web pages, PDF, Word, PowerPoint, Excel,
    OpenDocument, RTF, EPUB, mail, CSV, JSONL, and ZIP archives of these. In a folder hidden ones, ``README.md`` and
    ``questions.jsonl`` are ignored. Where a folder has a subfolder named ``articles``, that one is read instead.
    Linked folders are followed, each once, but for those that contain the folder:
    ``rag.reading.folders.article_files``.

    An article's id is that of its front matter or record, else its path below the folder that is read, without the
    suffix, in lower case and with hyphens; an archive counts as a folder. The second of two articles with one
    id is an error. Never raises.
    """
    articles: dict[str, ReadArticle] = {}
    errors: list[ArticleError] = []
    warnings: list[str] = []
    for item in _read_items(Path(path), limits):
        if isinstance(item, ArticleError):
            errors.append(item)
        elif isinstance(item, str):
            warnings.append(item)
        elif (first := articles.get(item.article.id)) is not None:
            errors.append(id_taken(item, first.source))
        else:
            articles[item.article.id] = item
            warnings.extend(f"{item.source!r}: {note}" for note in item.notes)
    return ReadResult(
        articles=tuple(item.article for item in articles.values()),
        errors=tuple(errors),
        warnings=tuple(warnings),
    )


def id_taken(item: ReadArticle, first: str) -> IdTaken:
    """The error that leaves an article out because one of the source ``first`` has its id."""
    reason = f"its id {item.article.id!r} is taken by {first!r}: rename one or give it another id"
    return IdTaken(item.source, reason)


def article_from_text(text: str, *, title: str, id: str = "", limits: FileLimits = FILE_LIMITS) -> Article:
    """An article from pasted text, cleaned and checked as a text file is.

    An empty ``title`` is looked for in the text. An empty ``id`` is made from the title and a hash of the text, so
    that the same text pasted twice is one article and two texts with one title are two.
    Raises ``ArticleError``.
    """
    source = "pasted text"
    refuse_surrogates(text, "the text", source)
    if len(text.encode()) > limits.file_bytes:
        raise ArticleError(source, too_large_reason("text", limits.file_bytes))
    body, _ = clean(text, source)
    body = trim(body, source)
    title = one_line(title) or find_title(body, markdown=True) or "Pasted text"
    digest = hashlib.sha256(body.encode()).hexdigest()
    return Article(id=check_id(id or f"{slug(title)[:150]}-{digest[:8]}", source), title=title, text=body)


def _read_items(path: Path, limits: FileLimits) -> Iterator[ReadItem]:
    """Articles, warnings and errors, in the order of the files."""
    if not is_folder(path):
        yield from read_file(path, Path(path.name), limits)
        return
    root = articles_root(path)
    empty = True
    for entry in article_files(root):
        empty = empty and isinstance(entry, str)
        if isinstance(entry, Path):
            yield from read_file(entry, entry.relative_to(root), limits)
        else:
            yield entry
    if empty:
        yield ArticleError(str(root), f"no articles in this folder: put {', '.join(SUFFIXES)} files into it")
    yield from ignored_files(path)


def read_file(path: Path, below: Path, limits: FileLimits = FILE_LIMITS) -> Iterator[ReadItem]:
    """The articles of one file; ``below`` is its path under the folder that is read, from which its id is made."""
    suffix, source = path.suffix.lower(), str(path)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as fault:  # ValueError: a NUL in the path
        yield ArticleError(source, unreadable_reason(fault))
        return
    if suffix not in SUFFIXES:
        yield ArticleError(source, f"cannot read {suffix!r} files: save it as one of {', '.join(SUFFIXES)}")
        return
    if not stat.S_ISREG(mode):  # opening a named pipe would block for ever
        yield ArticleError(source, "not a regular file: copy what it gives into one")
        return
    try:
        with path.open("rb") as file:
            if suffix == ".jsonl":
                yield from read_records(file, Origin(source=source, path=below), line_bytes=limits.file_bytes)
            else:
                yield from _read_whole(file, source, below, limits)
    except ArticleError as error:
        yield error
    except OSError as fault:
        yield ArticleError(source, unreadable_reason(fault))


def _read_whole(file: BinaryIO, source: str, below: Path, limits: FileLimits) -> Iterator[ReadItem]:
    limit = limits.for_suffix(below.suffix)
    data = file.read(limit + 1)
    if len(data) > limit:
        raise ArticleError(source, too_large_reason("file", limit))
    yield from read_document(data, source, below, limits)
