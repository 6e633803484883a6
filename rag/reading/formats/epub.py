"""Books (EPUB): one article of the chapters, in the order of reading."""

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree import ElementTree

from rag.errors import ArticleError
from rag.reading.cleaning import one_line
from rag.reading.formats.document import Document, clean_document
from rag.reading.formats.html.page import read_chapter
from rag.reading.formats.zip_archive import Archive, open_archive

_TEXT_CHARS = 20_000_000
_PACKAGE_BYTES = 5_000_000  # of the package document, which lists the files of the book
_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PAGE_TYPES = ("application/xhtml+xml", "text/html")


def read_epub(data: bytes, source: str) -> Document:
    """A book as Markdown, with the title, publisher and date that it states; a bare year is no date.

    Raises ``ArticleError`` for one that is encrypted, damaged or a decompression bomb.
    """
    with open_archive(data, source) as archive:
        container = _parse(archive, _CONTAINER, source)
        root = next((e.get("full-path") or "" for e in container.iter() if _tag(e) == "rootfile"), "")
        package = _parse(archive, root, source)
        chapters = tuple(_chapters(package, posixpath.dirname(root)))
        _refuse_encrypted(archive, chapters, source)
        texts: list[str] = []
        characters = 0
        for name in chapters:
            chapter = read_chapter(archive.read(name), f"{source}:{name}")
            characters += len(chapter)
            if characters > _TEXT_CHARS:
                raise ArticleError(source, f"holds over {_TEXT_CHARS:,} characters: split it")
            texts.append(chapter)
    return clean_document("\n\n".join(text for text in texts if text), source, fields=_fields(package))


def _parse(archive: Archive, name: str, source: str) -> "ElementTree.Element[str]":
    xml = archive.read_xml(name, max_bytes=_PACKAGE_BYTES)
    try:
        return ElementTree.fromstring(xml)  # noqa: S314  # `read_xml` refuses what could expand
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise ArticleError(
            source, f"is no whole book ({name!r:.80}: {fault!s:.80}): fetch it again"
        ) from fault


def _tag(element: "ElementTree.Element[str]") -> str:
    """Its name without the namespace."""
    return element.tag.rpartition("}")[2]


def _chapters(package: "ElementTree.Element[str]", folder: str) -> Iterator[str]:
    """The names of the chapters' pages in the order of the spine, each once."""
    pages = {
        e.get("id"): posixpath.normpath(posixpath.join(folder, unquote(e.get("href") or "")))
        for e in package.iter()
        if _tag(e) == "item" and e.get("media-type") in _PAGE_TYPES
    }
    order = (e.get("idref") for e in package.iter() if _tag(e) == "itemref")
    yield from dict.fromkeys(pages[id] for id in order if id in pages)


def _refuse_encrypted(archive: Archive, chapters: tuple[str, ...], source: str) -> None:
    """Raises ``ArticleError`` where a chapter is encrypted; fonts often are, which does not matter."""
    if _ENCRYPTION not in archive.names():
        return
    references = _parse(archive, _ENCRYPTION, source).iter()
    encrypted = {unquote(e.get("URI") or "") for e in references if _tag(e) == "CipherReference"}
    if encrypted & set(chapters):
        raise ArticleError(source, "is locked by its seller (DRM): only a copy without that can be read")


def _fields(package: "ElementTree.Element[str]") -> dict[str, str]:
    fields: dict[str, str] = {}
    for element in package.iter():
        if _tag(element) in ("title", "publisher", "date") and (value := one_line(element.text or "")):
            fields.setdefault(_tag(element), value)
    day = _DAY.match(fields.pop("date", ""))
    return {**fields, "date": day[0]} if day else fields
