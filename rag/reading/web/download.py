"""Fetches one page over HTTP, from the open internet alone, within limits. The only file that imports ``httpcore2``.

The library speaks HTTP and TLS over streams that are handed to it, and does nothing else: it follows no redirect,
reads no proxy from the environment, keeps no cookies and unpacks nothing. So every connection is one that was made
here, to an IP address that was checked, while the ``Host`` header and the certificate's check are those of the name.
"""

import queue
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import httpcore2

from rag.errors import ArticleError
from rag.reading.cleaning import one_line
from rag.reading.web.url import IP, PageURL, followed, is_public, literal, parsed, shown

if TYPE_CHECKING:
    import ssl


SECONDS = 60.0  # for all of it: names, connections, redirects and the body


CONNECT_S = 10.0


REDIRECTS = 5


Place = tuple[IP, int]


Resolve = Callable[[str, int], Sequence[Place]]


Allowed = Callable[[IP], bool]


_MOVED = (301, 302, 303, 307, 308)


_BY_HAND = "save the page in a browser and add the file"


_ADVICE = {401: _BY_HAND, 403: _BY_HAND, 404: "check the address", 410: "it is gone", 429: "try again later"}


_HEADERS = (
    ("User-Agent", "pincite"),
    ("Accept", "text/html, application/xhtml+xml, application/pdf;q=0.9, text/plain;q=0.8, */*;q=0.1"),
    ("Accept-Encoding", "gzip"),  # no other: its unpacking can be stopped at any byte
    ("Connection", "close"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came from ``address``, where the last redirect led; ``kind`` is a media type in lower case, or empty."""

    address: PageURL
    kind: str
    charset: str
    data: bytes


def resolved(host: str, port: int) -> tuple[Place, ...]:
    """The places that the system knows ``host`` under. Raises ``OSError``."""
    ip = literal(host)
    if ip is not None:
        return ((ip, port),)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys((ip_address(at[4][0]), port) for at in found))


def fetch(
    text: str,
    *,
    limit: Callable[[PageURL, str], int],
    resolve: Resolve = resolved,
    allowed: Allowed = is_public,
) -> Fetched:
    """The body at the address ``text``, after at most ``REDIRECTS`` redirects.

    ``limit`` gives the most bytes of a body of a media type, packed or unpacked, and may raise. ``resolve`` gives the
    places of a host, each of which must be ``allowed``, or nothing is asked of any.
    Raises ``ArticleError`` for whatever is not fetched, or goes wrong on the way.
    """
    source, clock = shown(text), _Clock()
    at = parsed(text)
    for hop in range(REDIRECTS + 1):
        with _told(source, f"at {str(at)!r:.200} " if hop else ""):
            places = _places(at, resolve, allowed, clock)
            with _asked(at, _Pinned(places, clock)) as reply:
                if reply.status not in _MOVED:
                    return _body(reply, at, limit)
                at = _next(at, reply)
    raise ArticleError(source, f"redirects more than {REDIRECTS} times: give the address that it ends at")


@contextmanager
def _told(source: str, where: str) -> Iterator[None]:
    """What goes wrong, as an error of the address that was given; ``where`` says which redirect had led."""
    try:
        yield
    except ArticleError as error:
        raise ArticleError(source, f"{where}{error.reason}") from error
    except (_Late, httpcore2.ReadTimeout, httpcore2.WriteTimeout) as fault:
        why = f"{where}not whole within {SECONDS:.0f} seconds: try again later, or {_BY_HAND}"
        raise ArticleError(source, why) from fault
    except httpcore2.TimeoutException as fault:
        why = f"{where}no connection within {CONNECT_S:.0f} seconds: try again later"
        raise ArticleError(source, why) from fault
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as fault:
        why = one_line(str(fault)) or type(fault).__name__
        raise ArticleError(
            source, f"{where}cannot be fetched ({why:.160}): try again later, or {_BY_HAND}"
        ) from fault


# --- to whom -----------------------------------------------------------------------------------------------


def _places(at: PageURL, resolve: Resolve, allowed: Allowed, clock: "_Clock") -> Sequence[Place]:
    """Where ``at`` is asked for: every answer must be allowed, as one that is not may be the one that counts."""
    try:
        places = clock.wait_for(lambda: resolve(at.host, at.port))
    except (OSError, UnicodeError) as fault:
        raise ArticleError(
            str(at), f"the name {at.host!r} is not known ({fault}): check the address"
        ) from fault
    if not places:
        raise ArticleError(str(at), f"the name {at.host!r} has no address: check it")
    for ip, _ in places:
        if not allowed(ip):
            what = f"{at.host!r} leads to {ip}" if str(ip) != at.host else repr(at.host)
            why = f"{what}, which is not on the open internet, and nothing else is fetched: {_BY_HAND}"
            raise ArticleError(str(at), why)
    return places


class _Late(Exception):
    """The time for the whole fetch is over."""


class _Clock:
    """The time that is left for all of a fetch."""

    def __init__(self) -> None:
        self._end = time.monotonic() + SECONDS

    def left(self, most: float = SECONDS) -> float:
        """Seconds, more than 0. Raises ``_Late``."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise _Late
        return min(left, most)

    def wait_for(self, work: Callable[[], Sequence[Place]]) -> Sequence[Place]:
        """What ``work`` returns or raises, given up on when time is over: looking up a name cannot be stopped."""
        done: queue.SimpleQueue[Sequence[Place] | Exception] = queue.SimpleQueue()

        def run() -> None:
            try:
                done.put(work())
            except Exception as fault:  # noqa: BLE001  # raised where it is waited for
                done.put(fault)

        threading.Thread(target=run, daemon=True).start()
        try:
            found = done.get(timeout=self.left())
        except queue.Empty:
            raise _Late from None
        if isinstance(found, Exception):
            raise found
        return found


class _Pinned(httpcore2.NetworkBackend):
    """Connects to the checked places, whatever name is asked for: it is never looked up a second time."""

    def __init__(self, places: Sequence[Place], clock: _Clock) -> None:
        self._places, self._clock = places, clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first place that takes one."""
        fault: Exception = httpcore2.ConnectError("no place to connect to")
        for ip, at in self._places:
            try:
                made = httpcore2.SyncBackend().connect_tcp(str(ip), at, timeout=self._clock.left(CONNECT_S))
                return _Timed(made, self._clock)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as refused:
                fault = refused
        raise fault


class _Timed(httpcore2.NetworkStream):
    """A stream each step of which ends when the time for the whole fetch is over, however little comes at a time."""

    def __init__(self, stream: httpcore2.NetworkStream, clock: _Clock) -> None:
        self._stream, self._clock = stream, clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes; none at the end."""
        return self._stream.read(max_bytes, timeout=self._clock.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of ``buffer``."""
        self._stream.write(buffer, timeout=self._clock.left())

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: "ssl.SSLContext", server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same stream within TLS."""
        made = self._stream.start_tls(ssl_context, server_hostname, timeout=self._clock.left(CONNECT_S))
        return _Timed(made, self._clock)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  # as the library has it
        """What the connection is, by name."""
        return self._stream.get_extra_info(info)


# --- what is said ------------------------------------------------------------------------------------------


@contextmanager
def _asked(at: PageURL, backend: _Pinned) -> Iterator[httpcore2.Response]:
    """The reply at ``at``, its body not read yet. Without a context of ours the library checks certificates."""
    url = httpcore2.URL(scheme=at.scheme, host=at.host, port=at.port, target=at.target)
    headers = [("Host", at.authority), *_HEADERS]
    with (
        httpcore2.ConnectionPool(network_backend=backend, max_connections=1) as pool,
        pool.stream("GET", url, headers=headers) as reply,
    ):
        yield reply


def _header(reply: httpcore2.Response, name: bytes) -> str:
    """The first header of that name, as text; empty where there is none."""
    found = next((value for key, value in reply.headers if key.lower() == name), b"")
    try:
        return found.decode().strip()
    except UnicodeDecodeError:
        return found.decode("latin-1").strip()


def _next(at: PageURL, reply: httpcore2.Response) -> PageURL:
    location = _header(reply, b"location")
    if not location:
        raise ArticleError(str(at), f"answers {_status(reply.status)} without saying where to: {_BY_HAND}")
    to = followed(at, location)
    if at.scheme == "https" and to.scheme == "http":
        raise ArticleError(
            str(at), f"redirects from https down to {str(to)!r:.200}, which is not followed: {_BY_HAND}"
        )
    return to


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _body(reply: httpcore2.Response, at: PageURL, limit: Callable[[PageURL, str], int]) -> Fetched:
    if reply.status != HTTPStatus.OK:
        advice = _ADVICE.get(reply.status, "try again later" if reply.status >= 500 else _BY_HAND)
        raise ArticleError(str(at), f"answers {_status(reply.status)}: {advice}")
    kind, *parameters = (part.strip() for part in _header(reply, b"content-type").lower().split(";"))
    charset = next((value.partition("=")[2] for value in parameters if value.startswith("charset")), "")
    packed = _header(reply, b"content-encoding").lower()
    if packed not in ("", "identity", "gzip", "x-gzip"):
        raise ArticleError(str(at), f"is packed as {packed!r:.40}, and gzip was asked for: {_BY_HAND}")
    most = limit(at, kind)
    length = _header(reply, b"content-length")
    if length.isdecimal() and int(length[:20]) > most:
        raise ArticleError(str(at), _large(most))
    data = _read(reply.iter_stream(), str(at), most, zlib.decompressobj(31) if "gzip" in packed else None)
    return Fetched(address=at, kind=kind, charset=charset.strip(" \"'"), data=data)


def _read(chunks: Iterable[bytes], source: str, most: int, unpack: "zlib._Decompress | None") -> bytes:
    """All of a body, never more than ``most`` bytes of it, packed or unpacked."""
    data, sent = bytearray(), 0
    for chunk in chunks:
        sent += len(chunk)
        try:  # one byte more than there is room for tells that there is too much; 0 would mean no limit
            data += unpack.decompress(chunk, most - len(data) + 1) if unpack else chunk
        except zlib.error as fault:
            raise ArticleError(source, f"is damaged ({fault}): try again later, or {_BY_HAND}") from fault
        if max(sent, len(data)) > most:
            raise ArticleError(source, _large(most))
        if unpack and unpack.unused_data:
            raise ArticleError(source, f"has more behind its packed end: {_BY_HAND}")
    if unpack and not unpack.eof:
        raise ArticleError(source, f"was cut off after {sent:,} bytes: try again later, or {_BY_HAND}")
    return bytes(data)


def _large(most: int) -> str:
    return f"is over {most / 1e6:.0f} MB: save it, and split it into articles"
