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
        ('<c s="4"><v>3</v></c>', "3"),
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
