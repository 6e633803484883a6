"""Word documents (DOCX, also templates and those with macros): headings, paragraphs, items and tables, in order.

What is read is the body as it stands with all changes accepted, content controls and text boxes included. Tables of
contents, hidden and struck-out text, footnotes, comments, page headers and footers are not. The XML is read as it is:
a part that is missing or a relationship that leads nowhere costs itself alone, as in Word.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from rag.errors import ArticleError
from rag.reading.formats.blocks import Block
from rag.reading.formats.document import Document, document_of_blocks
from rag.reading.formats.office.docx_numbering import Numbering
from rag.reading.formats.office.docx_styles import Style, Styles, numbering_of
from rag.reading.formats.office.docx_text import TextReader, boxes, is_placeholder
from rag.reading.formats.office.package import open_parts, parse, related
from rag.reading.formats.office.word_names import child, name, value, whole
from rag.reading.formats.zip_archive import Archive

_MAIN = "word/document.xml"


# Elements that hold blocks, rows or cells.
_CONTAINERS = frozenset(f"w:{kind}" for kind in "sdt sdtContent customXml ins moveTo smartTag".split())
_REPEATED_CHARS = 80  # a longer cell stands for its rows, but is not said in each
_HEADING_CHARS = 100  # a longer line in bold is a sentence


def read_docx(data: bytes, source: str) -> Document:
    """A DOCX file as Markdown; its title is the first line in the style of a title, else the one in its properties.

    Notes count what cannot be read. Raises ``ArticleError`` for one that is locked, damaged or a decompression bomb.
    """
    with open_parts(data, source, suffix=".docx", what="Word document") as archive:
        return _read(archive, source)


def _read(archive: Archive, source: str) -> Document:
    main = related(archive, "", "officeDocument") or _MAIN
    root = parse(archive, main)
    body = child(root, "w:body") if root is not None else None
    if body is None:
        raise ArticleError(source, "is no whole Word document (no body): save it again as .docx")
    styles = Styles(parse(archive, related(archive, main, "styles") or "word/styles.xml"))
    numbering = Numbering(parse(archive, related(archive, main, "numbering") or "word/numbering.xml"))
    reader = _BlockReader(styles, numbering)
    blocks = _without_marks(list(reader.blocks(body)))
    properties = parse(archive, related(archive, "", "core-properties") or "docProps/core.xml")
    title = (
        next((e.text or "" for e in properties.iter() if name(e) == "dc:title"), "")
        if properties is not None
        else ""
    )
    return document_of_blocks(blocks, source, title=title, notes=reader.text.unread.notes())


_BOLD = "bold"  # a line all in bold: a heading, if ordinary text follows


def _without_marks(blocks: list[Block]) -> list[Block]:
    """The blocks, in which a bold line before ordinary text has become a heading, and any other a paragraph."""
    kept: list[Block] = []
    for index, (kind, line) in enumerate(blocks):
        if kind != _BOLD:
            kept.append((kind, line))
            continue
        following = blocks[index + 1][0] if index + 1 < len(blocks) else ""
        is_heading = following in ("paragraph", "item", "row")
        kept.append(("heading", f"## {line}") if is_heading else ("paragraph", line))
    return kept


class _BlockReader:
    """Reads the blocks of a document, in their order, as its lists are counted."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.text = TextReader(styles)
        self._styles = styles
        self._numbering = numbering
        self._initial = ""

    def blocks(self, element: "Element[str]") -> Iterator[Block]:
        """The blocks in the body, or in what holds some."""
        for inner in element:
            kind = name(inner)
            if kind == "w:p":
                yield from self._paragraph(inner)
            elif kind == "w:tbl":
                yield from self._rows(inner)
            elif kind in _CONTAINERS and not is_placeholder(inner):
                yield from self.blocks(inner)
            elif kind == "mc:AlternateContent":
                yield from self.blocks(next(iter(inner), inner))
            elif kind == "w:altChunk":
                self.text.unread.counts["file(s) put in whole"] += 1
            elif kind in ("m:oMath", "m:oMathPara"):
                self.text.unread.counts["equation(s)"] += 1

    def _paragraph(self, paragraph: "Element[str]") -> Iterator[Block]:
        style = self._style(paragraph)
        mark = self._mark(paragraph, style)
        line, bold = self.text.line(paragraph)
        frame = child(child(paragraph, "w:pPr"), "w:framePr")
        if value(frame, "dropCap") in ("drop", "margin"):  # the first letters of the next paragraph
            self._initial = line
            return
        line, self._initial = self._initial + line, ""
        if line and not style.is_contents:
            yield _block(style, _level(paragraph), mark, line, bold=bold)
        for box in boxes(paragraph):
            yield from self.blocks(box)

    def _style(self, paragraph: "Element[str]") -> Style:
        return self._styles.get(value(child(child(paragraph, "w:pPr"), "w:pStyle")))

    def _mark(self, paragraph: "Element[str]", style: Style) -> str | None:
        """The number that Word shows before a paragraph; ``""`` for a bullet, ``None`` for neither."""
        properties = child(paragraph, "w:pPr")
        own = numbering_of(properties)
        if own is not None and own[0] == "" and style.number is not None:
            own = style.number[0], own[1]
        list_id, level = own or style.number or ("", 0)
        if own is None:  # a style has the level that names it
            level = self._numbering.level_of(list_id, value(child(properties, "w:pStyle")) or "", level)
        return self._numbering.mark(list_id, level)

    def _rows(self, table: "Element[str]") -> Iterator[Block]:
        above: dict[int, str] = {}  # by column, what a cell says that goes on in the rows below
        for row in _inside(table, "w:tr"):
            if child(child(row, "w:trPr"), "w:del") is not None:
                continue
            cells: list[str] = []
            column = 0
            for cell in _inside(row, "w:tc"):
                properties = child(cell, "w:tcPr")
                merged = child(properties, "w:vMerge")
                words = self._cell(cell)
                if merged is not None and value(merged) != "restart":
                    words = words or above.get(column, "")
                above[column] = words if merged is not None and len(words) <= _REPEATED_CHARS else ""
                cells.append(words)
                column += max(1, whole(value(child(properties, "w:gridSpan")), 1))
            if any(cells):
                yield "row", f"| {' | '.join(cells)} |"

    def _cell(self, cell: "Element[str]") -> str:
        """All words of a cell, tables and controls in it included."""
        lines = []
        for block in self.blocks(cell):
            line = block[1].removeprefix("- ") if block[0] == "item" else block[1].lstrip("#").strip()
            lines.append(line.strip("| ").replace(" | ", " ") if block[0] == "row" else line)
        return " ".join(lines)


def _inside(element: "Element[str]", wanted: str) -> Iterator["Element[str]"]:
    """The rows of a table, or the cells of a row, also those in content controls."""
    for inner in element:
        if name(inner) == wanted:
            yield inner
        elif name(inner) in _CONTAINERS and not is_placeholder(inner):
            yield from _inside(inner, wanted)


def _level(paragraph: "Element[str]") -> int | None:
    """1 to 9 where the paragraph itself is said to be a heading."""
    level = whole(value(child(child(paragraph, "w:pPr"), "w:outlineLvl")), 9)
    return level + 1 if level < 9 else None


def _block(style: Style, level: int | None, mark: str | None, line: str, *, bold: bool) -> Block:
    words = f"{mark} {line}" if mark else line
    if style.is_title:
        return "title", f"# {words}"
    if (heading := level or style.heading_level) is not None:
        return "heading", f"{'#' * min(heading, 6)} {words}"
    if mark is not None or style.is_item:
        return "item", f"- {words}"
    if bold and len(line) <= _HEADING_CHARS and not line.endswith((".", "!", ",", ";")) and ": " not in line:
        return _BOLD, words
    return "paragraph", words
