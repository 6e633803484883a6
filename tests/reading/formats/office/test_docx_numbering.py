"""The numbers of clauses in the forms that lawyers use, and levels that a style names."""

from pathlib import Path

import pytest

from rag.reading.articles import read_articles
from rag.reading.formats.office.docx_numbering import ordinal
from tests.support.files import WORD_NAMESPACE, docx_file, docx_paragraph, only, write


def level(index: int, form: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/>'
        "</w:lvl>"
    )


def text_of(tmp_path: Path, body: str, levels: str, styles: str = "") -> str:
    numbering = (
        f'<w:numbering {WORD_NAMESPACE}><w:abstractNum w:abstractNumId="5">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num></w:numbering>'
    )
    parts = {"word/numbering.xml": numbering}
    if styles:
        parts["word/styles.xml"] = f"<w:styles {WORD_NAMESPACE}>{styles}</w:styles>"
    return only(read_articles(write(tmp_path / "a.docx", docx_file(body, parts=parts)))).text


def numbered(text: str, level: int) -> str:
    properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_sections_of_an_article_are_counted_in_arabic_figures_with_their_zero(tmp_path: Path) -> None:
    levels = level(0, "upperRoman", "Article %1.") + level(1, "decimalZero", "Section %1.%2", "<w:isLgl/>")
    body = numbered("Rent", 0) + numbered("Sum.", 1) + numbered("Pets", 0) + numbered("Cats.", 1)
    assert text_of(tmp_path, body, levels) == (
        "- Article I. Rent\n- Section 1.01 Sum.\n- Article II. Pets\n- Section 2.01 Cats."
    )


@pytest.mark.parametrize(
    ("form", "marks"),
    [
        ("ordinal", ("1st", "2nd")),
        ("cardinalText", ("One", "Two")),
        ("ordinalText", ("First", "Second")),
    ],
)
def test_clauses_are_counted_in_words(tmp_path: Path, form: str, marks: tuple[str, str]) -> None:
    text = text_of(tmp_path, numbered("Rent.", 0) + numbered("Pets.", 0), level(0, form, "%1:"))
    assert text == f"- {marks[0]}: Rent.\n- {marks[1]}: Pets."


@pytest.mark.parametrize(
    ("number", "written"), [(1, "1st"), (3, "3rd"), (11, "11th"), (12, "12th"), (22, "22nd"), (113, "113th")]
)
def test_an_ordinal_has_the_ending_that_english_gives_it(number: int, written: str) -> None:
    assert ordinal(number) == written


def test_a_heading_is_of_the_level_that_names_its_style(tmp_path: Path) -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="H{n}"><w:name w:val="heading {n}"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        for n in (1, 2)
    )
    levels = level(0, "decimal", "%1.", '<w:pStyle w:val="H1"/>') + level(
        1, "decimal", "%1.%2", '<w:pStyle w:val="H2"/>'
    )
    body = "".join(
        docx_paragraph(f"{name}", style) for name, style in zip("ABCD", ("H1", "H2", "H2", "H1"), strict=True)
    )
    assert text_of(tmp_path, body + docx_paragraph("One."), levels, styles) == (
        "# 1. A\n\n## 1.1 B\n\n## 1.2 C\n\n# 2. D\n\nOne."
    )
