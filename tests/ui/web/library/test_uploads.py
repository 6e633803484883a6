"""What a visitor sends is read apart from the server: it harms nobody, and ends with whoever waited for it."""

import html
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import httpx
import pytest

from rag.reading.sandbox import READER, SANDBOX_LIMITS, SandboxedReader, SandboxLimits
from tests.support.browser_chat import site
from tests.support.files import SENTENCE, endless_pdf
from tests.support.opened_page import Opened
from tests.support.servers import free_port
from tests.support.waiting import wait_until
from ui.web.library import visitor_articles
from ui.web.library.uploads import Upload, from_file

PLAIN = b"The keepers of Orrin kept a log. It lies in the harbour."


@contextmanager
def visitor(address: str, *, timeout: float = 60) -> Iterator[httpx.Client]:
    """A browser that has opened the page."""
    with httpx.Client(base_url=address, timeout=timeout) as found:
        found.get("/")
        yield found


def sent(by: httpx.Client, name: str, data: bytes) -> str:
    """What the page is told of a file that is added."""
    return html.unescape(Opened(by).add(name, data))


def given(name: str, data: bytes) -> Upload:
    """An upload where nothing can be read apart, as that is closed."""
    closed = SandboxedReader()
    closed.close()
    return from_file(name, data, whose="a", limit=10_000_000, apart=closed)


@pytest.mark.slow
def test_while_a_hostile_file_is_read_others_are_answered_and_then_it_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]
) -> None:
    limits = SandboxLimits(seconds=8)
    monkeypatch.setattr(visitor_articles, "SandboxedReader", partial(SandboxedReader, limits))
    with (
        site(tmp_path / "home", monkeypatch) as address,
        visitor(address) as one,
        visitor(address) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        reading = pool.submit(sent, one, "scan.pdf", endless_pdf())
        wait_until(lambda: len(started) == 1)
        assert "Added “log”." in sent(other, "log.txt", PLAIN)
        assert other.get("/").status_code == 200
        assert not reading.done()
        told = reading.result()
        assert "'scan.pdf': not read within 8 s: split it, or save its text as .txt" in told
        assert "Added" not in told
        assert "log.pdf" in sent(one, "log.pdf", b"%PDF")
    assert [process.returncode is None for process in started] == [False, False]


def test_a_crash_on_a_file_is_one_line_and_the_server_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = f"import ctypes; sys.argv[1].endswith('.docx') and ctypes.string_at(0); {READER}"
    monkeypatch.setattr(
        visitor_articles, "SandboxedReader", partial(SandboxedReader, reader=f"import sys; {code}")
    )
    with site(tmp_path / "home", monkeypatch) as address, visitor(address) as one:
        said = sent(one, "a.docx", b"PK")
        assert "'a.docx': its reader crashed (SIGSEGV): save it anew, or its text as .txt" in said
        page = f"<html><body><article><h1>Lamp</h1><p>{SENTENCE}</p></article></body></html>"
        assert "Added “Lamp”." in sent(one, "a.html", page.encode())


@pytest.mark.slow
def test_a_file_whose_visitor_goes_away_is_read_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]
) -> None:
    with site(tmp_path / "home", monkeypatch) as address:
        with visitor(address, timeout=1) as one, suppress(httpx.ReadTimeout):
            sent(one, "a.pdf", endless_pdf())
        wait_until(lambda: len(started) == 1 and started[0].returncode is not None)
        assert started[0].returncode == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one that was killed leaves it for a minute")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_server_that_ends_leaves_no_reader_behind(tmp_path: Path, how: signal.Signals) -> None:
    port = free_port()
    command = [sys.executable, "-m", "ui.cli", "serve", "--model", "quotes", "--port", str(port)]
    environment = {**os.environ, "PINCITE_HOME": str(tmp_path)}

    def readers() -> list[str]:
        listed = subprocess.run(
            ["ps", "-ww", "-A", "-o", "pid=,stat=,args="], capture_output=True, text=True
        ).stdout
        ours = [
            line for line in listed.splitlines() if "rag.reading.sandbox" in line and str(tmp_path) in line
        ]
        return [line for line in ours if not line.split()[1].startswith("Z")]

    with (
        subprocess.Popen(
            command,
            env=environment | {"TMPDIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as server,
        ThreadPoolExecutor(1) as pool,
    ):
        try:
            assert server.stdout
            while "Ctrl-C ends it" not in (line := server.stdout.readline()):
                assert line, "the server ended before it began"
            with visitor(f"http://127.0.0.1:{port}") as one:
                reading = pool.submit(sent, one, "a.pdf", endless_pdf())
                wait_until(lambda: len(readers()) == 1)
                began = time.monotonic()
                server.send_signal(how)
                _, errors = server.communicate(timeout=30)
                assert time.monotonic() - began < SANDBOX_LIMITS.seconds
                assert reading.exception() is not None
        finally:
            server.kill()
    wait_until(lambda: readers() == [])
    assert errors == ""


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.TXT"])
@pytest.mark.parametrize("data", [PLAIN, b"\xef\xbb\xbf# Orrin\n\nA log.", "Öl brennt.".encode()])
def test_short_plain_text_waits_for_no_other_file(name: str, data: bytes) -> None:
    upload = given(name, data)
    assert len(upload.articles) == 1
    assert upload.problems == ()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.md", b"---\ntitle: a\n---\nOne."),
        ("a.md", b"\xef\xbb\xbf---\ntitle: a\n---\nOne."),
        ("a.md", b"\x01---\ntitle: a\n---\nOne."),
        ("a.txt", b"caf\xe9 in the evening light"),
        ("a.txt", PLAIN * 20_000),
        ("a.html", PLAIN),
        ("a.csv", b"text\nOne."),
        ("a.jsonl", b'{"text": "One."}'),
    ],
)
def test_all_else_is_read_apart(name: str, data: bytes) -> None:
    assert given(name, data) == Upload(
        (), (f"{name!r}: was not read to its end, as nobody waited for it: send it again",)
    )
