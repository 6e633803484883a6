"""Real servers on loopback, each with files of its own: PostgreSQL, Chroma, and a proxy for a bad network."""

import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import pytest

PASSWORD = "not-for-messages"  # noqa: S105


# The marks of a test on servers. pg8000 and chromadb leave a socket that broke to the garbage collector.
SERVER_MARKS = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    ),
]


def missing(reason: str, *, setting: str = "PINCITE_SERVERS") -> NoReturn:
    """Skip, or fail where ``setting`` says that these tests must run."""
    if os.environ.get(setting) == "required":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def waited(ready: Callable[[], bool], *, process: subprocess.Popen[bytes], within_s: float = 60.0) -> None:
    until = time.monotonic() + within_s
    while not ready():
        assert process.poll() is None, f"{process.args!r} ended with {process.returncode}"
        assert time.monotonic() < until, f"{process.args!r} did not become ready"
        time.sleep(0.05)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that vouches for itself, and its key."""
    program = shutil.which("openssl")
    if program is None:
        missing("no openssl: `apt-get install openssl`")
    made, key = folder / "server.crt", folder / "server.key"
    subprocess.run(
        [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", made],
        check=True, capture_output=True,
    )  # fmt: skip
    return made, key


class PostgresServer:
    """A cluster in a folder of its own; may be stopped, killed and started again."""

    def __init__(self) -> None:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        if not programs and (initdb := shutil.which("initdb")) is not None:
            programs = [Path(initdb).resolve().parent]
        if not programs:
            missing("no PostgreSQL: `apt-get install postgresql`")
        self._programs = programs[-1]
        self._owner = self._unprivileged()
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="pincite-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        for path in (self.folder, secret):
            if self._owner is not None:
                shutil.chown(path, self._owner)
        self._run(
            "initdb", "--pgdata", "data", "--username", "pincite", "--pwfile", "password", "--no-sync",
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C",
        ).wait(120)  # fmt: skip
        self.certificate, key = certificate(self.folder)
        key.chmod(0o600)
        if self._owner is not None:
            shutil.chown(key, self._owner)
        self.start()

    @staticmethod
    def _unprivileged() -> str | None:
        if os.geteuid() != 0:
            return None
        with suppress(KeyError):
            return pwd.getpwnam("postgres").pw_name
        return "nobody"

    @property
    def url(self) -> str:
        return self.through(self.port)

    def through(self, port: int) -> str:
        """The address, by way of another port."""
        return f"postgresql://pincite:{PASSWORD}@127.0.0.1:{port}/postgres"

    def start(self) -> None:
        self._process = self._run(
            "postgres", "-D", "data", "-p", str(self.port), "-k", str(self.folder),
            "-c", "ssl=on", "-c", f"ssl_cert_file={self.certificate}", "-c", f"ssl_key_file={self.folder}/server.key",
            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=60",
        )  # fmt: skip
        waited(self._ready, process=self._process)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends it at once, cutting off all clients; SIGQUIT leaves it to recover from its log."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
        self._process = None

    def tool(self, program: str, *options: str) -> str:
        """What one of PostgreSQL's own programs says, asked of this server."""
        return subprocess.run(
            [self._programs / program, "-h", "127.0.0.1", "-p", str(self.port), "-U", "pincite", *options],
            env={**os.environ, "PGPASSWORD": PASSWORD}, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    def run(self, *statements: str) -> None:
        """Run statements as another program might."""
        commands = [option for statement in statements for option in ("-c", statement)]
        self.tool("psql", "-v", "ON_ERROR_STOP=1", *commands, "postgres")

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _ready(self) -> bool:
        # Its own word for it: a port that takes connections may still refuse to serve them.
        pid = self.folder / "data" / "postmaster.pid"
        return pid.exists() and pid.read_text().rstrip().endswith("ready")

    def _run(self, program: str, *options: str) -> subprocess.Popen[bytes]:
        log = (self.folder / "log").open("ab")
        with log:
            return subprocess.Popen(
                [str(self._programs / program), *options],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                user=self._owner,
                group=pwd.getpwnam(self._owner).pw_gid if self._owner else None,
                extra_groups=[] if self._owner else None,
            )


class ChromaServer:
    """`chroma run` over a folder of its own; may be stopped and started again."""

    def __init__(self) -> None:
        program = Path(sys.executable).with_name("chroma")
        if not program.exists():
            missing("no `chroma` beside Python: install chromadb")
        self._program = program
        self.folder = Path(tempfile.mkdtemp(prefix="pincite-chroma-"))
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self._program,
                    "run",
                    "--path",
                    self.folder / "data",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    str(self.port),
                ],
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        waited(self._ready, process=self._process)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(20)
        self._process = None

    def close(self) -> None:
        self.stop(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _ready(self) -> bool:
        with suppress(OSError):
            address = f"http://127.0.0.1:{self.port}/api/v2/heartbeat"
            with urllib.request.urlopen(address, timeout=2) as reply:  # our own server
                return bool(reply.status == 200)
        return False


class Proxy:
    """Passes bytes on to a port of this machine, as well or badly as it is told to.

    ``mode`` is ``pass``, ``stall`` (what comes is swallowed, in both directions, and the connection stays), ``cut``
    (every connection is closed at once), ``broken`` (the proxy itself answers 503) or ``strict`` (or 401). It holds
    for connections that are open already. ``seen`` is what came from the near side. With a certificate and its key it
    speaks TLS there.
    """

    def __init__(self, target: int, tls: tuple[Path, Path] | None = None) -> None:
        self._target = target
        self.mode = "pass"
        self.seen = b""
        self._context: ssl.SSLContext | None = None
        if tls is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(*tls)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def become(self, mode: str) -> None:
        self.mode = mode
        if mode != "pass" and mode != "stall":
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.become("cut")
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            connection.close()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._context is not None:
                try:
                    near = self._context.wrap_socket(near, server_side=True)
                except OSError:
                    continue
            self._open.append(near)
            if self.mode == "cut":
                near.close()
            elif self.mode in ("broken", "strict"):
                threading.Thread(target=self._refuse, args=(near,), daemon=True).start()
            else:
                try:
                    far = socket.create_connection(("127.0.0.1", self._target), timeout=5)
                except OSError:
                    near.close()
                    continue
                far.settimeout(None)
                self._open.append(far)
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if source.getsockname()[1] == self.port:
                    self.seen += data
                if self.mode == "pass":
                    sink.sendall(data)
        for connection in (source, sink):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _refuse(self, near: socket.socket) -> None:
        status = b"401 Unauthorized" if self.mode == "strict" else b"503 Service Unavailable"
        with suppress(OSError):
            near.recv(65536)
            near.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n")
            near.shutdown(socket.SHUT_RDWR)
