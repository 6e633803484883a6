"""Books (EPUB): one article of the chapters, in the order of reading."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree import ElementTree

from rag.errors import ArticleError
from rag.reading.cleaning import one_line
from rag.reading.formats.html_page import read_chapter
from rag.reading.formats.zip_archive import Archive, opened, refuse_entities

TEXT_CHARS = 20_000_000


XML_BYTES = 5_000_000  # of the list of what the book holds


_CONTAINER, _LOCKED = "META-INF/container.xml", "META-INF/encryption.xml"


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


_PAGES = ("application/xhtml+xml", "text/html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """``fields`` are ``title``, ``publisher`` and ``date``, those that the book names; a bare year is no date."""

    text: str
    fields: Mapping[str, str]


def read_epub(data: bytes, source: str) -> Book:
    """The text of a book, marked up as Markdown is. Raises ``ArticleError`` for one that is bad, locked or a trap."""
    with opened(data, source) as archive:
        names = {member.name: member.size for member in archive.members()}
        container = _parsed(archive, _CONTAINER, names, source)
        root = next((e.get("full-path") or "" for e in container.iter() if _tag(e) == "rootfile"), "")
        package = _parsed(archive, root, names, source)
        chapters = tuple(_chapters(package, posixpath.dirname(root)))
        _refuse_locked(archive, names, chapters, source)
        lines: list[str] = []
        characters = 0
        for name in chapters:
            found = read_chapter(archive.read(name), f"{source}:{name}")
            characters += sum(map(len, found))
            if characters > TEXT_CHARS:
                raise ArticleError(source, f"holds over {TEXT_CHARS:,} characters: split it")
            lines += found
    return Book(text="\n\n".join(lines), fields=_fields(package))


def _parsed(archive: Archive, name: str, names: Mapping[str, int], source: str) -> "ElementTree.Element[str]":
    if names.get(name, 0) > XML_BYTES:
        raise ArticleError(source, f"{name!r:.80} expands to over {XML_BYTES / 1e6:.0f} MB: split it")
    xml = archive.read(name)
    refuse_entities(xml, source)
    try:
        return ElementTree.fromstring(xml)  # noqa: S314  # what could expand is refused the line before
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise ArticleError(
            source, f"is no whole book ({name!r:.80}: {fault!s:.80}): fetch it again"
        ) from fault


def _tag(element: "ElementTree.Element[str]") -> str:
    return element.tag.rpartition("}")[2]


def _chapters(package: "ElementTree.Element[str]", folder: str) -> Iterator[str]:
    """The names of the chapters' pages, each once."""
    pages = {
        e.get("id"): posixpath.normpath(posixpath.join(folder, unquote(e.get("href") or "")))
        for e in package.iter()
        if _tag(e) == "item" and e.get("media-type") in _PAGES
    }
    order = (e.get("idref") for e in package.iter() if _tag(e) == "itemref")
    yield from dict.fromkeys(pages[id] for id in order if id in pages)


def _refuse_locked(
    archive: Archive, names: Mapping[str, int], chapters: tuple[str, ...], source: str
) -> None:
    """Raises ``ArticleError`` where a chapter is encrypted; that fonts often are is no matter."""
    if _LOCKED not in names:
        return
    found = _parsed(archive, _LOCKED, names, source)
    locked = {unquote(e.get("URI") or "") for e in found.iter() if _tag(e) == "CipherReference"}
    if locked & set(chapters):
        raise ArticleError(source, "is locked by its seller (DRM): only a copy without that can be read")


def _fields(package: "ElementTree.Element[str]") -> dict[str, str]:
    said: dict[str, str] = {}
    for element in package.iter():
        if _tag(element) in ("title", "publisher", "date") and (value := one_line(element.text or "")):
            said.setdefault(_tag(element), value)
    day = _DAY.match(said.pop("date", ""))
    return {**said, "date": day[0]} if day else said
