"""Articles fetched from a real server on loopback, which does everything a server can do wrong or mean ill by."""

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from rag.reading import documents
from rag.reading.articles import ReadResult
from rag.reading.web import article as online
from rag.reading.web import download as fetch
from rag.reading.web.article import fetch_article
from rag.reading.web.download import Place
from tests.reading.test_articles import only, reason
from tests.reading.test_documents import FILES, SAID, article_page, p, word
from tests.support.web_server import LOOPBACK, Say, Web, certified, moved, reply, web
from ui.cli import main
from ui.commands import articles

PAGE = "http://news.example/lamp"
LAMP = article_page(f"<h1>The lamp</h1><p>{SAID}</p><p>{SAID} And more.</p>", "<title>The lamp</title>")


def fetched(served: Web, address: str = PAGE) -> ReadResult:
    return fetch_article(address, resolve=served.resolve, allowed=served.allowed)


def said(what: Say, address: str = PAGE) -> ReadResult:
    """What comes of a page that is answered with ``what``."""
    with web({"/lamp": what}) as served:
        return fetched(served, address)


# --- what is fetched ---------------------------------------------------------------------------------------


def test_a_page_becomes_an_article_with_its_address_title_day_and_publisher() -> None:
    with web({"/lamp?a=1": reply((FILES / "lamp.html").read_bytes())}) as served:
        article = only(fetched(served, "http://orrin.example/lamp?a=1"))
    assert (article.title, article.publisher, article.date) == (
        "The lamp of Orrin",
        "The Orrin Post",
        date(2024, 3, 2),
    )
    assert article.url == "https://orrin.example/lamp"
    assert "the harbour – “our men”, who took turns" in article.text
    (request,) = served.asked
    assert request.startswith("GET /lamp?a=1 HTTP/1.1\r\nHost: orrin.example\r\n")
    assert "cookie" not in request.lower()


def test_one_page_is_one_article_whatever_led_to_it() -> None:
    own = article_page(
        f"<p>{SAID}</p><p>{SAID} More.</p>", '<link rel="canonical" href="http://www.news.example/lamp">'
    )
    says = {
        "/lamp": reply(LAMP),
        "/lamp?utm_source=letter": reply(LAMP),
        "/short": moved("/lamp"),
        "/lamp?session=7": reply(own),
    }
    with web(says) as served:
        addresses = (
            PAGE,
            "http://www.news.example/lamp#end",
            "HTTP://NEWS.EXAMPLE:80/lamp",
            "http://news.example/lamp?utm_source=letter",
            "http://news.example/short",
            "http://news.example/lamp?session=7",
        )
        ids = {only(fetched(served, address)).id for address in addresses}
    assert len(ids) == 1
    assert ids.pop().startswith("news-example/lamp-")


def test_two_pages_are_two_articles_though_their_names_are_spelt_alike() -> None:
    with web({"/?a=1": reply(LAMP), "/?a-1": reply(LAMP)}) as served:
        assert (
            only(fetched(served, "http://a.example/?a=1")).id
            != only(fetched(served, "http://a.example/?a-1")).id
        )


def test_what_a_page_says_of_another_site_is_not_believed() -> None:
    page = article_page(
        f"<p>{SAID}</p><p>{SAID} More.</p>", '<link rel="canonical" href="https://bank.example/">'
    )
    assert only(said(reply(page))).url == PAGE


def test_a_text_cannot_take_the_id_or_the_address_of_another_article() -> None:
    text = f"---\nid: orrin\nurl: https://bank.example/a\ntitle: Lamp\n---\n{SAID}"
    article = only(said(reply(text, "text/markdown; charset=utf-8")))
    assert (article.url, article.title, article.text) == (PAGE, "Lamp", SAID)
    assert article.id.startswith("news-example/lamp-")


@pytest.mark.parametrize(
    ("body", "kind", "holds"),
    [
        ((FILES / "lamp.pdf").read_bytes(), "application/pdf", "The harbour paid 300 crowns"),
        ((FILES / "lamp.pdf").read_bytes(), "text/html", "The harbour paid 300 crowns"),
        ((FILES / "lamp.pdf").read_bytes(), "", "The harbour paid 300 crowns"),
        (LAMP.encode(), "text/plain", SAID),
        (LAMP.encode(), "application/octet-stream", SAID),
        (LAMP.encode(), "TEXT/HTML;charset=UTF-8", SAID),
        (
            b"\n<p>No doctype.</p>" * 9 + f"<article><p>{SAID}</p></article>".encode(),
            "application/xhtml+xml",
            SAID,
        ),
        (SAID.encode(), "text/plain", SAID),
        ((FILES / "oil.odt").read_bytes(), "application/vnd.oasis.opendocument.text", "300 crowns"),
        ((FILES / "oil.rtf").read_bytes(), "application/rtf", "300 crowns"),
        ((FILES / "oil.rtf").read_bytes(), "text/plain", "300 crowns"),
        (word(p(SAID)), online_docx := next(k for k, v in online._KINDS.items() if v == ".docx"), SAID),
    ],
)
def test_what_is_fetched_is_read_by_its_bytes_and_by_what_the_server_says(
    body: bytes, kind: str, holds: str
) -> None:
    assert holds in only(said(reply(body, kind))).text


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
    page = article_page(f"<p>Маяк {SAID}</p><p>{SAID}</p>", f'<meta charset="{in_page}">').encode(encoding)
    assert "Маяк" in only(said(reply(page, f"text/html; charset={charset}"))).text


