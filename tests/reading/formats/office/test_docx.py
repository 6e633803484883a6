"""Word documents: blocks in order, changes as accepted, and the traps among them."""

from pathlib import Path

import pytest

from rag.reading.articles import read_articles
from tests.support.files import (
    SENTENCE,
    WORD_NAMESPACE,
    docx_file,
    docx_paragraph,
    only,
    reason,
    write,
    zip_file,
)


def test_a_word_document_gives_headings_paragraphs_items_and_rows_in_order(tmp_path: Path) -> None:
    row = "<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    body = (
        docx_paragraph("The lamp", "Titel")
        + docx_paragraph(SENTENCE)
        + docx_paragraph("Costs", "berschrift2")
        + docx_paragraph("Oil", "Listenabsatz")
        + docx_paragraph("Wicks", "Listenabsatz")
        + "<w:tbl>"
        + row.format(docx_paragraph("Night"), docx_paragraph("Oil"))
        + row.format(docx_paragraph("1"), docx_paragraph("7 litres"))
        + "</w:tbl>"
        + docx_paragraph("The end.")
    )
    article = only(read_articles(write(tmp_path / "a.docx", docx_file(body))))
    assert article.title == "The lamp"
    assert article.text == (
        f"# The lamp\n\n{SENTENCE}\n\n## Costs\n\n- Oil\n- Wicks\n\n| Night | Oil |\n| 1 | 7 litres |\n\nThe end."
    )


def test_a_word_document_without_a_title_has_none_that_the_library_makes_up(tmp_path: Path) -> None:
    assert (
        only(
            read_articles(write(tmp_path / "council.docx", docx_file(docx_paragraph("The council met."))))
        ).title
        == "council"
    )


def test_changes_are_read_as_accepted_and_links_as_their_words(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>It has </w:t></w:r><w:ins><w:r><w:t>seven</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>five</w:delText></w:r></w:del><w:r><w:tab/><w:t>lamps</w:t></w:r>"
        "<w:hyperlink><w:r><w:t> here</w:t></w:r></w:hyperlink><w:r><w:t>.</w:t></w:r></w:p>"
    )
    assert only(read_articles(write(tmp_path / "a.docx", docx_file(body)))).text == "It has seven lamps here."


def test_a_cell_that_says_it_spans_a_thousand_million_columns_is_one(tmp_path: Path) -> None:
    wide = '<w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>'
    body = f"<w:tbl><w:tr><w:tc>{wide}{docx_paragraph('Oil')}</w:tc></w:tr></w:tbl>"
    assert only(read_articles(write(tmp_path / "a.docx", docx_file(body)))).text == "| Oil |"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_declares_entities_is_refused(tmp_path: Path, encoding: str) -> None:
    bomb = '<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    text = f"<w:document {WORD_NAMESPACE}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
    data = zip_file({"word/document.xml": (bomb + text).encode(encoding)})
    assert "declares entities" in reason(read_articles(write(tmp_path / "a.docx", data)))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no whole archive"),
        (b"PK\x03\x04 and no more", "no whole archive"),
        (docx_file(docx_paragraph(SENTENCE))[:-200], "no whole archive"),
        (zip_file({"a.txt": "One."}), "no whole Word document"),
        (docx_file("<w:p>" * 3), "no whole Word document"),
        (docx_file("<w:sdt>" * 5000 + "</w:sdt>" * 5000), "no whole Word document"),
        (docx_file(""), "holds no words"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "locked by a password or an old .doc"),
    ],
)
def test_a_broken_word_document_says_how_to_mend_it(tmp_path: Path, content: bytes, why: str) -> None:
    assert why in reason(read_articles(write(tmp_path / "a.docx", content)))


def body_text(tmp_path: Path, body: str) -> str:
    return only(read_articles(write(tmp_path / "a.docx", docx_file(body)))).text


def control(content: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


ROW = f"<w:tr><w:tc>{docx_paragraph('Oil')}</w:tc><w:tc>{docx_paragraph('7 litres')}</w:tc></w:tr>"
CELL = f"<w:tc>{docx_paragraph('7 litres')}</w:tc>"
RUN = "<w:r><w:t>Rooms cost 140 euros.</w:t></w:r>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (control(docx_paragraph("Rooms cost 140 euros.")), "Rooms cost 140 euros."),
        (control(control(docx_paragraph("Rooms cost 140 euros."))), "Rooms cost 140 euros."),
        (f"<w:customXml>{docx_paragraph('Rooms cost 140 euros.')}</w:customXml>", "Rooms cost 140 euros."),
        (f"<w:p>{control(RUN)}</w:p>", "Rooms cost 140 euros."),
        (f"<w:p><w:smartTag>{RUN}</w:smartTag></w:p>", "Rooms cost 140 euros."),
        (f"<w:ins>{docx_paragraph('Rooms cost 140 euros.')}</w:ins>", "Rooms cost 140 euros."),
        (control(f"<w:tbl>{ROW}</w:tbl>"), "| Oil | 7 litres |"),
        (f"<w:tbl>{control(ROW)}</w:tbl>", "| Oil | 7 litres |"),
        (f"<w:tbl><w:customXml>{ROW}</w:customXml></w:tbl>", "| Oil | 7 litres |"),
        (
            f"<w:tbl><w:tr><w:tc>{docx_paragraph('Oil')}</w:tc>{control(CELL)}</w:tr></w:tbl>",
            "| Oil | 7 litres |",
        ),
        (
            f"<w:tbl><w:tr><w:tc>{control(docx_paragraph('Oil'))}</w:tc>{CELL}</w:tr></w:tbl>",
            "| Oil | 7 litres |",
        ),
        (
            f"<w:tbl><w:tr><w:tc><w:tbl>{ROW}</w:tbl></w:tc>{CELL}</w:tr></w:tbl>",
            "| Oil 7 litres | 7 litres |",
        ),
    ],
)
def test_what_stands_in_a_content_control_is_read_wherever_it_stands(
    tmp_path: Path, body: str, text: str
) -> None:
    assert body_text(tmp_path, body) == text


