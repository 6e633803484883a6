"""Files read in a process of their own: the same articles, and what a hostile one costs."""

import json
import logging
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from rag.reading.articles import ReadResult, read_articles
from rag.reading.sandbox import READER, SANDBOX_LIMITS, SandboxedReader, SandboxLimits
from rag.system import child_process as child
from rag.system.paths import shipped_corpus
from tests.support.files import (
    FILES,
    SENTENCE,
    docx_file,
    docx_paragraph,
    encrypted_pdf,
    endless_pdf,
    epub_file,
    html_page,
    pdf_file,
    reason,
    write,
    zip_file,
)
from tests.support.waiting import wait_until

KINDS: dict[str, bytes | str] = {
    "a.txt": "Page one.\x0cThe café’s last page.".encode("cp1252"),
    "b.md": "---\ntitle: The lamp\ndate: 2024-03-02\nurl: https://o.example\n---\n# Lamp\n\nIt held\u202e.\n",
    "broken.md": "---\ntitle: [\n---\nOne.",
    "a.html": html_page(f"<h1>The lamp</h1><p>{SENTENCE}</p>"),
    "a.pdf": pdf_file(SENTENCE, "", f"{SENTENCE} 😀"[:90]),
    "cut.pdf": pdf_file(SENTENCE)[:400],
    "secret.pdf": encrypted_pdf(opens_with="secret"),
    "a.docx": docx_file(docx_paragraph("The lamp", "Titel") + docx_paragraph(SENTENCE)),
    "a.epub": epub_file(f"<h1>One</h1><p>{SENTENCE}</p>", "<p>Two.</p>"),
    "a.csv": "id,title,date,text\nl1,Lamp,2024-03-02,It went out.\nl2,Oil,soon,It burnt.\n",
    "a.jsonl": '{"id": "a", "text": "One.\\u2028Two \\ud83d\\ude00"}\n{broken\n\n{"id": "a", "text": "2."}\n{"id": 7}',
    "a.zip": zip_file(
        {"a.txt": "One.", "b/c.html": html_page(f"<p>{SENTENCE}</p>"), "bad.pdf": "no", "x.png": "p"}
    ),
    "empty.zip": zip_file({}),
    "void.txt": b"",
    "x.exe": b"MZ",
}


def read(file: Path, limits: SandboxLimits = SANDBOX_LIMITS, *, reader: str = READER) -> ReadResult:
    return SandboxedReader(limits, reader=reader).read(file, visitor="ada")


def as_tuple(result: ReadResult) -> tuple[object, ...]:
    return result.articles, [str(error) for error in result.errors], result.warnings


@pytest.mark.parametrize(
    "name", [*KINDS, "lamp.html", "lamp.odt", "lamp.pdf", "oil.md", "oil.rtf", "none.txt"]
)
def test_every_kind_of_file_gives_the_same_as_in_this_process(tmp_path: Path, name: str) -> None:
    file = write(tmp_path / name, KINDS[name]) if name in KINDS else FILES / name
    result = read(file)
    assert as_tuple(result) == as_tuple(read_articles(file))
    assert result.articles or result.errors


def test_a_folder_gives_the_same_too() -> None:
    result = read(shipped_corpus())
    assert result.articles
    assert as_tuple(result) == as_tuple(read_articles(shipped_corpus()))


