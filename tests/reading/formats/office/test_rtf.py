"""Rich Text, as programs save it and as nobody does."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ArticleError
from rag.reading.articles import ReadResult, read_articles
from rag.reading.documents import read_document
from rag.reading.formats.office.rtf import RtfLimits, read_rtf
from tests.support.files import FILES, SENTENCE, only, reason, write, zip_file


def read(tmp_path: Path, body: str | bytes) -> ReadResult:
    data = body.encode("latin-1") if isinstance(body, str) else body
    return read_articles(write(tmp_path / "a.rtf", b"{\\rtf1\\ansi " + data + b"}"))


def text_of(tmp_path: Path, body: str | bytes) -> str:
    return only(read(tmp_path, body)).text


def test_what_pandoc_saves_is_read_in_order() -> None:
    article = only(read_articles(FILES / "oil.rtf"))
    assert article.title == "The oil of Orrin"
    assert article.text == (
        "The oil of Orrin\n\n"
        "The lamp of Orrin burned 300 litres of oil – “our oil”, said the keepers, who brought it over the ice.\n\n"
        "## What it cost\n\n"
        "The harbour paid 300 crowns for oil & 12 crowns for wicks.\n\n"
        "- Ada Merrin kept the first watch.\n- Tomas Vell kept the second watch.\n\n"
        "He slept at noon.\n\n– Only in March.\n\n1. One\n\n2. Two\n\n"
        "| Night | Oil |\n| 1 | 7 litres |\n| 2 | 8 litres |\n\n"
        "### Žluťoučký kůň, Маяк, 灯台\n\n"
        "The end 😀 of it."
    )


def test_what_libreoffice_saves_gives_its_headings_and_items() -> None:
    article = only(read_articles(FILES / "lamp.rtf"))
    assert article.title == "The lamp of Orrin"
    assert "\n\n## What it cost\n\nThe harbour paid 300 crowns for oil" in article.text
    assert "the harbour – “our men”, who took turns to fill it" in article.text
    assert "- Ada Merrin kept the first watch.\n- Tomas Vell kept the second watch.\n\n" in article.text


def test_a_title_has_its_style_or_stands_in_the_files_head(tmp_path: Path) -> None:
    styles = r"{\stylesheet{\s1\f4 heading 1;}{\s7\b Title;}{\s8\outlinelevel2 Mine;}}"
    body = styles + r"\pard\s7 Lamp\par\pard\s1 One\par\pard\s8 Two\par\pard\outlinelevel9 Three\par"
    article = only(read(tmp_path, body))
    assert (article.title, article.text) == ("Lamp", "# Lamp\n\n# One\n\n### Two\n\nThree")
    head = r"{\info{\author Ada}{\title The l\'e1mp}{\operator Vell}}"
    assert only(read(tmp_path, f"{head}{SENTENCE}")).title == "The lámp"


def test_changes_are_read_as_accepted_and_notes_pictures_and_addresses_not_at_all(tmp_path: Path) -> None:
    body = (
        r"{\header Head\par}It has {\deleted five }{\revised seven }{\v hidden }lamps "
        r'{\field{\*\fldinst{HYPERLINK "https://orrin.example/"}}{\fldrslt {\ul here}}}{\footnote note}'
        r"{\pict{\*\picprop x}\wmetafile8 89504e}{\*\unknown words}{\object{\*\objdata 00}{\result x}} today\'2e\par"
    )
    assert text_of(tmp_path, body) == "It has seven lamps here today."


def test_binary_pictures_are_passed_over_by_their_length(tmp_path: Path) -> None:
    assert text_of(tmp_path, b"One {\\pict\\bin6 }}}{{{} two.") == "One two."
    assert "cut off" in reason(read(tmp_path, "One {\\pict\\bin999999999 }"))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"caf\'e9 \'93x\'94", "café “x”"),
        (b"caf\xe9", "café"),
        (rb"\ansicpg1251 \'cc\'e0\'ff\'ea", "Маяк"),
        (rb"{\fonttbl{\f0\fcharset0 A;}{\f3\fcharset204 B;}}\'e0{\f3 \'cc\'e0}\'e0", "àМаà"),
        (rb"\deff3{\fonttbl{\f3\fcharset128 B;}}\'93\'94\'91\'e4", "灯台"),
        (rb"{\fonttbl\f5\fswiss\fcharset238 B;}\f5\'f8\plain\'f8", "řø"),
        (rb"\u8364?\u8211\'96\u-10179?\u-8704?.", "€–😀."),
        (rb"\uc0 \u55357\uc1 \u56832\'3f of", "😀 of"),
        (rb"\uc2\u28783\'93\'94\u21488 ??.", "灯台."),
        (rb"{\uc3\u8364 abc}\u8364?x", "€€x"),
        (rb"\u8364{}x\u8364 ", "€x€"),
        (rb"a\~b\_c\-d\{e\}\\f\emdash g\rquote s\tab t\line u", "a b\u2011cd{e}\\f—g’s t u"),
        (b"a\\\nb\\\r\nc", "a\n\nb\n\nc"),
        (b"one\r\ntwo", "onetwo"),
        (rb"\mac caf\'8e", "café"),
        (rb"\ansicpg99999 \'e9", "é"),
    ],
)
def test_characters_come_out_as_they_were_meant(tmp_path: Path, body: bytes, text: str) -> None:
    assert text_of(tmp_path, body) == text


def test_what_is_not_in_its_encoding_is_noted(tmp_path: Path) -> None:
    result = read(tmp_path, rb"{\fonttbl{\f0\fcharset161 A;}}\f0 a\'aa b")
    assert only(result).text == "a\ufffd b"
    assert "1 character(s) are not in the encoding" in result.warnings[0]


def test_rows_are_rows_and_what_stands_in_a_cell_stays_in_it(tmp_path: Path) -> None:
    body = (
        r"Before\par\trowd\pard\intbl a\par b\cell\pard\intbl\cell c\cell\row"
        r"\trowd\pard\intbl x\par{\pard\intbl\itap2 y\nestcell}{\*\nesttableprops\nestrow}z\cell\row\pard After\par"
        r"\pard\intbl left"
    )
    assert text_of(tmp_path, body) == "Before\n\n| a b |  | c |\n| x y z |\n\nAfter\n\nleft"


def test_items_have_a_mark_or_a_list_text(tmp_path: Path) -> None:
    body = r"\pard{\pntext\f1\'b7\tab}One\par{\listtext 2.\tab}Two\par Three\par \bullet  Four"
    assert text_of(tmp_path, body) == "- One\n- 2. Two\n\nThree\n\n- Four"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is no RTF file"),
        (b"PK\3\4", "is no RTF file"),
        (b"{\\rtf1 words", "was cut off"),
        (b"{\\rtf1 {words}", "was cut off"),
        (b"{\\rtf1}", "holds no words"),
        (b"{\\rtf1 {\\pict 00}}", "holds no words"),
        (b"{\\rtf1 " + b"{" * 1000 + b"x" + b"}" * 1001, "over 500 deep"),
    ],
)
def test_a_broken_file_says_how_to_mend_it(tmp_path: Path, content: bytes, why: str) -> None:
    assert why in reason(read_articles(write(tmp_path / "a.rtf", content)))


@pytest.mark.parametrize(
    ("body", "why"), [(b"\\b" * 1001, "over 1,000 marks"), (b"ab " * 400, "over 1,000 characters")]
)
def test_a_file_of_marks_or_of_words_without_end_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(ArticleError, match=why):
        read_rtf(b"{\\rtf1\\ansi " + body + b"}", "a.rtf", RtfLimits(tokens=1000, text_bytes=1000))


PIECES = st.sampled_from(
    r"{ } \par \pard \intbl \cell \row \u55357? \u56832? \'e9 \'zz \* \f1 \s2 \uc0 \uc9 \bin3 \v \deleted0 \plain "
    r"{\fonttbl{\f1\fcharset128 {\stylesheet{\s2 {\info{\title {\pict \~ \\ \{ \ansicpg932 \ansicpg0 \listtext".split()
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=40))
def test_any_file_gives_a_text_or_one_error(pieces: list[str]) -> None:
    data = ("{\\rtf1 " + " ".join(pieces)).encode("utf-8", "surrogatepass")
    for end in (b"", b"}", b"}}}}}"):
        try:
            document = read_rtf(data + end, "a")
        except ArticleError:
            continue
        assert document.text.encode().decode() == document.text
        title = document.fields["title"]
        assert isinstance(title, str)
        assert title.encode().decode() == title


def test_a_real_file_damaged_anywhere_gives_articles_or_errors_of_one_line() -> None:
    whole, chance = (FILES / "oil.rtf").read_bytes(), Random(1)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3, 20))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            items = list(read_document(bytes(data), "a", Path("a.rtf")))
        except ArticleError as error:
            items = [error]
        assert items
        assert all("\n" not in str(item) for item in items if isinstance(item, ArticleError))


def test_rich_text_is_read_out_of_an_archive_too(tmp_path: Path) -> None:
    data = zip_file({"lamp.rtf": b"{\\rtf1 " + SENTENCE.encode() + b"}"})
    assert only(read_articles(write(tmp_path / "all.zip", data))).text == SENTENCE


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (r"holds 3 x 10{\super 6} cells", "holds 3 x 10⁶ cells"),
        (r"cost of $40{\super 5} million", "cost of $40 million"),
        (r"in 1998\super 3\nosupersub  it froze", "in 1998 it froze"),
        (r"in 1998{\up6 3} it froze", "in 1998 it froze"),
        (r"the 19{\super th} of May", "the 19th of May"),
        (r"12 m\super 2\plain  of ice", "12 m² of ice"),
    ],
)
def test_a_raised_figure_is_a_power_or_left_out(tmp_path: Path, body: str, line: str) -> None:
    assert text_of(tmp_path, body) == line


def test_an_item_keeps_the_number_that_its_reader_sees(tmp_path: Path) -> None:
    body = r"{\listtext 1.2\tab}It is due in May.\par {\listtext\'b7\tab}Oil\par {\listtext (a)\tab}Wicks\par Plain"
    assert text_of(tmp_path, body) == "- 1.2 It is due in May.\n- Oil\n- (a) Wicks\n\nPlain"


@pytest.mark.parametrize("word", ["strike", "striked1"])
def test_struck_out_text_is_not_read(tmp_path: Path, word: str) -> None:
    body = rf"It costs {{\{word} 30 }}{{\strike0 40}} crowns."
    assert text_of(tmp_path, body) == "It costs 40 crowns."
