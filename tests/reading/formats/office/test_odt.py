"""OpenDocument texts, as programs save them and as nobody does."""

from pathlib import Path

import pytest

from rag.errors import ArticleError
from rag.reading.articles import read_articles
from rag.reading.formats.office.odt import read_odt
from rag.reading.formats.zip_archive import ArchiveLimits
from tests.support.files import (
    FILES,
    ODT_NAMESPACES,
    SENTENCE,
    odt_file,
    odt_paragraph,
    only,
    reason,
    write,
    zip_file,
)


def text_of(tmp_path: Path, body: str) -> str:
    return only(read_articles(write(tmp_path / "a.odt", odt_file(body)))).text


def test_what_pandoc_saves_gives_headings_paragraphs_items_and_rows_in_order() -> None:
    article = only(read_articles(FILES / "oil.odt"))
    assert article.title == "The oil of Orrin"
    assert article.date is None
    assert article.text == (
        "# The oil of Orrin\n\n"
        "The lamp of Orrin burned 300 litres of oil – “our oil”, said the keepers, who brought it over the ice.\n\n"
        "## What it cost\n\n"
        "The harbour paid 300 crowns for oil & 12 crowns for wicks.\n\n"
        "- Ada Merrin kept the first watch.\n- Tomas Vell kept the second watch.\n\n"
        "He slept at noon.\n\n"
        "- Only in March.\n- 1. One\n- 2. Two\n\n"
        "| Night | Oil |\n| 1 | 7 litres |\n| 2 | 8 litres |\n\n"
        "### Žluťoučký kůň, Маяк, 灯台\n\n"
        "The end 😀 of it."
    )


def test_what_libreoffice_saves_is_read() -> None:
    article = only(read_articles(FILES / "lamp.odt"))
    assert article.title == "The lamp of Orrin"
    assert "\n\n## What it cost\n\nThe harbour paid 300 crowns for oil" in article.text
    assert "the harbour – “our men”, who took turns to fill it" in article.text
    assert "- Ada Merrin kept the first watch.\n- Tomas Vell" in article.text


def test_a_title_may_have_a_style_of_its_own_or_stand_in_the_files_head_alone(tmp_path: Path) -> None:
    data = odt_file('<text:p text:style-name="P1">Lamp</text:p>' + odt_paragraph(SENTENCE))
    assert only(read_articles(write(tmp_path / "a.odt", data))).text == f"# Lamp\n\n{SENTENCE}"
    meta = '<m xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Named\u202e here</dc:title>x</m>'
    named = odt_file(odt_paragraph(SENTENCE), also={"meta.xml": meta})
    assert only(read_articles(write(tmp_path / "b.odt", named))).title == "Named here"


def test_changes_are_read_as_accepted_and_notes_not_at_all(tmp_path: Path) -> None:
    body = (
        f"<text:tracked-changes><text:deletion>{odt_paragraph('five')}</text:deletion></text:tracked-changes>"
        f"<text:table-of-content>{odt_paragraph('Contents')}</text:table-of-content>"
        f"<text:p>It has <text:change/>seven<text:s text:c='3'/>lamps<text:tab/><text:a>here</text:a>"
        f"<text:note><text:note-citation>1</text:note-citation>{odt_paragraph('note')}</text:note>"
        f"<office:annotation>{odt_paragraph('comment')}</office:annotation>"
        f"<draw:frame><draw:text-box>{odt_paragraph('box')}</draw:text-box></draw:frame><text:line-break/>today.</text:p>"
    )
    assert text_of(tmp_path, body) == "box\n\nIt has seven lamps here today."


def test_a_table_in_a_cell_is_words_of_that_cell(tmp_path: Path) -> None:
    row = f"<table:table-row><table:table-cell>{odt_paragraph('b')}</table:table-cell></table:table-row>"
    inner = f"<table:table>{row}</table:table>"
    cells = (
        f"<table:table-cell>{odt_paragraph('a')}{inner}{odt_paragraph('c')}</table:table-cell><table:covered-table-cell/>"
        f"<table:table-cell>{odt_paragraph('d')}</table:table-cell>"
    )
    body = f"<table:table><table:table-row>{cells}</table:table-row></table:table>{odt_paragraph('End.')}"
    assert text_of(tmp_path, body) == "| a b c | d |\n\nEnd."


def test_what_repeats_a_thousand_million_times_is_there_once(tmp_path: Path) -> None:
    many = "1000000000"
    body = (
        f"<table:table><table:table-row table:number-rows-repeated='{many}'>"
        f"<table:table-cell table:number-columns-repeated='{many}'>{odt_paragraph('Oil')}</table:table-cell>"
        f"</table:table-row></table:table><text:p>a<text:s text:c='{many}'/>b</text:p>"
    )
    assert text_of(tmp_path, body) == "| Oil |\n\na b"


