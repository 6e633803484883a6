"""One HTTP request to IP addresses that were checked, within a deadline. The only file that imports ``httpcore2``.

The library speaks HTTP and TLS over streams that are handed to it, and does nothing else: it follows no redirect,
reads no proxy from the environment, keeps no cookies and unpacks nothing. So every connection is one that was made
here, to an IP address of ``endpoints``, while the ``Host`` header and the certificate's check are those of the name.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpcore2

from rag.errors import SiteAway
from rag.reading.cleaning import one_line
from rag.reading.web.deadline import Deadline, DeadlinePassed
from rag.reading.web.url import IP, PageURL

if TYPE_CHECKING:
    import ssl


Endpoint = tuple[IP, int]  # address and port

_HEADERS = (
    ("User-Agent", "pincite"),
    ("Accept", "text/html, application/xhtml+xml, application/pdf;q=0.9, text/plain;q=0.8, */*;q=0.1"),
    ("Accept-Encoding", "gzip"),  # no other: its unpacking can be stopped at any byte
    ("Connection", "close"),
)


class Reply:
    """The status and headers of a reply; its body is read as it is iterated."""

    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response
        self.status = response.status

    def header(self, name: bytes) -> str:
        """The first header of this name, which is in lower case, as text; ``""`` where there is none."""
        value = next((value for key, value in self._response.headers if key.lower() == name), b"")
        try:
            return value.decode().strip()
        except UnicodeDecodeError:
            return value.decode("latin-1").strip()

    def body(self) -> Iterator[bytes]:
        """The chunks of the body as they come, still packed."""
        return self._response.iter_stream()


@contextmanager
def get(
    url: PageURL, endpoints: Sequence[Endpoint], deadline: Deadline, *, connect_s: float
) -> Iterator[Reply]:
    """Send a GET request for ``url`` to the first of ``endpoints`` that accepts a connection within ``connect_s``.

    Raises ``DeadlinePassed``, or ``SiteAway`` where no reply comes or it breaks off, also while its body is read.
    """
    request_url = httpcore2.URL(scheme=url.scheme, host=url.host, port=url.port, target=url.target)
    headers = [("Host", url.authority), *_HEADERS]
    backend = _PinnedBackend(endpoints, deadline, connect_s)
    try:
        with (  # without a TLS context of ours the library checks certificates
            httpcore2.ConnectionPool(network_backend=backend, max_connections=1) as pool,
            pool.stream("GET", request_url, headers=headers) as response,
        ):
            yield Reply(response)
    except (httpcore2.ReadTimeout, httpcore2.WriteTimeout) as fault:
        raise DeadlinePassed from fault
    except httpcore2.TimeoutException as fault:
        why = f"no connection within {connect_s:.0f} seconds: try again later"
        raise SiteAway(str(url), why) from fault
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as fault:
        why = one_line(str(fault)) or type(fault).__name__
        advice = "try again later, or save the page in a browser and add the file"
        raise SiteAway(str(url), f"cannot be fetched ({why:.160}): {advice}") from fault


class _PinnedBackend(httpcore2.NetworkBackend):
    """Connects to the given endpoints, whatever name is asked for: it is never looked up a second time."""

    def __init__(self, endpoints: Sequence[Endpoint], deadline: Deadline, connect_s: float) -> None:
        self._endpoints, self._deadline, self._connect_s = endpoints, deadline, connect_s

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first endpoint that accepts one."""
        fault: Exception = httpcore2.ConnectError("no place to connect to")
        for ip, ip_port in self._endpoints:
            seconds = self._deadline.remaining(self._connect_s)
            try:
                stream = httpcore2.SyncBackend().connect_tcp(str(ip), ip_port, timeout=seconds)
                return _TimedStream(stream, self._deadline, self._connect_s)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as refused:
                fault = refused
        raise fault


class _TimedStream(httpcore2.NetworkStream):
    """A stream each step of which ends at the deadline of the download, however few bytes come at a time."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline, connect_s: float) -> None:
        self._stream, self._deadline, self._connect_s = stream, deadline, connect_s

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes; none at the end."""
        return self._stream.read(max_bytes, timeout=self._deadline.remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of ``buffer``."""
        self._stream.write(buffer, timeout=self._deadline.remaining())

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: "ssl.SSLContext", server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same stream within TLS."""
        seconds = self._deadline.remaining(self._connect_s)
        stream = self._stream.start_tls(ssl_context, server_hostname, timeout=seconds)
        return _TimedStream(stream, self._deadline, self._connect_s)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  # as the library has it
        """A property of the connection, by name."""
        return self._stream.get_extra_info(info)
