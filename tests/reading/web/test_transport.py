"""Deadlines, endpoints and TLS, against a server that takes its time."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from rag.reading.web.article import fetch_article
from rag.reading.web.download import DownloadLimits
from rag.reading.web.transport import Endpoint
from tests.support.files import SENTENCE, only, reason
from tests.support.web_server import (
    LAMP_PAGE,
    LOOPBACK,
    PAGE,
    certified,
    fetch_from,
    fetch_reply,
    moved,
    reply,
    web,
)

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def dripping(head: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(drop)
            time.sleep(0.05)

    return send


@pytest.mark.parametrize(
    "answer",
    [
        dripping(HEAD + b"\r\n", b"x"),
        dripping(b"", b"a"),
        dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        lambda connection: connection.recv(1),
    ],
    ids=["body", "status line", "chunks", "informational", "silence"],
)
def test_a_server_that_drips_cannot_outlast_the_time_for_all(
    answer: Callable[[socket.socket], None],
) -> None:
    assert "not whole within" in reason(fetch_reply(answer, limits=DownloadLimits(seconds=0.6)))


def test_redirects_share_one_time() -> None:
    def late(connection: socket.socket) -> None:
        time.sleep(0.25)
        connection.sendall(moved(PAGE))

    assert "not whole within" in reason(fetch_reply(late, limits=DownloadLimits(seconds=0.6)))


def test_a_name_that_is_looked_up_without_end_is_given_up_on() -> None:
    end = threading.Event()

    def stuck(host: str, port: int) -> tuple[Endpoint, ...]:
        end.wait()
        return ()

    assert "not whole within" in reason(
        fetch_article(PAGE, resolve=stuck, limits=DownloadLimits(seconds=0.3))
    )
    end.set()


def test_a_name_that_is_not_known_and_a_server_that_is_not_there_are_named() -> None:
    def unknown(host: str, port: int) -> tuple[Endpoint, ...]:
        raise socket.gaierror(-2, "Name or service not known")

    assert "the name 'news.example' is not known" in reason(fetch_article(PAGE, resolve=unknown))
    assert "has no address" in reason(fetch_article(PAGE, resolve=lambda *_: ()))
    with web({}) as served:
        pass
    assert "Connection refused" in reason(fetch_from(served))


def test_the_second_place_of_a_name_is_asked_where_the_first_is_closed() -> None:
    with web({}) as closed:
        pass
    with web({"/lamp": reply(LAMP_PAGE)}) as served:
        both = (closed.endpoint, served.endpoint)
        assert SENTENCE in only(fetch_article(PAGE, resolve=lambda *_: both, allowed=served.allowed)).text


# --- TLS ---------------------------------------------------------------------------------------------------


SAFE = "https://news.example/lamp"


def test_a_certificate_is_checked_for_the_name_and_not_for_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certified(tmp_path, "news.example")
    with web({"/lamp": reply(LAMP_PAGE)}, secure=context) as served:
        assert "CERTIFICATE_VERIFY_FAILED" in reason(fetch_from(served, SAFE))
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert only(fetch_from(served, SAFE)).url == SAFE
        assert "CERTIFICATE_VERIFY_FAILED" in reason(fetch_from(served, "https://other.example/lamp"))
    assert len(served.requests) == 1


def test_a_redirect_never_leads_from_https_down_to_http(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certified(tmp_path, "news.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with web({"/lamp": moved("http://news.example/lamp")}, secure=context) as served:
        assert "redirects from https down to 'http://news.example/lamp'" in reason(fetch_from(served, SAFE))


def slow_handshake(connection: socket.socket) -> None:
    connection.sendall(b"\x16\x03\x03\x40\x00")  # a record of 16 KB begins
    while True:
        connection.sendall(b"\0")
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "cannot be fetched ("),
        (lambda connection: connection.recv(9999) and connection.recv(1), "no connection within"),
        (slow_handshake, "no connection within"),
    ],
    ids=["plain", "silence", "drip"],
)
def test_a_server_that_does_not_come_to_speak_tls_is_given_up_on(
    answer: Callable[[socket.socket], None], why: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def serve() -> None:
            with plain.accept()[0] as connection, suppress(OSError):
                connection.settimeout(20)
                answer(connection)

        server = threading.Thread(target=serve)
        server.start()
        endpoint = (LOOPBACK, plain.getsockname()[1])
        result = fetch_article(
            SAFE,
            resolve=lambda *_: (endpoint,),
            allowed=lambda _: True,
            limits=DownloadLimits(connect_s=0.4),
        )
        assert why in reason(result)
        server.join()
