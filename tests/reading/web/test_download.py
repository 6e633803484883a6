"""Which addresses no request is sent to, and what is refused of the replies of a server that means ill."""

import gzip
import socket
import zlib
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from rag.reading.documents import FileLimits
from rag.reading.web.article import fetch_article
from rag.reading.web.transport import Endpoint
from tests.support.files import SENTENCE, only, reason
from tests.support.web_server import (
    LAMP_PAGE,
    LOOPBACK,
    PAGE,
    Answer,
    fetch_from,
    fetch_reply,
    moved,
    reply,
    web,
)
from ui.cli import main


def test_by_default_this_machine_is_not_asked_even_by_a_name() -> None:
    with web({"/lamp": reply(LAMP_PAGE)}) as served:
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
    with web({"/lamp": reply(LAMP_PAGE)}) as served:
        endpoints = (served.endpoint, (IPv4Address("10.0.0.1"), 80))
        for answers in (endpoints, endpoints[::-1]):
            why = reason(fetch_article(PAGE, resolve=lambda *_: answers, allowed=served.allowed))  # noqa: B023
            assert "leads to 10.0.0.1" in why
    assert served.connections == 0


def test_a_name_is_looked_up_once_and_asked_where_it_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []
    system = socket.getaddrinfo

    def spied(host: str, *arguments: object, **options: object) -> object:
        looked_up.append(host)
        return system(host, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", spied)
    with web({"/lamp": reply(LAMP_PAGE)}) as served:
        answers = iter([(served.endpoint,), ((IPv4Address("10.0.0.1"), 80),)])

        def rebound(host: str, port: int) -> tuple[Endpoint, ...]:
            return next(answers)

        assert SENTENCE in only(fetch_article(PAGE, resolve=rebound, allowed=served.allowed)).text
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
        assert "\n" not in reason(fetch_from(served))
    assert len(served.requests) == 1


def test_each_name_that_a_redirect_leads_to_is_checked_anew() -> None:
    with web({"/lamp": moved("http://inside.example/")}) as served:
        endpoints = {"news.example": served.endpoint, "inside.example": (IPv4Address("192.168.0.1"), 80)}
        why = reason(fetch_article(PAGE, resolve=lambda host, _: (endpoints[host],), allowed=served.allowed))
        assert why.startswith("at 'http://inside.example/' 'inside.example' leads to 192.168.0.1")


def test_redirects_without_end_are_given_up_on_and_five_are_not() -> None:
    answers: dict[str, Answer] = {f"/{n}": moved(f"/{n + 1}") for n in range(6)}
    with web(answers | {"/6": reply(LAMP_PAGE)}) as served:
        assert "redirects more than 5 times" in reason(fetch_from(served, "http://news.example/0"))
        assert only(fetch_from(served, "http://news.example/1")).url == "http://news.example/6"
    with web({"/lamp": moved(PAGE)}) as served:
        assert "redirects more than 5 times" in reason(fetch_from(served))
        assert len(served.requests) == 6


def test_a_redirect_without_an_address_says_so() -> None:
    assert "answers 302 Found without saying where to" in reason(fetch_reply(reply(status="302 Found")))


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
    body = b"" if status[:3] in ("204", "304") else LAMP_PAGE
    assert why in reason(fetch_reply(reply(body, status=status)))


@pytest.mark.parametrize(
    ("answer", "why"),
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
        (reply(LAMP_PAGE, Content_Encoding="br"), "is packed as 'br', and gzip was asked for"),
        (reply(LAMP_PAGE, Content_Encoding="gzip, gzip"), "is packed as 'gzip, gzip'"),
        (reply(LAMP_PAGE, Content_Encoding="gzip"), "is damaged"),
        (reply(gzip.compress(LAMP_PAGE.encode())[:-20], Content_Encoding="gzip"), "was cut off after"),
        (
            reply(gzip.compress(LAMP_PAGE.encode()) + b"more", Content_Encoding="gzip"),
            "more behind its packed end",
        ),
        (reply(LAMP_PAGE, length=len(LAMP_PAGE) + 9), "cannot be fetched (peer closed connection"),
        (reply(LAMP_PAGE, length=25_000_000), "is over 20 MB"),
        (reply(LAMP_PAGE, Content_Length="-1"), "cannot be fetched ("),
        (reply(LAMP_PAGE, Content_Length="9" * 40), "cannot be fetched ("),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n<html>", "cannot be fetched ("),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "cannot be fetched ("),
        (b"", "cannot be fetched (Server disconnected"),
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", "cannot be fetched ("),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", "cannot be fetched ("),
        (b"HTTP/1.1 200 OK\r\nA b\x1b[2J: 1\r\n\r\n", "cannot be fetched ("),
    ],
)
def test_a_reply_that_cannot_be_used_is_one_line(answer: bytes, why: str) -> None:
    message = reason(fetch_reply(answer))
    assert why in message
    assert message.isprintable()


def endless(head: bytes, repeated: bytes) -> Callable[[socket.socket], None]:
    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(repeated)

    return send


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
ONE_MB = FileLimits(file_bytes=1_000_000)


def test_a_body_without_end_is_given_up_on_at_the_limit() -> None:
    plain = endless(HEAD + b"\r\n", b"<p>more</p>" * 1000)
    assert "is over 1 MB" in reason(fetch_reply(plain, file_limits=ONE_MB))
    chunk = b"800\r\n" + b"x" * 2048 + b"\r\n"
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    assert "is over 1 MB" in reason(fetch_reply(endless(chunked, chunk * 100), file_limits=ONE_MB))


@pytest.mark.parametrize("head", [HEAD, HEAD + b"A: ", b"HTTP/1.1 "])
def test_headers_without_end_are_given_up_on(head: bytes) -> None:
    assert "cannot be fetched (" in reason(
        fetch_reply(endless(head, b"a: b\r\n" * 100 if head is HEAD else b"a" * 1000))
    )


def test_a_bomb_is_not_unpacked_past_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    make = zlib.decompressobj

    class Watched:
        def __init__(self, bits: int) -> None:
            self._inner = make(bits)

        def __getattr__(self, name: str) -> object:
            return getattr(self._inner, name)

        def decompress(self, data: bytes, most: int) -> bytes:
            out = self._inner.decompress(data, most)
            sizes.append(len(out))
            return out

    monkeypatch.setattr(zlib, "decompressobj", Watched)
    bomb = gzip.compress(b"\0" * 100_000_000)
    assert "is over 1 MB" in reason(fetch_reply(reply(bomb, Content_Encoding="gzip"), file_limits=ONE_MB))
    assert sum(sizes) == 1_000_001