def test_the_words_that_ask_for_content_are_no_content(tmp_path: Path) -> None:
    asks = control(docx_paragraph("Click here to enter text."), "<w:showingPlcHdr/>")
    assert body_text(tmp_path, asks + docx_paragraph("One.")) == "One."


NUMBERING = (
    '<w:abstractNum w:abstractNumId="5">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%3)"/></w:lvl>'
    '<w:lvl w:ilvl="3"><w:start w:val="3"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%4."/></w:lvl>'
    '</w:abstractNum><w:abstractNum w:abstractNumId="6">'
    '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="6"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="5"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>'
)


def numbered(text: str, level: int, list_id: int = 1) -> str:
    properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_clauses_have_the_numbers_that_word_counts(tmp_path: Path) -> None:
    body = (
        numbered("Rent", 0)
        + numbered("It is 900 crowns.", 1)
        + numbered("It is due in May.", 1)
        + numbered("Locks.", 2)
        + numbered("Windows.", 2)
        + numbered("Repairs", 0)
        + numbered("The roof.", 1)
        + numbered("Doors.", 2)
        + numbered("Third.", 3)
        + numbered("A point.", 0, 2)
        + numbered("Seventh", 0, 3)
        + numbered("Plain.", 0, 0)
    )
    data = docx_file(
        body, parts={"word/numbering.xml": f"<w:numbering {WORD_NAMESPACE}>{NUMBERING}</w:numbering>"}
    )
    assert only(read_articles(write(tmp_path / "a.docx", data))).text == (
        "- 1. Rent\n- 1.1 It is 900 crowns.\n- 1.2 It is due in May.\n- (a) Locks.\n- (b) Windows.\n- 2. Repairs\n"
        "- 2.1 The roof.\n- (a) Doors.\n- III. Third.\n- A point.\n- 7. Seventh\n\nPlain."
    )


def test_headings_have_the_numbers_of_their_style(tmp_path: Path) -> None:
    style = (
        '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Own"/><w:basedOn w:val="H1"/></w:style>'
    )
    parts = {
        "word/numbering.xml": f"<w:numbering {WORD_NAMESPACE}>{NUMBERING}</w:numbering>",
        "word/styles.xml": f"<w:styles {WORD_NAMESPACE}>{style}</w:styles>",
    }
    data = docx_file(
        docx_paragraph("Rent", "H1") + docx_paragraph("Repairs", "Own") + docx_paragraph("One."), parts=parts
    )
    assert only(read_articles(write(tmp_path / "a.docx", data))).text == "# 1. Rent\n\n# 2. Repairs\n\nOne."


STRICT = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)


def test_a_file_that_word_opens_is_read_whatever_hangs_on_it(tmp_path: Path) -> None:
    relationships = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        'Target="NULL"/><Relationship Id="r8" Type="x/styles" Target="missing.xml"/></Relationships>'
    )
    plain = docx_file(docx_paragraph(SENTENCE))
    body = f"<w:body>{docx_paragraph(SENTENCE)}</w:body>"
    bare = f"<w:document {WORD_NAMESPACE}>{body}</w:document>"
    for name, data in {
        "null.docx": docx_file(
            docx_paragraph(SENTENCE), parts={"word/_rels/document.xml.rels": relationships}
        ),
        "template.dotx": plain,
        "macros.docm": plain,
        "bare.docx": zip_file({"word/document.xml": bare}),
        "strict.docx": zip_file({"word/document.xml": bare.replace(*STRICT)}),
    }.items():
        assert only(read_articles(write(tmp_path / name, data))).text == SENTENCE, name


def test_hidden_text_is_not_read(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>Seen</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t> and hidden</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>, and seen.</w:t></w:r></w:p>'
    )
    assert body_text(tmp_path, body) == "Seen, and seen."


