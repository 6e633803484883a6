"""Presentations (PPTX): the slides in their order, with their titles as headings, tables and speaker's notes."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from rag.reading.cleaning import one_line
from rag.reading.formats.blocks import Block
from rag.reading.formats.document import Document, document_of_blocks
from rag.reading.formats.office.package import bare_tag, open_parts, parse, related, relationships
from rag.reading.formats.office.word_names import child, name, value
from rag.reading.formats.raised import join_raised
from rag.reading.formats.zip_archive import Archive

_TITLES = ("title", "ctrTitle")
_FURNITURE = ("dt", "ftr", "hdr", "sldNum", "sldImg")  # date, footer, header, number, picture of the slide
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def read_pptx(data: bytes, source: str) -> Document:
    """A PPTX file as Markdown; slides that are hidden are left out, and pictures counted in a note.

    Raises ``ArticleError`` for one that is locked, damaged or a decompression bomb.
    """
    with open_parts(data, source, suffix=".pptx", what="presentation") as archive:
        blocks, pictures = _read(archive)
    notes = (f"not read: {pictures} picture(s)",) if pictures else ()
    return document_of_blocks(blocks, source, title="", notes=notes)


def _read(archive: Archive) -> tuple[list[Block], int]:
    main = related(archive, "", "officeDocument") or "ppt/presentation.xml"
    root = parse(archive, main)
    if root is None:
        raise ValueError("no slides")
    parts = relationships(archive, main)
    blocks: list[Block] = []
    pictures = 0
    for element in root.iter():
        if bare_tag(element) != "sldId":
            continue
        slide = parts.get(element.get(_ID) or element.get(_STRICT_ID) or "")
        tree = parse(archive, slide.part) if slide else None
        if slide is None or tree is None or tree.get("show") == "0":
            continue
        pictures += sum(inner.tag.endswith("}pic") for inner in tree.iter())
        blocks += _blocks(tree)
        for part in relationships(archive, slide.part).values():
            diagram = parse(archive, part.part) if part.kind == "diagramData" else None
            blocks += (("item", f"- {line}") for line in _lines(diagram)) if diagram is not None else ()
        notes = parse(archive, related(archive, slide.part, "notesSlide"))
        blocks += _blocks(notes) if notes is not None else ()
    return blocks, pictures


def _blocks(element: "Element[str]") -> Iterator[Block]:
    """The titles, paragraphs and rows of a slide."""
    for shape in element:
        kind = bare_tag(shape)
        if kind == "sp":
            holder = next((inner for inner in shape.iter() if inner.tag.endswith("}ph")), None)
            place = holder.get("type", "") if holder is not None else ""
            if place not in _FURNITURE:
                yield from _paragraphs(shape, is_title=place in _TITLES)
        elif kind == "tbl":
            yield from _rows(shape)
        else:  # of two forms of one thing the first
            yield from _blocks(shape if kind != "AlternateContent" else shape[0])


def _rows(table: "Element[str]") -> Iterator[Block]:
    """The rows of a table; a cell over several is said in each."""
    above: list[str] = []
    for row in (inner for inner in table if name(inner) == "a:tr"):
        cells: list[str] = []
        for cell in (inner for inner in row if name(inner) == "a:tc"):
            goes_on = value(cell, "vMerge") in ("1", "true") and len(cells) < len(above)
            cells.append(above[len(cells)] if goes_on else " ".join(_lines(cell)))
        if any(cells):
            yield "row", f"| {' | '.join(cells)} |"
        above = cells


def _paragraphs(shape: "Element[str]", *, is_title: bool) -> Iterator[Block]:
    lines = list(_lines(shape))
    if is_title and lines:
        yield "heading", f"## {' '.join(lines)}"
        return
    for line in lines:
        yield ("item", f"- {line}") if len(lines) > 1 else ("paragraph", line)


def _lines(element: "Element[str]") -> Iterator[str]:
    """The text of each paragraph in it that has any."""
    for paragraph in element.iter():
        if name(paragraph) != "a:p":
            continue
        pieces: list[tuple[str, bool]] = []
        for run in paragraph:
            if name(run) == "a:br":
                pieces.append((" ", False))
            properties = child(run, "a:rPr")
            height = value(properties, "baseline") or "0"
            if value(properties, "strike") not in (None, "noStrike"):
                continue
            text = child(run, "a:t")
            pieces.append(
                ((text.text or "") if text is not None else "", height.isdecimal() and height != "0")
            )
        if line := one_line(join_raised(pieces)):
            yield line
