"""Addresses of web pages: which are fetched at all, and which machines may be asked for them.

Readers of addresses differ in what they make of an odd one, and a difference is a way in: so whatever is not plain is
refused, and what is asked for is put together from the parts that were checked. The only file that imports ``idna``.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Literal, cast
from urllib.parse import quote, urljoin, urlsplit

from rag.errors import ArticleError

IP = IPv4Address | IPv6Address


CHARS = 4_000


PORTS = {"http": 80, "https": 443}


_LABEL = re.compile(r"[a-z0-9_-]{1,63}")


_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # a name that ends in one is read as an IPv4 address by some


# Two letters at least, as "C:" is a disk; without "//" only what no file is called.
_STARTS = re.compile(r"[a-z][a-z0-9+.-]+://|(?:https?|ftp|file|data|javascript|about|blob|mailto):", re.I)


_SECRET = re.compile(r"(//)[^/?#\\]*@")


_TRACKING = re.compile(r"utm_\w+|fbclid|gclid", re.I)  # they say who led here, and choose no page


_KEPT = "/%:@!$&'()*+,;=~-._"


# The registries of special addresses (RFC 6890 and what came after), written out: what `ipaddress` calls global
# has changed from one release of Python to the next.
_NOT_PUBLIC_4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 "
        "198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
    ).split()
)


_PUBLIC_6 = IPv6Network(
    "2000::/3"
)  # all that is given out; mapped, NAT64, private and local ones lie outside


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
    """A page's address, all ASCII. ``host`` is a name or an IP address, ``target`` path and query, from its ``/``."""

    scheme: Literal["http", "https"]
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as they stand in an address, the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def site(self) -> str:
        """The host; with and without ``www.`` is one site."""
        return self.host.removeprefix("www.")

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def is_address(text: str) -> bool:
    """Whether ``text`` begins as an address does, of whatever scheme, and not as a path."""
    return _STARTS.match(text.strip()) is not None


def shown(text: str) -> str:
    """``text`` without the user name and the password that may stand in an address."""
    return _SECRET.sub(r"\1…@", text)


def parsed(text: str) -> PageURL:
    """The address that ``text`` is. Raises ``ArticleError`` where it is none that is fetched."""
    source, bare = shown(text), text.strip()
    if len(bare) > CHARS:
        raise ArticleError(f"{source[:60]}…", f"an address of over {CHARS:,} characters: give a shorter one")
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
    host = (_in_brackets if "[" in parts.netloc else _host)(parts.hostname or "", source)
    if port is not None and port not in PORTS.values():
        raise ArticleError(
            source, f"port {port} is not fetched, only 80 and 443: save the page and add the file"
        )
    target = quote(parts.path or "/", safe=_KEPT) + (
        f"?{quote(parts.query, safe=_KEPT + '?')}" if parts.query else ""
    )
    scheme = cast(Literal["http", "https"], parts.scheme)
    return PageURL(scheme=scheme, host=host, port=port or PORTS[scheme], target=target)


def followed(base: PageURL, location: str) -> PageURL:
    """Where a redirect from ``base`` leads. Raises ``ArticleError`` where that is not fetched."""
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in location):  # `urljoin` would drop some in silence
        raise ArticleError(str(base), f"redirects to {location!r:.80}, which is no address")
    try:
        return parsed(urljoin(str(base), location.strip()))
    except (ArticleError, ValueError) as fault:
        why = fault.reason if isinstance(fault, ArticleError) else str(fault)
        raise ArticleError(str(base), f"redirects to {shown(location)!r:.80}: {why}") from fault


def _in_brackets(name: str, source: str) -> str:
    try:
        return str(IPv6Address("" if "%" in name else name))
    except ValueError as fault:
        raise ArticleError(source, f"{name!r:.80} is no IPv6 address: copy it from the browser") from fault


def _host(name: str, source: str) -> str:
    """A host as it is asked for: ASCII, lower case. Raises ``ArticleError`` for every unusual spelling."""
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


# --- which machines may be asked ---------------------------------------------------------------------------


def is_public(ip: IP) -> bool:
    """Whether ``ip`` is one of the open internet's.

    Not so: private, loopback, link-local, shared (100.64/10), multicast, reserved and unspecified ones, those of
    documentation and benchmarks, and IPv6 ones that hold an IPv4 address (mapped, 6to4, NAT64, Teredo, ISATAP), since
    what such a one reaches depends on the network.
    """
    if isinstance(ip, IPv4Address):
        return not any(ip in block for block in _NOT_PUBLIC_4)
    if ip not in _PUBLIC_6 or ip.scope_id or any(ip in block for block in _NOT_PUBLIC_6):
        return False
    return (int(ip) >> 32) & 0xFFFFFFFF not in _ISATAP


def literal(host: str) -> IP | None:
    """The IP address that ``host`` is, if it is no name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


# --- one page, one address ---------------------------------------------------------------------------------


def canonical(said: str, final: PageURL) -> PageURL:
    """The address of a page fetched from ``final`` that says of itself that it is ``said``, without what only tracks.

    What a page says counts for its own site alone, and not where it is the front page: careless sites say that
    on each of their pages.
    """
    try:
        own = parsed(said)
    except ArticleError:
        own = final
    if own.site != final.site or (own.target == "/" and final.target != "/"):
        own = final
    if final.scheme == "https" and own.scheme == "http":  # as templates from before have it
        own = replace(own, scheme=final.scheme, port=final.port)
    return replace(own, target=_untracked(own.target))


def _untracked(target: str) -> str:
    path, mark, query = target.partition("?")
    asked = [pair for pair in query.split("&") if not _TRACKING.fullmatch(pair.partition("=")[0])]
    return path + mark * bool(asked) + "&".join(asked) if mark else path