@pytest.mark.parametrize("strike", ["<w:strike/>", '<w:dstrike w:val="true"/>'])
def test_what_is_struck_out_is_not_read_and_counted(tmp_path: Path, strike: str) -> None:
    body = (
        f"<w:p><w:r><w:t>It costs </w:t></w:r><w:r><w:rPr>{strike}</w:rPr><w:t>30 </w:t></w:r>"
        '<w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>40 crowns.</w:t></w:r></w:p>'
    )
    result = read_articles(write(tmp_path / "a.docx", docx_file(body)))
    assert only(result).text == "It costs 40 crowns."
    assert any("1 struck-out piece(s)" in warning for warning in result.warnings)


def test_words_parted_by_a_tab_to_the_margin_are_two(tmp_path: Path) -> None:
    body = '<w:p><w:r><w:t>Fees</w:t><w:ptab w:alignment="right"/><w:t>40</w:t></w:r></w:p>'
    assert body_text(tmp_path, body) == "Fees 40"


def test_a_figure_set_higher_is_raised(tmp_path: Path) -> None:
    higher = '<w:rPr><w:position w:val="6"/></w:rPr>'
    body = (
        f"<w:p><w:r><w:t>3 × 10</w:t></w:r><w:r>{higher}<w:t>6</w:t></w:r><w:r><w:t> cells</w:t></w:r></w:p>"
    )
    assert body_text(tmp_path, body) == "3 × 10⁶ cells"


def test_a_cell_over_several_rows_is_said_in_each(tmp_path: Path) -> None:
    def cell(words: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{docx_paragraph(words) if words else '<w:p/>'}</w:tc>"

    first, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (
        cell("Zone") + cell("Ticket"),
        cell("A", first) + cell("Day"),
        cell("", goes_on) + cell("Week"),
        cell("", first) + cell("Year"),
    )
    text = body_text(tmp_path, f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>")
    assert text == "| Zone | Ticket |\n| A | Day |\n| A | Week |\n|  | Year |"


def test_a_table_of_contents_is_known_by_its_control(tmp_path: Path) -> None:
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    assert body_text(tmp_path, control(docx_paragraph("Rent 3"), gallery) + docx_paragraph("One.")) == "One."


def test_a_letter_set_over_several_lines_begins_its_word(tmp_path: Path) -> None:
    large = '<w:p><w:pPr><w:framePr w:dropCap="drop"/></w:pPr><w:r><w:t>T</w:t></w:r></w:p>'
    assert body_text(tmp_path, large + docx_paragraph("he lamp.")) == "The lamp."


def bold(text: str) -> str:
    return f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r></w:p>"


def test_a_bold_line_above_text_is_a_heading_and_a_bold_sentence_is_none(tmp_path: Path) -> None:
    body = (
        bold("Opening hours")
        + docx_paragraph("From seven.")
        + bold("The pool is closed.")
        + bold("Signed")
        + bold("Ada")
    )
    assert (
        body_text(tmp_path, body) == "## Opening hours\n\nFrom seven.\n\nThe pool is closed.\n\nSigned\n\nAda"
    )


@pytest.mark.parametrize(
    ("before", "raised", "after", "line"),
    [
        ("3 × 10", "6", " cells", "3 × 10⁶ cells"),
        ("a cost of $40", "5", " million", "a cost of $40 million"),
        ("in 1998", "3", " it froze", "in 1998 it froze"),
        ("the 19", "th", " of May", "the 19th of May"),
    ],
)
def test_a_raised_figure_is_a_power_or_left_out(
    tmp_path: Path, before: str, raised: str, after: str, line: str
) -> None:
    above = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    run = '<w:r>{}<w:t xml:space="preserve">{}</w:t></w:r>'
    assert (
        body_text(
            tmp_path, f"<w:p>{run.format('', before)}{run.format(above, raised)}{run.format('', after)}</w:p>"
        )
        == line
    )


def test_what_is_no_text_is_counted_in_a_note(tmp_path: Path) -> None:
    spaces = (
        'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    body = (
        f"<w:p><w:r><w:t>One.</w:t><w:drawing><a:blip {spaces}/></w:drawing></w:r><m:oMath {spaces}/></w:p>"
    )
    result = read_articles(write(tmp_path / "a.docx", docx_file(body)))
    assert only(result).text == "One."
    assert any("not read: 1 equation(s), 1 picture(s)" in warning for warning in result.warnings)


def test_a_text_box_is_read_once_and_a_table_of_contents_not_at_all(tmp_path: Path) -> None:
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = f"<w:txbxContent>{docx_paragraph('In a box.')}</w:txbxContent>"
    forms = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    both = f"<mc:AlternateContent {space}>{forms}</mc:AlternateContent>"
    style = '<w:style w:type="paragraph" w:styleId="V1"><w:name w:val="toc 1"/></w:style>'
    body = docx_paragraph("Rent 3", "V1") + f"<w:p><w:r><w:t>One.</w:t>{both}</w:r></w:p>"
    data = docx_file(body, parts={"word/styles.xml": f"<w:styles {WORD_NAMESPACE}>{style}</w:styles>"})
    assert only(read_articles(write(tmp_path / "a.docx", data))).text == "One.\n\nIn a box."
