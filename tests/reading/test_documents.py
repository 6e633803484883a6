"""Files that hold articles in their own ways: web pages, PDF, Word, CSV and archives, and the traps among them."""

import io
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from random import Random

import pytest
from pypdf import PdfWriter

from rag.errors import ArticleError
from rag.evidence.sentences import as_evidence
from rag.reading import documents
from rag.reading.articles import read_articles
from rag.reading.formats import html_page as webpage
from rag.reading.formats import pdf
from rag.reading.formats import zip_archive as archive
from rag.schema import Answer, Article, Citation, Evidence, Span
from rag.text.sentences import blocks
from tests.reading.test_articles import only, reason, write
from ui.terminal import answer_text
from ui.web.display import copies
from ui.web.display.answer_json import evidence_view

FILES = Path(__file__).parents[1] / "files"
SAID = "The keepers of Orrin wrote in the log of the harbour that the lamp went out twice before it held."


def article_page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body><article>{body}</article></body></html>"


def zipped(members: dict[str, bytes | str], *, way: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", way) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return made.getvalue()


def printed(*pages: str) -> bytes:
    """A PDF written out by hand, a line of text for each line of a page."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for at, page in enumerate(pages):
        shown = " ".join(f"({line}) Tj T*" for line in page.split("\n") if line)
        drawn = f"BT /F1 9 Tf 12 TL 40 800 Td {shown} ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {5 + 2 * at} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return f"{out}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.styles+xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def word(body: str, head: str = "") -> bytes:
    """A DOCX file zipped by hand; its heading style has a German id, as Word in German writes it."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/></w:style>'
        for id, name in (("Titel", "Title"), ("berschrift2", "heading 2"), ("Listenabsatz", "List Paragraph"))
    )
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": f'<Relationships {PACKAGE}><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships {PACKAGE}><Relationship Id="r1" '
            f'Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
            "word/styles.xml": f"<w:styles {W}>{styles}</w:styles>",
            "word/document.xml": f"{head}<w:document {W}><w:body>{body}</w:body></w:document>",
        }
    )


def p(text: str, style: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}<w:r><w:t>{text}</w:t></w:r></w:p>"


# --- web pages ---------------------------------------------------------------------------------------------


def test_a_web_page_gives_its_article_and_says_whose_it_is() -> None:
    article = only(read_articles(FILES / "lamp.html"))
    assert (article.id, article.title) == ("lamp", "The lamp of Orrin")
    assert (article.url, article.publisher) == ("https://orrin.example/lamp", "The Orrin Post")
    assert article.date == date(2024, 3, 2)
    assert "the harbour – “our men”, who took turns" in article.text
    assert "Cookies" not in article.text
    assert "All the news" not in article.text


def test_headings_items_and_rows_of_a_page_are_seen_as_such(tmp_path: Path) -> None:
    body = (
        f"<h1>Lamp</h1><p>{SAID}</p><h2>Costs</h2><ul><li>Oil for 300 crowns</li><li>Wicks</li></ul>"
        f"<table><tr><th>Night</th><th>Oil</th></tr><tr><td>1</td><td>7 litres</td></tr></table>"
        f"<p>One line<br>and the next.\r\n{SAID}</p>"
    )
    article = only(read_articles(write(tmp_path / "a.htm", article_page(body))))
    assert "## Costs\n\n- Oil for 300 crowns\n- Wicks\n\n| Night | Oil |\n| 1 | 7 litres |" in article.text
    assert "One line and the next. The keepers" in article.text
    assert [b.kind for b in blocks(article.text)] == [
        "heading",
        "paragraph",
        "heading",
        "item",
        "item",
        "row",
        "row",
        "paragraph",
    ]


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("shift_jis", '<meta charset="shift_jis">'),
        ("cp1251", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'),
        ("utf-8", ""),
        ("utf-8", '<meta charset="shift_jis-of-no-use">'),
        ("utf-8", '<meta charset="punycode">'),
        ("utf-8", '<meta charset="unicode_escape">'),
        ("utf-16", '<meta charset="utf-8">'),
        ("cp1252", '<meta charset="iso-8859-1">'),
    ],
)
def test_a_page_is_read_in_the_encoding_it_names(tmp_path: Path, encoding: str, head: str) -> None:
    said = {"shift_jis": "灯台", "cp1251": "Маяк"}.get(encoding, "“Café”")
    page = article_page(f"<p>{said} {SAID}</p><p>{SAID}</p>", head).encode(encoding)
    assert said in only(read_articles(write(tmp_path / "a.html", page))).text