def test_a_page_that_comes_packed_is_unpacked() -> None:
    assert SAID in only(said(reply(gzip.compress(LAMP.encode()), Content_Encoding="gzip"))).text


def test_a_body_without_a_length_ends_with_the_connection_and_one_in_chunks_with_its_last() -> None:
    assert SAID in only(said(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + LAMP.encode())).text
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = LAMP.encode()
    chunks = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    assert SAID in only(said(head + chunks)).text


@pytest.mark.parametrize("status", ["301 M", "302 M", "303 M", "307 M", "308 M"])
def test_redirects_are_followed(status: str) -> None:
    with web({"/old": moved("lamp", status), "/lamp": reply(LAMP)}) as served:
        assert only(fetched(served, "http://news.example/old")).url == PAGE


def test_proxies_in_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert SAID in only(said(reply(LAMP))).text


# --- what is not asked -------------------------------------------------------------------------------------


def test_by_default_this_machine_is_not_asked_even_by_a_name() -> None:
    with web({"/lamp": reply(LAMP)}) as served:
        why = reason(fetch_article(PAGE, resolve=served.resolve))
        assert "'news.example' leads to 127.0.0.1, which is not on the open internet" in why
    assert served.connections == 0


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.1", "[::ffff:127.0.0.1]", "169.254.169.254"]
)
def test_the_command_refuses_this_machine_and_its_network(
    host: str, capsys: pytest.CaptureFixture[str], private_home: Path
) -> None:
    assert main(["add", f"http://{host}/lamp"]) == 1
    out = capsys.readouterr()
    assert "not on the open internet" in out.err
    assert out.out == ""
    assert not private_home.exists()


def test_a_name_with_one_place_inside_is_not_asked_at_any() -> None:
    with web({"/lamp": reply(LAMP)}) as served:
        places = (served.place, (IPv4Address("10.0.0.1"), 80))
        for answers in (places, places[::-1]):
            why = reason(fetch_article(PAGE, resolve=lambda *_: answers, allowed=served.allowed))  # noqa: B023
            assert "leads to 10.0.0.1" in why
    assert served.connections == 0


def test_a_name_is_looked_up_once_and_asked_where_it_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []
    system = socket.getaddrinfo

    def spied(host: str, *more: object, **named: object) -> object:
        looked_up.append(host)
        return system(host, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", spied)
    with web({"/lamp": reply(LAMP)}) as served:
        answers = iter([(served.place,), ((IPv4Address("10.0.0.1"), 80),)])

        def rebound(host: str, port: int) -> tuple[Place, ...]:
            return next(answers)

        assert SAID in only(fetch_article(PAGE, resolve=rebound, allowed=served.allowed)).text
    assert set(looked_up) <= {str(LOOPBACK)}
    assert len(list(answers)) == 1


@pytest.mark.parametrize(
    "to",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "//192.168.0.1/",
        "http://2130706433/",
        "http://127.0.0.1:6379/",
        "http://x:y@news.example/lamp",
        "file:///etc/passwd",
        "gopher://news.example/",
    ],
)
def test_a_redirect_to_where_nothing_is_fetched_is_not_followed(to: str) -> None:
    with web({"/lamp": moved(to)}) as served:
        assert "\n" not in reason(fetched(served))
    assert len(served.asked) == 1


def test_each_name_that_a_redirect_leads_to_is_checked_anew() -> None:
    with web({"/lamp": moved("http://inside.example/")}) as served:
        places = {"news.example": served.place, "inside.example": (IPv4Address("192.168.0.1"), 80)}
        why = reason(fetch_article(PAGE, resolve=lambda host, _: (places[host],), allowed=served.allowed))
        assert why.startswith("at 'http://inside.example/' 'inside.example' leads to 192.168.0.1")


def test_redirects_without_end_are_given_up_on_and_five_are_not() -> None:
    says: dict[str, Say] = {f"/{n}": moved(f"/{n + 1}") for n in range(6)}
    with web(says | {"/6": reply(LAMP)}) as served:
        assert "redirects more than 5 times" in reason(fetched(served, "http://news.example/0"))
        assert only(fetched(served, "http://news.example/1")).url == "http://news.example/6"
    with web({"/lamp": moved(PAGE)}) as served:
        assert "redirects more than 5 times" in reason(fetched(served))
        assert len(served.asked) == 6


