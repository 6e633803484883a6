"""Word documents (DOCX): headings, paragraphs, list items and tables, in order. The only file that imports ``docx``.

What is read is the body as it stands with all changes accepted. Footnotes, comments, text boxes, page headers and
footers are not.
"""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.errors import ArticleError
from rag.reading.cleaning import one_line
from rag.reading.formats.blocks import Block
from rag.reading.formats.document import XML_BYTES, Document, document_of_blocks
from rag.reading.formats.zip_archive import open_archive

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element


_OLE = b"\xd0\xcf\x11\xe0"  # how an encrypted file begins, and one of Word 2003 and before


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


# Elements that hold runs, and runs themselves. Not here: `del` and `moveFrom`, which are deleted text, and drawings.
_CONTAINERS = frozenset(
    _W + name
    for name in ("r", "hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml")
)


_SIGNS = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "\N{NON-BREAKING HYPHEN}"}


def read_docx(data: bytes, source: str) -> Document:
    """A DOCX file as Markdown; its title is the first line in the style of a title, else the one in its properties.

    Raises ``ArticleError`` for one that is locked, damaged or a decompression bomb.
    """
    if data.startswith(_OLE):
        raise ArticleError(source, "is locked by a password or an old .doc: save it as .docx without one")
    with open_archive(data, source) as archive:
        for name in archive.names():
            if name.lower().endswith((".xml", ".rels")):
                archive.read_xml(name, max_bytes=XML_BYTES)
    import docx  # loaded here because it costs 0.2 s and few files need it

    try:
        document = docx.Document(io.BytesIO(data))
        blocks, title = list(_blocks(document)), _core_title(document)
    except Exception as fault:  # a broken file may trip it in any way
        why = one_line(f"{type(fault).__name__}: {fault!s:.80}")
        raise ArticleError(source, f"is no whole Word document ({why}): save it again as .docx") from fault
    return document_of_blocks(blocks, source, title=title)


def _core_title(document: "WordDocument") -> str:
    """The title in the file's properties; empty where it has no properties, for which the library makes up a title."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    types = [relationship.reltype for relationship in document.part.package.rels.values()]
    return str(document.core_properties.title or "") if RELATIONSHIP_TYPE.CORE_PROPERTIES in types else ""


def _blocks(document: "WordDocument") -> Iterator[Block]:
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block._tbl.tr_lst:  # not `block.rows`: it counts a cell as often as it says it spans
                cells = [_cell_text(cell) for cell in row.tc_lst]
                if any(cells):
                    yield "row", f"| {' | '.join(cells)} |"
        elif line := _line(block._p):
            yield _paragraph(block, line)


def _cell_text(cell: "_Element") -> str:
    return " ".join(words for paragraph in cell.iter(f"{_W}p") if (words := _line(paragraph)))


def _paragraph(paragraph: "Paragraph", line: str) -> Block:
    """A paragraph by the English name of its style, which Word keeps whatever its language."""
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


def _line(element: "_Element") -> str:
    """The text of a paragraph on one line."""
    return one_line("".join(_pieces(element)))


def _pieces(element: "_Element") -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[str(child.tag)]
        elif child.tag in _CONTAINERS:
            yield from _pieces(child)