def test_the_year_of_a_copyright_notice_is_no_date(tmp_path: Path) -> None:
    page = article_page(f"<p>{SAID}</p><p>{SAID} And more.</p>") + "<footer>© 2019 Orrin Post</footer>"
    assert only(read_articles(write(tmp_path / "a.html", page))).date is None


@pytest.mark.parametrize("page", ["", "<html></html>", "<script>1</script>", "<p></p>", "\0\1\2\xff"])
def test_a_page_without_an_article_says_so_and_nothing_else(tmp_path: Path, page: str) -> None:
    write(tmp_path / "a.html", page)
    code = (
        "from pathlib import Path; from rag.reading.articles import read_articles;"
        f"print(read_articles(Path({str(tmp_path / 'a.html')!r})).errors[0])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "save its text as" in run.stdout
    assert run.stderr == ""


def test_a_page_nested_without_end_and_one_too_large_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = "<div>" * 100_000 + "words " * 99
    assert "no article" in reason(read_articles(write(tmp_path / "deep.html", deep)))
    monkeypatch.setattr(webpage, "TAGS", 10_000)
    large = write(tmp_path / "large.html", f"<p>{SAID}</p>" * 12_000)
    assert "page of over 10,000 tags" in reason(read_articles(large))


# --- PDF ---------------------------------------------------------------------------------------------------


def test_a_printed_page_gives_its_paragraphs_and_each_place_its_page() -> None:
    reading = read_articles(FILES / "lamp.pdf")
    article = only(reading)
    assert article.title == "The lamp of Orrin"
    assert "took turns to fill it with oil that was brought over the ice" in article.text
    assert "What it cost\nThe harbour paid 300 crowns" in article.text
    assert [article.page(article.text.index(said)) for said in ("300", "Ada Merrin", "19 metres")] == [
        1,
        2,
        3,
    ]
    assert "lamp.html" not in article.text
    assert any("most pages share" in warning for warning in reading.warnings)


def test_a_passage_names_its_page_and_one_of_a_text_without_pages_none() -> None:
    text = "One stands here.\n\fTwo stands here.\fThree."
    paged = Article(id="a", title="T", text=text)
    assert [paged.page(text.index(word)) for word in ("One", "Two", "Three")] == [1, 2, 3]
    passage = as_evidence(paged, Span(18, 34), label=1, score=1.0)
    assert (passage.text, passage.page) == ("Two stands here.", 2)
    assert passage.source == "— T, p. 2"
    plain = as_evidence(Article(id="a", title="T", text="One."), Span(0, 4), label=1, score=1.0)
    assert (plain.page, plain.source) == (None, "— T")


def test_a_sentence_that_runs_over_a_page_stays_one(tmp_path: Path) -> None:
    first = "The keepers of the harbour wrote that the lamp of Orrin went"
    article = only(read_articles(write(tmp_path / "a.pdf", printed(first, "out twice before it held."))))
    assert article.text == f"{first}\fout twice before it held."
    assert len(blocks(article.text)) == 1


def test_pages_without_words_are_counted_all_the_same(tmp_path: Path) -> None:
    reading = read_articles(write(tmp_path / "a.pdf", printed("", "", SAID, "")))
    assert only(reading).page(only(reading).text.index("keepers")) == 3
    assert any("3 of 4 pages hold no text" in warning for warning in reading.warnings)


def test_a_scan_without_text_says_so(tmp_path: Path) -> None:
    assert "text recognition" in reason(read_articles(write(tmp_path / "a.pdf", printed("", ""))))


def locked(*, user: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(printed(SAID)))
    writer.encrypt(user_password=user, owner_password="owner", algorithm="RC4-128")  # noqa: S106
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_pdf_with_a_password_is_refused_and_one_that_only_forbids_printing_is_read(tmp_path: Path) -> None:
    assert "locked by a password" in reason(read_articles(write(tmp_path / "a.pdf", locked(user="secret"))))
    assert "keepers" in only(read_articles(write(tmp_path / "b.pdf", locked(user="")))).text


def test_a_pdf_of_ten_thousand_pages_is_refused(tmp_path: Path) -> None:
    once = printed(SAID).replace(
        b"/Kids [4 0 R] /Count 1", b"/Kids [" + b"4 0 R " * 10_000 + b"] /Count 10000"
    )
    many = write(tmp_path / "a.pdf", once)
    assert "has 10,000 pages: split it into parts of 3,000" in reason(read_articles(many))


@pytest.mark.parametrize("cut", [0, 8, 100, 400, 700])
def test_a_broken_pdf_costs_itself_alone(tmp_path: Path, cut: int, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "a.pdf", printed(SAID)[:cut])
    write(tmp_path / "b.txt", "One.")
    reading = read_articles(tmp_path)
    assert "b" in [article.id for article in reading.articles]
    assert len(reading.articles) + len(reading.errors) == 2
    assert capfd.readouterr() == ("", "")


def test_a_page_drawn_without_end_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "DRAWING_BYTES", 1000)
    reading = read_articles(write(tmp_path / "a.pdf", printed(SAID, "x" * 2000)))
    assert only(reading).text == SAID
    assert any("page 2 left out" in warning for warning in reading.warnings)


