"""Parses URLs of web pages: which are fetched at all, and which IP addresses requests may be sent to.

Parsers of URLs differ in what they make of an odd one, and a difference can be exploited: so whatever is not plain is
refused, and the URL that is requested is built from the parts that were checked. The only file that imports ``idna``.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Literal, cast
from urllib.parse import quote, urljoin, urlsplit

from rag.errors import ArticleError

IP = IPv4Address | IPv6Address
URL_CHARS = 4_000
PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")

_NUMBER = re.compile(
    r"[0-9]+|0x[0-9a-f]*"
)  # a host whose last label is one is an IPv4 address to some parsers


# Two letters at least, as "C:" is a disk; without "//" only schemes that cannot begin a file name.
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://|(?:https?|ftp|file|data|javascript|about|blob|mailto):", re.I)
_USER_INFO = re.compile(r"(//)[^/?#\\]*@")

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid", re.I
)  # parameters that state who linked here, and select no page

_UNQUOTED = "/%:@!$&'()*+,;=~-._"


# The registries of special addresses (RFC 6890 and its successors), written out: what `ipaddress` calls global
# has changed from one release of Python to the next.
_NOT_PUBLIC_4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 "
        "198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
    ).split()
)


# All that is assigned; mapped, NAT64, private and local ones lie outside.
_PUBLIC_6 = IPv6Network("2000::/3")

_NOT_PUBLIC_6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # Teredo, and protocols of their own
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)

_ISATAP = (0x00005EFE, 0x02005EFE)  # before the IPv4 address in the last 64 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class PageURL:
    """A URL, all ASCII. ``host`` is a name or an IP address; ``target`` is path and query, and starts with ``/``."""

    scheme: Literal["http", "https"]
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as in a URL, the port only where it is not the default of the scheme."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def site(self) -> str:
        """The host without ``www.``: with and without it is one site."""
        return self.host.removeprefix("www.")

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def is_address(text: str) -> bool:
    """Whether ``text`` is a URL of whatever scheme, and not a path, by how it begins."""
    return _SCHEME.match(text.strip()) is not None


def without_password(text: str) -> str:
    """``text`` without the user name and password that a URL may contain, for messages."""
    return _USER_INFO.sub(r"\1…@", text)


def parse(text: str) -> PageURL:
    """Parse a URL. Raises ``ArticleError`` where it is none, or one that is not fetched."""
    source, bare = without_password(text), text.strip()
    if len(bare) > URL_CHARS:
        raise ArticleError(
            f"{source[:60]}…", f"an address of over {URL_CHARS:,} characters: give a shorter one"
        )
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in bare):
        raise ArticleError(source, "an address with a control character in it: type it anew")
    try:
        parts = urlsplit(bare)
        port = parts.port
    except ValueError as fault:
        raise ArticleError(source, f"no address ({fault!s:.80}): copy it from the browser") from fault
    if not parts.scheme:
        raise ArticleError(source, "no address: give one that begins with https://")
    if parts.scheme not in PORTS:
        raise ArticleError(source, f"{parts.scheme!r:.40} is not fetched: give an http or https address")
    if "@" in parts.netloc:
        raise ArticleError(source, "an address with a user name in it is not fetched: leave that out")
    host = (_ipv6_host if "[" in parts.netloc else _named_host)(parts.hostname or "", source)
    if port is not None and port not in PORTS.values():
        raise ArticleError(
            source, f"port {port} is not fetched, only 80 and 443: save the page and add the file"
        )
    target = quote(parts.path or "/", safe=_UNQUOTED) + (
        f"?{quote(parts.query, safe=_UNQUOTED + '?')}" if parts.query else ""
    )
    scheme = cast(Literal["http", "https"], parts.scheme)
    return PageURL(scheme=scheme, host=host, port=port or PORTS[scheme], target=target)


def redirect_target(base: PageURL, location: str) -> PageURL:
    """The URL that a redirect from ``base`` leads to. Raises ``ArticleError`` where that is not fetched."""
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in location):  # `urljoin` silently drops some
        raise ArticleError(str(base), f"redirects to {location!r:.80}, which is no address")
    try:
        return parse(urljoin(str(base), location.strip()))
    except (ArticleError, ValueError) as fault:
        why = fault.reason if isinstance(fault, ArticleError) else str(fault)
        raise ArticleError(str(base), f"redirects to {without_password(location)!r:.80}: {why}") from fault


def _ipv6_host(name: str, source: str) -> str:
    try:
        return str(IPv6Address("" if "%" in name else name))
    except ValueError as fault:
        raise ArticleError(source, f"{name!r:.80} is no IPv6 address: copy it from the browser") from fault


def _named_host(name: str, source: str) -> str:
    """A name or IPv4 address in its one spelling: ASCII, lower case. Raises ``ArticleError`` for every other."""
    host = _ascii(name, source).removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ArticleError(source, f"{name!r:.80} is no host name: copy the address from the browser")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            IPv4Address(host)
        except ValueError as fault:
            why = (
                f"{name!r:.80} is another spelling of an IPv4 address: write four plain numbers, as 192.0.2.1"
            )
            raise ArticleError(source, why) from fault
    return host


def _ascii(name: str, source: str) -> str:
    if name.isascii():
        return name.lower()
    import idna

    try:
        return idna.encode(name, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as fault:
        raise ArticleError(
            source, f"{name!r:.80} is no host name ({fault!s:.80}): write it as xn--…"
        ) from fault


# --- which IP addresses requests may be sent to ------------------------------------------------------------


def is_public(ip: IP) -> bool:
    """Whether ``ip`` is an address of the open internet.

    It is not if it is private, loopback, link-local, shared (100.64/10), multicast, reserved, unspecified, or one for
    documentation or benchmarks. Nor is an IPv6 address that embeds an IPv4 address (mapped, 6to4, NAT64, Teredo,
    ISATAP), as it depends on the network what such a one reaches.
    """
    if isinstance(ip, IPv4Address):
        return not any(ip in block for block in _NOT_PUBLIC_4)
    if ip not in _PUBLIC_6 or ip.scope_id or any(ip in block for block in _NOT_PUBLIC_6):
        return False
    return (int(ip) >> 32) & 0xFFFFFFFF not in _ISATAP


def ip_literal(host: str) -> IP | None:
    """The IP address that ``host`` is; ``None`` for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


# --- one page, one URL -------------------------------------------------------------------------------------


def canonical_url(stated: str, final: PageURL) -> PageURL:
    """The URL of a page fetched from ``final`` that states ``stated`` as its own, without tracking parameters.

    A page's statement counts for its own site alone, and not if it is the front page: careless sites state that
    on each of their pages.
    """
    try:
        url = parse(stated)
    except ArticleError:
        url = final
    if url.site != final.site or (url.target == "/" and final.target != "/"):
        url = final
    if final.scheme == "https" and url.scheme == "http":  # as old templates have it
        url = replace(url, scheme=final.scheme, port=final.port)
    return replace(url, target=_without_tracking(url.target))


def _without_tracking(target: str) -> str:
    path, mark, query = target.partition("?")
    pairs = [pair for pair in query.split("&") if not _TRACKING.fullmatch(pair.partition("=")[0])]
    return path + mark * bool(pairs) + "&".join(pairs) if mark else path
