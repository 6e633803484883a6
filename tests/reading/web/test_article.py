"""Articles fetched from a real server on loopback: what they become, and the command that adds them."""

import gzip
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from rag.reading.web.download import Access
from rag.reading.web.feeds import listing
from tests.support.files import FILES, SENTENCE, docx_file, docx_paragraph, html_page, only
from tests.support.web_server import (
    LAMP_PAGE,
    PAGE,
    fetch_from,
    fetch_reply,
    moved,
    reply,
    web,
)
from ui.cli import main
from ui.commands import articles

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_a_page_becomes_an_article_with_its_address_title_day_and_publisher() -> None:
    with web({"/lamp?a=1": reply((FILES / "lamp.html").read_bytes())}) as served:
        article = only(fetch_from(served, "http://orrin.example/lamp?a=1"))
    assert (article.title, article.publisher, article.date) == (
        "The lamp of Orrin",
        "The Orrin Post",
        date(2024, 3, 2),
    )
    assert article.url == "https://orrin.example/lamp"
    assert "the harbour – “our men”, who took turns" in article.text
    (request,) = served.requests
    assert request.startswith("GET /lamp?a=1 HTTP/1.1\r\nHost: orrin.example\r\n")
    assert "cookie" not in request.lower()


def test_one_page_is_one_article_whatever_led_to_it() -> None:
    with_canonical = html_page(
        f"<p>{SENTENCE}</p><p>{SENTENCE} More.</p>",
        '<link rel="canonical" href="http://www.news.example/lamp">',
    )
    answers = {
        "/lamp": reply(LAMP_PAGE),
        "/lamp?utm_source=letter": reply(LAMP_PAGE),
        "/short": moved("/lamp"),
        "/lamp?session=7": reply(with_canonical),
    }
    with web(answers) as served:
        addresses = (
            PAGE,
            "http://www.news.example/lamp#end",
            "HTTP://NEWS.EXAMPLE:80/lamp",
            "http://news.example/lamp?utm_source=letter",
            "http://news.example/short",
            "http://news.example/lamp?session=7",
        )
        ids = {only(fetch_from(served, address)).id for address in addresses}
    assert len(ids) == 1
    assert ids.pop().startswith("news-example/lamp-")


def test_two_pages_are_two_articles_though_their_names_are_spelt_alike() -> None:
    with web({"/?a=1": reply(LAMP_PAGE), "/?a-1": reply(LAMP_PAGE)}) as served:
        assert (
            only(fetch_from(served, "http://a.example/?a=1")).id
            != only(fetch_from(served, "http://a.example/?a-1")).id
        )


def test_what_a_page_says_of_another_site_is_not_believed() -> None:
    page = html_page(
        f"<p>{SENTENCE}</p><p>{SENTENCE} More.</p>", '<link rel="canonical" href="https://bank.example/">'
    )
    assert only(fetch_reply(reply(page))).url == PAGE


def test_a_text_cannot_take_the_id_or_the_address_of_another_article() -> None:
    text = f"---\nid: orrin\nurl: https://bank.example/a\ntitle: Lamp\n---\n{SENTENCE}"
    article = only(fetch_reply(reply(text, "text/markdown; charset=utf-8")))
    assert (article.url, article.title, article.text) == (PAGE, "Lamp", SENTENCE)
    assert article.id.startswith("news-example/lamp-")


@pytest.mark.parametrize(
    ("body", "kind", "holds"),
    [
        ((FILES / "lamp.pdf").read_bytes(), "application/pdf", "The harbour paid 300 crowns"),
        ((FILES / "lamp.pdf").read_bytes(), "text/html", "The harbour paid 300 crowns"),
        ((FILES / "lamp.pdf").read_bytes(), "", "The harbour paid 300 crowns"),
        (LAMP_PAGE.encode(), "text/plain", SENTENCE),
        (LAMP_PAGE.encode(), "application/octet-stream", SENTENCE),
        (LAMP_PAGE.encode(), "TEXT/HTML;charset=UTF-8", SENTENCE),
        (
            b"\n<p>No doctype.</p>" * 9 + f"<article><p>{SENTENCE}</p></article>".encode(),
            "application/xhtml+xml",
            SENTENCE,
        ),
        (SENTENCE.encode(), "text/plain", SENTENCE),
        ((FILES / "oil.odt").read_bytes(), "application/vnd.oasis.opendocument.text", "300 crowns"),
        ((FILES / "oil.rtf").read_bytes(), "application/rtf", "300 crowns"),
        ((FILES / "oil.rtf").read_bytes(), "text/plain", "300 crowns"),
        (docx_file(docx_paragraph(SENTENCE)), DOCX, SENTENCE),
    ],
)
def test_what_is_fetched_is_read_by_its_bytes_and_by_what_the_server_says(
    body: bytes, kind: str, holds: str
) -> None:
    assert holds in only(fetch_reply(reply(body, kind))).text