def test_a_pdf_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0)
    made = write(tmp_path / "a.pdf", printed(SAID, SAID))
    assert "not read within 0 s" in reason(read_articles(made))


def test_a_pdf_of_too_many_words_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "TEXT_CHARS", 50)
    assert "over 50 characters" in reason(read_articles(write(tmp_path / "a.pdf", printed(SAID))))


def test_every_way_to_show_a_source_names_its_page() -> None:
    passage = Evidence(label=1, article_id="a", span=Span(0, 4), text="Yes.\f", score=1.0, title="T", page=3)
    cited = Citation(
        label=1,
        claim=Span(0, 4),
        article_id="a",
        span=Span(0, 4),
        quote="Yes.",
        located="exact",
        support="supported",
        verbatim=True,
    )
    answer = Answer(
        question="Is it?",
        standalone_question="Is it?",
        text="Yes. [1]",
        citations=(cited,),
        evidence=(passage,),
    )
    assert "— T, p. 3" in str(answer)
    assert "— T, p. 3" in answer_text.sources(answer)
    assert "— T, p. 3" in copies.plain(answer, accessed=date(2026, 5, 1))
    (source,) = evidence_view([passage])
    assert isinstance(source, dict)
    assert (source["page"], source["quote"]) == (3, "Yes. ")


# --- Word --------------------------------------------------------------------------------------------------


def test_a_word_document_gives_headings_paragraphs_items_and_rows_in_order(tmp_path: Path) -> None:
    row = "<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    body = (
        p("The lamp", "Titel")
        + p(SAID)
        + p("Costs", "berschrift2")
        + p("Oil", "Listenabsatz")
        + p("Wicks", "Listenabsatz")
        + f"<w:tbl>{row.format(p('Night'), p('Oil'))}{row.format(p('1'), p('7 litres'))}</w:tbl>"
        + p("The end.")
    )
    article = only(read_articles(write(tmp_path / "a.docx", word(body))))
    assert article.title == "The lamp"
    assert article.text == (
        f"# The lamp\n\n{SAID}\n\n## Costs\n\n- Oil\n- Wicks\n\n| Night | Oil |\n| 1 | 7 litres |\n\nThe end."
    )


