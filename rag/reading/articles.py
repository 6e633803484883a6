"""Reads files into articles: bytes become text once, here, and the words never change again.

Text is cleaned as ``rag.reading.decoding`` says, whatever the kind of file; what goes or may mislead is counted in
``ReadResult.warnings``. The text of a JSONL record is kept as given, code point for code point.
"""

import hashlib
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rag.errors import ArticleError, IdTaken
from rag.reading.cleaning import clean, one_line, refuse_surrogates, too_large, trimmed
from rag.reading.documents import FILE_BYTES, SUFFIXES, limit_of, read_document
from rag.reading.fields import ReadArticle, checked_id, slug, title_in
from rag.reading.folders import article_files, articles_root, beside, is_folder, unreadable
from rag.reading.formats.jsonl import read_records
from rag.schema import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """What came of reading: one bad file or record costs itself alone.

    ``warnings`` are single lines: a file and what was removed from it or guessed about it, or a link passed over.
    """

    articles: tuple[Article, ...] = ()
    errors: tuple[ArticleError, ...] = ()
    warnings: tuple[str, ...] = ()


def read_articles(path: Path) -> ReadResult:
    """The articles of a file, or of a folder and all folders in it, in the order of their names.

    Files are those of ``rag.reading.documents.SUFFIXES``: text, Markdown, web pages, PDF, Word, OpenDocument,
    RTF, EPUB, CSV,
    JSONL, and ZIP archives of these. Hidden ones, ``README.md`` and ``questions.jsonl`` are passed over in a folder.
    Where a folder has one named ``articles`` in it, that one is read instead. Linked folders are followed, each once,
    but for those that hold the folder: ``rag.reading.folders.article_files``.

    An article's id is what its front matter or record says, else its path below the folder read, without the
    suffix, in lower case and with hyphens; an archive counts as a folder. The second of two articles with one
    id is an error. Never raises.
    """
    articles: dict[str, ReadArticle] = {}
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
    return ReadResult(articles=found, errors=tuple(errors), warnings=tuple(warnings))


def taken(item: ReadArticle, first: str) -> IdTaken:
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


def _read(path: Path) -> Iterator[ReadArticle | str | ArticleError]:
    """Articles, warnings and errors, in the order of the files."""
    if not is_folder(path):
        yield from read_file(path, Path(path.name))
        return
    root = articles_root(path)
    empty = True
    for found in article_files(root):
        empty = empty and isinstance(found, str)
        if isinstance(found, Path):
            yield from read_file(found, found.relative_to(root))
        else:
            yield found
    if empty:
        yield ArticleError(str(root), f"no articles in this folder: put {', '.join(SUFFIXES)} files into it")
    yield from beside(path)


def read_file(path: Path, below: Path) -> Iterator[ReadArticle | str | ArticleError]:
    """The articles of one file; ``below`` is its path under the folder read, from which its id is made."""
    suffix, source = path.suffix.lower(), str(path)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as fault:  # ValueError: a NUL in the path
        yield ArticleError(source, unreadable(fault))
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
        yield ArticleError(source, unreadable(fault))


def _document(file: BinaryIO, source: str, below: Path) -> Iterator[ReadArticle | str | ArticleError]:
    limit = limit_of(below.suffix)
    data = file.read(limit + 1)
    if len(data) > limit:
        raise ArticleError(source, too_large("file", limit))
    yield from read_document(data, source, below)
