"""Files read in a process of their own: the same articles, and what a hostile one costs."""

import json
import logging
import os
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from rag.reading import sandbox as apart
from rag.reading.articles import ReadResult, read_articles
from rag.reading.sandbox import SandboxedReader
from rag.system import child_process as child
from rag.system.paths import shipped_corpus
from tests.reading.test_articles import reason, write
from tests.reading.test_documents import FILES, SAID, article_page, book, locked, p, printed, word, zipped

KINDS: dict[str, bytes | str] = {
    "a.txt": "Page one.\x0cThe café’s last page.".encode("cp1252"),
    "b.md": "---\ntitle: The lamp\ndate: 2024-03-02\nurl: https://o.example\n---\n# Lamp\n\nIt held\u202e.\n",
    "broken.md": "---\ntitle: [\n---\nOne.",
    "a.html": article_page(f"<h1>The lamp</h1><p>{SAID}</p>"),
    "a.pdf": printed(SAID, "", f"{SAID} 😀"[:90]),
    "cut.pdf": printed(SAID)[:400],
    "secret.pdf": locked(user="secret"),
    "a.docx": word(p("The lamp", "Titel") + p(SAID)),
    "a.epub": book(f"<h1>One</h1><p>{SAID}</p>", "<p>Two.</p>"),
    "a.csv": "id,title,date,text\nl1,Lamp,2024-03-02,It went out.\nl2,Oil,soon,It burnt.\n",
    "a.jsonl": '{"id": "a", "text": "One.\\u2028Two \\ud83d\\ude00"}\n{broken\n\n{"id": "a", "text": "2."}\n{"id": 7}',
    "a.zip": zipped(
        {"a.txt": "One.", "b/c.html": article_page(f"<p>{SAID}</p>"), "bad.pdf": "no", "x.png": "p"}
    ),
    "empty.zip": zipped({}),
    "void.txt": b"",
    "x.exe": b"MZ",
}


def endless() -> bytes:
    """A PDF of a few kilobytes that takes an hour to read: a thousand pages with one long drawing."""
    drawn = b"BT /F1 9 Tf 12 TL 40 800 Td " + b"(x) Tj T* " * 400_000 + b"ET"
    packed = zlib.compress(drawn, 9)
    plain = printed(SAID)
    head, _, after = plain.partition(b"5 0 obj")
    head = head.replace(b"/Kids [4 0 R] /Count 1", b"/Kids [" + b"4 0 R " * 1000 + b"] /Count 1000")
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    return head + b"5 0 obj\n" + stream + b"\nendobj\n" + after.partition(b"endobj\n")[2]


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)


def read(file: Path) -> ReadResult:
    return SandboxedReader().read(file, whose="ada")


def told(reading: ReadResult) -> tuple[object, ...]:
    return reading.articles, [str(error) for error in reading.errors], reading.warnings


@pytest.mark.parametrize(
    "name", [*KINDS, "lamp.html", "lamp.odt", "lamp.pdf", "oil.md", "oil.rtf", "none.txt"]
)
def test_every_kind_of_file_gives_the_same_as_in_this_process(tmp_path: Path, name: str) -> None:
    file = write(tmp_path / name, KINDS[name]) if name in KINDS else FILES / name
    reading = read(file)
    assert told(reading) == told(read_articles(file))
    assert reading.articles or reading.errors


def test_a_folder_gives_the_same_too() -> None:
    reading = read(shipped_corpus())
    assert reading.articles
    assert told(reading) == told(read_articles(shipped_corpus()))


def test_a_pdf_made_to_burn_time_is_given_up_at_the_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]
) -> None:
    monkeypatch.setattr(apart, "SECONDS", 1)
    reading = read(write(tmp_path / "a.pdf", endless()))
    assert reason(reading).endswith("not read within 1 s: split it, or save its text as .txt")
    assert [one.returncode for one in started] == [-9]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import os; os.kill(os.getpid(), 11)", "its reader crashed (SIGSEGV): save it anew"),
        ("raise RuntimeError('a secret')", "its reader failed (status 1): save it anew"),
        ("", "its reader failed (status 0)"),
        ("print('[]')", "its reader failed (status 0)"),
        ("print('[' * 1000)", "its reader failed (status 0)"),
        ("""print('{"articles": 2, "errors": [], "warnings": []}')""", "its reader failed (status 0)"),
        (
            """print('{"articles": 1, "errors": [], "warnings": []}\\n{"id": 1}')""",
            "its reader failed (status 0)",
        ),
        ("sys.stdout.buffer.write(b'\\xff\\n')", "its reader failed (status 0)"),
        ("print('x' * 3000)", "holds over 0 MB of text: split it"),
    ],
)
def test_a_reader_that_crashes_or_lies_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, why: str
) -> None:
    monkeypatch.setattr(apart, "_CODE", code)
    monkeypatch.setattr(apart, "SAID_BYTES", 2000)
    reading = read(write(tmp_path / "a.txt", "One."))
    assert why in reason(reading)
    assert "secret" not in reason(reading)
    assert len(str(reading.errors[0]).splitlines()) == 1