@pytest.mark.parametrize(
    ("charset", "in_page", "encoding"),
    [
        ("windows-1251", "utf-8", "cp1251"),
        ('"UTF-8"', "shift_jis", "utf-8"),
        ("iso-8859-5", "", "iso8859-5"),
        ("no-such", "windows-1251", "cp1251"),
        ("punycode", "windows-1251", "cp1251"),
    ],
)
def test_the_encoding_that_the_server_names_goes_before_the_pages_own(
    charset: str, in_page: str, encoding: str
) -> None:
    page = html_page(f"<p>Маяк {SENTENCE}</p><p>{SENTENCE}</p>", f'<meta charset="{in_page}">').encode(
        encoding
    )
    assert "Маяк" in only(fetch_reply(reply(page, f"text/html; charset={charset}"))).text


def test_a_page_that_comes_packed_is_unpacked() -> None:
    assert (
        SENTENCE in only(fetch_reply(reply(gzip.compress(LAMP_PAGE.encode()), Content_Encoding="gzip"))).text
    )


def test_a_body_without_a_length_ends_with_the_connection_and_one_in_chunks_with_its_last() -> None:
    assert (
        SENTENCE
        in only(fetch_reply(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + LAMP_PAGE.encode())).text
    )
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = LAMP_PAGE.encode()
    chunks = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    assert SENTENCE in only(fetch_reply(head + chunks)).text


@pytest.mark.parametrize("status", ["301 M", "302 M", "303 M", "307 M", "308 M"])
def test_redirects_are_followed(status: str) -> None:
    with web({"/old": moved("lamp", status), "/lamp": reply(LAMP_PAGE)}) as served:
        assert only(fetch_from(served, "http://news.example/old")).url == PAGE


def test_proxies_in_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert SENTENCE in only(fetch_reply(reply(LAMP_PAGE))).text


# --- the command -------------------------------------------------------------------------------------------


def test_an_address_is_added_beside_files_and_added_again_is_updated(
    capsys: pytest.CaptureFixture[str], private_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "oil.txt"
    file.write_text("The oil of Orrin came over the ice.")
    with web({"/lamp": reply(LAMP_PAGE)}) as served:
        access = Access(resolve=served.resolve, allowed=served.allowed)
        monkeypatch.setattr(listing, "open_address", partial(listing.open_address, access=access))
        assert articles.add([PAGE, str(file)], index=None)
        served.answers["/lamp"] = reply(LAMP_PAGE.replace("And more", "And much more"))
        assert articles.add([PAGE], index=None)
        assert not articles.add([PAGE, "http://news.example/none"], index=None)
    out = capsys.readouterr()
    assert out.out.splitlines() == [
        "added 2, updated 0, unchanged 0",
        "added 0, updated 1, unchanged 0",
        "added 0, updated 0, unchanged 1",
    ]
    assert "left out 'http://news.example/none': answers 404 Not Found: check the address" in out.err


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://a.example/b", "data:text/html,x", "javascript:1"]
)
def test_other_schemes_are_refused_in_one_line(
    address: str, capsys: pytest.CaptureFixture[str], private_home: Path
) -> None:
    assert main(["add", address]) == 1
    assert "is not fetched: give an http or https address" in capsys.readouterr().err


def test_an_address_is_no_corpus_and_the_error_says_what_to_do(
    capsys: pytest.CaptureFixture[str], private_home: Path
) -> None:
    assert main(["ask", "Who?", "--corpus", "https://ada:secret@news.example/", "--model", "quotes"]) == 1
    errors = capsys.readouterr().err
    assert "an address, and a corpus is files: put it into an index with `pincite add`" in errors
    assert "secret" not in errors
