"""Downloads one page over HTTP, from the open internet alone, within limits of time, size and redirects."""

import socket
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address

from rag.errors import ArticleError, SiteAway
from rag.reading.web.deadline import Deadline, DeadlinePassed
from rag.reading.web.transport import Endpoint, Reply, get
from rag.reading.web.url import IP, PageURL, ip_literal, is_public, parse, redirect_target, without_password

Resolve = Callable[[str, int], Sequence[Endpoint]]
Allowed = Callable[[IP], bool]
SizeLimit = Callable[[PageURL, str], int]
_REDIRECTS = (301, 302, 303, 307, 308)
_BY_HAND = "save the page in a browser and add the file"
_ADVICE = {401: _BY_HAND, 403: _BY_HAND, 404: "check the address", 410: "it is gone", 429: "try again later"}
_AWAY = (429, 502, 503, 504)  # of the site, not of the page


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadLimits:
    """How long a download may take."""

    seconds: float = 60.0  # for all of it: names, connections, redirects and the body
    connect_s: float = 10.0  # for each connection, and for TLS on it
    redirects: int = 5


DOWNLOAD_LIMITS = DownloadLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """The body from ``url``, where the last redirect led; ``media_type`` is in lower case, or empty."""

    url: PageURL
    media_type: str
    charset: str
    data: bytes