def test_a_document_nested_without_end_is_read(tmp_path: Path) -> None:
    deep = "<text:span>" * 60_000 + SENTENCE + "</text:span>" * 60_000
    data = zip_file({"content.xml": f"<t {ODT_NAMESPACES}><text:p>{deep}</text:p></t>"}, method=0)
    assert only(read_articles(write(tmp_path / "a.odt", data))).text == SENTENCE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_declares_entities_is_refused(tmp_path: Path, encoding: str) -> None:
    bomb = '<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    content = f"{bomb}<t {ODT_NAMESPACES}><text:p>&b;</text:p></t>".encode(encoding)
    for data in (
        zip_file({"content.xml": content}),
        odt_file(odt_paragraph(SENTENCE), also={"meta.xml": content}),
    ):
        assert "declares entities" in reason(read_articles(write(tmp_path / "a.odt", data)))


def test_a_document_that_expands_without_end_is_refused(tmp_path: Path) -> None:
    bomb = odt_file(odt_paragraph("a" * 3_000_000))
    assert "expands over 200 times" in reason(read_articles(write(tmp_path / "a.odt", bomb)))
    with pytest.raises(ArticleError, match=r"'content\.xml' expands to over 1 MB"):
        read_odt(bomb, "a.odt", xml_bytes=1_000_000, limits=ArchiveLimits(ratio=10_000))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no whole archive"),
        (odt_file(odt_paragraph(SENTENCE))[:-200], "no whole archive"),
        (zip_file({"a.txt": "One."}), "is not in the archive"),
        (odt_file("<text:p>"), "no whole text document"),
        (zip_file({"content.xml": "no xml"}), "no whole text document"),
        (zip_file({"content.xml": '<?xml version="1.0" encoding="no-such"?><a/>'}), "no whole text document"),
        (odt_file(odt_paragraph(SENTENCE), also={"meta.xml": "<a"}), "no whole text document ('meta.xml'"),
        (odt_file(""), "holds no words"),
        (
            odt_file(odt_paragraph(SENTENCE), also={"META-INF/manifest.xml": "<m:encryption-data/>"}),
            "locked by a password",
        ),
        (zip_file({"encrypted-package": b"\x80\x81"}), "locked by a password"),
    ],
)
def test_a_broken_text_document_says_how_to_mend_it(tmp_path: Path, content: bytes, why: str) -> None:
    assert why in reason(read_articles(write(tmp_path / "a.odt", content)))


def test_a_text_document_is_read_out_of_an_archive_too(tmp_path: Path) -> None:
    data = zip_file({"deep/lamp.odt": odt_file(odt_paragraph(SENTENCE))})
    article = only(read_articles(write(tmp_path / "all.zip", data)))
    assert (article.id, article.text) == ("all/deep/lamp", SENTENCE)


@pytest.mark.parametrize(
    ("position", "before", "after", "line"),
    [
        ("super 58%", "3 × 10", " cells", "3 × 10⁶ cells"),
        ("33% 58%", "a cost of $40", " million", "a cost of $40 million"),
        ("super", "in 1998", " it froze", "in 1998 it froze"),
        ("sub 58%", "H", "O is ice", "H6O is ice"),
        ("0% 100%", "in 199", " it froze", "in 1996 it froze"),
    ],
)
def test_a_raised_figure_is_a_power_or_left_out(
    tmp_path: Path, position: str, before: str, after: str, line: str
) -> None:
    style = (
        '<style:style style:name="T1" style:family="text">'
        f'<style:text-properties style:text-position="{position}"/></style:style>'
    )
    assert (
        text_of(
            tmp_path, f'{style}<text:p>{before}<text:span text:style-name="T1">6</text:span>{after}</text:p>'
        )
        == line
    )


NUMBERED = (
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="1" text:display-levels="2"/>'
    '<text:list-level-style-number text:level="3" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>'
    '</text:list-style><text:list-style style:name="L2">'
    '<text:list-level-style-bullet text:level="1"/></text:list-style>'
    '<style:style style:name="Gone" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="Old" style:family="text">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>'
)


def numbered(tmp_path: Path, body: str, **also: bytes | str) -> str:
    return only(read_articles(write(tmp_path / "a.odt", odt_file(body, styles=NUMBERED, also=also)))).text


def items(*words: str, style: str = "L1", more: str = "") -> str:
    inside = "".join(f"<text:list-item><text:p>{one}</text:p></text:list-item>" for one in words)
    return f'<text:list text:style-name="{style}"{more}>{inside}</text:list>'