def test_a_word_document_without_a_title_has_none_that_the_library_makes_up(tmp_path: Path) -> None:
    assert (
        only(read_articles(write(tmp_path / "council.docx", word(p("The council met."))))).title == "council"
    )


def test_changes_are_read_as_accepted_and_links_as_their_words(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>It has </w:t></w:r><w:ins><w:r><w:t>seven</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>five</w:delText></w:r></w:del><w:r><w:tab/><w:t>lamps</w:t></w:r>"
        "<w:hyperlink><w:r><w:t> here</w:t></w:r></w:hyperlink><w:r><w:t>.</w:t></w:r></w:p>"
    )
    assert only(read_articles(write(tmp_path / "a.docx", word(body)))).text == "It has seven lamps here."


def test_a_cell_that_says_it_spans_a_thousand_million_columns_is_one(tmp_path: Path) -> None:
    wide = '<w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>'
    body = f"<w:tbl><w:tr><w:tc>{wide}{p('Oil')}</w:tc></w:tr></w:tbl>"
    assert only(read_articles(write(tmp_path / "a.docx", word(body)))).text == "| Oil |"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_declares_entities_is_refused(tmp_path: Path, encoding: str) -> None:
    bomb = '<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    text = f"<w:document {W}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
    made = zipped({"word/document.xml": (bomb + text).encode(encoding)})
    assert "declares entities" in reason(read_articles(write(tmp_path / "a.docx", made)))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no whole archive"),
        (b"PK\x03\x04 and no more", "no whole archive"),
        (word(p(SAID))[:-200], "no whole archive"),
        (zipped({"a.txt": "One."}), "no whole Word document"),
        (word("<w:p>" * 3), "no whole Word document"),
        (word("<w:sdt>" * 5000 + "</w:sdt>" * 5000), "no whole Word document"),
        (word(""), "holds no words"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "locked by a password or an old .doc"),
    ],
)
def test_a_broken_word_document_says_how_to_mend_it(tmp_path: Path, content: bytes, why: str) -> None:
    assert why in reason(read_articles(write(tmp_path / "a.docx", content)))


# --- EPUB --------------------------------------------------------------------------------------------------

DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def book(
    *chapters: str, head: str = "", also: dict[str, bytes | str] | None = None, day: str = "1904-05-02"
) -> bytes:
    """An EPUB zipped by hand; its chapters lie in the manifest in the reverse of the order of reading."""
    items = [
        f'<item id="c{at}" href="t%20/c{at}.xhtml" media-type="application/xhtml+xml"/>'
        for at in range(len(chapters))
    ]
    refs = "".join(f'<itemref idref="c{at}"/>' for at in range(len(chapters)))
    page = (
        '<?xml version="1.0"?><!DOCTYPE html><html><head><title>Not read</title></head><body>{}</body></html>'
    )
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="in/p.opf"/></rootfiles></container>',
            "in/p.opf": f"{head}<package {DC}><metadata><dc:title>The lamp</dc:title><dc:publisher>Post</dc:publisher>"
            f"<dc:date>{day}</dc:date></metadata><manifest>{''.join(items[::-1])}</manifest><spine>{refs}</spine></package>",
            **{f"in/t /c{at}.xhtml": page.format(chapter) for at, chapter in enumerate(chapters)},
            **(also or {}),
        }
    )


def test_a_book_is_its_chapters_in_the_order_of_reading(tmp_path: Path) -> None:
    first = (
        "<h1>One</h1><div><p>It was <i>very</i>\n  dark &amp; cold.</p><ul><li><p>Oil</p></li><li>Wicks</li></ul></div>"
        "<table><tr><td><p>Night</p></td><td>Oil</td></tr></table><script>no()</script><nav>Contents</nav>"
    )
    made = write(tmp_path / "a.epub", book(first, "<h1><span>Two</span></h1><p>Then<br/>light.</p>"))
    article = only(read_articles(made))
    assert (article.title, article.publisher, article.date) == ("The lamp", "Post", date(1904, 5, 2))
    assert article.text.split("\n\n") == [
        "# One",
        "It was very dark & cold.",
        "- Oil",
        "- Wicks",
        "| Night | Oil |",
        "# Two",
        "Then",
        "light.",
    ]


