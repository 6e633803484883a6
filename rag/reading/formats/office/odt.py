"""OpenDocument texts (ODT): headings, paragraphs, list items and tables, in order, with all changes accepted.

Parsed as it streams: no tree is built, so neither depth nor size costs memory, and the counts of repeated cells and
spaces are never expanded. Text boxes are read. Footnotes, comments, drawings, tables of contents, page headers, and
text that is hidden or struck out are left.
"""

from collections.abc import Mapping
from xml.etree import ElementTree

from rag.errors import ArticleError
from rag.reading.cleaning import one_line
from rag.reading.formats.blocks import Block
from rag.reading.formats.document import XML_BYTES, Document, document_of_blocks
from rag.reading.formats.office.odt_lists import Lists
from rag.reading.formats.raised import join_raised
from rag.reading.formats.zip_archive import ARCHIVE_LIMITS, ArchiveLimits, open_archive

_CONTENT, _STYLES, _META, _MANIFEST = "content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"
_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _STYLE = f"{_OASIS}text:1.0}}", f"{_OASIS}table:1.0}}", f"{_OASIS}style:1.0}}"
_OFFICE, _DRAWING = f"{_OASIS}office:1.0}}", f"{_OASIS}drawing:1.0}}"
_SVG = f"{_OASIS}svg-compatible:1.0}}"  # titles and descriptions of pictures
_BOXES = (f"{_DRAWING}a", f"{_DRAWING}frame", f"{_DRAWING}text-box")
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"

_SKIPPED = {
    *(
        _TEXT + name
        for name in ("tracked-changes", "note", "ruby-text", "table-of-content", "illustration-index")
    ),
    *(
        _TEXT + name
        for name in ("table-index", "object-index", "user-index", "alphabetical-index", "sequence-decls")
    ),
    *(_TEXT + name for name in ("hidden-text", "hidden-paragraph")),
    *(_OFFICE + name for name in ("annotation", "forms", "event-listeners")),
}

_SPACES = {_TEXT + name for name in ("s", "tab", "line-break")}
_LINES = (_TEXT + "p", _TEXT + "h")
_CELL, _ROW = _TABLE + "table-cell", _TABLE + "table-row"


def read_odt(
    data: bytes, source: str, *, xml_bytes: int = XML_BYTES, limits: ArchiveLimits = ARCHIVE_LIMITS
) -> Document:
    """An ODT file as Markdown; its title is the first line in the style of a title, else the one in its metadata.

    Raises ``ArticleError`` for one that is locked, damaged or a decompression bomb.
    """
    with open_archive(data, source, limits) as archive:
        names = archive.names()
        manifest = archive.read(_MANIFEST) if _MANIFEST in names else b""
        if b"encryption-data" in manifest or "encrypted-package" in names:
            raise ArticleError(source, "is locked by a password: save it without one")
        body, metadata = _Body(), _Metadata()
        if _STYLES in names:
            _parse(archive.read_xml(_STYLES, max_bytes=xml_bytes), _STYLES, body.lists, source)
        _parse(archive.read_xml(_CONTENT, max_bytes=xml_bytes), _CONTENT, body, source)
        if _META in names:
            _parse(archive.read_xml(_META, max_bytes=xml_bytes), _META, metadata, source)
    return document_of_blocks(body.blocks, source, title=metadata.title)


def _parse(xml: bytes, name: str, target: "_Body | _Metadata | Lists", source: str) -> None:
    parser = ElementTree.XMLParser(target=target)  # noqa: S314  # `read_xml` refuses what could expand
    try:
        parser.feed(xml)
        parser.close()
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        why = f"is no whole text document ({name!r}: {fault!s:.80}): save it again as .odt"
        raise ArticleError(source, why) from fault


class _Metadata:
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


def _is_above(position: str) -> bool:
    """Whether a position, "super 58%" or "33% 58%", is above the line."""
    first = position.partition(" ")[0]
    return first == "super" or (
        first.endswith("%") and first.strip("%").replace(".", "", 1).isdigit() and first != "0%"
    )


# A paragraph that is not at its end: its pieces, its kind and mark, its open spans, and whether it begins an item.
_Open = tuple[list[tuple[str, bool]] | None, str, str, list[bool], bool]


