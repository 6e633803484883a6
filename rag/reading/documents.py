"""A file's bytes become its articles, by the kind that its name says it is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from rag.errors import ArticleError
from rag.reading.cleaning import clean, one_line, too_large, trimmed
from rag.reading.decoding import decode
from rag.reading.fields import ReadArticle, article_from_fields, slug, title_in
from rag.reading.formats.frontmatter import front_matter
from rag.reading.formats.jsonl import read_records
from rag.reading.formats.zip_archive import Archive, opened

MARKDOWN = (".md", ".markdown")


WEB = (".html", ".htm", ".xhtml")


SUFFIXES = (
    ".txt",
    *MARKDOWN,
    *WEB,
    ".pdf",
    ".docx",
    ".odt",
    ".rtf",
    ".epub",
    ".csv",
    ".tsv",
    ".jsonl",
    ".zip",
)


NOT_ARTICLES = ("readme.md", "questions.jsonl")


FILE_BYTES = 20_000_000  # a long book is 2 MB; more is a data dump, and would hold the batch up for minutes


PACKED_BYTES = 100_000_000  # of a PDF, a DOCX, an ODT, an RTF, an EPUB or a ZIP: pictures are most of it


_PACKED = (".pdf", ".docx", ".odt", ".rtf", ".epub", ".zip")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """``source`` is what errors name; ``below`` the path under the folder read, from which ids are made."""

    source: str
    below: PurePath

    @property
    def id(self) -> str:
        return slug(self.below.with_suffix("").as_posix())


def limit_of(suffix: str) -> int:
    """The most bytes that a file of this kind may have. A ``.jsonl`` may have more: the limit is a line's."""
    return PACKED_BYTES if suffix.lower() in _PACKED else FILE_BYTES


def read_document(data: bytes, source: str, below: PurePath) -> Iterator[ReadArticle | str | ArticleError]:
    """The articles of a file, with warnings and errors among them; the suffix of ``below`` is one of ``SUFFIXES``.

    Raises ``ArticleError`` where the whole file is bad.
    """
    place = _Place(source=source, below=below)
    suffix = below.suffix.lower()
    if len(data) > limit_of(suffix):
        raise ArticleError(source, too_large("file", limit_of(suffix)))
    if suffix == ".zip":
        yield from _members(data, place)
    elif suffix == ".jsonl":
        yield from read_records(BytesIO(data), source, line_bytes=FILE_BYTES)
    elif suffix in (".csv", ".tsv"):
        from rag.reading.formats.csv_file import read_sheet

        yield from read_sheet(data, source, id=place.id, name=one_line(below.stem))
    else:
        yield _ONE.get(suffix, _text)(data, place)


def _text(data: bytes, place: _Place) -> ReadArticle:
    markdown = place.below.suffix.lower() in MARKDOWN
    text, guess = decode(data, place.source)
    text, note = clean(text, place.source)
    fields, text = front_matter(text, place.source) if markdown else ({}, text)
    return _read(text, place, fields=fields, markdown=markdown, notes=(guess, note))


def _web(data: bytes, place: _Place) -> ReadArticle:
    from rag.reading.formats.html_page import read_page

    page = read_page(data, place.source)
    text, note = clean(page.text, place.source)
    return _read(text, place, fields=page.fields, markdown=True, notes=(page.note, note))


def _pdf(data: bytes, place: _Place) -> ReadArticle:
    from rag.reading.formats.pdf import read_pdf

    pdf = read_pdf(data, place.source)  # cleaned page by page, so that the form feeds between pages stay
    return _read(pdf.text, place, fields={"title": pdf.title}, markdown=False, notes=pdf.notes)


def _docx(data: bytes, place: _Place) -> ReadArticle:
    from rag.reading.formats.docx import read_docx

    docx = read_docx(data, place.source)
    text, note = clean(docx.text, place.source)
    return _read(text, place, fields={"title": docx.title}, markdown=True, notes=(note,))


def _odt(data: bytes, place: _Place) -> ReadArticle:
    from rag.reading.formats.odt import read_odt

    odt = read_odt(data, place.source)
    text, note = clean(odt.text, place.source)
    return _read(text, place, fields={"title": odt.title}, markdown=True, notes=(note,))


def _rtf(data: bytes, place: _Place) -> ReadArticle:
    from rag.reading.formats.rtf import read_rtf

    rtf = read_rtf(data, place.source)
    text, note = clean(rtf.text, place.source)
    return _read(text, place, fields={"title": rtf.title}, markdown=True, notes=(rtf.note, note))


def _epub(data: bytes, place: _Place) -> ReadArticle:
    from rag.reading.formats.epub import read_epub

    book = read_epub(data, place.source)
    text, note = clean(book.text, place.source)
    return _read(text, place, fields=book.fields, markdown=True, notes=(note,))


_ONE: Mapping[str, Callable[[bytes, _Place], ReadArticle]] = {
    **dict.fromkeys(WEB, _web),
    ".pdf": _pdf,
    ".docx": _docx,
    ".odt": _odt,
    ".rtf": _rtf,
    ".epub": _epub,
}


def _read(
    text: str, place: _Place, *, fields: Mapping[str, object], markdown: bool, notes: tuple[str, ...]
) -> ReadArticle:
    text = trimmed(text, place.source)
    title = title_in(text, markdown=markdown) or one_line(place.below.stem)
    article = article_from_fields(fields, source=place.source, id=place.id, title=title, text=text)
    return ReadArticle(place.source, article, tuple(note for note in notes if note))


# --- archives ----------------------------------------------------------------------------------------------


def _members(data: bytes, place: _Place) -> Iterator[ReadArticle | str | ArticleError]:
    """What the files in an archive hold; those of other kinds are counted in one warning."""
    with opened(data, place.source) as archive:
        other = [m.name for m in archive.members() if not _passed_over(m.name) and not _is_article(m.name)]
        names = [m.name for m in archive.members() if not _passed_over(m.name) and _is_article(m.name)]
        if not names:
            raise ArticleError(
                place.source, f"no articles in it: put {', '.join(SUFFIXES[:-1])} files into it"
            )
        for name in names:
            try:
                yield from _member(archive, name, place)
            except ArticleError as error:
                yield error
    if other:
        yield f"{place.source!r}: {len(other)} file(s) of other kinds not read, {other[0]!r:.80} first"


def _passed_over(name: str) -> bool:
    """Whether a folder's reader would pass it over too; ``__MACOSX`` holds what a Mac knows of each file."""
    parts = name.lower().replace("\\", "/").split("/")
    hidden = any(part.startswith(".") and part != ".." for part in parts)
    return hidden or parts[-1] in NOT_ARTICLES or parts[0] == "__macosx"


def _is_article(name: str) -> bool:
    return PurePath(name).suffix.lower() in SUFFIXES


def _member(archive: Archive, name: str, place: _Place) -> Iterator[ReadArticle | str | ArticleError]:
    source = f"{place.source}:{name}"
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        raise ArticleError(source, "its name leads out of the archive, as traps do: pack it again")
    if name.lower().endswith(".zip"):
        raise ArticleError(source, "an archive in an archive is not opened: unpack it")
    suffix = PurePath(name).suffix.lower()
    size = next(member.size for member in archive.members() if member.name == name)
    if size > limit_of(suffix):
        raise ArticleError(source, too_large("file", limit_of(suffix)))
    below = place.below.with_suffix("") / PurePath(*parts)
    yield from read_document(archive.read(name), source, below)