def test_the_bare_year_of_a_book_is_no_date(tmp_path: Path) -> None:
    assert only(read_articles(write(tmp_path / "a.epub", book("<p>One.</p>", day="1904")))).date is None


LOCK = '<encryption><CipherReference URI="{}"/></encryption>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no whole archive"),
        (zipped({"a.txt": "One."}), "is not in the archive"),
        (book("<p>One.</p>", head="<!DOCTYPE a [<!ENTITY b 'c'>]>"), "declares entities"),
        (book("<p>One.</p>", head="<"), "no whole book"),
        (book("<p>One.</p>", head="<a>" * 200_000), "no whole book"),
        (book(), "holds no words"),
        (book("<p></p>"), "holds no words"),
        (book("<p>" * 200_001), "over 200,000 tags"),
        (book("<p>x</p>", also={"META-INF/encryption.xml": LOCK.format("in/t%20/c0.xhtml")}), "(DRM)"),
    ],
)
def test_a_bad_book_says_what_is_wrong(tmp_path: Path, content: bytes, why: str) -> None:
    assert why in reason(read_articles(write(tmp_path / "a.epub", content)))


def test_a_book_whose_fonts_alone_are_locked_and_one_nested_without_end_are_read(tmp_path: Path) -> None:
    also: dict[str, bytes | str] = {"META-INF/encryption.xml": LOCK.format("in/font.otf")}
    assert only(read_articles(write(tmp_path / "a.epub", book("<p>One.</p>", also=also)))).text == "One."
    read_articles(write(tmp_path / "b.epub", book("<p>One.</p>" + "<div>" * 100_000)))


# --- CSV ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_each_row_of_a_table_is_an_article(tmp_path: Path, sign: str) -> None:
    head = sign.join(("ID", "Title", "url", "date", "publisher", "text", "views"))
    row = sign.join(
        ("l1", "Lamp", "https://o.example", "2024-03-02", "Post", '"One, two; ""three""\r\nfour."', "9")
    )
    (article,) = read_articles(write(tmp_path / "a.csv", f"\ufeff{head}\r\n{row}\r\n\r\n")).articles
    assert article == Article(
        id="l1",
        title="Lamp",
        text='One, two; "three"\nfour.',
        url="https://o.example",
        publisher="Post",
        date=date(2024, 3, 2),
    )


