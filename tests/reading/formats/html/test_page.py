"""Web pages: the article out of the page, its encoding and its metadata."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from rag.errors import ArticleError
from rag.reading.articles import read_articles
from rag.reading.formats.html.page import read_chapter, read_page
from rag.text.sentences import blocks
from tests.support.files import (
    FILES,
    SENTENCE,
    html_page,
    only,
    reason,
    write,
)


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
        f"<h1>Lamp</h1><p>{SENTENCE}</p><h2>Costs</h2><ul><li>Oil for 300 crowns</li><li>Wicks</li></ul>"
        f"<table><tr><th>Night</th><th>Oil</th></tr><tr><td>1</td><td>7 litres</td></tr></table>"
        f"<p>One line<br>and the next.\r\n{SENTENCE}</p>"
    )
    article = only(read_articles(write(tmp_path / "a.htm", html_page(body))))
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
    words = {"shift_jis": "灯台", "cp1251": "Маяк"}.get(encoding, "“Café”")
    page = html_page(f"<p>{words} {SENTENCE}</p><p>{SENTENCE}</p>", head).encode(encoding)
    assert words in only(read_articles(write(tmp_path / "a.html", page))).text


def test_the_year_of_a_copyright_notice_is_no_date(tmp_path: Path) -> None:
    page = html_page(f"<p>{SENTENCE}</p><p>{SENTENCE} And more.</p>") + "<footer>© 2019 Orrin Post</footer>"
    assert only(read_articles(write(tmp_path / "a.html", page))).date is None


@pytest.mark.parametrize("page", ["", "<html></html>", "<script>1</script>", "<p></p>", "\0\1\2\xff"])
def test_a_page_without_an_article_says_so_and_nothing_else(tmp_path: Path, page: str) -> None:
    write(tmp_path / "a.html", page)
    code = (
        "from pathlib import Path; from rag.reading.articles import read_articles;"
        f"print(read_articles(Path({str(tmp_path / 'a.html')!r})).errors[0])"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "save its text as" in process.stdout
    assert process.stderr == ""


def test_a_page_nested_without_end_and_one_too_large_are_refused(tmp_path: Path) -> None:
    deep = "<div>" * 100_000 + "words " * 99
    assert "no article" in reason(read_articles(write(tmp_path / "deep.html", deep)))
    with pytest.raises(ArticleError, match="page of over 10,000 tags"):
        read_page(f"<p>{SENTENCE}</p>".encode() * 12_000, "large.html", max_tags=10_000)


@pytest.mark.parametrize(
    "frame", ["<html><body>{}</body></html>", "{}", "<body><div class='row'>{}</div></body>"]
)
def test_headings_and_items_are_read_where_no_part_is_marked_as_the_article(
    tmp_path: Path, frame: str
) -> None:
    menu = "<ul><li><a href='/'>Home</a></li><li><a href='/map'>Map</a></li><li><a href='/us'>About us</a></li></ul>"
    body = f"{menu}<h1>Lamp</h1><p>{SENTENCE}</p><h2>Costs</h2><ul><li>Oil for 300 crowns</li><li>Wicks</li></ul>"
    page = frame.format(f"{body}<p>{SENTENCE} It went on.</p><p>{SENTENCE} And on.</p>")
    text = only(read_articles(write(tmp_path / "a.html", page))).text
    assert "## Costs\n\n- Oil for 300 crowns\n- Wicks\n\n" in text
    assert "Home" not in text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_front_matter_before_a_page_is_read_as_its_fields(tmp_path: Path, end: str) -> None:
    head = end.join(("---", "layout: page", 'title: "The lamp: a log"', "date: 2024-03-02", "---", ""))
    page = f"{head}<h3>Nights</h3><p>{SENTENCE}</p><p>{SENTENCE} It went on. {SENTENCE}</p>"
    article = only(read_articles(write(tmp_path / "a.html", page)))
    assert (article.title, article.date) == ("The lamp: a log", date(2024, 3, 2))
    assert article.text.startswith(f"### Nights\n\n{SENTENCE}")


def test_dashes_before_a_page_that_hold_no_fields_are_no_front_matter(tmp_path: Path) -> None:
    page = f"---<br>\n<p>{SENTENCE}</p>\n---\n<p>{SENTENCE} It went on. {SENTENCE}</p>"
    assert SENTENCE in only(read_articles(write(tmp_path / "a.html", page))).text


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Services &gt; Loan Periods &amp; Fees", "Services - Loan Periods and Fees"),
        ("Loan Periods &amp; Fees", "Services"),
        ("Services", "Services"),
    ],
)
def test_a_title_is_cut_only_where_no_heading_has_the_whole(tmp_path: Path, heading: str, title: str) -> None:
    body = f"<h3>{heading}</h3><p>{SENTENCE}</p><p>{SENTENCE} It went on.</p>"
    page = html_page(body, "<title>Services - Loan Periods and Fees</title>")
    assert only(read_articles(write(tmp_path / "a.html", page))).title == title


@pytest.mark.parametrize(
    ("named", "encoding", "words"),
    [
        ("windows-1251", "utf-8", "Паром отходит от причала в семь часов утра."),
        ("utf-16", "utf-8", "The ferry – it’s early – costs €40, and the café sells tea."),
        ("gb2312", "gb18030", "渡轮每天早上七点出发，朱镕基和陶喆也在船上。"),
        ("shift_jis", "cp932", "髙橋①は毎朝七時に埠頭を出発します。"),
        ("euc-kr", "cp949", "여객선은 매일 아침 떠납니다. 똠방각하 펲시콜라."),
        ("windows-949", "cp949", "여객선은 매일 아침 일곱 시에 부두를 떠납니다."),
        ("x-mac-roman", "mac_roman", "The café costs €40 – that’s “early”."),
        ("iso-8859-9", "cp1254", "Vapur “erken” kalkar – bilet kırk liradır."),
    ],
)
def test_a_page_is_read_in_the_encoding_that_a_browser_takes_its_name_for(
    named: str, encoding: str, words: str
) -> None:
    page = html_page(f"<h1>Lamp</h1><p>{SENTENCE}</p><p>{words}</p>", f"<meta charset='{named}'>")
    assert words in read_page(page.encode(encoding), "a.html").text


@pytest.mark.parametrize("piece", [f"<p>{SENTENCE}</p>", SENTENCE, f"<b>{SENTENCE}</b>\n"])
def test_a_piece_of_a_page_is_read(tmp_path: Path, piece: str) -> None:
    assert only(read_articles(write(tmp_path / "a.html", piece))).text == SENTENCE
    assert read_chapter(piece.encode(), "a") == SENTENCE