def test_a_redirect_without_an_address_says_so() -> None:
    assert "answers 302 Found without saying where to" in reason(said(reply(status="302 Found")))


# --- what is refused of what comes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("201 Created", "answers 201 Created"),
        ("204 No Content", "answers 204 No Content"),
        ("206 Partial Content", "answers 206 Partial Content"),
        ("300 Multiple Choices", "answers 300 Multiple Choices"),
        ("304 Not Modified", "answers 304 Not Modified"),
        ("401 Unauthorized", "answers 401 Unauthorized: save the page in a browser"),
        ("403 \x1b[31mred", "answers 403 Forbidden: save the page in a browser"),
        ("404 Not Found", "answers 404 Not Found: check the address"),
        ("429 Slow down", "answers 429 Too Many Requests: try again later"),
        ("503 Down", "answers 503 Service Unavailable: try again later"),
        ("799 Odd", "answers 799"),
    ],
)
def test_a_status_other_than_200_is_named(status: str, why: str) -> None:
    body = b"" if status[:3] in ("204", "304") else LAMP
    assert why in reason(said(reply(body, status=status)))


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (reply("{}", "application/json"), "is 'application/json', which is not read"),
        (reply("\x89PNG", "image/png"), "is 'image/png', which is not read"),
        (reply(b"PK\3\4", "application/zip"), "is 'application/zip', which is not read"),
        (reply(b"\1\2\3", ""), "does not say what it is"),
        (reply(b"\1\2\3", "application/octet-stream"), "does not say what it is"),
        (reply("<html></html>"), "no article found in this page"),
        (reply(""), "no article found in this page"),
        (reply(" \n", "text/plain"), "holds no words"),
        (reply(b"\0\1\2\xff" * 9, "text/plain"), "looks like a binary file"),
        (reply(LAMP, Content_Encoding="br"), "is packed as 'br', and gzip was asked for"),
        (reply(LAMP, Content_Encoding="gzip, gzip"), "is packed as 'gzip, gzip'"),
        (reply(LAMP, Content_Encoding="gzip"), "is damaged"),
        (reply(gzip.compress(LAMP.encode())[:-20], Content_Encoding="gzip"), "was cut off after"),
        (
            reply(gzip.compress(LAMP.encode()) + b"more", Content_Encoding="gzip"),
            "more behind its packed end",
        ),
        (reply(LAMP, length=len(LAMP) + 9), "cannot be fetched (peer closed connection"),
        (reply(LAMP, length=25_000_000), "is over 20 MB"),
        (reply(LAMP, Content_Length="-1"), "cannot be fetched ("),
        (reply(LAMP, Content_Length="9" * 40), "cannot be fetched ("),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n<html>", "cannot be fetched ("),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "cannot be fetched ("),
        (b"", "cannot be fetched (Server disconnected"),
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", "cannot be fetched ("),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", "cannot be fetched ("),
        (b"HTTP/1.1 200 OK\r\nA b\x1b[2J: 1\r\n\r\n", "cannot be fetched ("),
    ],
)
def test_a_reply_that_cannot_be_used_is_one_line(what: bytes, why: str) -> None:
    found = reason(said(what))
    assert why in found
    assert found.isprintable()


def endless(head: bytes, again: bytes) -> Callable[[socket.socket], None]:
    def say(one: socket.socket) -> None:
        one.sendall(head)
        while True:
            one.sendall(again)

    return say


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def test_a_body_without_end_is_given_up_on_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "FILE_BYTES", 1_000_000)
    assert "is over 1 MB" in reason(said(endless(HEAD + b"\r\n", b"<p>more</p>" * 1000)))
    chunk = b"800\r\n" + b"x" * 2048 + b"\r\n"
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    assert "is over 1 MB" in reason(said(endless(chunked, chunk * 100)))


@pytest.mark.parametrize("head", [HEAD, HEAD + b"A: ", b"HTTP/1.1 "])
def test_headers_without_end_are_given_up_on(head: bytes) -> None:
    assert "cannot be fetched (" in reason(
        said(endless(head, b"a: b\r\n" * 100 if head is HEAD else b"a" * 1000))
    )


def test_a_bomb_is_not_unpacked_past_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    make = zlib.decompressobj

    class Watched:
        def __init__(self, bits: int) -> None:
            self._inner = make(bits)

        def __getattr__(self, name: str) -> object:
            return getattr(self._inner, name)

        def decompress(self, data: bytes, most: int) -> bytes:
            out = self._inner.decompress(data, most)
            asked.append(len(out))
            return out

    monkeypatch.setattr(zlib, "decompressobj", Watched)
    monkeypatch.setattr(documents, "FILE_BYTES", 1_000_000)
    bomb = gzip.compress(b"\0" * 100_000_000)
    assert "is over 1 MB" in reason(said(reply(bomb, Content_Encoding="gzip")))
    assert sum(asked) == 1_000_001


