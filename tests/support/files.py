"""Files of every format, written out by hand, and what comes of reading them."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from pypdf import PdfWriter

from rag.reading.articles import ReadResult
from rag.schema import Article

FILES = Path(__file__).parents[1] / "files"
SENTENCE = "The keepers of Orrin wrote in the log of the harbour that the lamp went out twice before it held."


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def only(result: ReadResult) -> Article:
    """The one article that was read, without an error."""
    assert result.errors == ()
    (article,) = result.articles
    return article


def reason(result: ReadResult) -> str:
    """The reason of the one error, where nothing was read."""
    assert result.articles == ()
    (error,) = result.errors
    assert "\n" not in str(error)
    return error.reason


def html_page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body><article>{body}</article></body></html>"


def zip_file(members: dict[str, bytes | str], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


# --- PDF ---------------------------------------------------------------------------------------------------


def pdf_file(*pages: str) -> bytes:
    """A PDF with a line of text for each line of a page."""
    shown = (" ".join(f"({line}) Tj T*" for line in page.split("\n") if line) for page in pages)
    return pdf_drawing(*(f"BT /F1 9 Tf 12 TL 40 800 Td {lines} ET" for lines in shown))


def pdf_drawing(*pages: str) -> bytes:
    """A PDF with this drawing on each page, of 595 by 842 points, in the typeface ``/F1``."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for index, drawing in enumerate(pages):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {5 + 2 * index} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream")
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return f"{out}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


def encrypted_pdf(*, opens_with: str) -> bytes:
    """A PDF that opens with this password; with an empty one it only forbids printing."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf_file(SENTENCE)))
    writer.encrypt(user_password=opens_with, owner_password="owner", algorithm="RC4-128")  # noqa: S106
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def endless_pdf() -> bytes:
    """A PDF of a few kilobytes that takes an hour to read: a thousand pages with one long drawing."""
    drawing = b"BT /F1 9 Tf 12 TL 40 800 Td " + b"(x) Tj T* " * 400_000 + b"ET"
    packed = zlib.compress(drawing, 9)
    plain = pdf_file(SENTENCE)
    head, _, after = plain.partition(b"5 0 obj")
    head = head.replace(b"/Kids [4 0 R] /Count 1", b"/Kids [" + b"4 0 R " * 1000 + b"] /Count 1000")
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    return head + b"5 0 obj\n" + stream + b"\nendobj\n" + after.partition(b"endobj\n")[2]


# --- Word --------------------------------------------------------------------------------------------------

WORD_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.styles+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def docx_file(body: str, head: str = "", parts: Mapping[str, bytes | str] | None = None) -> bytes:
    """A DOCX file, with these ``parts`` in addition; its heading style has a German id, as Word in German writes it."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/></w:style>'
        for id, name in (("Titel", "Title"), ("berschrift2", "heading 2"), ("Listenabsatz", "List Paragraph"))
    )
    return zip_file(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": f'<Relationships {_PACKAGE}><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships {_PACKAGE}><Relationship Id="r1" '
            f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
            "word/styles.xml": f"<w:styles {WORD_NAMESPACE}>{styles}</w:styles>",
            "word/document.xml": f"{head}<w:document {WORD_NAMESPACE}><w:body>{body}</w:body></w:document>",
            **(parts or {}),
        }
    )


def docx_paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


# --- PowerPoint and Excel ----------------------------------------------------------------------------------

_DRAWING = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def relationships(**targets: str) -> str:
    """The relationships of a part: an id, and a kind and a target with a colon between them."""
    lines = "".join(
        f'<Relationship Id="{id}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for id, (kind, _, target) in ((id, text.partition(":")) for id, text in targets.items())
    )
    return f"<Relationships {_PACKAGE}>{lines}</Relationships>"


def pptx_shape(*paragraphs: str, place: str = "") -> str:
    """A shape with these paragraphs of runs, in a placeholder of this type."""
    text = "".join(f"<a:p><a:r><a:t>{words}</a:t></a:r></a:p>" for words in paragraphs)
    return f'<p:sp><p:nvPr><p:ph type="{place}"/></p:nvPr><p:txBody>{text}</p:txBody></p:sp>'


