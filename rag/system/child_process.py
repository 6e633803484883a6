"""Runs some code in a process of its own, where what goes wrong takes nothing with it: bounded in time, memory, output.

The process finds the modules that this one finds. It has its own group, so that whatever it starts ends with it, and a
Ctrl-C at the terminal is not its own; of this process it has neither the input nor an open file.
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

_PIECE = 1 << 16


_PDEATHSIG = 1  # PR_SET_PDEATHSIG of sys/prctl.h


_COMPLAINTS = 20_000  # bytes of the standard error that are kept: the last


_WRITTEN = 1_000_000  # bytes in a file that a confined process writes: Python keeps a module it has compiled


# Isolated, Python takes no module from the working folder and heeds no variable of its own.
_START = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1))\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessResult:
    """How a process ended: ``status`` is negative for a signal, and the flags say why it was killed, where it was.

    ``said`` is what it wrote, cut off one byte after the limit, ``complaints`` the end of its standard error.
    """

    said: bytes
    complaints: str
    status: int
    late: bool = False
    long: bool = False
    unwanted: bool = False

    @property
    def signal(self) -> str:
        """The name of the signal that it died of; empty where it ended by itself."""
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
    """Run Python ``code`` with ``arguments`` as ``sys.argv[1:]``, and wait for its end.

    It is killed, with its group, after ``seconds`` on the wall, after more than ``said_bytes`` of output, and as soon
    as ``unwanted`` is set, which it is in any case when this returns. ``environment`` is this process's unless given.
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
            _kill(process)  # before it is waited for: after that its number may be another's
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
    """Bind this process for good, as far as the platform can, in seconds of the processor, memory and files.

    It also gives way to others. The deadline of ``run`` goes with ``parent``, the process that watches it: where that
    is killed, Linux kills this one too, and elsewhere it ends when it has had its seconds.
    """
    _end_with(parent)
    try:
        import resource
    except ImportError:  # Windows
        return
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, _WRITTEN),
        (resource.RLIMIT_CORE, 0),  # what a visitor sent is not to lie about in a dump
        (resource.RLIMIT_NPROC, 0),  # it starts nothing; where it is the administrator's, this binds it not
    ):
        with suppress(ValueError, OSError):  # macOS knows some of them by name alone
            _, hard = resource.getrlimit(what)
            bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (bound, bound))
    with suppress(OSError):
        os.nice(10)


def _end_with(parent: int) -> None:
    """Ask Linux for a kill when the thread that started this process ends, which waits in ``run`` meanwhile."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it was killed before it could be asked for
            os._exit(1)


def peak_bytes() -> int:
    """The most addresses that this process has held, as its limit counts them; 0 where Linux does not say."""
    with suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/status").read_text("ascii", "replace")
        return int(status.partition("VmPeak:")[2].split()[0]) * 1024
    return 0


class _Watch(Thread):
    """Kills a process when it is late or unwanted."""

    def __init__(self, process: subprocess.Popen[bytes], unwanted: Event, seconds: float) -> None:
        super().__init__(name="pincite-watch", daemon=True)
        self.late = False
        self._watched, self._unwanted, self._seconds = process, unwanted, seconds

    def run(self) -> None:
        self.late = not self._unwanted.wait(self._seconds)
        _kill(self._watched)


class _Tail(Thread):
    """Reads a stream to its end and keeps the last of it, so that whoever writes there never has to wait."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        super().__init__(name="pincite-complaints", daemon=True)
        self._stream = stream
        self._kept = bytearray()

    def run(self) -> None:
        while self._stream and (piece := self._stream.read1(_PIECE)):  # type: ignore[attr-defined]
            self._kept += piece
            del self._kept[:-_COMPLAINTS]

    @property
    def text(self) -> str:
        return self._kept.decode("utf-8", "replace")


def _read(stream: IO[bytes] | None, most: int) -> bytes:
    """Up to ``most`` bytes; no room is made for what does not come."""
    pieces: list[bytes] = []
    while stream and most and (piece := stream.read(min(_PIECE, most))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that was not waited for yet, and all that it started."""
    with suppress(ProcessLookupError, PermissionError):  # macOS permits no signal to what has ended
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