def dripping(head: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    def say(one: socket.socket) -> None:
        one.sendall(head)
        while True:
            one.sendall(drop)
            time.sleep(0.05)

    return say


@pytest.mark.parametrize(
    "say",
    [
        dripping(HEAD + b"\r\n", b"x"),
        dripping(b"", b"a"),
        dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        lambda one: one.recv(1),
    ],
    ids=["body", "status line", "chunks", "informational", "silence"],
)
def test_a_server_that_drips_cannot_outlast_the_time_for_all(
    say: Callable[[socket.socket], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0.6)
    assert "not whole within" in reason(said(say))


def test_redirects_share_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0.6)

    def late(one: socket.socket) -> None:
        time.sleep(0.25)
        one.sendall(moved(PAGE))

    assert "not whole within" in reason(said(late))


def test_a_name_that_is_looked_up_without_end_is_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0.3)
    end = threading.Event()

    def stuck(host: str, port: int) -> tuple[Place, ...]:
        end.wait()
        return ()

    assert "not whole within" in reason(fetch_article(PAGE, resolve=stuck))
    end.set()


def test_a_name_that_is_not_known_and_a_server_that_is_not_there_are_named() -> None:
    def unknown(host: str, port: int) -> tuple[Place, ...]:
        raise socket.gaierror(-2, "Name or service not known")

    assert "the name 'news.example' is not known" in reason(fetch_article(PAGE, resolve=unknown))
    assert "has no address" in reason(fetch_article(PAGE, resolve=lambda *_: ()))
    with web({}) as served:
        pass
    assert "Connection refused" in reason(fetched(served))


def test_the_second_place_of_a_name_is_asked_where_the_first_is_closed() -> None:
    with web({}) as closed:
        pass
    with web({"/lamp": reply(LAMP)}) as served:
        both = (closed.place, served.place)
        assert SAID in only(fetch_article(PAGE, resolve=lambda *_: both, allowed=served.allowed)).text


# --- TLS ---------------------------------------------------------------------------------------------------

SAFE = "https://news.example/lamp"


def test_a_certificate_is_checked_for_the_name_and_not_for_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certified(tmp_path, "news.example")
    with web({"/lamp": reply(LAMP)}, secure=context) as served:
        assert "CERTIFICATE_VERIFY_FAILED" in reason(fetched(served, SAFE))
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert only(fetched(served, SAFE)).url == SAFE
        assert "CERTIFICATE_VERIFY_FAILED" in reason(fetched(served, "https://other.example/lamp"))
    assert len(served.asked) == 1


def test_a_redirect_never_leads_from_https_down_to_http(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certified(tmp_path, "news.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with web({"/lamp": moved("http://news.example/lamp")}, secure=context) as served:
        assert "redirects from https down to 'http://news.example/lamp'" in reason(fetched(served, SAFE))


def slow_handshake(one: socket.socket) -> None:
    one.sendall(b"\x16\x03\x03\x40\x00")  # a record of 16 KB begins
    while True:
        one.sendall(b"\0")
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("say", "why"),
    [
        (lambda one: one.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "cannot be fetched ("),
        (lambda one: one.recv(9999) and one.recv(1), "no connection within"),
        (slow_handshake, "no connection within"),
    ],
    ids=["plain", "silence", "drip"],
)
def test_a_server_that_does_not_come_to_speak_tls_is_given_up_on(
    say: Callable[[socket.socket], None], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "CONNECT_S", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def answer() -> None:
            with plain.accept()[0] as one, suppress(OSError):
                one.settimeout(20)
                say(one)

        running = threading.Thread(target=answer)
        running.start()
        place = (LOOPBACK, plain.getsockname()[1])
        assert why in reason(fetch_article(SAFE, resolve=lambda *_: (place,), allowed=lambda _: True))
        running.join()


# --- the command -------------------------------------------------------------------------------------------


def test_an_address_is_added_beside_files_and_added_again_is_updated(
    capsys: pytest.CaptureFixture[str], private_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "oil.txt"
    file.write_text("The oil of Orrin came over the ice.")
    with web({"/lamp": reply(LAMP)}) as served:
        monkeypatch.setattr(online, "fetch_article", lambda address: fetched(served, address))
        assert articles.add([PAGE, str(file)], index=None)
        served.says["/lamp"] = reply(LAMP.replace("And more", "And much more"))
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
    said = capsys.readouterr().err
    assert "an address, and a corpus is files: put it into an index with `pincite add`" in said
    assert "secret" not in said