def test_rows_without_ids_are_numbered_and_a_bad_row_costs_itself_alone(tmp_path: Path) -> None:
    rows = ["text,date", "One stands here.,", ",", ",2024-01-01", "Three.,soon", "a,b,c", "x" * 200_000 + ","]
    reading = read_articles(write(tmp_path / "A b.csv", "\n".join(rows)))
    assert [(a.id, a.title) for a in reading.articles] == [("a-b/1", "A b 1"), ("a-b/5", "A b 5")]
    assert [error.source.rpartition(":")[2] for error in reading.errors] == ["4", "5", "6"]
    assert [error.reason.partition(":")[0] for error in reading.errors] == [
        "holds no words",
        "'date' 'soon' is no day",
        "has 3 values for 2 columns",
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("title,body\na,b\n", "has no column 'text' but title, body"),
        ("text,Text\na,b\n", "two columns 'text'"),
        ("text\n", "holds no rows"),
        ("", "no column 'text' but nothing"),
        ('"text\na', "is no table"),
        ('text\n"a', "is no row"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(tmp_path: Path, content: str, why: str) -> None:
    assert why in reason(read_articles(write(tmp_path / "a.csv", content)))


# --- archives ----------------------------------------------------------------------------------------------


def test_each_file_of_an_archive_is_read_as_if_it_lay_in_a_folder(tmp_path: Path) -> None:
    members: dict[str, bytes | str] = {
        "b/two.md": "---\ntitle: Second\n---\nTwo.",
        "a.txt": "One.",
        "lamp.pdf": (FILES / "lamp.pdf").read_bytes(),
        "deep/er/c.docx": word(p("Three.")),
        "rows.jsonl": '{"id": "r", "text": "Four."}',
        "README.md": "About.",
        "__MACOSX/._a.txt": b"\0\1",
        ".hidden.txt": "No.",
        "picture.png": b"\x89PNG",
    }
    reading = read_articles(write(tmp_path / "All.zip", zipped(members)))
    assert reading.errors == ()
    assert [a.id for a in reading.articles] == ["all/a", "all/b/two", "all/deep/er/c", "all/lamp", "r"]
    assert any("1 file(s) of other kinds not read, 'picture.png' first" in line for line in reading.warnings)


def test_names_that_lead_out_and_archives_in_archives_are_refused_one_by_one(tmp_path: Path) -> None:
    names = ("../up.txt", "/root.txt", "a/../../b.txt", "C:/c.txt", "..\\d.txt", "inner.zip")
    reading = read_articles(
        write(tmp_path / "in" / "a.zip", zipped({**dict.fromkeys(names, "x"), "ok.txt": "One."}))
    )
    assert [a.id for a in reading.articles] == ["a/ok"]
    assert sorted(error.reason.partition(",")[0] for error in reading.errors) == [
        "an archive in an archive is not opened: unpack it",
        *["its name leads out of the archive"] * 5,
    ]
    assert [entry.name for entry in tmp_path.rglob("*")] == ["in", "a.zip"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"not a zip", "no whole archive"),
        (zipped({}), "no articles in it"),
        (zipped({"a.png": b"x"}), "no articles in it"),
        (zipped({"a.txt": b"x" * 1_500_000}), "expands over 200 times"),
        (zipped({"a.txt": "One."}, way=zipfile.ZIP_BZIP2), "packed in another way"),
        (zipped({"a.txt": "One. " * 9}).replace(b"a.txt", b"b.txt", 1), "is damaged"),
        (zipped({f"{at}.txt": "" for at in range(archive.MEMBERS + 1)}), "holds over 5,000 files"),
    ],
)
def test_a_bad_archive_says_what_is_wrong(tmp_path: Path, content: bytes, why: str) -> None:
    assert why in reason(read_articles(write(tmp_path / "a.zip", content)))


def test_an_archive_that_expands_too_far_is_refused_before_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "EXPANDED_BYTES", 1_000_000)
    two = zipped({"a.txt": "a b " * 150_000, "b.txt": "c d " * 150_000})
    assert "expands to more than 1 MB" in reason(read_articles(write(tmp_path / "a.zip", two)))
    monkeypatch.setattr(documents, "FILE_BYTES", 1000)
    one = zipped({"a.txt": "x" * 1001})
    assert "file over 0 MB" in reason(read_articles(write(tmp_path / "b.zip", one)))


@pytest.mark.parametrize("kind", [".docx", ".odt", ".epub", ".zip", ".pdf", ".csv"])
def test_a_file_damaged_anywhere_gives_articles_or_errors_of_one_line(kind: str) -> None:
    whole = {
        ".docx": word(p(SAID)),
        ".odt": (FILES / "oil.odt").read_bytes(),
        ".epub": book("<p>One.</p>"),
        ".zip": zipped({"a.txt": SAID}),
        ".pdf": printed(SAID, SAID),
        ".csv": b'text,date\n"One, two",2024-01-01\n',
    }[kind]
    chance = Random(kind)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3, 20))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            found = list(documents.read_document(bytes(data), "a", Path(f"a{kind}")))
        except ArticleError as error:
            found = [error]
        assert found
        assert all("\n" not in str(one) for one in found if isinstance(one, ArticleError))


def test_reading_text_loads_none_of_the_other_kinds_libraries(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "One.")
    code = (
        "import sys; from pathlib import Path; from rag.reading.articles import read_articles;"
        f"read_articles(Path({str(tmp_path)!r}));"
        "print({'pypdf', 'docx', 'trafilatura', 'lxml'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.strip() == "set()"
