"""Presentations: slides in their order, titles, tables, notes."""

from pathlib import Path

import pytest

from rag.reading.articles import read_articles
from tests.support.files import only, pptx_file, pptx_shape, reason, relationships, write, zip_file


def test_slides_are_read_in_the_order_of_the_show_with_their_titles_as_headings(tmp_path: Path) -> None:
    cell = "<a:tc><a:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></a:txBody></a:tc>"
    table = f"<p:graphicFrame><a:tbl><a:tr>{cell.format('Night')}{cell.format('Oil')}</a:tr></a:tbl></p:graphicFrame>"
    first = pptx_shape("The lamp", place="ctrTitle") + pptx_shape("Draft of May", place="ftr")
    second = pptx_shape("Costs", place="title") + pptx_shape("Oil for 300", "Wicks for 12") + table
    data = pptx_file(first, second + "<p:grpSp>" + pptx_shape("In a group.") + "</p:grpSp>")
    assert only(read_articles(write(tmp_path / "a.pptx", data))).text == (
        "## The lamp\n\n## Costs\n\n- Oil for 300\n- Wicks for 12\n\n| Night | Oil |\n\nIn a group."
    )


def test_the_speaker_s_notes_are_read_and_pictures_are_counted(tmp_path: Path) -> None:
    space = 'xmlns:p="p" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    parts = {
        "ppt/slides/_rels/slide1.xml.rels": relationships(r1="notesSlide:../notes.xml"),
        "ppt/notes.xml": f"<p:notes {space}>{pptx_shape('Say it slowly.')}{pptx_shape('7', place='sldNum')}</p:notes>",
    }
    result = read_articles(
        write(tmp_path / "a.pptx", pptx_file(pptx_shape("Oil.") + "<p:pic/>", parts=parts))
    )
    assert only(result).text == "Oil.\n\nSay it slowly."
    assert any("1 picture(s)" in warning for warning in result.warnings)


def test_the_words_of_a_diagram_are_read(tmp_path: Path) -> None:
    space = 'xmlns:d="d" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    point = "<d:pt><d:t><a:p><a:r><a:t>{}</a:t></a:r></a:p></d:t></d:pt>"
    parts = {
        "ppt/slides/_rels/slide1.xml.rels": relationships(r1="diagramData:../data.xml"),
        "ppt/data.xml": f"<d:dataModel {space}>{point.format('Oil')}{point.format('Wicks')}</d:dataModel>",
    }
    data = pptx_file(pptx_shape("Costs", place="title"), parts=parts)
    assert only(read_articles(write(tmp_path / "a.pptx", data))).text == "## Costs\n\n- Oil\n- Wicks"


def test_struck_out_text_is_left_and_a_tall_cell_is_said_in_each_row(tmp_path: Path) -> None:
    def cell(words: str, more: str = "", run: str = "") -> str:
        return f"<a:tc {more}><a:txBody><a:p><a:r>{run}<a:t>{words}</a:t></a:r></a:p></a:txBody></a:tc>"

    first = cell("Zone A", 'rowSpan="2"') + cell("Day")
    second = cell("", 'vMerge="1"') + cell("Week", run='<a:rPr strike="noStrike"/>')
    third = cell("Zone B") + cell("Year", run='<a:rPr strike="sngStrike"/>')
    rows = "".join(f"<a:tr>{row}</a:tr>" for row in (first, second, third))
    data = pptx_file(f"<p:graphicFrame><a:tbl>{rows}</a:tbl></p:graphicFrame>")
    text = only(read_articles(write(tmp_path / "a.pptx", data))).text
    assert text == "| Zone A | Day |\n| Zone A | Week |\n| Zone B |  |"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no whole archive"),
        (zip_file({"a.txt": "One."}), "no whole presentation"),
        (pptx_file(""), "holds no words"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "locked by a password or an old .ppt"),
    ],
)
def test_a_broken_presentation_says_how_to_mend_it(tmp_path: Path, content: bytes, why: str) -> None:
    assert why in reason(read_articles(write(tmp_path / "a.pptx", content)))
