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
