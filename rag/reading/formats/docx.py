"""Word documents (DOCX): headings, paragraphs, list items and tables, in order. The only file that imports ``docx``.

What is read is the body as it stands with all changes accepted. Notes, comments, text boxes, heads and feet of pages
are not.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import ArticleError
from rag.reading.cleaning import one_line
from rag.reading.formats.zip_archive import opened, refuse_entities

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element
from rag.reading.formats.blocks import XML_BYTES, joined

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


# What holds runs, and runs themselves. Not here: `del` and `moveFrom`, which are taken out, and drawings.
_HOLDERS = frozenset(
    _W + name
    for name in ("r", "hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml")
)


_SIGNS = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "\N{NON-BREAKING HYPHEN}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Docx:
    """``title`` is the first line in the style of a title, else the one the file names; it may be empty."""

    text: str
    title: str


def read_docx(data: bytes, source: str) -> Docx:
    """The text of a DOCX file, marked up as Markdown is. Raises ``ArticleError`` for one that is bad or a trap."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # an OLE file: encrypted, or of Word 2003 and before
        raise ArticleError(source, "is locked by a password or an old .doc: save it as .docx without one")
    with opened(data, source) as archive:
        for member in archive.members():
            if member.name.lower().endswith((".xml", ".rels")):
                if member.size > XML_BYTES:
                    limit = f"{XML_BYTES / 1e6:.0f} MB"
                    raise ArticleError(source, f"{member.name!r:.80} expands to over {limit}: split it")
                refuse_entities(archive.read(member.name), source)
    import docx  # loaded here because it costs 0.2 s and few files need it
    from docx.opc.constants import RELATIONSHIP_TYPE

    try:
        document = docx.Document(io.BytesIO(data))
        found = list(_blocks(document))
        # Where the part is missing the library puts one in its place, with a title of its own.
        has_core = any(
            one.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES for one in document.part.package.rels.values()
        )
        named = str(document.core_properties.title or "") if has_core else ""
    except Exception as fault:  # a broken file may trip it in any way
        why = one_line(f"{type(fault).__name__}: {fault!s:.80}")
        raise ArticleError(source, f"is no whole Word document ({why}): save it again as .docx") from fault
    title = next((line.lstrip("# ") for style, line in found if style == "title"), one_line(named))
    return Docx(text=joined(found), title=title)


def _blocks(document: "Document") -> Iterator[tuple[str, str]]:
    """Each block with its kind: title, heading, item, row or paragraph."""
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block._tbl.tr_lst:  # not `block.rows`: it counts a cell as often as it says it spans
                cells = [_cell(cell) for cell in row.tc_lst]
                if any(cells):
                    yield "row", f"| {' | '.join(cells)} |"
        elif line := _words(block._p):
            yield _kind(block, line)


def _cell(cell: "_Element") -> str:
    return " ".join(words for paragraph in cell.iter(f"{_W}p") if (words := _words(paragraph)))


def _kind(paragraph: "Paragraph", line: str) -> tuple[str, str]:
    style = paragraph.style.name if paragraph.style is not None else ""
    first, _, level = (style or "").partition(" ")
    if first == "Title":
        return "title", f"# {line}"
    if first == "Heading" and level in tuple("123456789"):
        return "heading", f"{'#' * min(int(level), 6)} {line}"
    properties = paragraph._p.pPr
    if first == "List" or (properties is not None and properties.numPr is not None):
        return "item", f"- {line}"
    return "paragraph", line


def _words(element: "_Element") -> str:
    return one_line("".join(_pieces(element)))


def _pieces(element: "_Element") -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[str(child.tag)]
        elif child.tag in _HOLDERS:
            yield from _pieces(child)
