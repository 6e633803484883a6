"""Run Python code in a child process with limits on time, memory and output, so that its faults stay there.

The child has the ``sys.path`` of this process. It has a process group of its own: whatever it starts is killed with it,
and it gets no Ctrl-C of the terminal. It inherits neither the standard input nor open files.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import IO

_PIECE = 1 << 16  # bytes read at a time
_PDEATHSIG = 1  # PR_SET_PDEATHSIG of sys/prctl.h
_COMPLAINTS = 20_000  # the last bytes of the standard error, which are kept

_MAX_FILE_BYTES = (
    1_000_000  # of a file that a confined process writes: Python caches a module that it compiled
)


# Isolated (-I), Python imports no module from the working folder and ignores PYTHON* variables.
_START = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1))\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessResult:
    """How a process ended: its exit ``status``, negative for a signal, and flags that say why it was killed.

    ``said`` is its standard output, cut off one byte after the limit; ``complaints`` the end of its standard error.
    ``late``: it exceeded the time; ``long``: it exceeded the output; ``unwanted``: the caller cancelled it.
    """

    said: bytes
    complaints: str
    status: int
    late: bool = False
    long: bool = False
    unwanted: bool = False

    @property
    def signal(self) -> str:
        """The name of the signal that killed it; empty where it ended by itself."""
        if self.status >= 0:
            return ""
        try:
            return signal.Signals(-self.status).name
        except ValueError:  # one without a name
            return f"signal {-self.status}"


def run(
    code: str,
    *arguments: str,
    seconds: float,
    said_bytes: int,
    unwanted: Event | None = None,
    environment: dict[str, str] | None = None,
) -> ProcessResult:
    """Run Python ``code`` with ``arguments`` as ``sys.argv[1:]`` in a child process, and wait for its end.

    The child and its process group are killed after ``seconds`` of wall-clock time, after more than ``said_bytes`` of
    output, and as soon as ``unwanted`` is set. ``unwanted`` is always set when this returns. ``environment`` is that of
    this process unless given.
    Raises ``OSError`` where no process can be started.
    """
    stop = unwanted or Event()
    command = [sys.executable, "-I", "-c", _START + code, json.dumps(sys.path), *arguments]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    ) as process:
        watch = _Watch(process, stop, seconds)
        complaints = _Tail(process.stderr)
        try:
            watch.start()
            complaints.start()
            said = _read(process.stdout, said_bytes + 1)
            dropped = stop.is_set()
        finally:
            stop.set()
            _kill(process)  # before it is waited for: after that its process id may be reused
            for thread in (watch, complaints):
                if thread.ident is not None:
                    thread.join()
    long = len(said) > said_bytes
    return ProcessResult(
        said=said,
        complaints=complaints.text,
        status=process.returncode,
        late=watch.late,
        long=long,
        unwanted=dropped and not watch.late,
    )


def confine(*, parent: int, seconds: int, memory_bytes: int) -> None:
    """Limit this process for good, as far as the platform can, in CPU seconds, address space and files.

    It also lowers its priority. The wall-clock deadline of ``run`` is kept by ``parent``, the process that watches this
    one: where that is killed, Linux kills this one too; elsewhere it ends when its CPU seconds are used up.
    """
    _die_with(parent)
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, _MAX_FILE_BYTES),
        (resource.RLIMIT_CORE, 0),  # no core dump, which would hold a visitor's file
        (resource.RLIMIT_NPROC, 0),  # it starts no process; does not apply to root
    ):
        with suppress(ValueError, OSError):  # macOS knows some of them by name alone
            _, hard = resource.getrlimit(limit)
            bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(limit, (bound, bound))
    with suppress(OSError):
        os.nice(10)


def _die_with(parent: int) -> None:
    """Have Linux kill this process when the thread that started it ends, which waits in ``run`` meanwhile."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # the parent was killed before prctl was called
            os._exit(1)


def peak_bytes() -> int:
    """The peak size of the address space, as RLIMIT_AS counts it, in bytes; 0 on systems other than Linux."""
    with suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/status").read_text("ascii", "replace")
        return int(status.partition("VmPeak:")[2].split()[0]) * 1024
    return 0


class _Watch(Thread):
    """A thread that kills a process when it is late or unwanted."""

    def __init__(self, process: subprocess.Popen[bytes], unwanted: Event, seconds: float) -> None:
        super().__init__(name="pincite-watch", daemon=True)
        self.late = False
        self._process, self._unwanted, self._seconds = process, unwanted, seconds

    def run(self) -> None:
        self.late = not self._unwanted.wait(self._seconds)
        _kill(self._process)


class _Tail(Thread):
    """A thread that reads a stream to its end and keeps the last bytes, so that the writer never blocks."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        super().__init__(name="pincite-complaints", daemon=True)
        self._stream = stream
        self._last_bytes = bytearray()

    def run(self) -> None:
        while self._stream and (piece := self._stream.read1(_PIECE)):  # type: ignore[attr-defined]
            self._last_bytes += piece
            del self._last_bytes[:-_COMPLAINTS]

    @property
    def text(self) -> str:
        return self._last_bytes.decode("utf-8", "replace")


def _read(stream: IO[bytes] | None, most: int) -> bytes:
    """Read up to ``most`` bytes; allocates no more than what comes."""
    pieces: list[bytes] = []
    while stream and most and (piece := stream.read(min(_PIECE, most))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that was not waited for yet, and its process group."""
    with suppress(ProcessLookupError, PermissionError):  # macOS permits no signal to a process that has ended
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