class _Body:
    """The blocks of ``content.xml``."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._title_styles = {"Title"}  # and those that the document derives from it
        self._skipped_depth = 0  # how many elements that are not read are open
        self._line: list[tuple[str, bool]] | None = None  # pieces, and whether each is raised
        self._style = ""  # that is being defined
        self._raising: set[str] = set()  # styles of text above the line
        self._spans: list[bool] = []  # of those that are open, whether one or one around it is raised
        self._around: list[_Open] = []  # paragraphs, in each of which a text box is open
        self._hidden: set[str] = set()  # styles of text that is not shown, or struck out
        self.lists = Lists()
        self._kind, self._mark = "paragraph", ""
        self._starts_item = False  # the next paragraph begins an item
        self._table_depth = 0  # a table in a cell is words of that cell
        self._cell: list[str] = []
        self._row: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        is_drawing = tag.startswith((_DRAWING, _SVG)) and tag not in _BOXES
        if self._skipped_depth or tag in _SKIPPED or is_drawing or self._is_hidden(attributes):
            self._skipped_depth += 1
            return
        self.lists.start(tag, attributes)
        if tag == _BOXES[-1]:
            self._around.append((self._line, self._kind, self._mark, self._spans, self._starts_item))
            self._line, self._spans, self._starts_item = None, [], False
        elif tag in _LINES:
            self._begin_line(tag, attributes)
        elif tag in _SPACES and self._line is not None:
            self._line.append((" ", False))
        elif tag == _TEXT + "list-item":
            self._starts_item = True
        elif tag == _TABLE + "table":
            self._table_depth += 1
        elif tag == _CELL and self._table_depth == 1:
            self._cell = []
        elif tag == _ROW and self._table_depth == 1:
            self._row = []
        elif tag == _TEXT + "span":
            is_raised = attributes.get(_TEXT + "style-name") in self._raising
            self._spans.append(is_raised or any(self._spans[-1:]))
        elif tag == _STYLE + "style":
            self._style = attributes.get(_STYLE + "name", "")
            if attributes.get(_STYLE + "parent-style-name") in self._title_styles:
                self._title_styles.add(self._style)
        elif tag == _STYLE + "text-properties":
            self._define(attributes)

    def _define(self, attributes: Mapping[str, str]) -> None:
        if _is_above(attributes.get(_STYLE + "text-position", "")):
            self._raising.add(self._style)
        through = (attributes.get(f"{_STYLE}text-line-through-{kind}", "none") for kind in ("style", "type"))
        if attributes.get(_TEXT + "display") == "none" or any(kind != "none" for kind in through):
            self._hidden.add(self._style)

    def _is_hidden(self, attributes: Mapping[str, str]) -> bool:
        """Whether an element, such as a section, or the style of a text is not shown."""
        hidden = attributes.get(_TEXT + "display") == "none" and _TEXT + "name" in attributes
        return hidden or attributes.get(_TEXT + "style-name") in self._hidden

    def _begin_line(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._line, level = [], attributes.get(_TEXT + "outline-level", "1")
        if attributes.get(_TEXT + "style-name") in self._title_styles:
            self._kind, self._mark = "title", "# "
        elif tag == _TEXT + "h":
            number = self.lists.heading(attributes)
            self._kind = "heading"
            hashes = "#" * (int(level) if level in tuple("12345") else 6)
            self._mark = f"{hashes} {number} " if number else f"{hashes} "
        else:
            self._kind, self._mark = ("item", "- ") if self._starts_item else ("paragraph", "")
            if self._starts_item and (number := self.lists.item()):
                self._mark += f"{number} "

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._skipped_depth:
            self._skipped_depth -= 1
            return
        self.lists.end(tag)
        if tag == _BOXES[-1] and self._around:
            self._line, self._kind, self._mark, self._spans, self._starts_item = self._around.pop()
        elif tag in _LINES and self._line is not None:
            self._end_line(one_line(join_raised(self._line)))
            self._line = None
        elif tag == _TEXT + "span" and self._spans:
            self._spans.pop()
        elif tag == _TEXT + "list-item":
            self._starts_item = False
        elif tag == _TABLE + "table":
            self._table_depth -= 1
        elif tag == _CELL and self._table_depth == 1:
            self._row.append(" ".join(self._cell))
        elif tag == _ROW and self._table_depth == 1 and any(self._row):
            self.blocks.append(("row", f"| {' | '.join(self._row)} |"))

    def _end_line(self, words: str) -> None:
        if words and self._table_depth:
            self._cell.append(words)
        elif words:
            self.blocks.append((self._kind, self._mark + words))
            self._starts_item = False

    def data(self, text: str) -> None:
        """Text in an element, perhaps not all of it."""
        if self._line is not None and not self._skipped_depth:
            self._line.append((text, any(self._spans[-1:])))

    def close(self) -> None:
        """The file ends."""
