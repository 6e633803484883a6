"""Workbooks: sheets, rows, and the forms of numbers."""

from pathlib import Path

import pytest

from rag.reading.articles import read_articles
from tests.support.files import only, reason, write, xlsx_file, zip_file

STYLES = (
    '<numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="171" formatCode="0.0&quot; days&quot;"/></numFmts>'
    "<cellXfs>" + "".join(f'<xf numFmtId="{id}"/>' for id in (0, 14, 170, 10, 171)) + "</cellXfs>"
)


def text_of(tmp_path: Path, rows: str, **more: str) -> str:
    return only(read_articles(write(tmp_path / "a.xlsx", xlsx_file(rows, styles=STYLES, **more)))).text


def test_rows_are_read_with_their_strings_and_empty_cells(tmp_path: Path) -> None:
    strings = "<si><t>Night</t></si><si><r><t>Oil </t></r><r><t>used</t></r><rPh><t>reading</t></rPh></si>"
    rows = (
        '<row><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row/>'
        '<row><c r="A3"><v>1</v></c><c r="C3"><v>7.5</v></c><c r="D3"/></row>'
        '<row hidden="1"><c r="A4"><v>99</v></c></row>'
    )
    assert (
        text_of(tmp_path, rows, strings=strings, state="hidden")
        == "## Oil\n\n| Night |  | Oil used |\n| 1 |  | 7.5 |"
    )


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('<c s="1"><v>45292</v></c>', "2024-01-01"),
        ('<c s="2"><v>45292.5</v></c>', "2024-01-01 12:00"),
        ('<c s="3"><v>0.125</v></c>', "12.5%"),
        ('<c s="4"><v>3</v></c>', "3 days"),
        ("<c><f>1+2</f><v>0.30000000000000004</v></c>", "0.3"),
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="str"><v>seven</v></c>', "seven"),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
    ],
)
def test_a_value_is_read_as_it_is_shown(tmp_path: Path, cell: str, shown: str) -> None:
    text = text_of(tmp_path, f"<row>{cell}</row>")
    assert text == f"## Oil\n\n| {shown} |\n\n## Wicks\n\n| Hidden? |"


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("hh:mm", "0.604166666666667", "14:30"),
        ("h:mm:ss", "0.604178240740741", "14:30:01"),
        ("[h]:mm", "1.5", "36:00"),
        ("00000", "501", "00501"),
        ("#,##0.00 €", "4.5", "4.5€"),
        ("[$$-409]#,##0.00;[Red]-[$$-409]#,##0.00", "4.5", "$4.5"),
        ("#,##0.00\\ &quot;crowns&quot;", "4.5", "4.5 crowns"),
        ("[Red][&gt;100]0.0 &quot;m²&quot;", "2.5", "2.5 m²"),
        ("_-* #,##0.00 _€_-;-* #,##0.00 _€_-", "4.5", "4.5"),
        ("&quot;CHF&quot; 0", "-7", "-CHF 7"),
        ("#,##0,&quot;k&quot;", "1000", "1000"),
        ("# ?/?", "0.5", "0.5"),
        ("0.00E+00", "1234567", "1234567"),
        ("d-mmm-yy", "45413", "2024-05-01"),
    ],
)
def test_a_number_has_the_form_unit_and_currency_of_its_format(
    tmp_path: Path, code: str, number: str, shown: str
) -> None:
    styles = f'<numFmts><numFmt numFmtId="170" formatCode="{code}"/></numFmts><cellXfs><xf numFmtId="170"/></cellXfs>'
    rows = f'<row><c s="0"><v>{number}</v></c></row>'
    data = xlsx_file(rows, styles=styles, state="hidden")
    assert only(read_articles(write(tmp_path / "a.xlsx", data))).text == f"## Oil\n\n| {shown} |"


def test_days_may_be_counted_from_1904(tmp_path: Path) -> None:
    rows = '<row><c s="1"><v>43951</v></c></row>'
    data = xlsx_file(rows, styles=STYLES, state="hidden", book='<workbookPr date1904="1"/>')
    assert only(read_articles(write(tmp_path / "a.xlsx", data))).text == "## Oil\n\n| 2024-05-01 |"


def test_hidden_columns_and_struck_out_cells_are_left_and_tall_cells_repeated(tmp_path: Path) -> None:
    styles = "<fonts><font/><font><strike/></font></fonts><cellXfs><xf/><xf fontId='1'/></cellXfs>"
    more = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="C9:D9"/></mergeCells>'
    rows = (
        '<row r="1"><c r="A1" t="str"><v>Zone A</v></c><c r="B1"><v>9</v></c><c r="C1" t="str"><v>Day</v></c></row>'
        '<row r="2"><c r="C2" t="str"><v>Week</v></c></row>'
        '<row r="3"><c r="A3" s="1" t="str"><v>Old</v></c><c r="C3" t="str"><v>Year</v></c></row>'
    )
    head = '<cols><col min="2" max="2" hidden="1"/></cols>'
    data = xlsx_file(rows, styles=styles, state="hidden", head=head, foot=more)
    text = only(read_articles(write(tmp_path / "a.xlsx", data))).text
    assert text == "## Oil\n\n| Zone A | Day |\n| Zone A | Week |\n|  | Year |"


def test_raised_and_struck_out_figures_of_a_cell_are_known(tmp_path: Path) -> None:
    raised = '<r><rPr><vertAlign val="superscript"/></rPr><t>6</t></r>'
    struck = "<r><rPr><strike/></rPr><t>30 </t></r>"
    strings = f"<si><r><t>10</t></r>{raised}<r><t> cells, </t></r>{struck}<r><t>40 crowns</t></r></si>"
    text = text_of(tmp_path, '<row><c t="s"><v>0</v></c></row>', strings=strings, state="hidden")
    assert text == "## Oil\n\n| 10⁶ cells, 40 crowns |"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no whole archive"),
        (zip_file({"a.txt": "One."}), "no whole workbook"),
        (xlsx_file("", state="hidden"), "holds no words"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "locked by a password or an old .xls"),
    ],
)
def test_a_broken_workbook_says_how_to_mend_it(tmp_path: Path, content: bytes, why: str) -> None:
    assert why in reason(read_articles(write(tmp_path / "a.xlsx", content)))
