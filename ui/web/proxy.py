"""The proxy that signs visitors in: the header that names them, and the addresses from which it is believed. Pure."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.errors import SettingsError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# No underscore: some proxies take one for a dash, so that a header that they strip could come back by another name.
_HEADER = re.compile(r"[a-z][a-z0-9-]{0,63}")
# What every client sends of itself, and what proxies pass on of it: none of these says who signed in.
_CLIENTS_OWN = frozenset(
    "accept accept-encoding accept-language authorization connection content-length content-type cookie forwarded from "
    "host origin proxy-authorization referer te transfer-encoding upgrade user-agent via x-forwarded-for "
    "x-forwarded-host x-forwarded-port x-forwarded-proto x-real-ip".split()
)
_LONGEST = 80  # characters of a refused value that a message repeats


@dataclass(frozen=True, slots=True)
class Proxy:
    """``header`` is in lower case; ``peers`` are the addresses that connections of the proxy come from."""

    header: str
    peers: tuple[Network, ...]

    def believes(self, peer: str) -> bool:
        """Whether a connection from this address is the proxy's."""
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:  # no address, as of a Unix socket
            return False
        if isinstance(address, ipaddress.IPv6Address):
            if address.scope_id:  # the same number is another machine on another link
                return False
            # A server that listens on :: sees an IPv4 peer so.
            address = address.ipv4_mapped or address
        return any(address in network for network in self.peers)


def read_proxy(header: str | None, peers: Sequence[str]) -> Proxy | None:
    """``--auth-header`` and ``--auth-from``; ``None`` where neither is given. Raises ``SettingsError``."""
    if header is None:
        if peers:
            raise SettingsError("--auth-from says whom to believe, but not what: add --auth-header NAME")
        return None
    name = header.lower()
    if not _HEADER.fullmatch(name):
        raise SettingsError(
            f"--auth-header {header[:_LONGEST]!r} cannot be used: give 1 to 64 letters, digits or dashes, as "
            "X-Forwarded-User"
        )
    if name in _CLIENTS_OWN:
        raise SettingsError(
            f"--auth-header {header!r} does not say who signed in: give a header that the proxy alone sets, as "
            "X-Forwarded-User"
        )
    if not peers:
        raise SettingsError(
            f"--auth-header {header!r} would believe everybody: add --auth-from with the address of the proxy, as "
            "127.0.0.1"
        )
    return Proxy(name, tuple(dict.fromkeys(map(_network, peers))))


def _network(text: str) -> Network:
    try:
        network = ipaddress.ip_network(text)
    except ValueError as error:
        raise SettingsError(
            f"--auth-from {text[:_LONGEST]!r} is no address or network ({error}): give one as 127.0.0.1, ::1 or "
            "10.0.0.0/24"
        ) from error
    if network.prefixlen == 0:
        raise SettingsError(f"--auth-from {text!r} would believe everybody: give the address of the proxy")
    if isinstance(network, ipaddress.IPv6Network) and network.network_address.ipv4_mapped:
        raise SettingsError(f"--auth-from {text!r} is an IPv4 address in IPv6: give it as an IPv4 address")
    return network
