"""OpenDocument texts (ODT): headings, paragraphs, list items and tables, in order, with all changes accepted.

Read as it streams: no tree is built, so neither depth nor size costs memory, and what a table says of repeated cells
or a space of its count is never carried out. Notes, comments, frames, tables of contents and page heads are not read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from rag.errors import ArticleError
from rag.reading.cleaning import one_line
from rag.reading.formats.blocks import XML_BYTES, joined
from rag.reading.formats.zip_archive import Archive, opened, refuse_entities

_CONTENT, _META, _MANIFEST = "content.xml", "meta.xml", "META-INF/manifest.xml"


_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"


_TEXT, _TABLE, _STYLE = f"{_OASIS}text:1.0}}", f"{_OASIS}table:1.0}}", f"{_OASIS}style:1.0}}"


_OFFICE, _DRAWING = f"{_OASIS}office:1.0}}", f"{_OASIS}drawing:1.0}}"


_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"


_UNREAD = {
    *(
        _TEXT + name
        for name in ("tracked-changes", "note", "ruby-text", "table-of-content", "illustration-index")
    ),
    *(
        _TEXT + name
        for name in ("table-index", "object-index", "user-index", "alphabetical-index", "sequence-decls")
    ),
    *(_OFFICE + name for name in ("annotation", "forms", "event-listeners")),
}


_SPACES = {_TEXT + name for name in ("s", "tab", "line-break")}


_LINES = (_TEXT + "p", _TEXT + "h")


_CELL, _ROW = _TABLE + "table-cell", _TABLE + "table-row"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenText:
    """``title`` is the first line in the style of a title, else the one the file names; it may be empty."""

    text: str
    title: str


def read_odt(data: bytes, source: str) -> OpenText:
    """The text of an ODT file, marked up as Markdown is. Raises ``ArticleError`` for one that is bad or a trap."""
    with opened(data, source) as archive:
        names = {member.name for member in archive.members()}
        manifest = archive.read(_MANIFEST) if _MANIFEST in names else b""
        if b"encryption-data" in manifest or "encrypted-package" in names:
            raise ArticleError(source, "is locked by a password: save it without one")
        body, named = _Body(), _Named()
        _parse(archive, _CONTENT, body, source)
        if _META in names:
            _parse(archive, _META, named, source)
    title = next((line.lstrip("# ") for kind, line in body.found if kind == "title"), one_line(named.title))
    return OpenText(text=joined(body.found), title=title)


def _parse(archive: Archive, name: str, target: "_Body | _Named", source: str) -> None:
    if next((member.size for member in archive.members() if member.name == name), 0) > XML_BYTES:
        raise ArticleError(source, f"{name!r} expands to over {XML_BYTES / 1e6:.0f} MB: split it")
    xml = archive.read(name)
    refuse_entities(xml, source)
    parser = ElementTree.XMLParser(target=target)  # noqa: S314  # what could expand is refused the line before
    try:
        parser.feed(xml)
        parser.close()
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        why = f"is no whole text document ({name!r}: {fault!s:.80}): save it again as .odt"
        raise ArticleError(source, why) from fault


class _Named:
    """The title that ``meta.xml`` gives."""

    def __init__(self) -> None:
        self.title = ""
        self._inside = False

    def start(self, tag: str, _: Mapping[str, str]) -> None:
        """An element begins."""
        self._inside = tag == _DC_TITLE

    def end(self, _: str) -> None:
        """An element ends."""
        self._inside = False

    def data(self, text: str) -> None:
        """Text in an element, perhaps not all of it."""
        self.title += text if self._inside else ""

    def close(self) -> None:
        """The file ends."""


class _Body:
    """The blocks of ``content.xml``, each with its kind: title, heading, item, row or paragraph."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        self._titles = {
            "Title"
        }  # the styles of a title: its own, and those that the document derives from it
        self._unread = 0  # how deep in what is not read
        self._line: list[str] | None = None
        self._kind, self._mark = "paragraph", ""
        self._item = False  # the next paragraph begins an item
        self._tables = 0  # how deep in tables: a table in a cell is words of that cell
        self._cell: list[str] = []
        self._row: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if self._unread or tag in _UNREAD or tag.startswith(_DRAWING):
            self._unread += 1
        elif tag in _LINES:
            self._begin(tag, attributes)
        elif tag in _SPACES and self._line is not None:
            self._line.append(" ")
        elif tag == _TEXT + "list-item":
            self._item = True
        elif tag == _TABLE + "table":
            self._tables += 1
        elif tag == _CELL and self._tables == 1:
            self._cell = []
        elif tag == _ROW and self._tables == 1:
            self._row = []
        elif tag == _STYLE + "style" and attributes.get(_STYLE + "parent-style-name") in self._titles:
            self._titles.add(attributes.get(_STYLE + "name", ""))

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._line, level = [], attributes.get(_TEXT + "outline-level", "1")
        if attributes.get(_TEXT + "style-name") in self._titles:
            self._kind, self._mark = "title", "# "
        elif tag == _TEXT + "h":
            self._kind, self._mark = "heading", "#" * (int(level) if level in tuple("12345") else 6) + " "
        else:
            self._kind, self._mark = ("item", "- ") if self._item else ("paragraph", "")

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._unread:
            self._unread -= 1
        elif tag in _LINES and self._line is not None:
            self._finish(one_line("".join(self._line)))
            self._line = None
        elif tag == _TEXT + "list-item":
            self._item = False
        elif tag == _TABLE + "table":
            self._tables -= 1
        elif tag == _CELL and self._tables == 1:
            self._row.append(" ".join(self._cell))
        elif tag == _ROW and self._tables == 1 and any(self._row):
            self.found.append(("row", f"| {' | '.join(self._row)} |"))

    def _finish(self, words: str) -> None:
        if words and self._tables:
            self._cell.append(words)
        elif words:
            self.found.append((self._kind, self._mark + words))
            self._item = False

    def data(self, text: str) -> None:
        """Text in an element, perhaps not all of it."""
        if self._line is not None and not self._unread:
            self._line.append(text)

    def close(self) -> None:
        """The file ends."""
