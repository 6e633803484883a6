"""A process of its own: what it says, how it ends, and that it ends."""

import os
import sys
import time
from pathlib import Path
from threading import Event, Timer

import pytest

from rag.system.child_process import ProcessResult, run

linux = pytest.mark.skipif(sys.platform != "linux", reason="other platforms bind a process less")
CONFINED = (
    "import os; from rag.system.child_process import confine\n"
    "confine(parent=os.getppid(), seconds=1, memory_bytes=300_000_000)\n"
)


def ran(code: str, *arguments: str, seconds: float = 60, said_bytes: int = 1000) -> ProcessResult:
    return run(code, *arguments, seconds=seconds, said_bytes=said_bytes)


def alive(process: int) -> bool:
    """Whether a process runs; one that ended and that nobody waited for does not."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")
    return not (status.exists() and status.read_text("ascii").rpartition(")")[2].split()[0] == "Z")


def test_what_it_writes_comes_back_with_its_status() -> None:
    ended = ran("sys.stdout.write(sys.argv[1].upper()); sys.stderr.write('well'); sys.exit(7)", "lamp")
    assert ended == ProcessResult(said=b"LAMP", complaints="well", status=7)
    assert ended.signal == ""


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGKILL"])
def test_a_signal_that_it_dies_of_has_its_name(name: str) -> None:
    ended = ran(f"import os, signal; print('half', flush=True); os.kill(os.getpid(), signal.{name})")
    assert (ended.said, ended.signal) == (b"half\n", name)
    assert {ended.late, ended.long, ended.unwanted} == {False}


def test_it_is_ended_when_it_is_late_with_all_that_it_started() -> None:
    code = (
        "import subprocess; sleeping = 'import time; time.sleep(600)'\n"
        "print(subprocess.Popen([sys.executable, '-c', sleeping]).pid, flush=True)\nexec(sleeping)"
    )
    ended = ran(code, seconds=2)
    assert ended.late
    assert not ended.unwanted
    end = time.monotonic() + 20
    while alive(int(ended.said)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not alive(int(ended.said))


def test_it_is_ended_as_soon_as_nobody_wants_it() -> None:
    unwanted = Event()
    timer = Timer(0.3, unwanted.set)
    timer.start()
    ended = run("import time; time.sleep(600)", seconds=500, said_bytes=10, unwanted=unwanted)
    timer.join()
    assert ended.unwanted
    assert not ended.late


def test_one_that_writes_without_end_is_cut_off() -> None:
    ended = ran("while True: sys.stdout.write('x' * 10000)")
    assert ended.long
    assert ended.said == b"x" * 1001


def test_of_endless_complaints_the_last_are_kept_and_nobody_waits() -> None:
    ended = ran("sys.stderr.write('x' * 3_000_000 + 'the end'); print('done')")
    assert ended.said == b"done\n"
    assert ended.complaints.endswith("the end")
    assert len(ended.complaints) < 100_000


def test_no_module_is_taken_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json.py", "rag.py"):
        (tmp_path / name).write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert ran("import json, rag; print(rag.__version__)").status == 0


@linux
@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("x = bytearray(400_000_000)", "MemoryError"),
        ("import tempfile; f = tempfile.TemporaryFile(); f.write(b'x' * 2_000_000)", "File too large"),
    ],
)
def test_a_confined_process_takes_no_more_than_its_share(code: str, told: str) -> None:
    ended = ran(CONFINED + code)
    assert ended.status == 1
    assert told in ended.complaints


@linux
def test_a_confined_process_ends_by_itself_when_nobody_watches_it() -> None:
    assert ran(CONFINED + "while True: pass").signal in ("SIGXCPU", "SIGKILL")


@linux
def test_a_confined_process_whose_parent_is_gone_already_does_nothing() -> None:
    orphan = CONFINED.replace("os.getppid()", "os.getppid() + 1")
    ended = ran(orphan + "print('still here')")
    assert (ended.said, ended.status) == (b"", 1)


@linux
def test_a_limit_that_is_lower_already_stays() -> None:
    lower = "import resource; resource.setrlimit(resource.RLIMIT_AS, (200_000_000, 200_000_000))\n"
    said = ran(lower + CONFINED + "print(resource.getrlimit(resource.RLIMIT_AS)[0])").said
    assert said == b"200000000\n"