def pptx_file(*slides: str, parts: Mapping[str, bytes | str] | None = None) -> bytes:
    """A PPTX file with these shapes on each slide, whose files are named in the opposite order."""
    names = [f"slides/slide{len(slides) - index}.xml" for index in range(len(slides))]
    ids = "".join(f'<p:sldId r:id="r{index}"/>' for index in range(len(slides)))
    targets = {f"r{index}": f"slide:{name}" for index, name in enumerate(names)}
    return zip_file(
        {
            "_rels/.rels": relationships(r1="officeDocument:ppt/presentation.xml"),
            "ppt/presentation.xml": f'<p:presentation xmlns:p="p" {_R}>{ids}</p:presentation>',
            "ppt/_rels/presentation.xml.rels": relationships(**targets),
            **{
                f"ppt/{name}": f'<p:sld xmlns:p="p" {_DRAWING}><p:spTree>{slide}</p:spTree></p:sld>'
                for name, slide in zip(names, slides, strict=True)
            },
            **(parts or {}),
        }
    )


def xlsx_file(
    rows: str,
    *,
    strings: str = "",
    styles: str = "",
    state: str = "visible",
    book: str = "",
    head: str = "",
    foot: str = "",
) -> bytes:
    """An XLSX file with these rows on one sheet, and a second one that is hidden or not by its ``state``.

    ``head`` and ``foot`` stand before and behind the rows of the first.
    """
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheets = f'<sheet name="Oil" r:id="r1"/><sheet name="Wicks" state="{state}" r:id="r2"/>'
    other = '<row><c t="inlineStr"><is><t>Hidden?</t></is></c></row>'
    return zip_file(
        {
            "_rels/.rels": relationships(r1="officeDocument:xl/workbook.xml"),
            "xl/workbook.xml": f"<workbook {space} {_R}>{book}<sheets>{sheets}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": relationships(
                r1="worksheet:sheet1.xml",
                r2="worksheet:sheet2.xml",
                r3="sharedStrings:s.xml",
                r4="styles:t.xml",
            ),
            "xl/sheet1.xml": f"<worksheet {space}>{head}<sheetData>{rows}</sheetData>{foot}</worksheet>",
            "xl/sheet2.xml": f"<worksheet {space}><sheetData>{other}</sheetData></worksheet>",
            "xl/s.xml": f"<sst {space}>{strings}</sst>",
            "xl/t.xml": f"<styleSheet {space}>{styles}</styleSheet>",
        }
    )


# --- OpenDocument ------------------------------------------------------------------------------------------

ODT_NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
        ("svg", "svg-compatible"),
        ("m", "manifest"),
    )
)
_ODT_STYLE = '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>'


def odt_file(
    body: str, *, head: str = "", styles: str = "", also: dict[str, bytes | str] | None = None
) -> bytes:
    """An ODT file; the style P1 is derived from that of a title."""
    content = (
        f"{head}<office:document-content {ODT_NAMESPACES}><office:automatic-styles>"
        f"{_ODT_STYLE}{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zip_file(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **(also or {})}
    )


def odt_paragraph(text: str) -> str:
    return f"<text:p>{text}</text:p>"


# --- EPUB --------------------------------------------------------------------------------------------------

_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def epub_file(
    *chapters: str, head: str = "", also: dict[str, bytes | str] | None = None, day: str = "1904-05-02"
) -> bytes:
    """An EPUB; its chapters lie in the manifest in the reverse of the order of reading."""
    items = [
        f'<item id="c{index}" href="t%20/c{index}.xhtml" media-type="application/xhtml+xml"/>'
        for index in range(len(chapters))
    ]
    refs = "".join(f'<itemref idref="c{index}"/>' for index in range(len(chapters)))
    page = (
        '<?xml version="1.0"?><!DOCTYPE html><html><head><title>Not read</title></head><body>{}</body></html>'
    )
    return zip_file(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="in/p.opf"/></rootfiles></container>',
            "in/p.opf": f"{head}<package {_DC}><metadata><dc:title>The lamp</dc:title><dc:publisher>Post</dc:publisher>"
            f"<dc:date>{day}</dc:date></metadata><manifest>{''.join(items[::-1])}</manifest><spine>{refs}</spine></package>",
            **{f"in/t /c{index}.xhtml": page.format(chapter) for index, chapter in enumerate(chapters)},
            **(also or {}),
        }
    )