def resolve_name(host: str, port: int) -> tuple[Endpoint, ...]:
    """The endpoints of ``host`` that the system's resolver gives. Raises ``OSError``."""
    ip = ip_literal(host)
    if ip is not None:
        return ((ip, port),)
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys((ip_address(answer[4][0]), port) for answer in answers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where requests may be sent and how long they may take: by default to the open internet alone."""

    resolve: Resolve = resolve_name
    allowed: Allowed = is_public
    limits: DownloadLimits = DOWNLOAD_LIMITS

    def download(self, address: str, *, size_limit: SizeLimit) -> Download:
        """As the function ``download``."""
        return download(
            address, size_limit=size_limit, resolve=self.resolve, allowed=self.allowed, limits=self.limits
        )


OPEN_INTERNET = Access()


def download(
    address: str,
    *,
    size_limit: SizeLimit,
    resolve: Resolve = resolve_name,
    allowed: Allowed = is_public,
    limits: DownloadLimits = DOWNLOAD_LIMITS,
) -> Download:
    """The body at ``address``, after at most ``limits.redirects`` redirects.

    ``size_limit`` gives the most bytes of a body of a media type, packed or unpacked, and may raise. ``resolve`` gives
    the endpoints of a host, each of which must be ``allowed``, or no request is sent to any.
    Raises ``ArticleError`` for an address that is not fetched, and for whatever goes wrong on the way.
    """
    source, deadline = without_password(address), Deadline(limits.seconds)
    url = parse(address)
    for hop in range(limits.redirects + 1):
        with _translate_errors(source, f"at {str(url)!r:.200} " if hop else "", limits):
            endpoints = _resolve_allowed(url, resolve, allowed, deadline)
            with get(url, endpoints, deadline, connect_s=limits.connect_s) as reply:
                if reply.status not in _REDIRECTS:
                    return _read_reply(reply, url, size_limit)
                url = _follow_redirect(url, reply)
    why = f"redirects more than {limits.redirects} times: give the address that it ends at"
    raise ArticleError(source, why)


@contextmanager
def _translate_errors(source: str, where: str, limits: DownloadLimits) -> Iterator[None]:
    """Turn errors into those of the address that was given; ``where`` names the redirect at which they happened."""
    try:
        yield
    except ArticleError as error:
        raise type(error)(source, f"{where}{error.reason}") from error
    except DeadlinePassed as fault:
        why = f"{where}not whole within {limits.seconds:.0f} seconds: try again later, or {_BY_HAND}"
        raise SiteAway(source, why) from fault


def _resolve_allowed(
    url: PageURL, resolve: Resolve, allowed: Allowed, deadline: Deadline
) -> Sequence[Endpoint]:
    """The endpoints of the host of ``url``. Raises ``ArticleError`` unless all are allowed: any may be the one used."""
    try:
        endpoints = deadline.wait_for(lambda: resolve(url.host, url.port))
    except (OSError, UnicodeError) as fault:
        why = f"the name {url.host!r} is not known ({fault}): check the address"
        raise SiteAway(str(url), why) from fault
    if not endpoints:
        raise ArticleError(str(url), f"the name {url.host!r} has no address: check it")
    for ip, _ in endpoints:
        if not allowed(ip):
            host = f"{url.host!r} leads to {ip}" if str(ip) != url.host else repr(url.host)
            why = f"{host}, which is not on the open internet, and nothing else is fetched: {_BY_HAND}"
            raise ArticleError(str(url), why)
    return endpoints


def _follow_redirect(url: PageURL, reply: Reply) -> PageURL:
    """The target of a redirect. Raises ``ArticleError`` where there is none, or it may not be followed."""
    location = reply.header(b"location")
    if not location:
        raise ArticleError(
            str(url), f"answers {_status_line(reply.status)} without saying where to: {_BY_HAND}"
        )
    target = redirect_target(url, location)
    if url.scheme == "https" and target.scheme == "http":
        why = f"redirects from https down to {str(target)!r:.200}, which is not followed: {_BY_HAND}"
        raise ArticleError(str(url), why)
    return target


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _read_reply(reply: Reply, url: PageURL, size_limit: SizeLimit) -> Download:
    """The download of a reply with status 200. Raises ``ArticleError`` for any other, and beyond the limit."""
    if reply.status != HTTPStatus.OK:
        advice = _ADVICE.get(reply.status, "try again later" if reply.status >= 500 else _BY_HAND)
        fault = SiteAway if reply.status in _AWAY else ArticleError
        raise fault(str(url), f"answers {_status_line(reply.status)}: {advice}")
    media_type, *parameters = (part.strip() for part in reply.header(b"content-type").lower().split(";"))
    charset = next((value.partition("=")[2] for value in parameters if value.startswith("charset")), "")
    encoding = reply.header(b"content-encoding").lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise ArticleError(str(url), f"is packed as {encoding!r:.40}, and gzip was asked for: {_BY_HAND}")
    limit = size_limit(url, media_type)
    length = reply.header(b"content-length")
    if length.isdecimal() and int(length[:20]) > limit:
        raise ArticleError(str(url), _too_large_reason(limit))
    gzip = zlib.decompressobj(31) if "gzip" in encoding else None
    data = _read_body(reply.body(), str(url), limit, gzip)
    return Download(url=url, media_type=media_type, charset=charset.strip(" \"'"), data=data)


def _read_body(chunks: Iterable[bytes], source: str, limit: int, gzip: "zlib._Decompress | None") -> bytes:
    """All of a body, never more than ``limit`` bytes of it, packed or unpacked."""
    data, received = bytearray(), 0
    for chunk in chunks:
        received += len(chunk)
        try:  # one byte more than there is room for shows that there is too much; 0 would mean no limit
            data += gzip.decompress(chunk, limit - len(data) + 1) if gzip else chunk
        except zlib.error as fault:
            raise ArticleError(source, f"is damaged ({fault}): try again later, or {_BY_HAND}") from fault
        if max(received, len(data)) > limit:
            raise ArticleError(source, _too_large_reason(limit))
        if gzip and gzip.unused_data:
            raise ArticleError(source, f"has more behind its packed end: {_BY_HAND}")
    if gzip and not gzip.eof:
        why = f"was cut off after {received:,} bytes: try again later, or {_BY_HAND}"
        raise ArticleError(source, why)
    return bytes(data)


def unpack_gzip(data: bytes, source: str, limit: int) -> bytes:
    """The bytes that are packed as ``data``. Raises ``ArticleError`` where it is damaged, or over ``limit`` bytes."""
    return _read_body((data,), source, limit, zlib.decompressobj(31))


def _too_large_reason(limit: int) -> str:
    return f"is over {limit / 1e6:.0f} MB: save it, and split it into articles"