def test_what_a_reader_complains_of_is_in_the_log_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(apart, "_CODE", "sys.stderr.write('no\\n\\x1b[2J such font'); " + apart._CODE)
    with caplog.at_level(logging.WARNING):
        reading = read(write(tmp_path / "a.txt", "One."))
    assert [article.text for article in reading.articles] == ["One."]
    assert caplog.messages == ["reading a file: no [2J such font"]


def test_what_a_library_prints_does_not_come_between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loud = (
        "import os, rag.reading.sandbox as apart; reads = apart.read_articles\n"
        "apart.read_articles = lambda path: (os.write(1, b'hello'), reads(path))[1]\napart.main()"
    )
    monkeypatch.setattr(apart, "_CODE", loud)
    assert [one.text for one in read(write(tmp_path / "a.txt", "One.")).articles] == ["One."]


@pytest.mark.skipif(sys.platform != "linux", reason="other platforms do not say what memory a process takes")
@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_a_file_that_takes_too_much_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(apart, "MEMORY_BYTES", 60_000_000)
    content = "".join(f"<p>{number} {SAID} 😀</p>" for number in range(100_000))
    reading = read(write(tmp_path / name, content))
    assert "takes over 60 MB of memory to read: split it" in reason(reading)


def test_some_are_read_at_once_some_wait_and_the_rest_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]
) -> None:
    monkeypatch.setattr(apart, "AT_ONCE", 1)
    monkeypatch.setattr(apart, "WAITING", 1)
    reader, first = SandboxedReader(), Event()
    slow, quick = write(tmp_path / "a.pdf", endless()), write(tmp_path / "b.txt", "One.")
    with ThreadPoolExecutor(2) as pool:
        reading = pool.submit(reader.read, slow, whose="ada", unwanted=first)
        until(lambda: len(started) == 1)
        waiting = pool.submit(reader.read, quick, whose="bob")
        until(lambda: len(reader._line) == 2)
        assert "2 files are read or wait: try again" in reason(reader.read(quick, whose="cyd"))
        assert len(started) == 1
        first.set()
        assert "nobody waited for it" in reason(reading.result())
        assert [article.text for article in waiting.result().articles] == ["One."]
    assert all(one.returncode is not None for one in started)
    assert reader._line == []


def test_one_visitor_s_files_leave_room_for_those_of_others(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    reader = SandboxedReader()
    slow, quick = write(tmp_path / "a.pdf", endless()), write(tmp_path / "b.txt", "One.")
    with ThreadPoolExecutor(apart.OWN) as pool:
        readings = [pool.submit(reader.read, slow, whose="ada") for _ in range(apart.OWN)]
        until(lambda: len(started) == 1 and len(reader._line) == apart.OWN)
        assert "4 files of yours are read or wait" in reason(reader.read(quick, whose="ada"))
        assert [article.text for article in reader.read(quick, whose="bob").articles] == ["One."]
        assert not any(one.done() for one in readings)
        reader.close()
    assert len(started) == 2


def test_one_that_waits_is_told_at_the_deadline_and_one_that_nobody_wants_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]
) -> None:
    monkeypatch.setattr(apart, "AT_ONCE", 0)
    reader, unwanted = SandboxedReader(), Event()
    file = write(tmp_path / "a.txt", "One.")
    threading.Timer(0.1, unwanted.set).start()
    assert "nobody waited for it" in reason(reader.read(file, whose="ada", unwanted=unwanted))
    monkeypatch.setattr(apart, "SECONDS", 0)
    late = reader.read(file, whose="ada")
    assert "not begun within 0 s, as others are being read: try again" in reason(late)
    assert started == []
    assert reader._line == []


def test_nothing_is_left_running_once_it_is_closed(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    reader = SandboxedReader()
    file = write(tmp_path / "a.pdf", endless())
    with ThreadPoolExecutor(4) as pool:
        readings = [pool.submit(reader.read, file, whose=name) for name in ("ada", "bob", "cyd", "dee")]
        until(lambda: len(started) == 2 and len(reader._line) == 4)
        reader.close()
        after = reader.read(file, whose="eve")
        assert {reason(one.result()) for one in readings} == {reason(after)}
    assert len(started) == 2
    for one in started:
        with pytest.raises(ProcessLookupError):
            os.kill(one.pid, 0)


def test_where_no_process_can_be_started_it_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    reading = read(write(tmp_path / "a.txt", "One."))
    assert "cannot be read now (No such file or directory)" in reason(reading)


def test_what_comes_back_is_plain_json(tmp_path: Path) -> None:
    given = (str(write(tmp_path / "a.txt", "One.")), str(os.getpid()), "60", "900000000")
    said = child.run(apart._CODE, *given, seconds=60, said_bytes=999)
    head, article, end = said.said.split(b"\n")
    assert json.loads(head) == {"articles": 1, "errors": [], "warnings": []}
    assert json.loads(article)["text"] == "One."
    assert end == b""