def test_a_pdf_made_to_burn_time_is_given_up_at_the_deadline(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    result = read(write(tmp_path / "a.pdf", endless_pdf()), SandboxLimits(seconds=1))
    assert reason(result).endswith("not read within 1 s: split it, or save its text as .txt")
    assert [process.returncode for process in started] == [-9]


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
def test_a_reader_that_crashes_or_lies_is_one_line(tmp_path: Path, code: str, why: str) -> None:
    result = read(write(tmp_path / "a.txt", "One."), SandboxLimits(output_bytes=2000), reader=code)
    assert why in reason(result)
    assert "secret" not in reason(result)
    assert len(str(result.errors[0]).splitlines()) == 1


def test_what_a_reader_complains_of_is_in_the_log_in_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    code = "sys.stderr.write('no\\n\\x1b[2J such font'); " + READER
    with caplog.at_level(logging.WARNING):
        result = read(write(tmp_path / "a.txt", "One."), reader=code)
    assert [article.text for article in result.articles] == ["One."]
    assert caplog.messages == ["reading a file: no [2J such font"]


def test_what_a_library_prints_does_not_come_between(tmp_path: Path) -> None:
    loud = (
        "import os, rag.reading.sandbox as sandbox; reads = sandbox.read_articles\n"
        "sandbox.read_articles = lambda path: (os.write(1, b'hello'), reads(path))[1]\nsandbox.main()"
    )
    result = read(write(tmp_path / "a.txt", "One."), reader=loud)
    assert [article.text for article in result.articles] == ["One."]


@pytest.mark.skipif(sys.platform != "linux", reason="other platforms do not say what memory a process takes")
@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_a_file_that_takes_too_much_memory_is_refused(tmp_path: Path, name: str) -> None:
    content = "".join(f"<p>{number} {SENTENCE} 😀</p>" for number in range(100_000))
    result = read(write(tmp_path / name, content), SandboxLimits(memory_bytes=60_000_000))
    assert "takes over 60 MB of memory to read: split it" in reason(result)


def test_some_are_read_at_once_some_wait_and_the_rest_are_refused(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    reader, first = SandboxedReader(SandboxLimits(at_once=1, waiting=1)), Event()
    slow, quick = write(tmp_path / "a.pdf", endless_pdf()), write(tmp_path / "b.txt", "One.")
    with ThreadPoolExecutor(2) as pool:
        reading = pool.submit(reader.read, slow, visitor="ada", cancelled=first)
        wait_until(lambda: len(started) == 1)
        waiting = pool.submit(reader.read, quick, visitor="bob")
        wait_until(lambda: reader.pending == 2)
        assert "2 files are read or wait: try again" in reason(reader.read(quick, visitor="cyd"))
        assert len(started) == 1
        first.set()
        assert "nobody waited for it" in reason(reading.result())
        assert [article.text for article in waiting.result().articles] == ["One."]
    assert all(process.returncode is not None for process in started)
    assert reader.pending == 0


def test_one_visitor_s_files_leave_room_for_those_of_others(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    reader = SandboxedReader()
    slow, quick = write(tmp_path / "a.pdf", endless_pdf()), write(tmp_path / "b.txt", "One.")
    most = SANDBOX_LIMITS.per_visitor
    with ThreadPoolExecutor(most) as pool:
        readings = [pool.submit(reader.read, slow, visitor="ada") for _ in range(most)]
        wait_until(lambda: len(started) == 1 and reader.pending == most)
        assert "4 files of yours are read or wait" in reason(reader.read(quick, visitor="ada"))
        assert [article.text for article in reader.read(quick, visitor="bob").articles] == ["One."]
        assert not any(reading.done() for reading in readings)
        reader.close()
    assert len(started) == 2


def test_one_that_waits_is_told_at_the_deadline_and_one_that_nobody_wants_goes(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    reader, cancelled = SandboxedReader(SandboxLimits(at_once=0)), Event()
    file = write(tmp_path / "a.txt", "One.")
    threading.Timer(0.1, cancelled.set).start()
    assert "nobody waited for it" in reason(reader.read(file, visitor="ada", cancelled=cancelled))
    hasty = SandboxedReader(SandboxLimits(at_once=0, seconds=0))
    late = hasty.read(file, visitor="ada")
    assert "not begun within 0 s, as others are being read: try again" in reason(late)
    assert started == []
    assert reader.pending == hasty.pending == 0


def test_nothing_is_left_running_once_it_is_closed(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    reader = SandboxedReader()
    file = write(tmp_path / "a.pdf", endless_pdf())
    with ThreadPoolExecutor(4) as pool:
        readings = [pool.submit(reader.read, file, visitor=name) for name in ("ada", "bob", "cyd", "dee")]
        wait_until(lambda: len(started) == 2 and reader.pending == 4)
        reader.close()
        after = reader.read(file, visitor="eve")
        assert {reason(reading.result()) for reading in readings} == {reason(after)}
    assert len(started) == 2
    for process in started:
        with pytest.raises(ProcessLookupError):
            os.kill(process.pid, 0)


def test_where_no_process_can_be_started_it_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    result = read(write(tmp_path / "a.txt", "One."))
    assert "cannot be read now (No such file or directory)" in reason(result)


def test_what_comes_back_is_plain_json(tmp_path: Path) -> None:
    given = (str(write(tmp_path / "a.txt", "One.")), str(os.getpid()), "60", "900000000")
    result = child.run(READER, *given, seconds=60, said_bytes=999)
    head, article, end = result.said.split(b"\n")
    assert json.loads(head) == {"articles": 1, "errors": [], "warnings": []}
    assert json.loads(article)["text"] == "One."
    assert end == b""