def test_the_numbers_of_clauses_are_read_as_they_are_shown(tmp_path: Path) -> None:
    body = (
        '<text:list text:style-name="L1"><text:list-item><text:p>Rent</text:p><text:list>'
        "<text:list-item><text:p>The rent is 900 crowns.</text:p></text:list-item>"
        "<text:list-item><text:p>It is due on Monday.</text:p>"
        "<text:list><text:list-item><text:p>in cash</text:p></text:list-item></text:list></text:list-item>"
        "</text:list></text:list-item><text:list-item><text:p>Repairs</text:p><text:list>"
        "<text:list-item><text:p>The roof is the owner's.</text:p></text:list-item>"
        "</text:list></text:list-item></text:list>"
    )
    assert numbered(tmp_path, body).split("\n") == [
        "- 1. Rent",
        "- 1.1 The rent is 900 crowns.",
        "- 1.2 It is due on Monday.",
        "- (a) in cash",
        "- 2. Repairs",
        "- 2.1 The roof is the owner's.",
    ]


@pytest.mark.parametrize(
    ("more", "numbers"),
    [
        ("", ["1.", "2."]),
        (' text:continue-numbering="true"', ["3.", "4."]),
        (' text:continue-list="x"', ["3.", "4."]),
    ],
)
def test_a_list_begins_anew_unless_it_goes_on(tmp_path: Path, more: str, numbers: list[str]) -> None:
    first = items("One thing", "Another", more=' xml:id="x"')
    text = numbered(tmp_path, f"{first}{odt_paragraph(SENTENCE)}{items('Third', 'Fourth', more=more)}")
    assert text.split("\n")[-2:] == [f"- {numbers[0]} Third", f"- {numbers[1]} Fourth"]


def test_bullets_have_no_numbers_and_an_item_may_ask_for_its_own(tmp_path: Path) -> None:
    asked = '<text:list-item text:start-value="7"><text:p>Seventh</text:p></text:list-item>'
    text = numbered(
        tmp_path,
        f'{items("Lids", style="L2")}<text:list text:style-name="L1">{asked}</text:list>{odt_paragraph(SENTENCE)}',
    )
    assert text.startswith("- Lids\n- 7. Seventh")


def test_headings_are_numbered_by_the_style_of_the_document(tmp_path: Path) -> None:
    outline = (
        f'<office:document-styles {ODT_NAMESPACES}><text:outline-style style:name="Outline">'
        '<text:outline-level-style text:level="1" style:num-format="1"/>'
        '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>'
        "</text:outline-style></office:document-styles>"
    )
    body = "".join(
        f'<text:h text:outline-level="{level}">{words}</text:h>{odt_paragraph(SENTENCE)}'
        for level, words in ((1, "Rent"), (2, "Sum"), (2, "Day"), (1, "Repairs"), (2, "Roof"))
    )
    text = numbered(tmp_path, body, **{"styles.xml": outline})
    assert [line for line in text.split("\n") if line.startswith("#")] == [
        "# 1 Rent", "## 1.1 Sum", "## 1.2 Day", "# 2 Repairs", "## 2.1 Roof"
    ]  # fmt: skip


def test_hidden_text_is_not_read(tmp_path: Path) -> None:
    body = (
        '<text:p>The lamp burned <text:span text:style-name="Gone">badly, said nobody, </text:span>'
        "for 41 nights.</text:p>"
        '<text:section text:name="s" text:display="none"><text:p>Draft notes.</text:p></text:section>'
        f"<text:p><text:hidden-text>Secret.</text:hidden-text>{SENTENCE}</text:p>"
    )
    text = numbered(tmp_path, body)
    assert text == f"The lamp burned for 41 nights.\n\n{SENTENCE}"


def test_struck_out_text_is_not_read(tmp_path: Path) -> None:
    body = '<text:p>It costs <text:span text:style-name="Old">30 </text:span>40 crowns.</text:p>'
    assert numbered(tmp_path, body) == "It costs 40 crowns."


def test_a_text_box_is_read_and_the_name_of_a_picture_is_not(tmp_path: Path) -> None:
    picture = "<draw:frame><draw:image/><svg:title>Picture 7</svg:title></draw:frame>"
    box = f"<draw:frame><draw:text-box><text:p>{picture}Figure 1: The slip.</text:p></draw:text-box></draw:frame>"
    body = f"<text:p>The lamp {box}burned.</text:p>"
    assert numbered(tmp_path, body) == "Figure 1: The slip.\n\nThe lamp burned."
