"""The server: its socket, which is opened before anything is loaded so that a port in use is reported at once."""

import logging
import socket
import threading
from typing import TYPE_CHECKING

from rag.errors import SettingsError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

# Seconds that replies under way have to end when the server is told to; some streams never do.
_PATIENCE_S = 3


class Site:
    """A server ready to run. ``run`` serves until it is told to stop; ``start`` and ``stop`` do so in a thread."""

    def __init__(self, gate: "ASGIApp", listening: socket.socket) -> None:
        import uvicorn

        self._listening = listening
        config = uvicorn.Config(
            gate,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_PATIENCE_S,
        )
        self._server = uvicorn.Server(config)
        # What breaks off because the server was told to end is no news.
        logging.getLogger("uvicorn.error").addFilter(lambda _: not self._server.should_exit)
        self._thread = threading.Thread(target=self.run, daemon=True)

    def run(self) -> None:
        """Serve until Ctrl-C."""
        self._server.run(sockets=[self._listening])

    def start(self) -> int:
        """Serve in a thread, and give the port."""
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            self._thread.join(0.02)
        if not self._server.started:
            raise OSError("the server did not start: see what it said")
        port: int = self._listening.getsockname()[1]
        return port

    def stop(self) -> None:
        """End it, and wait."""
        self._server.should_exit = True
        self._thread.join(20)


_WAITING = 2048  # connections that may wait to be accepted


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; ``port`` 0 takes a free one. Raises ``SettingsError`` where it cannot be had."""
    try:
        (family, kind, protocol, _, address), *_ = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        taken = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise SettingsError(
            f"--host {host!r} is no address: give one of this machine's, as 127.0.0.1"
        ) from error
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
        taken.listen(_WAITING)
    except OSError as error:
        taken.close()
        reason = (error.strerror or str(error)).lower()
        raise SettingsError(
            f"cannot listen on {host!r}, port {port!r} ({reason}): give another --port, or an address of this "
            "machine with --host"
        ) from error
    return taken
