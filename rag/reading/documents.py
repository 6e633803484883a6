"""Reads the bytes of one file into its articles, by the suffix of its name: ``FORMATS`` is the table of all formats.

A format whose file is one article is a function ``(data, source) -> Document`` in ``rag.reading.formats``. To add one,
write that function in a file of its own there, and name it in ``FORMATS``; ``tests/reading/test_documents.py`` then
asks for a sample of it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from rag.errors import ArticleError
from rag.reading.cleaning import too_large_reason, trim
from rag.reading.fields import Origin, ReadArticle, ReadItem, article_from_fields, find_title
from rag.reading.formats.csv_file import read_csv
from rag.reading.formats.document import Document
from rag.reading.formats.epub import read_epub
from rag.reading.formats.html.page import read_page
from rag.reading.formats.jsonl import read_records
from rag.reading.formats.mail import read_eml
from rag.reading.formats.office.docx import read_docx
from rag.reading.formats.office.odt import read_odt
from rag.reading.formats.office.pptx import read_pptx
from rag.reading.formats.office.rtf import read_rtf
from rag.reading.formats.office.xlsx import read_xlsx
from rag.reading.formats.pdf.reader import read_pdf
from rag.reading.formats.plain_text import read_markdown, read_text
from rag.reading.formats.zip_archive import Archive, open_archive

NOT_ARTICLES = ("readme.md", "questions.jsonl")  # names of files that are passed over in folders and archives


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """How large a file may be that is read, in bytes."""

    file_bytes: int = 20_000_000  # a long book is 2 MB; a data dump would hold the batch up for minutes
    packed_bytes: int = 100_000_000  # of a format that holds pictures: they are most of it

    def for_suffix(self, suffix: str) -> int:
        """The most bytes that a file with this suffix may have. A ``.jsonl`` may have more: the limit is a line's."""
        entry = FORMATS.get(suffix.lower())
        return self.packed_bytes if entry and entry.packed else self.file_bytes


