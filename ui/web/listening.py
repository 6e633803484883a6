"""The socket a server listens on, taken before anything is loaded, so that a port in use is said at once."""

import socket

from rag.errors import SettingsError

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