FILE_LIMITS = FileLimits()
_ReadFile = Callable[[bytes, Origin, FileLimits], Iterator[ReadItem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """How files of one suffix are read.

    ``packed`` formats hold pictures or are compressed, and may be larger. A page on the web is of a format if its
    media type is one of ``media_types``, in lower case, or if its first bytes are ``magic``, whatever that type is.
    Formats of several articles a file have neither: a page is one article.
    """

    read: _ReadFile
    packed: bool = False
    media_types: tuple[str, ...] = ()
    magic: bytes = b""


def read_document(
    data: bytes, source: str, path: PurePath, limits: FileLimits = FILE_LIMITS
) -> Iterator[ReadItem]:
    """The articles of a file, with warnings and errors among them.

    ``source`` is what errors name. The suffix of ``path`` is one of ``SUFFIXES``; from the path below the folder that
    is read the articles' ids are made. Raises ``ArticleError`` where the whole file is bad.
    """
    limit = limits.for_suffix(path.suffix)
    if len(data) > limit:
        raise ArticleError(source, too_large_reason("file", limit))
    yield from FORMATS[path.suffix.lower()].read(data, Origin(source=source, path=path), limits)


def _one_article(read: Callable[[bytes, str], Document]) -> _ReadFile:
    """The reader of a format whose file is one article."""

    def read_file(data: bytes, origin: Origin, _: FileLimits) -> Iterator[ReadItem]:
        document = read(data, origin.source)
        text = trim(document.text, origin.source)
        title = find_title(text, markdown=document.markdown) or origin.title
        article, notes = article_from_fields(
            {"date": origin.day, **document.fields},
            source=origin.source,
            id=origin.id,
            title=title,
            text=text,
        )
        yield ReadArticle(origin.source, article, (*document.notes, *notes))

    return read_file


def _rows(data: bytes, origin: Origin, _: FileLimits) -> Iterator[ReadItem]:
    return read_csv(data, origin)


def _records(data: bytes, origin: Origin, limits: FileLimits) -> Iterator[ReadItem]:
    return read_records(BytesIO(data), origin, line_bytes=limits.file_bytes)


# --- archives ----------------------------------------------------------------------------------------------


def _members(data: bytes, origin: Origin, limits: FileLimits) -> Iterator[ReadItem]:
    """The articles of the files in an archive, and one warning that counts those of other formats."""
    with open_archive(data, origin.source) as archive:
        names = [name for name in archive.names() if not _is_ignored(name)]
        other = [name for name in names if not _is_article(name)]
        if len(other) == len(names):
            why = f"no articles in it: put {', '.join(suffix for suffix in SUFFIXES if suffix != '.zip')} files into it"
            raise ArticleError(origin.source, why)
        for name in names:
            if _is_article(name):
                try:
                    yield from _member(archive, name, origin, limits)
                except ArticleError as error:
                    yield error
    if other:
        yield f"{origin.source!r}: {len(other)} file(s) of other kinds not read, {other[0]!r:.80} first"


def _is_ignored(name: str) -> bool:
    """Whether a folder's reader would pass it over too; ``__MACOSX`` holds metadata that macOS adds of each file."""
    parts = name.lower().replace("\\", "/").split("/")
    hidden = any(part.startswith(".") and part != ".." for part in parts)
    return hidden or parts[-1] in NOT_ARTICLES or parts[0] == "__macosx"


def _is_article(name: str) -> bool:
    return PurePath(name).suffix.lower() in FORMATS


def _member(archive: Archive, name: str, origin: Origin, limits: FileLimits) -> Iterator[ReadItem]:
    source = f"{origin.source}:{name}"
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        raise ArticleError(source, "its name leads out of the archive, as traps do: pack it again")
    if name.lower().endswith(".zip"):
        raise ArticleError(source, "an archive in an archive is not opened: unpack it")
    limit = limits.for_suffix(PurePath(name).suffix)
    if archive.size(name) > limit:  # before it is expanded
        raise ArticleError(source, too_large_reason("file", limit))
    path = origin.path.with_suffix("") / PurePath(*parts)
    yield from read_document(archive.read(name), source, path, limits)


# --- the table of formats ----------------------------------------------------------------------------------

_MARKDOWN = FileFormat(read=_one_article(read_markdown), media_types=("text/markdown",))
_HTML = FileFormat(read=_one_article(read_page), media_types=("text/html", "application/xhtml+xml"))

_WORD = FileFormat(
    read=_one_article(read_docx),
    packed=True,
    media_types=(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
        "application/vnd.ms-word.document.macroenabled.12",
    ),
)

_CSV = FileFormat(read=_rows)


# In this order they are listed in messages; `.zip` is the last.
FORMATS: Mapping[str, FileFormat] = {
    ".txt": FileFormat(read=_one_article(read_text), media_types=("text/plain",)),
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".html": _HTML,
    ".htm": _HTML,
    ".xhtml": _HTML,
    ".pdf": FileFormat(
        read=_one_article(read_pdf), packed=True, media_types=("application/pdf",), magic=b"%PDF-"
    ),
    ".docx": _WORD,
    ".docm": _WORD,
    ".dotx": _WORD,
    ".pptx": FileFormat(
        read=_one_article(read_pptx),
        packed=True,
        media_types=("application/vnd.openxmlformats-officedocument.presentationml.presentation",),
    ),
    ".xlsx": FileFormat(
        read=_one_article(read_xlsx),
        packed=True,
        media_types=("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    ),
    ".odt": FileFormat(
        read=_one_article(read_odt), packed=True, media_types=("application/vnd.oasis.opendocument.text",)
    ),
    ".rtf": FileFormat(
        read=_one_article(read_rtf),
        packed=True,
        media_types=("application/rtf", "text/rtf"),
        magic=b"{\\rtf",
    ),
    ".epub": FileFormat(read=_one_article(read_epub), packed=True, media_types=("application/epub+zip",)),
    ".eml": FileFormat(read=_one_article(read_eml), packed=True, media_types=("message/rfc822",)),
    ".csv": _CSV,
    ".tsv": _CSV,
    ".jsonl": FileFormat(read=_records),
    ".zip": FileFormat(read=_members, packed=True),
}

SUFFIXES = tuple(FORMATS)
